// Shared buffers that calls use one after another, because an allocation clears all pages.
#ifndef RECTIFIER_CLIENT_CPP_SHARED_MEMORY_BUFFER_POOL_H_
#define RECTIFIER_CLIENT_CPP_SHARED_MEMORY_BUFFER_POOL_H_

#include <cstddef>
#include <deque>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "client/cpp/shared_memory/shared_buffer.h"

namespace rectifier::client {

// Thread-safe.
class BufferPool {
 public:
  explicit BufferPool(SharedBuffers buffers) : buffers_(std::move(buffers)) {}

  // Whether buffers may still be had; not after Close.
  bool is_open() const;
  // The server knows these buffers no longer, because it was started anew.
  void Close();

  // A buffer of `bytes` or more, which holds anything. Errors: those of SharedBuffers::Allocate.
  absl::StatusOr<SharedBuffer> Take(size_t bytes);
  // Gives back a buffer that nobody has a region of any more.
  void Return(SharedBuffer buffer);

 private:
  SharedBuffers buffers_;  // thread-safe
  mutable absl::Mutex mutex_;
  bool is_open_ ABSL_GUARDED_BY(mutex_) = true;
  std::deque<SharedBuffer> idle_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_SHARED_MEMORY_BUFFER_POOL_H_
