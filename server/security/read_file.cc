#include "server/security/read_file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/str_format.h"
#include "server/flag_error.h"
#include "server/posix/file_descriptor.h"

namespace rectifier {

absl::StatusOr<std::string> ReadCredentialsFile(absl::string_view flag, const std::string& path) {
  // O_NONBLOCK keeps a pipe from holding the process.
  const FileDescriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status;
  if (!file.is_open() || fstat(file.get(), &status) != 0) {
    return FlagError(flag, path, std::strerror(errno));
  }
  if (!S_ISREG(status.st_mode)) return FlagError(flag, path, "it is not a regular file");
  std::string content(kMaxCredentialsFile + 1, '\0');
  size_t size = 0;
  while (size < content.size()) {
    const ssize_t count = read(file.get(), content.data() + size, content.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return FlagError(flag, path, std::strerror(errno));
    if (count == 0) break;
    size += static_cast<size_t>(count);
  }
  if (size > kMaxCredentialsFile) {
    return FlagError(flag, path, absl::StrFormat("it has more than %d bytes", kMaxCredentialsFile));
  }
  content.resize(size);
  return content;
}

}  // namespace rectifier
