#include "server/posix/unix_socket.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_format.h"

namespace rectifier {
namespace {

absl::Status CannotListenOn(const std::string& path, absl::string_view flag,
                            const std::string& why) {
  return absl::UnavailableError(absl::StrFormat("--%s: unix:%s: %s", flag, path, why));
}

}  // namespace

absl::StatusOr<std::unique_ptr<UnixSocket>> UnixSocket::Claim(const std::string& path,
                                                              absl::string_view flag) {
  const size_t longest = sizeof(sockaddr_un::sun_path) - 1;
  if (path.size() > longest) {
    return CannotListenOn(
        path, flag,
        absl::StrFormat("the path has %d bytes; at most %d are allowed", path.size(), longest));
  }
  const std::string lock_path = path + ".lock";
  const int lock = open(lock_path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (lock < 0) return CannotListenOn(path, flag, lock_path + ": " + std::strerror(errno));
  std::unique_ptr<UnixSocket> claim(new UnixSocket(path, flag, lock));
  if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
    return claim->CannotListen("another server is listening there");
  }
  struct stat status;
  const bool is_taken = lstat(path.c_str(), &status) == 0 && !S_ISSOCK(status.st_mode);
  if (is_taken) return claim->CannotListen("something that is not a socket is in the way");
  return claim;
}

UnixSocket::UnixSocket(std::string path, absl::string_view flag, int lock)
    : path_(std::move(path)), flag_(flag), lock_(lock) {}

absl::Status UnixSocket::CannotListen(const std::string& why) const {
  return CannotListenOn(path_, flag_, why);
}

// Nobody can connect before it listens, so nobody does with other permissions.
absl::StatusOr<FileDescriptor> UnixSocket::Listen(int type, const UnixAccess& access) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path_.data(), path_.size());  // Claim has checked that it fits
  FileDescriptor socket(::socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket.is_open()) return CannotListen(std::strerror(errno));
  unlink(path_.c_str());  // what is there is stale: the claim is ours
  if (bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    return CannotListen(std::strerror(errno));
  }
  struct stat status;
  if (lstat(path_.c_str(), &status) != 0) return CannotListen(std::strerror(errno));
  device_ = status.st_dev;
  inode_ = status.st_ino;
  is_bound_ = true;
  if (lchown(path_.c_str(), access.owner, access.group) != 0) {
    return CannotListen(std::string("its owner and group cannot be set: ") + std::strerror(errno));
  }
  if (chmod(path_.c_str(), access.mode) != 0 || listen(socket.get(), SOMAXCONN) != 0) {
    return CannotListen(std::strerror(errno));
  }
  return socket;
}

bool UnixSocket::IsInPlace() const {
  struct stat status;
  return is_bound_ && lstat(path_.c_str(), &status) == 0 && status.st_dev == device_ &&
         status.st_ino == inode_;
}

absl::StatusOr<FileDescriptor> UnixSocket::PutBack(int type, const UnixAccess& access) {
  struct stat status;
  const bool is_gone = lstat(path_.c_str(), &status) != 0 && errno == ENOENT;
  return is_gone ? Listen(type, access) : CannotListen("something else is in its place now");
}

UnixSocket::~UnixSocket() {
  if (IsInPlace()) unlink(path_.c_str());
  close(lock_);
}

}  // namespace rectifier
