// A POSIX shared memory object that another process has made: a file below /dev/shm.
#ifndef RECTIFIER_SERVER_POSIX_SHARED_MEMORY_OBJECT_H_
#define RECTIFIER_SERVER_POSIX_SHARED_MEMORY_OBJECT_H_

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "server/posix/file_descriptor.h"

namespace rectifier {

// It is never mapped: whoever has made it may cut it short at any time, which would end a process
// that touches the mapping. Reading and writing say so instead. Thread-safe. Errors are for
// callers: they show no path.
class SharedMemoryObject {
 public:
  // What tells objects apart, whatever names they have.
  struct Identity {
    dev_t device = 0;
    ino_t number = 0;
    bool operator==(const Identity&) const = default;
  };

  // Opens the object that shm_open calls `key`, "/name" or "name". Errors: INVALID_ARGUMENT where
  // that is no name, or one that is reserved; NOT_FOUND where none of `owners` has such an object,
  // whether somebody else has it or not; RESOURCE_EXHAUSTED where there are no descriptors.
  static absl::StatusOr<SharedMemoryObject> Open(absl::string_view key,
                                                 absl::Span<const uid_t> owners);

  Identity identity() const { return identity_; }
  bool is_writable() const { return is_writable_; }
  // Its size now, which may change.
  uint64_t size() const;

  // Errors of both: OUT_OF_RANGE where the object ends before the last of these bytes;
  // RESOURCE_EXHAUSTED where there is no memory for what is written; UNAVAILABLE for all else.
  absl::Status Read(uint64_t offset, absl::Span<std::byte> to) const;
  absl::Status Write(uint64_t offset, absl::Span<const std::byte> from) const;

 private:
  SharedMemoryObject(FileDescriptor file, Identity identity, bool is_writable)
      : file_(std::move(file)), identity_(identity), is_writable_(is_writable) {}

  FileDescriptor file_;
  Identity identity_;
  bool is_writable_;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_POSIX_SHARED_MEMORY_OBJECT_H_
