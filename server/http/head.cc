#include "server/http/head.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/http/router.h"

namespace rectifier::http {
namespace {

namespace beast = boost::beast;

template <class View>
std::string ToString(const View& view) {
  return std::string(view.data(), view.size());
}

}  // namespace

Head HeadOf(const beast::http::request_header<>& header) {
  Head head{.method = ToString(header.method_string()),
            .target = ToString(header.target()),
            .fields = {}};
  for (const auto& field : header) {
    const std::string name = absl::AsciiStrToLower(ToString(field.name_string()));
    std::string value = ToString(field.value());
    bool is_again = false;
    for (auto& [known, values] : head.fields) {
      if (known != name) continue;
      absl::StrAppend(&values, ", ", value);
      is_again = true;
      break;
    }
    if (!is_again) head.fields.emplace_back(name, std::move(value));
  }
  return head;
}

bool HasFoldedLines(absl::string_view head) {
  return absl::StrContains(head, "\n ") || absl::StrContains(head, "\n\t");
}

std::optional<Response> RefuseAmbiguous(const Head& head,
                                        const beast::http::request_header<>& header) {
  const auto refuse = [&head](int status, const char* message) {
    return Router::Error(head, status, message);
  };
  if (header.version() != 10 && header.version() != 11) {
    return refuse(505, "this server speaks HTTP/1.1");
  }
  if (head.target.empty() || head.target.front() != '/') {
    return refuse(400, "the target must be a path");
  }
  if (header.count(beast::http::field::host) > 1) return refuse(400, "Host: it comes twice");
  if (header.count(beast::http::field::content_length) > 1) {
    return refuse(400, "Content-Length: it comes twice");
  }
  if (const std::string* length = head.Find("content-length");
      length != nullptr && length->find_first_not_of("0123456789") != std::string::npos) {
    return refuse(400, "Content-Length: it is no number");
  }
  if (const std::string* expect = head.Find("expect");
      expect != nullptr && !absl::EqualsIgnoreCase(*expect, "100-continue")) {
    return refuse(417, "Expect: this server meets no expectation but 100-continue");
  }
  const std::string* const coding = head.Find("transfer-encoding");
  if (coding == nullptr) return std::nullopt;
  if (head.Find("content-length") != nullptr || header.version() == 10) {
    return refuse(400, "Transfer-Encoding: it stands beside Content-Length, or in HTTP/1.0");
  }
  if (absl::AsciiStrToLower(*coding) == "chunked") return std::nullopt;
  return refuse(501, "Transfer-Encoding: this server takes chunked alone");
}

}  // namespace rectifier::http
