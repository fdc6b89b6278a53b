#include "server/rpc/tcp_listener.h"

namespace rectifier {

absl::StatusOr<std::unique_ptr<Listener>> TcpListener::Bind(const std::string& address,
                                                            absl::string_view flag) {
  absl::StatusOr<BoundTcp> bound = BindTcp(address, flag);
  if (!bound.ok()) return bound.status();
  return std::unique_ptr<Listener>(new TcpListener(flag, *std::move(bound)));
}

}  // namespace rectifier
