#include "tests/benchmarks/rpc/reply_pool.h"

#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <new>

namespace rectifier {
namespace {

constexpr size_t kHugePage = size_t{2} << 20;
constexpr size_t kSmallest = 4096;

// Sizes are powers of two that divide a huge page, and beyond it multiples of it.
size_t CapacityFor(size_t bytes) {
  if (bytes <= kSmallest) return kSmallest;
  if (bytes <= kHugePage) return std::bit_ceil(bytes);
  return (bytes + kHugePage - 1) / kHugePage * kHugePage;
}

}  // namespace

grpc::Slice ReplyPool::Take(size_t bytes) {
  absl::MutexLock lock(&mutex_);
  const size_t capacity = CapacityFor(bytes);
  std::vector<Buffer*>& buffers = free_[capacity];
  if (buffers.empty()) Grow(capacity);
  Buffer* const buffer = buffers.back();
  buffers.pop_back();
  return grpc::Slice(buffer->memory, bytes, &ReplyPool::GiveBack, buffer);
}

void ReplyPool::GiveBack(void* buffer) {
  auto* const returned = static_cast<Buffer*>(buffer);
  absl::MutexLock lock(&returned->pool->mutex_);
  returned->pool->free_[returned->capacity].push_back(returned);
}

void ReplyPool::Grow(size_t capacity) {
  const size_t bytes = std::max(capacity, kHugePage);
  auto* const memory = static_cast<std::byte*>(std::aligned_alloc(kHugePage, bytes));
  if (memory == nullptr) throw std::bad_alloc();
  madvise(memory, bytes, MADV_HUGEPAGE);  // advice: a system without them is no failure
  std::memset(memory, 1, bytes);
  for (size_t offset = 0; offset < bytes; offset += capacity) {
    free_[capacity].push_back(new Buffer{this, capacity, memory + offset});
  }
}

}  // namespace rectifier
