// Listens on a unix socket. gRPC would bind the path in ways of its own: it removes whatever lies
// there, another server's socket included, when it binds and when it shuts down.
#ifndef RECTIFIER_SERVER_RPC_UNIX_LISTENER_H_
#define RECTIFIER_SERVER_RPC_UNIX_LISTENER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/posix/unix_access.h"
#include "server/posix/unix_socket.h"
#include "server/rpc/listener.h"

namespace rectifier {

class UnixListener final : public Listener {
 public:
  // Errors: UNAVAILABLE, naming --listen and the reason, such as that another server listens there.
  static absl::StatusOr<std::unique_ptr<Listener>> Claim(const std::string& path,
                                                         const UnixAccess& access);

  const std::string& address() const override { return address_; }
  Transport transport() const override { return Transport::kUnix; }
  const std::vector<FileDescriptor>& sockets() const override { return sockets_; }
  absl::Status Listen() override;
  bool IsInPlace() const override { return path_->IsInPlace(); }
  // Puts a socket back that somebody has deleted. What somebody else has put there stays.
  absl::Status PutBack() override;
  bool Admits(int connection) const override { return access_.Admits(connection); }

 private:
  UnixListener(std::unique_ptr<UnixSocket> path, const UnixAccess& access);

  absl::Status Take(absl::StatusOr<FileDescriptor> socket);

  const std::unique_ptr<UnixSocket> path_;
  const std::string address_;
  const UnixAccess access_;
  std::vector<FileDescriptor> sockets_;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_RPC_UNIX_LISTENER_H_
