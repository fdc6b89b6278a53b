#include "tests/benchmarks/kernels/arrays.h"

#include <sys/mman.h>

#include <cstdlib>
#include <cstring>
#include <new>

namespace rectifier {
namespace {

constexpr size_t kHugePage = size_t{2} << 20;

// The starts of the arrays lie so far apart beyond a multiple of the page. Without it the same
// element of all arrays would meet in one set of the cache, and loads would wait for stores of
// equal low address.
constexpr size_t kStagger = 17 * 64;

constexpr int64_t kGrid = 2048;
constexpr int64_t kStride = 1103;  // odd: visits the whole grid, neighbours far apart

size_t RoundUp(size_t bytes) { return (bytes + kHugePage - 1) / kHugePage * kHugePage; }

}  // namespace

Arrays::Arrays(size_t bytes)
    : mapped_(4 * RoundUp(bytes + 3 * kStagger)),
      memory_(static_cast<std::byte*>(std::aligned_alloc(kHugePage, mapped_))) {
  if (memory_ == nullptr) throw std::bad_alloc();
  madvise(memory_, mapped_, MADV_HUGEPAGE);  // advice: a system without them is no failure
  std::memset(memory_, 1, mapped_);
  for (size_t i = 0; i < 4; ++i) arrays_[i] = memory_ + i * (mapped_ / 4 + kStagger);
}

Arrays::~Arrays() { std::free(memory_); }

void Arrays::Fill(ElementType type, int64_t count) {
  const size_t size = SizeOf(type);
  for (int64_t i = 0; i < count; ++i) {
    const auto grid = static_cast<double>(i * kStride % kGrid);
    StoreElement(type, grid * 16 / kGrid - 8, arrays_[0] + static_cast<size_t>(i) * size);
    StoreElement(type, 1, arrays_[1] + static_cast<size_t>(i) * size);
  }
}

}  // namespace rectifier
