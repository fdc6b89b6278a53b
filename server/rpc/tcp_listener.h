// Listens on TCP, at every address that a name stands for.
#ifndef RECTIFIER_SERVER_RPC_TCP_LISTENER_H_
#define RECTIFIER_SERVER_RPC_TCP_LISTENER_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "server/posix/tcp_socket.h"
#include "server/rpc/listener.h"

namespace rectifier {

class TcpListener final : public Listener {
 public:
  // The operator gave `address` with `flag`, which outlives the listener. Errors: UNAVAILABLE,
  // naming the flag and the reason, such as that the port is taken.
  static absl::StatusOr<std::unique_ptr<Listener>> Bind(const std::string& address,
                                                        absl::string_view flag);

  const std::string& address() const override { return bound_.address; }
  Transport transport() const override { return Transport::kTcp; }
  const std::vector<FileDescriptor>& sockets() const override { return bound_.sockets; }
  absl::Status Listen() override { return ListenOn(bound_, flag_); }

 private:
  TcpListener(absl::string_view flag, BoundTcp bound) : flag_(flag), bound_(std::move(bound)) {}

  const absl::string_view flag_;
  const BoundTcp bound_;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_RPC_TCP_LISTENER_H_
