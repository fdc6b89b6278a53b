#include "server/posix/tcp_socket.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/posix/listen_address.h"

namespace rectifier {
namespace {

// How often to look for a port that is free at every address, where any port will do.
constexpr int kAttempts = 8;

bool SwitchOn(const FileDescriptor& socket, int level, int option, int value) {
  return setsockopt(socket.get(), level, option, &value, sizeof(value)) == 0;
}

bool IsAnyV6(const addrinfo& address) {
  if (address.ai_family != AF_INET6) return false;
  return IN6_IS_ADDR_UNSPECIFIED(&reinterpret_cast<sockaddr_in6*>(address.ai_addr)->sin6_addr);
}

void SetPort(const addrinfo& address, int port) {
  const in_port_t number = htons(static_cast<in_port_t>(port));
  if (address.ai_family == AF_INET) {
    reinterpret_cast<sockaddr_in*>(address.ai_addr)->sin_port = number;
  } else {
    reinterpret_cast<sockaddr_in6*>(address.ai_addr)->sin6_port = number;
  }
}

int PortOf(const FileDescriptor& socket) {
  sockaddr_storage name{};
  socklen_t size = sizeof(name);
  if (getsockname(socket.get(), reinterpret_cast<sockaddr*>(&name), &size) != 0) return 0;
  return ntohs(name.ss_family == AF_INET ? reinterpret_cast<sockaddr_in*>(&name)->sin_port
                                         : reinterpret_cast<sockaddr_in6*>(&name)->sin6_port);
}

// Where it fails, the result is not open and errno says why.
FileDescriptor Bind(const addrinfo& address) {
  FileDescriptor socket(::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const bool is_bound =
      socket.is_open() && SwitchOn(socket, SOL_SOCKET, SO_REUSEADDR, 1) &&
      SwitchOn(socket, IPPROTO_TCP, TCP_NODELAY, 1) &&  // what is accepted inherits it
      (address.ai_family != AF_INET6 ||
       SwitchOn(socket, IPPROTO_IPV6, IPV6_V6ONLY, IsAnyV6(address) ? 0 : 1)) &&
      bind(socket.get(), address.ai_addr, address.ai_addrlen) == 0;
  return is_bound ? std::move(socket) : FileDescriptor();
}

bool IsOfNoUseHere(int error) { return error == EADDRNOTAVAIL || error == EAFNOSUPPORT; }

// Binds every address, all to one port. Gives no sockets where one of them cannot be had; `error`
// is then an errno.
BoundTcp BindAll(const addrinfo* addresses, int port, int* error) {
  BoundTcp bound{.sockets = {}, .port = port, .address = {}};
  for (const addrinfo* each = addresses; each != nullptr; each = each->ai_next) {
    SetPort(*each, bound.port);
    FileDescriptor socket = Bind(*each);
    if (!socket.is_open()) {
      *error = errno;
      if (IsOfNoUseHere(*error)) continue;
      return {};
    }
    if (bound.port == 0) bound.port = PortOf(socket);
    bound.sockets.push_back(std::move(socket));
  }
  return bound;
}

}  // namespace

absl::StatusOr<BoundTcp> BindTcp(const std::string& address, absl::string_view flag) {
  int error = 0;
  const SocketAddresses addresses = Resolve(address, &error);
  if (addresses == nullptr) return CannotListen(flag, address, gai_strerror(error));
  const HostPort asked = *ParseHostPort(address);
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    BoundTcp bound = BindAll(addresses.get(), asked.port, &error);
    bound.address = absl::StrCat(asked.host, ":", bound.port);
    if (!bound.sockets.empty()) return bound;
    if (asked.port != 0 || error != EADDRINUSE) break;
  }
  return CannotListen(flag, address, std::strerror(error));
}

absl::Status ListenOn(const BoundTcp& bound, absl::string_view flag) {
  for (const FileDescriptor& socket : bound.sockets) {
    if (listen(socket.get(), SOMAXCONN) == 0) continue;
    return CannotListen(flag, bound.address, std::strerror(errno));
  }
  return absl::OkStatus();
}

}  // namespace rectifier
