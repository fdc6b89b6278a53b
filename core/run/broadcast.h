// A small tensor broadcast against a large one, walked in runs.
#ifndef RECTIFIER_CORE_RUN_BROADCAST_H_
#define RECTIFIER_CORE_RUN_BROADCAST_H_

#include <cstdint>

#include "absl/container/inlined_vector.h"
#include "absl/functional/function_ref.h"
#include "absl/types/span.h"

namespace rectifier {

class Broadcast {
 public:
  // A stretch of the large tensor over which the small one stays put (step 0) or keeps pace
  // (step 1).
  struct Run {
    int64_t begin;   // in the large tensor, from the start of the range walked
    int64_t offset;  // in the small tensor
    int64_t step;
    int64_t count;
  };

  // `strides` holds the small tensor's stride by dimension of `shape`; 0 where it is broadcast.
  Broadcast(absl::Span<const int64_t> shape, absl::Span<const int64_t> strides);

  // Whether any element of the small tensor meets more than one of the large.
  bool repeats() const;

  // Calls f for the runs that make up [begin, begin + count) of the large tensor, in order.
  void ForEachRun(int64_t begin, int64_t count, absl::FunctionRef<void(const Run&)> f) const;

 private:
  struct Dimension {
    int64_t size;
    int64_t stride;
  };
  absl::InlinedVector<Dimension, 6> dimensions_;  // merged where they can be; at least one
};

}  // namespace rectifier

#endif  // RECTIFIER_CORE_RUN_BROADCAST_H_
