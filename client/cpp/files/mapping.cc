#include "client/cpp/files/mapping.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"

namespace rectifier::client {

absl::StatusOr<std::shared_ptr<Mapping>> Mapping::OfFile(int descriptor, size_t size) {
  return Map(size, PROT_READ, MAP_PRIVATE, descriptor);
}

absl::StatusOr<std::shared_ptr<Mapping>> Mapping::Create(const std::string& path, size_t size) {
  const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor < 0) return absl::ErrnoToStatus(errno, absl::StrCat("cannot create ", path));
  const absl::Cleanup close_descriptor = [descriptor] { close(descriptor); };
  if (size > 0) {
    const int error = posix_fallocate(descriptor, 0, static_cast<off_t>(size));
    if (error != 0) {
      return absl::ErrnoToStatus(error, absl::StrCat("cannot write ", size, " bytes to ", path));
    }
  }
  return Map(size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor);
}

absl::StatusOr<std::shared_ptr<Mapping>> Mapping::Shared(int descriptor, size_t size) {
  return Map(size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor);
}

absl::StatusOr<std::shared_ptr<Mapping>> Mapping::Anonymous(size_t size) {
  return Map(size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
}

absl::StatusOr<std::shared_ptr<Mapping>> Mapping::Map(size_t size, int protection, int flags,
                                                      int descriptor) {
  void* data = nullptr;
  if (size > 0) {  // mmap takes no empty mappings
    data = mmap(nullptr, size, protection, flags, descriptor, 0);
    if (data == MAP_FAILED) {
      return absl::ErrnoToStatus(errno, absl::StrCat("cannot map ", size, " bytes into memory"));
    }
  }
  return std::shared_ptr<Mapping>(
      new Mapping(static_cast<std::byte*>(data), size, descriptor >= 0));
}

Mapping::~Mapping() {
  if (size_ > 0) munmap(data_, size_);
}

void Mapping::ReleasePages() const {
  if (has_file_ && size_ > 0) madvise(data_, size_, MADV_DONTNEED);
}

}  // namespace rectifier::client
