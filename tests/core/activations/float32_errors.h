// How far the float-floats of core/activations/float32-inl.h are off, as a part of what they say.
#ifndef RECTIFIER_TESTS_CORE_ACTIVATIONS_FLOAT32_ERRORS_H_
#define RECTIFIER_TESTS_CORE_ACTIVATIONS_FLOAT32_ERRORS_H_

#include <cstdint>
#include <string>
#include <vector>

namespace rectifier {

struct Float32Error {
  std::string quantity;
  double part = 0;  // of the bound, at worst; 1 is all of it
  double x = 0;     // where that is
  int inputs = 0;   // tried
};

// On a CPU target of Highway, at every `step`-th float that these lanes do not leave to others.
std::vector<Float32Error> Float32ErrorsOn(int64_t target, uint32_t step);

}  // namespace rectifier

#endif  // RECTIFIER_TESTS_CORE_ACTIVATIONS_FLOAT32_ERRORS_H_
