// A path of the file system that this process alone listens on.
#ifndef RECTIFIER_SERVER_POSIX_UNIX_SOCKET_H_
#define RECTIFIER_SERVER_POSIX_UNIX_SOCKET_H_

#include <sys/types.h>

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/posix/file_descriptor.h"
#include "server/posix/unix_access.h"

namespace rectifier {

// The path is claimed by a lock on PATH.lock, so that no two servers remove each other's sockets.
// It is bound under its own name, which is the name that peers see.
class UnixSocket {
 public:
  // Claims `path`, which the operator has given with `flag`. Errors: they give the reason in words,
  // where another server holds it, where something that is no socket lies there, where it is too
  // long or its directory cannot be written.
  static absl::StatusOr<std::unique_ptr<UnixSocket>> Claim(const std::string& path,
                                                           absl::string_view flag = "listen");

  // Removes the socket where it is still ours, and gives up the claim. The lock file stays: to
  // remove it would let two servers each hold a lock on "it".
  ~UnixSocket();
  UnixSocket(const UnixSocket&) = delete;
  UnixSocket& operator=(const UnixSocket&) = delete;

  const std::string& path() const { return path_; }

  // Binds a socket of `type` (SOCK_STREAM, ...), in the place of a stale one, and listens, without
  // blocking: for those whom `access` lets in by mode, owner and group.
  absl::StatusOr<FileDescriptor> Listen(int type, const UnixAccess& access = {});

  // Whether the socket that Listen bound is what lies at the path, so that callers find it.
  bool IsInPlace() const;
  // Listens anew where somebody has deleted the socket. Errors: also where something else lies
  // there now, which stays.
  absl::StatusOr<FileDescriptor> PutBack(int type, const UnixAccess& access);

 private:
  UnixSocket(std::string path, absl::string_view flag, int lock);

  absl::Status CannotListen(const std::string& why) const;

  const std::string path_;
  const std::string flag_;
  const int lock_;
  bool is_bound_ = false;
  dev_t device_ = 0;
  ino_t inode_ = 0;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_POSIX_UNIX_SOCKET_H_
