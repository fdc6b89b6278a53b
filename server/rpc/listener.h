// One address that was given with a flag, from which gRPC gets its connections.
#ifndef RECTIFIER_SERVER_RPC_LISTENER_H_
#define RECTIFIER_SERVER_RPC_LISTENER_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "server/posix/file_descriptor.h"
#include "server/telemetry/transport.h"

namespace rectifier {

// The address is taken when a listener is made, and callers are let in from Listen on.
class Listener {
 public:
  virtual ~Listener() = default;

  // "unix:/path" or "host:port", with the port as taken.
  virtual const std::string& address() const = 0;
  virtual Transport transport() const = 0;
  // Those that listen, without blocking. Listen and PutBack may change what is here.
  virtual const std::vector<FileDescriptor>& sockets() const = 0;

  // Errors: UNAVAILABLE, naming the flag that gave the address and the reason.
  virtual absl::Status Listen() = 0;
  // Whether callers find the sockets.
  virtual bool IsInPlace() const { return true; }
  // Makes that so again, where it is possible. Errors: as above.
  virtual absl::Status PutBack() { return absl::OkStatus(); }
  // Whether the peer of this new connection may stay.
  virtual bool Admits(int /*connection*/) const { return true; }
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_RPC_LISTENER_H_
