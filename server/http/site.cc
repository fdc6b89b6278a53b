#include "server/http/site.h"

#include <arpa/inet.h>

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "server/http/error_response.h"

namespace rectifier::http {
namespace {

constexpr char kAllowedFields[] =
    "authorization, connect-protocol-version, connect-timeout-ms, content-type, "
    "inference-header-content-length, traceparent, x-request-id";
constexpr char kExposedFields[] = "inference-header-content-length, retry-after";
constexpr char kPreflightSeconds[] = "7200";

Response Refuse(int status, const std::string& message) {
  Response response = ConnectError(grpc::Status(grpc::StatusCode::PERMISSION_DENIED, message));
  response.status = status;
  return response;
}

// "[::1]:8080" is "[::1]", "name:80" is "name", in lower case. Whatever the port is: behind a
// published port or a tunnel it is another than ours, and a page that was made to point here has
// ours. What is no port stays, and makes it no host of ours.
std::string WithoutPort(absl::string_view host) {
  const size_t bracket = host.rfind(']');
  const size_t colon = host.rfind(':');
  const bool has_port =
      colon != absl::string_view::npos && (bracket == absl::string_view::npos || colon > bracket) &&
      host.substr(colon + 1).find_first_not_of("0123456789") == absl::string_view::npos;
  return absl::AsciiStrToLower(has_port ? host.substr(0, colon) : host);
}

bool IsAddress(const std::string& host) {
  in6_addr address;
  if (inet_pton(AF_INET, host.c_str(), &address) == 1) return true;
  return host.size() > 2 && host.front() == '[' && host.back() == ']' &&
         inet_pton(AF_INET6, host.substr(1, host.size() - 2).c_str(), &address) == 1;
}

bool Has(const std::vector<std::string>& list, absl::string_view word) {
  return std::any_of(list.begin(), list.end(), [word](const std::string& each) {
    return each == "*" || absl::EqualsIgnoreCase(each, word);
  });
}

// One to another host than that of the page.
bool IsFromElsewhere(const Head& head, const std::string** origin) {
  *origin = head.Find("origin");
  return *origin != nullptr;
}

}  // namespace

bool Site::IsOwnHost(absl::string_view host) const {
  const std::string name = WithoutPort(host);
  return name == "localhost" || IsAddress(name) || Has(hosts_, name) || Has(hosts_, host);
}

bool Site::IsAllowedOrigin(absl::string_view origin, absl::string_view host) const {
  const bool is_own = absl::EqualsIgnoreCase(origin, absl::StrCat("http://", host)) ||
                      absl::EqualsIgnoreCase(origin, absl::StrCat("https://", host));
  return is_own || Has(origins_, origin);
}

std::optional<Response> Site::Check(const Head& head) const {
  const std::string* const host = head.Find("host");
  if (host == nullptr || !IsOwnHost(*host)) {
    return Refuse(421,
                  "Host: this server answers to addresses, to localhost, and to the names in "
                  "--http_allowed_hosts");
  }
  const std::string* origin;
  if (IsFromElsewhere(head, &origin) && !IsAllowedOrigin(*origin, *host)) {
    return Refuse(403, "Origin: pages of this origin are not in --http_allowed_origins");
  }
  return std::nullopt;
}

Response Site::Preflight(const std::string& allowed) {
  Response response{.status = 204};
  response.fields = {{"Allow", absl::StrCat(allowed, ", OPTIONS")},
                     {"Access-Control-Allow-Methods", "GET, POST"},
                     {"Access-Control-Allow-Headers", kAllowedFields},
                     {"Access-Control-Max-Age", kPreflightSeconds}};
  return response;
}

void Site::AddFields(const Head& head, Response* response) const {
  const std::string* origin;
  if (!IsFromElsewhere(head, &origin) || Check(head)) return;
  response->fields.emplace_back("Access-Control-Allow-Origin", *origin);
  response->fields.emplace_back("Access-Control-Expose-Headers", kExposedFields);
  response->fields.emplace_back("Vary", "Origin");
}

}  // namespace rectifier::http
