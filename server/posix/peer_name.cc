#include "server/posix/peer_name.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstring>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace rectifier {
namespace {

std::string V4Name(const in_addr& address, in_port_t port) {
  char text[INET_ADDRSTRLEN];
  inet_ntop(AF_INET, &address, text, sizeof(text));
  return absl::StrCat("ipv4:", text, ":", ntohs(port));
}

// A peer of IPv4 may come to a socket of IPv6.
std::string V6Name(const sockaddr_in6& peer) {
  if (IN6_IS_ADDR_V4MAPPED(&peer.sin6_addr)) {
    in_addr address;
    std::memcpy(&address, peer.sin6_addr.s6_addr + 12, sizeof(address));
    return V4Name(address, peer.sin6_port);
  }
  char text[INET6_ADDRSTRLEN];
  inet_ntop(AF_INET6, &peer.sin6_addr, text, sizeof(text));
  return absl::StrCat("ipv6:[", text, "]:", ntohs(peer.sin6_port));
}

template <class Address>
Address As(const sockaddr_storage& peer) {
  Address address;
  std::memcpy(&address, &peer, sizeof(address));
  return address;
}

}  // namespace

std::string PeerName(int socket) {
  sockaddr_storage peer;
  socklen_t length = sizeof(peer);
  if (getpeername(socket, reinterpret_cast<sockaddr*>(&peer), &length) != 0) return "";
  if (peer.ss_family == AF_INET) {
    const auto address = As<sockaddr_in>(peer);
    return V4Name(address.sin_addr, address.sin_port);
  }
  if (peer.ss_family == AF_INET6) return V6Name(As<sockaddr_in6>(peer));
  return "";
}

std::string PeerNameFromUri(absl::string_view uri) {
  return absl::StrReplaceAll(uri, {{"%5B", "["}, {"%5D", "]"}});
}

}  // namespace rectifier
