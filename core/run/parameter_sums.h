// The gradient by one parameter of a rows activation: terms of elements (or rows), added up over
// what the parameter is broadcast along, in the order in which they come and in twice the precision
// of a double.
#ifndef RECTIFIER_CORE_RUN_PARAMETER_SUMS_H_
#define RECTIFIER_CORE_RUN_PARAMETER_SUMS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "core/evaluation.h"
#include "core/kernel.h"
#include "core/run/broadcast.h"

namespace rectifier {

class ParameterSums {
 public:
  // The sums are for output `index` of the evaluation; the terms are those of the elements of
  // `shape`.
  ParameterSums(const Evaluation& evaluation, size_t index, absl::Span<const int64_t> shape);

  // Adds terms high[i] + low[i] of elements [begin, begin + count) of the shape, which lie `step`
  // doubles apart.
  void Add(int64_t begin, int64_t count, const double* high, const double* low, int64_t step);

  // Rounds the sums once, to where the output belongs.
  void Store(absl::Span<std::byte* const> outputs) const;

  int64_t bytes() const { return static_cast<int64_t>(sums_.size() * sizeof(CompensatedSum)); }

 private:
  const Evaluation& evaluation_;
  const size_t index_;
  Broadcast broadcast_;
  std::vector<CompensatedSum> sums_;
  bool empty_ = true;  // no term has come
};

}  // namespace rectifier

#endif  // RECTIFIER_CORE_RUN_PARAMETER_SUMS_H_
