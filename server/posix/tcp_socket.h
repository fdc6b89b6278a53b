// TCP sockets for an address to listen on.
#ifndef RECTIFIER_SERVER_POSIX_TCP_SOCKET_H_
#define RECTIFIER_SERVER_POSIX_TCP_SOCKET_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/posix/file_descriptor.h"

namespace rectifier {

// Sockets that hold an address, on which nobody listens yet.
struct BoundTcp {
  std::vector<FileDescriptor> sockets;  // one for each address that the name stands for
  int port = 0;                         // the same for all
  std::string address;                  // host:port, with the port as taken
};

// Binds host:port, which the operator has given with `flag`; port 0 takes a free one. The name may
// stand for several addresses, such as those of both families; one of a family that this machine
// does not have is left out, while another is there. "[::]" takes callers of both families.
// Accepted connections send what is small at once (TCP_NODELAY), and do not block.
// Errors: those of CannotListen.
absl::StatusOr<BoundTcp> BindTcp(const std::string& address, absl::string_view flag);

// Lets callers in at all of the sockets. Errors: as above.
absl::Status ListenOn(const BoundTcp& bound, absl::string_view flag);

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_POSIX_TCP_SOCKET_H_
