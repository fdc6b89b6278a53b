#include "server/posix/listen_address.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"

namespace rectifier {
namespace {

bool IsLoopback(const sockaddr* address) {
  if (address->sa_family == AF_INET) {
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(address);
    return ntohl(v4->sin_addr.s_addr) >> 24 == 127;
  }
  const auto* v6 = reinterpret_cast<const sockaddr_in6*>(address);
  return address->sa_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr);
}

}  // namespace

absl::StatusOr<HostPort> ParseHostPort(const std::string& address) {
  const size_t colon = address.rfind(':');
  HostPort parsed;
  if (colon == std::string::npos || !absl::SimpleAtoi(address.substr(colon + 1), &parsed.port) ||
      parsed.port < 0 || parsed.port > 65535) {
    return absl::InvalidArgumentError("not host:port");
  }
  parsed.host = address.substr(0, colon);
  const bool is_bracketed = absl::StartsWith(parsed.host, "[") && absl::EndsWith(parsed.host, "]");
  const bool has_colon = parsed.host.find(':') != std::string::npos;
  if (parsed.host.empty() || has_colon != is_bracketed || absl::StrContains(parsed.host, "/")) {
    return absl::InvalidArgumentError("not host:port");
  }
  return parsed;
}

std::string UnixPath(const std::string& address) {
  constexpr absl::string_view kScheme = "unix:";
  if (!absl::StartsWith(address, kScheme)) return "";
  std::string path = address.substr(kScheme.size());
  if (absl::StartsWith(path, "//")) path.erase(0, 2);  // unix:///path is the same as unix:/path
  return absl::StartsWith(path, "/") ? path : "";
}

SocketAddresses Resolve(const std::string& address, int* error) {
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
  return SocketAddresses(*error == 0 ? found : nullptr, &freeaddrinfo);
}

bool IsLoopback(const std::string& address) {
  int error;
  const SocketAddresses addresses = Resolve(address, &error);
  for (const addrinfo* each = addresses.get(); each != nullptr; each = each->ai_next) {
    if (!IsLoopback(each->ai_addr)) return false;
  }
  return addresses != nullptr;
}

absl::Status CannotListen(absl::string_view flag, const std::string& address,
                          absl::string_view why) {
  return absl::UnavailableError(
      absl::StrFormat("--%s: cannot listen on %s: %s", flag, address, why));
}

}  // namespace rectifier
