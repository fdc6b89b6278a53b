#include "server/shared_memory/buffer_memory.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_format.h"

namespace rectifier {
namespace {

absl::Status CannotAllocate(size_t bytes, int error) {
  return absl::ResourceExhaustedError(absl::StrFormat(
      "allocate.bytes: %d given, in whole pages; the server cannot have them now: %s", bytes,
      strerror(error)));
}

// A file past this limit would be answered with a signal, which ends the process.
bool IsWithinFileSizeLimit(size_t bytes) {
  rlimit limit;
  return getrlimit(RLIMIT_FSIZE, &limit) != 0 || bytes <= limit.rlim_cur;
}

// Where it fails, errno says why.
FileDescriptor CreateSealedFile(size_t bytes) {
  const auto size = static_cast<off_t>(bytes);
  constexpr int kSeals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;
  FileDescriptor file(memfd_create("rectifier", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  // Pages are reserved, so that lack of memory is an error here and not a fault later.
  if (!file.is_open() || ftruncate(file.get(), size) != 0 ||
      fallocate(file.get(), 0, 0, size) != 0 || fcntl(file.get(), F_ADD_SEALS, kSeals) != 0) {
    return FileDescriptor();
  }
  return file;
}

}  // namespace

absl::StatusOr<BufferMemory::Created> BufferMemory::Create(
    size_t bytes, std::unique_ptr<BufferQuota::Share> share) {
  if (!IsWithinFileSizeLimit(bytes)) return CannotAllocate(bytes, EFBIG);
  FileDescriptor file = CreateSealedFile(bytes);
  if (!file.is_open()) return CannotAllocate(bytes, errno);
  void* const data =
      mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, file.get(), 0);
  if (data == MAP_FAILED) return CannotAllocate(bytes, errno);
  const absl::Span<std::byte> mapped(static_cast<std::byte*>(data), bytes);
  return Created{std::shared_ptr<BufferMemory>(new BufferMemory(mapped, std::move(share))),
                 std::move(file)};
}

BufferMemory::BufferMemory(absl::Span<std::byte> bytes, std::unique_ptr<BufferQuota::Share> share)
    : bytes_(bytes), share_(std::move(share)) {}

BufferMemory::~BufferMemory() {
  if (discard_) madvise(bytes_.data(), bytes_.size(), MADV_REMOVE);
  munmap(bytes_.data(), bytes_.size());
}

}  // namespace rectifier
