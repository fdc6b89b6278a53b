// What must hold of every input; where it does not, the fuzzer keeps the input.
#ifndef RECTIFIER_TESTS_FUZZ_REQUIRE_H_
#define RECTIFIER_TESTS_FUZZ_REQUIRE_H_

#include <cstdio>
#include <cstdlib>

namespace rectifier {

inline void Require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "fuzzer: %s\n", what);
  std::abort();
}

}  // namespace rectifier

#endif  // RECTIFIER_TESTS_FUZZ_REQUIRE_H_
