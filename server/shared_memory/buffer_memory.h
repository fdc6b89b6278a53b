// The memory of one shared buffer: a sealed memfd, mapped here.
#ifndef RECTIFIER_SERVER_SHARED_MEMORY_BUFFER_MEMORY_H_
#define RECTIFIER_SERVER_SHARED_MEMORY_BUFFER_MEMORY_H_

#include <atomic>
#include <cstddef>
#include <memory>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "server/posix/file_descriptor.h"
#include "server/shared_memory/buffer_quota.h"

namespace rectifier {

class BufferMemory {
 public:
  struct Created {
    std::shared_ptr<BufferMemory> memory;
    FileDescriptor descriptor;  // for the caller; the mapping needs none
  };

  // The memory holds zeros. All pages are there when it returns, and no holder of the descriptor
  // can change the size, so that touching them does not fault. `bytes` is a multiple of the page's
  // size. Errors: RESOURCE_EXHAUSTED where memory or descriptors are not to be had.
  static absl::StatusOr<Created> Create(size_t bytes, std::unique_ptr<BufferQuota::Share> share);

  // Unmaps it, and only then gives the share back.
  ~BufferMemory();
  BufferMemory(const BufferMemory&) = delete;
  BufferMemory& operator=(const BufferMemory&) = delete;

  absl::Span<std::byte> bytes() const { return bytes_; }

  // Lets the pages go with this object, even where the caller keeps descriptor or mapping (which
  // then show zeros): else it would keep memory that no longer counts.
  void DiscardAtEnd() { discard_ = true; }

 private:
  BufferMemory(absl::Span<std::byte> bytes, std::unique_ptr<BufferQuota::Share> share);

  const absl::Span<std::byte> bytes_;
  const std::unique_ptr<BufferQuota::Share> share_;
  std::atomic<bool> discard_ = false;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_SHARED_MEMORY_BUFFER_MEMORY_H_
