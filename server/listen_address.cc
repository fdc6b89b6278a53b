#include "server/listen_address.h"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "absl/strings/str_format.h"
#include "server/file_descriptor.h"
#include "server/options.h"

namespace rectifier {
namespace {

using Addresses = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

// What `address` stands for. `error`: getaddrinfo's.
Addresses Resolve(const std::string& address, int* error) {
  const auto parsed = ParseHostPort(address);
  addrinfo* found = nullptr;
  *error = EAI_NONAME;
  if (parsed.ok()) {
    const bool is_bracketed = parsed->host.front() == '[';
    const std::string host =
        is_bracketed ? parsed->host.substr(1, parsed->host.size() - 2) : parsed->host;
    addrinfo hints{};
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
    hints.ai_socktype = SOCK_STREAM;
    *error = getaddrinfo(host.c_str(), std::to_string(parsed->port).c_str(), &hints, &found);
  }
  return Addresses(*error == 0 ? found : nullptr, &freeaddrinfo);
}

bool IsLoopback(const sockaddr* address) {
  if (address->sa_family == AF_INET) {
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(address);
    return ntohl(v4->sin_addr.s_addr) >> 24 == 127;
  }
  const auto* v6 = reinterpret_cast<const sockaddr_in6*>(address);
  return address->sa_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr);
}

// errno of binding there; 0 where it succeeds.
int TryToBind(const addrinfo& address) {
  const FileDescriptor socket(::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int yes = 1;
  if (!socket.is_open() ||
      setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) != 0 ||
      bind(socket.get(), address.ai_addr, address.ai_addrlen) != 0) {
    return errno;
  }
  return 0;
}

std::string WhyNotListen(const std::string& address) {
  int error;
  const Addresses addresses = Resolve(address, &error);
  if (addresses == nullptr) return gai_strerror(error);
  for (const addrinfo* each = addresses.get(); each != nullptr; each = each->ai_next) {
    if (const int reason = TryToBind(*each); reason != 0) return std::strerror(reason);
  }
  return "it cannot be had";
}

}  // namespace

bool IsLoopback(const std::string& address) {
  int error;
  const Addresses addresses = Resolve(address, &error);
  for (const addrinfo* each = addresses.get(); each != nullptr; each = each->ai_next) {
    if (!IsLoopback(each->ai_addr)) return false;
  }
  return addresses != nullptr;
}

absl::Status CannotListen(absl::string_view flag, const std::string& address) {
  return absl::UnavailableError(
      absl::StrFormat("--%s: cannot listen on %s: %s", flag, address, WhyNotListen(address)));
}

void Knock(const std::string& address) {
  int error;
  const Addresses addresses = Resolve(address, &error);
  if (addresses == nullptr) return;
  const FileDescriptor socket(
      ::socket(addresses->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  // It is enough that the connection is begun.
  static_cast<void>(connect(socket.get(), addresses->ai_addr, addresses->ai_addrlen));
}

}  // namespace rectifier
