#include "server/posix/shared_memory_object.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace rectifier {
namespace {

constexpr char kFolder[] = "/dev/shm";

// What lies there too, and is no memory to share: named semaphores of POSIX, and what Triton shares
// with processes of its own.
constexpr absl::string_view kReserved[] = {"sem.", "triton_python_backend_shm_region"};

absl::Status NotFound() {
  return absl::NotFoundError(
      "names no shared memory of a user whom --system_shared_memory_owners lists");
}

absl::Status CheckName(absl::string_view name) {
  const bool is_name = !name.empty() && name.size() <= NAME_MAX && name != "." && name != ".." &&
                       !absl::StrContains(name, '/') && !absl::StrContains(name, '\0');
  if (!is_name) {
    return absl::InvalidArgumentError(absl::StrCat(
        "must be a name of 1 to ", NAME_MAX, " bytes, after one slash or none, without a slash"));
  }
  for (const absl::string_view prefix : kReserved) {
    if (!absl::StartsWith(name, prefix)) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("is reserved: names that begin with ", prefix, " are of no shared memory"));
  }
  return absl::OkStatus();
}

// No link is followed, and nothing is waited for: neither a pipe's other end nor the end of a
// lease.
FileDescriptor OpenIn(const FileDescriptor& folder, const std::string& name, int access) {
  if (!folder.is_open()) return FileDescriptor();
  return FileDescriptor(
      openat(folder.get(), name.c_str(), access | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
}

bool IsOnTmpfs(int file) {
  struct statfs system;
  return fstatfs(file, &system) == 0 && system.f_type == TMPFS_MAGIC;
}

bool IsOutOfDescriptors(int error) { return error == EMFILE || error == ENFILE || error == ENOMEM; }

absl::Status CutShort() {
  return absl::OutOfRangeError("the shared memory has been cut short since it was registered");
}

absl::Status Failed(int error) {
  if (error == ENOSPC || error == ENOMEM || error == EDQUOT || error == EFBIG) {
    return absl::ResourceExhaustedError(
        absl::StrCat("there is no room for it in shared memory: ", std::strerror(error)));
  }
  return absl::UnavailableError(
      absl::StrCat("the shared memory cannot be used: ", std::strerror(error)));
}

}  // namespace

absl::StatusOr<SharedMemoryObject> SharedMemoryObject::Open(absl::string_view key,
                                                            absl::Span<const uid_t> owners) {
  const std::string name(absl::StripPrefix(key, "/"));
  if (absl::Status status = CheckName(name); !status.ok()) return status;
  const FileDescriptor folder(open(kFolder, O_PATH | O_DIRECTORY | O_CLOEXEC));
  bool is_writable = true;
  FileDescriptor file = OpenIn(folder, name, O_RDWR);
  if (!file.is_open() && (errno == EACCES || errno == EROFS || errno == EPERM)) {
    is_writable = false;
    file = OpenIn(folder, name, O_RDONLY);
  }
  if (!file.is_open()) {
    return IsOutOfDescriptors(errno)
               ? absl::ResourceExhaustedError("the server has no descriptor left for it")
               : NotFound();
  }
  struct stat status;
  const bool is_memory =
      fstat(file.get(), &status) == 0 && S_ISREG(status.st_mode) && IsOnTmpfs(file.get());
  if (!is_memory || std::find(owners.begin(), owners.end(), status.st_uid) == owners.end()) {
    return NotFound();
  }
  return SharedMemoryObject(std::move(file), {.device = status.st_dev, .number = status.st_ino},
                            is_writable);
}

uint64_t SharedMemoryObject::size() const {
  struct stat status;
  return fstat(file_.get(), &status) == 0 ? static_cast<uint64_t>(status.st_size) : 0;
}

absl::Status SharedMemoryObject::Read(uint64_t offset, absl::Span<std::byte> to) const {
  while (!to.empty()) {
    const ssize_t read = pread(file_.get(), to.data(), to.size(), static_cast<off_t>(offset));
    if (read < 0 && errno == EINTR) continue;
    if (read < 0) return Failed(errno);
    if (read == 0) return CutShort();
    offset += static_cast<uint64_t>(read);
    to.remove_prefix(static_cast<size_t>(read));
  }
  return absl::OkStatus();
}

// Writing would make a shorter object longer. Where it is cut just now, that does no harm.
absl::Status SharedMemoryObject::Write(uint64_t offset, absl::Span<const std::byte> from) const {
  const uint64_t size = this->size();
  if (offset > size || from.size() > size - offset) return CutShort();
  while (!from.empty()) {
    const ssize_t written =
        pwrite(file_.get(), from.data(), from.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Failed(errno);
    offset += static_cast<uint64_t>(written);
    from.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

}  // namespace rectifier
