#include "client/cpp/shared_memory/buffer_pool.h"

#include <algorithm>

namespace rectifier::client {
namespace {

// What callers leave in the server while they do not call: a quarter of what the server allows one
// connection by default.
constexpr size_t kMaxIdleBytes = size_t{128} << 20;

}  // namespace

BufferLoan::~BufferLoan() {
  if (is_answered_) pool_->Return(std::move(buffer_));
}

absl::StatusOr<BufferRegion> BufferLoan::Region(size_t offset, size_t length) const {
  absl::StatusOr<BufferRegion> region = buffer_.Region(offset, length);
  if (region.ok()) region->owner = shared_from_this();
  return region;
}

bool BufferPool::is_open() const {
  const absl::MutexLock lock(&mutex_);
  return is_open_;
}

void BufferPool::Close() {
  std::deque<SharedBuffer> idle;  // which are released without the lock
  const absl::MutexLock lock(&mutex_);
  is_open_ = false;
  idle.swap(idle_);
}

absl::StatusOr<std::shared_ptr<BufferLoan>> BufferPool::Take(size_t bytes) {
  absl::StatusOr<SharedBuffer> buffer = TakeBuffer(bytes);
  if (!buffer.ok()) return buffer.status();
  return std::make_shared<BufferLoan>(shared_from_this(), *std::move(buffer));
}

absl::StatusOr<SharedBuffer> BufferPool::TakeBuffer(size_t bytes) {
  {
    const absl::MutexLock lock(&mutex_);
    auto best = idle_.end();
    for (auto it = idle_.begin(); it != idle_.end(); ++it) {
      const size_t size = it->bytes().size();
      if (size >= bytes && (best == idle_.end() || size < best->bytes().size())) best = it;
    }
    if (best != idle_.end()) {
      SharedBuffer found = std::move(*best);
      idle_.erase(best);
      return found;
    }
  }
  absl::StatusOr<SharedBuffer> made = buffers_.Allocate(bytes);
  if (made.status().code() == absl::StatusCode::kUnavailable) Close();
  return made;
}

void BufferPool::Return(SharedBuffer buffer) {
  std::deque<SharedBuffer> released;
  const absl::MutexLock lock(&mutex_);
  if (!is_open_ || buffer.bytes().size() > kMaxIdleBytes) {
    released.push_back(std::move(buffer));
    return;
  }
  idle_.push_back(std::move(buffer));
  size_t bytes = 0;
  for (const SharedBuffer& one : idle_) bytes += one.bytes().size();
  while (bytes > kMaxIdleBytes) {
    bytes -= idle_.front().bytes().size();
    released.push_back(std::move(idle_.front()));
    idle_.pop_front();
  }
}

}  // namespace rectifier::client
