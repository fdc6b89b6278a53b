#include "server/rpc/unix_listener.h"

#include <sys/socket.h>

#include <utility>

namespace rectifier {

absl::StatusOr<std::unique_ptr<Listener>> UnixListener::Claim(const std::string& path,
                                                              const UnixAccess& access) {
  absl::StatusOr<std::unique_ptr<UnixSocket>> claim = UnixSocket::Claim(path);
  if (!claim.ok()) return claim.status();
  return std::unique_ptr<Listener>(new UnixListener(*std::move(claim), access));
}

UnixListener::UnixListener(std::unique_ptr<UnixSocket> path, const UnixAccess& access)
    : path_(std::move(path)), address_("unix:" + path_->path()), access_(access) {}

absl::Status UnixListener::Listen() { return Take(path_->Listen(SOCK_STREAM, access_)); }

absl::Status UnixListener::PutBack() { return Take(path_->PutBack(SOCK_STREAM, access_)); }

absl::Status UnixListener::Take(absl::StatusOr<FileDescriptor> socket) {
  if (!socket.ok()) return socket.status();
  sockets_.clear();
  sockets_.push_back(*std::move(socket));
  return absl::OkStatus();
}

}  // namespace rectifier
