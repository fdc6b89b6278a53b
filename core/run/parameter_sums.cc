#include "core/run/parameter_sums.h"

namespace rectifier {
namespace {

Shape StridesOf(const BoundArgument& argument, absl::Span<const int64_t> shape) {
  return argument.tensor ? argument.strides : Shape(shape.size(), 0);
}

}  // namespace

ParameterSums::ParameterSums(const Evaluation& evaluation, size_t index,
                             absl::Span<const int64_t> shape)
    : evaluation_(evaluation),
      index_(index),
      broadcast_(shape, StridesOf(evaluation.arguments[evaluation.outputs[index].index], shape)),
      // A -0 changes no sum, not even the sign of one that is 0.
      sums_(static_cast<size_t>(*ElementCount(evaluation.outputs[index].shape)), {-0.0, 0}) {}

void ParameterSums::Add(int64_t begin, int64_t count, const double* high, const double* low,
                        int64_t step) {
  empty_ = empty_ && count == 0;
  broadcast_.ForEachRun(begin, count, [&](const Broadcast::Run& run) {
    const int64_t from = run.begin * step;
    CompensatedSum* const to = sums_.data() + run.offset;
    if (run.step == 0) {
      CompensatedSum sum = *to;
      for (int64_t i = 0; i < run.count; ++i) {
        sum.Add(high[from + i * step], low[from + i * step]);
      }
      *to = sum;
      return;
    }
    for (int64_t i = 0; i < run.count; ++i) {
      to[i].Add(high[from + i * step], low[from + i * step]);
    }
  });
}

void ParameterSums::Store(absl::Span<std::byte* const> outputs) const {
  std::vector<double> high, low;
  for (const CompensatedSum& sum : sums_) {
    high.push_back(empty_ ? 0 : sum.hi);
    low.push_back(sum.lo);
  }
  const auto type = static_cast<size_t>(evaluation_.outputs[index_].type);
  evaluation_.arrays->store[type](high.data(), low.data(), outputs[index_], sums_.size());
}

}  // namespace rectifier
