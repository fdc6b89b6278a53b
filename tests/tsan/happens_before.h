// States what happens before what inside libraries that were built without the thread sanitizer.
#ifndef RECTIFIER_TESTS_TSAN_HAPPENS_BEFORE_H_
#define RECTIFIER_TESTS_TSAN_HAPPENS_BEFORE_H_

#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>

// The sanitizer's run-time library has them; a program that was not built with it has not.
extern "C" {
[[gnu::weak]] void __tsan_acquire(const volatile void* address);
[[gnu::weak]] void __tsan_release(const volatile void* address);
}

namespace rectifier::testing {

// What a thread did before Release(address), another sees after Acquire(address).
inline void Release(const volatile void* address) {
  if (__tsan_release != nullptr) __tsan_release(address);
}
inline void Acquire(const volatile void* address) {
  if (__tsan_acquire != nullptr) __tsan_acquire(address);
}

// The library's own function of a name, as the linker knows it.
template <typename Function>
Function* Original(const char* name) {
  void* const found = dlsym(RTLD_NEXT, name);
  if (found == nullptr) {
    std::fprintf(stderr, "happens_before: no library has %s\n", name);
    std::abort();
  }
  return reinterpret_cast<Function*>(found);
}

}  // namespace rectifier::testing

#endif  // RECTIFIER_TESTS_TSAN_HAPPENS_BEFORE_H_
