// Who may ask, by what browsers say: the host that a request is for, which tells of a page that has
// had its own name point here (DNS rebinding), and the origin of the page that makes it.
#ifndef RECTIFIER_SERVER_HTTP_SITE_H_
#define RECTIFIER_SERVER_HTTP_SITE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/http/message.h"

namespace rectifier::http {

class Site {
 public:
  // Addresses in digits and localhost are always hosts of this server. "*" stands for any.
  Site(std::vector<std::string> hosts, std::vector<std::string> origins)
      : hosts_(std::move(hosts)), origins_(std::move(origins)) {}

  // What is wrong with where the request goes or comes from, if anything.
  std::optional<Response> Check(const Head& head) const;

  // The answer to a browser that asks whether a page may send a request to a path that takes the
  // methods `allowed`.
  static Response Preflight(const std::string& allowed);

  // Lets the page that asked read the response, where it may.
  void AddFields(const Head& head, Response* response) const;

 private:
  bool IsOwnHost(absl::string_view host) const;
  bool IsAllowedOrigin(absl::string_view origin, absl::string_view host) const;

  const std::vector<std::string> hosts_;
  const std::vector<std::string> origins_;
};

}  // namespace rectifier::http

#endif  // RECTIFIER_SERVER_HTTP_SITE_H_
