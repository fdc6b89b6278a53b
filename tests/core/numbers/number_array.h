// Arrays of numbers, and the CPU targets on which the tests of core/numbers and core/functions
// compute with them. What a target does with an array is in number_array-inl.h.
#ifndef RECTIFIER_TESTS_CORE_NUMBERS_NUMBER_ARRAY_H_
#define RECTIFIER_TESTS_CORE_NUMBERS_NUMBER_ARRAY_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "hwy/targets.h"

namespace rectifier {

// Each number is the sum of two doubles.
struct NumberArray {
  NumberArray() = default;
  explicit NumberArray(size_t count) : hi(count), lo(count) {}
  explicit NumberArray(const std::vector<double>& doubles) : hi(doubles), lo(doubles.size()) {}

  size_t size() const { return hi.size(); }
  void resize(size_t count) {
    hi.resize(count);
    lo.resize(count);
  }
  void push_back(double high, double low = 0) {
    hi.push_back(high);
    lo.push_back(low);
  }

  std::vector<double> hi;
  std::vector<double> lo;
};

// The CPU targets that were compiled and that this machine has, as Highway's bits.
inline std::vector<int64_t> TargetsHere() { return hwy::SupportedAndGeneratedTargets(); }

// What HWY_DYNAMIC_DISPATCH takes within `call` is `target`.
template <class Call>
void OnTarget(int64_t target, Call call) {
  hwy::SetSupportedTargetsForTest(target);
  call();
  hwy::SetSupportedTargetsForTest(0);
}

// Zeros fill the last vector up, on any CPU.
inline NumberArray Padded(NumberArray array) {
  constexpr size_t kWidest = 16;
  array.resize((array.size() + kWidest - 1) / kWidest * kWidest);
  return array;
}

// `call(operands..., result)` on `target`, with whole vectors.
template <class Call, class... Arrays>
NumberArray MapOnTarget(int64_t target, Call call, const NumberArray& first,
                        const Arrays&... others) {
  NumberArray result = Padded(NumberArray(first.size()));
  OnTarget(target, [&] { call(Padded(first), Padded(others)..., result); });
  result.resize(first.size());
  return result;
}

}  // namespace rectifier

#endif  // RECTIFIER_TESTS_CORE_NUMBERS_NUMBER_ARRAY_H_
