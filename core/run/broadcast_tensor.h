// A tensor argument as the doubles that kernels take: one for each element (or row) it is broadcast
// to.
#ifndef RECTIFIER_CORE_RUN_BROADCAST_TENSOR_H_
#define RECTIFIER_CORE_RUN_BROADCAST_TENSOR_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "core/evaluation.h"
#include "core/kernel.h"
#include "core/run/broadcast.h"
#include "core/tensor_view.h"

namespace rectifier {

class BroadcastTensor {
 public:
  // The tensor of `argument`, which must outlive this, against `shape`.
  BroadcastTensor(const ArrayKernels& arrays, const BoundArgument& argument,
                  absl::Span<const int64_t> shape)
      : tensor_(*argument.tensor),
        load_(arrays.load[static_cast<size_t>(tensor_.type)]),
        broadcast_(shape, argument.strides) {}

  // What meets elements [begin, begin + count) of the shape.
  void Expand(int64_t begin, int64_t count, double* to) const {
    broadcast_.ForEachRun(begin, count, [&](const Broadcast::Run& run) {
      const std::byte* const from =
          tensor_.data.data() + run.offset * static_cast<int64_t>(SizeOf(tensor_.type));
      load_(from, to + run.begin, static_cast<size_t>(run.step == 0 ? 1 : run.count));
      if (run.step == 0) std::fill_n(to + run.begin, run.count, to[run.begin]);
    });
  }

 private:
  const TensorView& tensor_;
  void (*load_)(const void* from, double* to, size_t count);
  Broadcast broadcast_;
};

}  // namespace rectifier

#endif  // RECTIFIER_CORE_RUN_BROADCAST_TENSOR_H_
