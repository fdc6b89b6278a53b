// The memory that every side of a comparison works on: the same arrays, allocated and touched
// before anything is timed, so that no side pays for page faults or has the luckier addresses.
#ifndef RECTIFIER_TESTS_BENCHMARKS_KERNELS_ARRAYS_H_
#define RECTIFIER_TESTS_BENCHMARKS_KERNELS_ARRAYS_H_

#include <cstddef>
#include <cstdint>

#include "core/element_type.h"

namespace rectifier {

class Arrays {
 public:
  // Four arrays of `bytes` each, in huge pages where the system gives them.
  explicit Arrays(size_t bytes);
  ~Arrays();
  Arrays(const Arrays&) = delete;
  Arrays& operator=(const Arrays&) = delete;

  // x is a grid over [-8, 8) in mixed order, and upstream is ones; each has `count` elements.
  void Fill(ElementType type, int64_t count);

  void* x() const { return arrays_[0]; }
  void* upstream() const { return arrays_[1]; }
  void* value() const { return arrays_[2]; }
  void* gradient() const { return arrays_[3]; }

 private:
  size_t mapped_;
  std::byte* memory_;
  std::byte* arrays_[4];
};

}  // namespace rectifier

#endif  // RECTIFIER_TESTS_BENCHMARKS_KERNELS_ARRAYS_H_
