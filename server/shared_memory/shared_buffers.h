// Memory that callers on this host share with the server: who owns which buffer, and where its
// bytes are (proto/rectifier/v1/shared_buffer.proto).
//
//   absl::StatusOr<SharedRegion> region = buffers.Find(token, offset, length);
//   if (!region.ok()) return PrefixField("tensors[0].", region.status());
//   Compute(region->bytes);  // they stay as long as region->lease, released or not
#ifndef RECTIFIER_SERVER_SHARED_MEMORY_SHARED_BUFFERS_H_
#define RECTIFIER_SERVER_SHARED_MEMORY_SHARED_BUFFERS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/types/span.h"
#include "server/limits.h"
#include "server/posix/file_descriptor.h"
#include "server/shared_memory/buffer_memory.h"
#include "server/shared_memory/buffer_quota.h"

namespace rectifier {

// Part of a buffer. Its owner may write to it at any time, so that what is read twice may differ:
// numbers may come from here, sizes and indices must not.
struct SharedRegion {
  absl::Span<std::byte> bytes;
  std::shared_ptr<const void> lease;  // keeps the memory
};

// A new buffer, as its owner is told of it.
struct AllocatedBuffer {
  std::string token;  // 16 bytes that cannot be guessed
  uint64_t bytes = 0;
  FileDescriptor descriptor;
};

// Thread-safe. Messages of errors are for callers: they show no token, path or address.
class SharedBuffers {
 public:
  // `gauges` must outlive every lease.
  SharedBuffers(const Limits& limits, BufferGauges gauges);
  SharedBuffers(const SharedBuffers&) = delete;
  SharedBuffers& operator=(const SharedBuffers&) = delete;

  // A buffer of `bytes`, rounded up to whole pages, that `connection` owns.
  // Errors: INVALID_ARGUMENT where it may never be as large, RESOURCE_EXHAUSTED where the quota
  // or the machine does not give it now.
  absl::StatusOr<AllocatedBuffer> Allocate(BufferConnectionId connection, uint64_t bytes);

  // Makes the token unknown from now on; the memory goes with its last lease. Errors: NOT_FOUND
  // where `connection` owns no such buffer, whether or not another one does.
  absl::Status Release(BufferConnectionId connection, absl::string_view token);

  // Releases all that `connection` owns. Nothing may be allocated for it afterwards.
  void Disconnect(BufferConnectionId connection);

  // Any caller that knows the token may use the buffer, so tokens are secrets. An empty region is
  // legal, at the end too.
  // Errors: NOT_FOUND for an unknown token; INVALID_ARGUMENT (core/field_error.h, path "region")
  // where the region does not lie within the buffer.
  absl::StatusOr<SharedRegion> Find(absl::string_view token, uint64_t offset,
                                    uint64_t length) const;

 private:
  struct Buffer {
    BufferConnectionId owner = 0;
    std::shared_ptr<BufferMemory> memory;
  };

  const std::shared_ptr<BufferQuota> quota_;
  mutable absl::Mutex mutex_;
  absl::flat_hash_map<std::string, Buffer> buffers_ ABSL_GUARDED_BY(mutex_);  // by token
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_SHARED_MEMORY_SHARED_BUFFERS_H_
