#include "client/cpp/client/target.h"

#include <arpa/inet.h>

#include <cstdint>
#include <cstdlib>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "proto/default_target.h"

namespace rectifier::client {
namespace {

// "ipv4:" for 10.0.0.1:50051, "ipv6:" for [::1]:50051, else empty.
absl::string_view SchemeOf(absl::string_view address) {
  const size_t colon = address.rfind(':');
  uint32_t port = 0;
  if (colon == absl::string_view::npos || !absl::SimpleAtoi(address.substr(colon + 1), &port)) {
    return "";
  }
  std::string host(address.substr(0, colon));
  unsigned char bytes[sizeof(in6_addr)];
  if (inet_pton(AF_INET, host.c_str(), bytes) == 1) return "ipv4:";
  if (!absl::StartsWith(host, "[") || !absl::EndsWith(host, "]")) return "";
  host = host.substr(1, host.size() - 2);
  return inet_pton(AF_INET6, host.c_str(), bytes) == 1 ? "ipv6:" : "";
}

}  // namespace

std::string DefaultTarget() {
  const char* const target = std::getenv("RECTIFIER_TARGET");
  return target != nullptr && *target != '\0' ? target : DefaultUnixTarget();
}

absl::StatusOr<std::string> GrpcTarget(const std::string& target) {
  if (target.empty()) {
    return absl::InvalidArgumentError("target: it is empty; give unix:/path or host:port");
  }
  for (const char* scheme : {"ipv4:", "ipv6:", "unix:"}) {
    if (absl::StartsWith(target, scheme)) return target;
  }
  const std::vector<std::string> addresses = absl::StrSplit(target, ',');
  if (addresses.size() == 1) return target;
  const absl::string_view scheme = SchemeOf(addresses.front());
  for (const std::string& address : addresses) {
    if (!scheme.empty() && SchemeOf(address) == scheme) continue;
    return absl::InvalidArgumentError(absl::StrCat(
        "target: ", target, ": several must all be IPv4 or all be IPv6 addresses with a port, and ",
        address.empty() ? "an empty one" : address,
        " is not; a name may stand for several addresses by itself"));
  }
  return absl::StrCat(scheme, target);
}

}  // namespace rectifier::client
