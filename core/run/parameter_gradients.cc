#include "core/run/parameter_gradients.h"

#include <algorithm>
#include <utility>

namespace rectifier {

int64_t ParameterGradients::largest() const {
  int64_t largest = 1;
  for (const ParameterGradient& gradient : gradients_) {
    if (gradient.summed()) largest = std::max(largest, gradient.count);
  }
  return largest;
}

int64_t ParameterGradients::total() const {
  int64_t total = 0;
  for (const ParameterGradient& gradient : gradients_) {
    if (gradient.summed()) total += gradient.count;
  }
  return total;
}

void ParameterGradients::Clear(SegmentSums& sums) const {
  for (const ParameterGradient& gradient : gradients_) {
    if (gradient.summed()) sums[gradient.parameter].assign(gradient.count * 2, 0.0);
  }
}

void ParameterGradients::AddTerms(int64_t begin, const ElementwiseOperands& operands,
                                  SegmentSums& sums) const {
  for (const ParameterGradient& gradient : gradients_) {
    const double* const terms = operands.parameter_terms[gradient.parameter];
    const double* const terms_low = operands.parameter_terms_low[gradient.parameter];
    if (!gradient.summed()) {
      std::byte* const to = gradient.to + begin * static_cast<int64_t>(SizeOf(gradient.type));
      arrays_.store[static_cast<size_t>(gradient.type)](terms, terms_low, to, operands.count);
      continue;
    }
    double* const high = sums[gradient.parameter].data();
    double* const low = high + gradient.count;
    gradient.broadcast.ForEachRun(begin, static_cast<int64_t>(operands.count),
                                  [&](const Broadcast::Run& run) {
                                    AddRun(run, terms + run.begin, terms_low + run.begin,
                                           high + run.offset, low + run.offset);
                                  });
  }
}

void ParameterGradients::AddRun(const Broadcast::Run& run, const double* terms,
                                const double* terms_low, double* high, double* low) const {
  const auto count = static_cast<size_t>(run.count);
  if (run.step == 1) return arrays_.add(terms, terms_low, high, low, count);
  const CompensatedSum sum = arrays_.sum(terms, terms_low, count);
  arrays_.add(&sum.hi, &sum.lo, high, low, 1);
}

void ParameterGradients::Append(SegmentSums next, SegmentSums& sums) const {
  for (const ParameterGradient& gradient : gradients_) {
    if (!gradient.summed()) continue;
    std::vector<double>& mine = sums[gradient.parameter];
    std::vector<double>& other = next[gradient.parameter];
    if (mine.empty()) {
      mine = std::move(other);
      continue;
    }
    const auto count = static_cast<size_t>(gradient.count);
    arrays_.add(other.data(), other.data() + count, mine.data(), mine.data() + count, count);
  }
}

void ParameterGradients::Store(const SegmentSums& sums) const {
  for (const ParameterGradient& gradient : gradients_) {
    if (!gradient.summed()) continue;
    const auto count = static_cast<size_t>(gradient.count);
    const double* const high = sums[gradient.parameter].data();
    arrays_.store[static_cast<size_t>(gradient.type)](high, high + count, gradient.to, count);
  }
}

}  // namespace rectifier
