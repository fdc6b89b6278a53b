// The parameter gradients of an elementwise run: where they go, and the sums on the way there.
#ifndef RECTIFIER_CORE_RUN_PARAMETER_GRADIENTS_H_
#define RECTIFIER_CORE_RUN_PARAMETER_GRADIENTS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/element_type.h"
#include "core/kernel.h"
#include "core/run/broadcast.h"

namespace rectifier {

// The gradient by one parameter: where it goes, and how it meets the input.
struct ParameterGradient {
  size_t parameter;
  ElementType type;  // of the argument
  Broadcast broadcast;
  int64_t count;  // elements
  std::byte* to = nullptr;

  // Otherwise it has one term for each of its elements.
  bool summed() const { return broadcast.repeats(); }
};

// The sums over a stretch of the input, by parameter: high parts, then low parts.
using SegmentSums = std::array<std::vector<double>, kMaxParameters>;

class ParameterGradients {
 public:
  explicit ParameterGradients(const ArrayKernels& arrays) : arrays_(arrays) {}

  void Add(ParameterGradient gradient) { gradients_.push_back(std::move(gradient)); }
  // Sets where a gradient goes; they count in the order in which they were added.
  void Place(size_t index, std::byte* to) { gradients_[index].to = to; }

  bool empty() const { return gradients_.empty(); }
  // How many elements the largest of the summed gradients has, at least 1, and how many all have.
  int64_t largest() const;
  int64_t total() const;

  // Sets `sums` to zeros.
  void Clear(SegmentSums& sums) const;
  // Adds the terms of the elements from `begin` of the whole on; those that nothing is added to are
  // rounded to where they go.
  void AddTerms(int64_t begin, const ElementwiseOperands& operands, SegmentSums& sums) const;
  // Adds what comes next in the input to what came before, which may be empty.
  void Append(SegmentSums next, SegmentSums& sums) const;
  // Rounds the sums over the whole, once, to where they go.
  void Store(const SegmentSums& sums) const;

 private:
  void AddRun(const Broadcast::Run& run, const double* terms, const double* terms_low, double* high,
              double* low) const;

  const ArrayKernels& arrays_;
  std::vector<ParameterGradient> gradients_;
};

}  // namespace rectifier

#endif  // RECTIFIER_CORE_RUN_PARAMETER_GRADIENTS_H_
