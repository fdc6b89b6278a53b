// Shared buffers that calls use one after another, because an allocation clears all pages.
#ifndef RECTIFIER_CLIENT_CPP_SHARED_MEMORY_BUFFER_POOL_H_
#define RECTIFIER_CLIENT_CPP_SHARED_MEMORY_BUFFER_POOL_H_

#include <cstddef>
#include <deque>
#include <memory>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "client/cpp/shared_memory/shared_buffer.h"

namespace rectifier::client {

class BufferPool;

// A buffer that a call has from a pool. It lasts as long as regions of it do, and goes back to the
// pool where its call was answered; else the server may still be using it, and it is released.
class BufferLoan : public std::enable_shared_from_this<BufferLoan> {
 public:
  BufferLoan(std::shared_ptr<BufferPool> pool, SharedBuffer buffer)
      : pool_(std::move(pool)), buffer_(std::move(buffer)) {}
  ~BufferLoan();
  BufferLoan(const BufferLoan&) = delete;
  BufferLoan& operator=(const BufferLoan&) = delete;

  // Errors: those of SharedBuffer::Region.
  absl::StatusOr<BufferRegion> Region(size_t offset, size_t length) const;
  // The only attempt at the call has been answered.
  void EndCall() { is_answered_ = true; }

 private:
  const std::shared_ptr<BufferPool> pool_;
  SharedBuffer buffer_;
  bool is_answered_ = false;
};

// Thread-safe.
class BufferPool : public std::enable_shared_from_this<BufferPool> {
 public:
  explicit BufferPool(SharedBuffers buffers) : buffers_(std::move(buffers)) {}

  // Whether buffers may still be had; not after Close.
  bool is_open() const;
  // The server knows these buffers no longer, because it was started anew.
  void Close();

  // A buffer of `bytes` or more, which holds anything. Errors: those of SharedBuffers::Allocate.
  absl::StatusOr<std::shared_ptr<BufferLoan>> Take(size_t bytes);

 private:
  friend class BufferLoan;
  absl::StatusOr<SharedBuffer> TakeBuffer(size_t bytes);
  // Keeps a buffer that nobody has a region of any more.
  void Return(SharedBuffer buffer);

  SharedBuffers buffers_;  // thread-safe
  mutable absl::Mutex mutex_;
  bool is_open_ ABSL_GUARDED_BY(mutex_) = true;
  std::deque<SharedBuffer> idle_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_SHARED_MEMORY_BUFFER_POOL_H_
