#include "server/rpc/tcp_listener.h"

#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/posix/listen_address.h"

namespace rectifier {

absl::StatusOr<std::unique_ptr<Listener>> TcpListener::Bind(const std::string& address,
                                                            absl::string_view flag) {
  absl::StatusOr<BoundTcp> bound = BindTcp(address, flag);
  if (!bound.ok()) return bound.status();
  std::string name = absl::StrCat(address.substr(0, address.rfind(':')), ":", bound->port);
  return std::unique_ptr<Listener>(new TcpListener(std::move(name), flag, *std::move(bound)));
}

TcpListener::TcpListener(std::string address, absl::string_view flag, BoundTcp bound)
    : address_(std::move(address)), flag_(flag), bound_(std::move(bound)) {}

absl::Status TcpListener::Listen() {
  for (const FileDescriptor& socket : bound_.sockets) {
    if (listen(socket.get(), SOMAXCONN) != 0) {
      return CannotListen(flag_, address_, std::strerror(errno));
    }
  }
  return absl::OkStatus();
}

}  // namespace rectifier
