// Addresses to listen on: how they are written, and what can be said about one of TCP before or
// after somebody listens there.
#ifndef RECTIFIER_SERVER_POSIX_LISTEN_ADDRESS_H_
#define RECTIFIER_SERVER_POSIX_LISTEN_ADDRESS_H_

#include <netdb.h>

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace rectifier {

// The parts of "127.0.0.1:80" or "[::1]:80".
struct HostPort {
  std::string host;
  int port = 0;
};
absl::StatusOr<HostPort> ParseHostPort(const std::string& address);

// The path of "unix:PATH"; empty for other addresses.
std::string UnixPath(const std::string& address);

using SocketAddresses = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

// All that `address`, a host:port, stands for. Null where that is nothing, and `error` is then
// getaddrinfo's.
SocketAddresses Resolve(const std::string& address, int* error);

// Whether only this machine reaches `address` ("127.0.0.1:80", "[::1]:80", "localhost:0"). False
// for a name that does not resolve.
bool IsLoopback(const std::string& address);

// The error of somebody who could not listen on `address`, which the operator has given with
// `flag`: UNAVAILABLE, with the reason, such as "Address already in use".
absl::Status CannotListen(absl::string_view flag, const std::string& address,
                          absl::string_view why);

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_POSIX_LISTEN_ADDRESS_H_
