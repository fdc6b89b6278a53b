#include "server/wire/reply_pool.h"

#include <sys/mman.h>

#include <bit>
#include <cstdint>
#include <utility>

namespace rectifier {
namespace {

constexpr size_t kHugePage = size_t{2} << 20;
constexpr size_t kLeast = size_t{64} << 10;

size_t RoundUp(size_t bytes, size_t unit) { return (bytes + unit - 1) / unit * unit; }

// A size is one of few, so that buffers fit one another's calls: there are four for each power of
// two, and those above a huge page are whole huge pages.
size_t CapacityFor(size_t bytes) {
  if (bytes <= kLeast) return kLeast;
  const size_t stepped = RoundUp(bytes, std::bit_floor(bytes - 1) / 4);
  return stepped <= kHugePage ? RoundUp(stepped, kLeast) : RoundUp(stepped, kHugePage);
}

// Fresh memory, from a multiple of a huge page on where it is as large as one.
std::byte* Map(size_t capacity) {
  const bool huge = capacity >= kHugePage;
  const size_t reserved = huge ? capacity + kHugePage : capacity;
  void* const memory =
      mmap(nullptr, reserved, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return nullptr;
  auto* const begin = static_cast<std::byte*>(memory);
  if (!huge) return begin;
  const auto address = reinterpret_cast<uintptr_t>(begin);
  const size_t before = RoundUp(address, kHugePage) - address;
  const size_t after = reserved - before - capacity;
  if (before > 0) munmap(begin, before);
  if (after > 0) munmap(begin + before + capacity, after);
  madvise(begin + before, capacity, MADV_HUGEPAGE);  // where the system has none, plain pages do
  return begin + before;
}

}  // namespace

struct ReplyPool::Block {
  std::shared_ptr<ReplyPool> pool;  // while it is in use
  std::byte* memory;
  size_t capacity;

  ~Block() { munmap(memory, capacity); }
};

ReplyPool::Buffer::Buffer() = default;
ReplyPool::Buffer::Buffer(std::unique_ptr<Block> block) : block_(std::move(block)) {}
ReplyPool::Buffer::Buffer(Buffer&& other) noexcept = default;
ReplyPool::Buffer& ReplyPool::Buffer::operator=(Buffer&& other) noexcept {
  std::swap(block_, other.block_);
  return *this;
}
ReplyPool::Buffer::~Buffer() {
  if (block_ == nullptr) return;
  const std::shared_ptr<ReplyPool> pool = std::move(block_->pool);
  pool->Return(std::move(block_));
}

std::byte* ReplyPool::Buffer::data() const { return block_ == nullptr ? nullptr : block_->memory; }

grpc::Slice ReplyPool::Buffer::Release(size_t size) && {
  Block* const block = block_.release();
  const auto destroy = [](void* user_data) {
    const Buffer back(std::unique_ptr<Block>(static_cast<Block*>(user_data)));
  };
  return grpc::Slice(block->memory, size, destroy, block);
}

std::shared_ptr<ReplyPool> ReplyPool::Make(size_t max_idle_bytes) {
  return std::shared_ptr<ReplyPool>(new ReplyPool(max_idle_bytes));
}

ReplyPool::ReplyPool(size_t max_idle_bytes) : max_idle_bytes_(max_idle_bytes) {}
ReplyPool::~ReplyPool() = default;

ReplyPool::Buffer ReplyPool::Acquire(size_t bytes) {
  const size_t capacity = CapacityFor(bytes);
  std::unique_ptr<Block> block;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    std::vector<std::unique_ptr<Block>>& idle = idle_[capacity];
    if (!idle.empty()) {
      block = std::move(idle.back());
      idle.pop_back();
      idle_bytes_ -= capacity;
    }
  }
  if (block == nullptr) block = MakeBlock(capacity);
  if (block == nullptr) return {};
  block->pool = shared_from_this();
  return Buffer(std::move(block));
}

std::unique_ptr<ReplyPool::Block> ReplyPool::MakeBlock(size_t capacity) {
  std::byte* memory = Map(capacity);
  const std::lock_guard<std::mutex> lock(mutex_);
  if (memory == nullptr) {  // what is idle may be enough
    idle_.clear();
    idle_bytes_ = 0;
    memory = Map(capacity);
  }
  is_memory_short_ = memory == nullptr;
  if (is_memory_short_) return nullptr;
  return std::unique_ptr<Block>(new Block{nullptr, memory, capacity});
}

void ReplyPool::Return(std::unique_ptr<Block> block) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (is_memory_short_ || idle_bytes_ + block->capacity > max_idle_bytes_) return;  // unmapped
  idle_bytes_ += block->capacity;
  idle_[block->capacity].push_back(std::move(block));
}

void ReplyPool::ReleaseIdle() {
  std::unordered_map<size_t, std::vector<std::unique_ptr<Block>>> idle;
  const std::lock_guard<std::mutex> lock(mutex_);
  idle.swap(idle_);  // unmapped after the lock has gone
  idle_bytes_ = 0;
}

size_t ReplyPool::idle_bytes() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return idle_bytes_;
}

}  // namespace rectifier
