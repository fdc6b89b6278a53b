#include "server/http/page.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace rectifier::http {
namespace {

// The page needs no other host, and nothing in it is inline. The rest of the line is what
// default-src does not cover.
constexpr char kPolicy[] =
    "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const PageFile* Find(absl::string_view path) {
  const absl::Span<const PageFile> files = PageFiles();
  const auto* const found = std::find_if(
      files.begin(), files.end(), [path](const PageFile& file) { return file.path == path; });
  return found == files.end() ? nullptr : found;
}

const char* TypeOf(absl::string_view path) {
  if (absl::EndsWith(path, ".js")) return "text/javascript; charset=utf-8";
  if (absl::EndsWith(path, ".css")) return "text/css; charset=utf-8";
  if (absl::EndsWith(path, ".svg")) return "image/svg+xml";
  return "text/html; charset=utf-8";
}

// Weak tags compare as strong ones do, as they must in If-None-Match.
bool HasTag(const Head& head, absl::string_view etag) {
  const std::string* const tags = head.Find("if-none-match");
  if (tags == nullptr) return false;
  const std::vector<absl::string_view> each = absl::StrSplit(*tags, ',');
  return std::any_of(each.begin(), each.end(), [etag](absl::string_view tag) {
    tag = absl::StripAsciiWhitespace(tag);
    return tag == "*" || absl::StripPrefix(tag, "W/") == etag;
  });
}

// Whether a coding such as "gzip;q=0.5" may be sent: one of weight 0 may not.
bool HasWeight(absl::string_view coding) {
  const size_t weight = coding.find("q=");
  double number;
  return weight == absl::string_view::npos ||
         !absl::SimpleAtod(absl::StripAsciiWhitespace(coding.substr(weight + 2)), &number) ||
         number > 0;
}

// Whoever says nothing takes any coding (RFC 9110, 12.5.3).
bool TakesGzip(const Head& head) {
  const std::string* const codings = head.Find("accept-encoding");
  if (codings == nullptr) return true;
  bool takes_any = false;
  for (absl::string_view coding : absl::StrSplit(absl::string_view(*codings), ',')) {
    const absl::string_view name = absl::StripAsciiWhitespace(coding.substr(0, coding.find(';')));
    if (absl::EqualsIgnoreCase(name, "gzip") || absl::EqualsIgnoreCase(name, "x-gzip")) {
      return HasWeight(coding);
    }
    if (name == "*") takes_any = HasWeight(coding);
  }
  return takes_any;
}

}  // namespace

bool IsPage(absl::string_view path) { return Find(path) != nullptr; }

Response AnswerPage(const Head& head) {
  const PageFile& file = *Find(head.path());
  Response response;
  // A browser asks each time whether the file is still the same, because an update of the server
  // brings script and page together.
  response.fields = {{"ETag", file.etag},
                     {"Cache-Control", "no-cache"},
                     {"Vary", "Accept-Encoding"},
                     {"Content-Security-Policy", kPolicy},
                     {"Referrer-Policy", "no-referrer"}};
  if (HasTag(head, file.etag)) {
    response.status = 304;
    return response;
  }
  if (!TakesGzip(head)) {
    response.status = 406;
    response.content_type = "text/plain";
    response.body = {grpc::Slice("this file is here with Content-Encoding: gzip alone\n")};
    return response;
  }
  response.content_type = TypeOf(file.path);
  response.fields.emplace_back("Content-Encoding", "gzip");
  response.body = {grpc::Slice(file.gzip, file.bytes, grpc::Slice::STATIC_SLICE)};
  return response;
}

}  // namespace rectifier::http
