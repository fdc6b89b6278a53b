#include "server/http/router.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "server/http/connect.h"
#include "server/http/error_response.h"
#include "server/http/inference.h"
#include "server/http/metrics_page.h"
#include "server/http/page.h"

namespace rectifier::http {
namespace {

Response Text(int status, const char* text) { return Response::Of(status, "text/plain", text); }

constexpr char kHealth[] = "/healthz", kLive[] = "/v2/health/live", kReady[] = "/v2/health/ready";
constexpr char kReads[] = "GET, HEAD";

bool IsHealth(absl::string_view path) { return path == kHealth || path == kLive || path == kReady; }

// False where the type of the body names another charset: `application/json; charset=latin1`.
bool IsUtf8(const Head& head) {
  const std::string* const type = head.Find("content-type");
  if (type == nullptr) return true;
  const std::vector<absl::string_view> parts = absl::StrSplit(*type, ';');
  for (size_t i = 1; i < parts.size(); ++i) {
    const std::pair<absl::string_view, absl::string_view> parameter =
        absl::StrSplit(parts[i], absl::MaxSplits('=', 1));
    if (!absl::EqualsIgnoreCase(absl::StripAsciiWhitespace(parameter.first), "charset")) continue;
    absl::string_view charset = absl::StripAsciiWhitespace(parameter.second);
    charset = absl::StripSuffix(absl::StripPrefix(charset, "\""), "\"");
    if (!absl::EqualsIgnoreCase(charset, "utf-8")) return false;
  }
  return true;
}

}  // namespace

Router::Router(Settings settings)
    : settings_(std::move(settings)),
      site_(settings_.allowed_hosts, settings_.allowed_origins),
      openapi_(settings_.limits) {}

Response Router::Error(const Head& head, int status, const std::string& message) {
  const grpc::StatusCode code = status == 404   ? grpc::StatusCode::NOT_FOUND
                                : status == 405 ? grpc::StatusCode::UNIMPLEMENTED
                                : status == 408 ? grpc::StatusCode::DEADLINE_EXCEEDED
                                : status == 413 ? grpc::StatusCode::RESOURCE_EXHAUSTED
                                : status == 501 ? grpc::StatusCode::UNIMPLEMENTED
                                : status == 503 ? grpc::StatusCode::UNAVAILABLE
                                                : grpc::StatusCode::INVALID_ARGUMENT;
  const grpc::Status error(code, message);
  Response response = IsInference(head.path()) ? InferenceError(error) : ConnectError(error);
  response.status = status;
  if (status == 503) response.fields.emplace_back("Retry-After", "1");
  return response;
}

Response Router::NotAllowed(const Head& head, absl::string_view allowed) {
  Response response = Error(head, 405, absl::StrCat("this path takes ", allowed));
  response.fields.emplace_back("Allow", absl::StrCat(allowed, ", OPTIONS"));
  return response;
}

// It is for everyone, as over gRPC, and tells nothing else.
Response Router::AnswerHealth(absl::string_view path) const {
  if (path == kHealth) {
    return settings_.is_healthy() ? Text(200, "ok\n") : Text(503, "new callers cannot connect\n");
  }
  // The protocol wants the status alone, and KServe's client a body.
  if (path == kLive) return Response::Json(200, R"({"live":true})");
  return settings_.is_ready() ? Response::Json(200, R"({"ready":true})")
                              : Text(503, "the server is not ready\n");
}

std::optional<Response> Router::AnswerOptions(const Head& head) {
  const absl::string_view path = head.path();
  if (IsHealth(path) || OpenApi::IsAt(path) || IsPage(path) || IsMetrics(path)) {
    return Site::Preflight(kReads);
  }
  const std::string allowed = IsConnectMethod(path) ? "POST"
                              : IsInference(path)   ? InferenceMethods(path)
                                                    : "";
  if (allowed.empty()) return Error(head, 404, "nothing is at this path");
  return Site::Preflight(allowed);
}

std::optional<Response> Router::AnswerHead(const Head& head) const {
  const bool reads = head.method == "GET" || head.method == "HEAD";
  if (reads && IsHealth(head.path())) return AnswerHealth(head.path());
  if (auto refusal = site_.Check(head)) return refusal;
  if (head.method == "OPTIONS") return AnswerOptions(head);
  if (IsHealth(head.path())) return NotAllowed(head, kReads);
  if (const std::string* coding = head.Find("content-encoding");
      coding != nullptr && *coding != "identity") {
    return Error(head, 415, "Content-Encoding: this server takes no compressed body");
  }
  if (!IsUtf8(head)) return Error(head, 415, "Content-Type: this server takes text in UTF-8");
  const absl::string_view path = head.path();
  if (IsPage(path)) return reads ? AnswerPage(head) : NotAllowed(head, kReads);
  const bool is_read = OpenApi::IsAt(path) || IsMetrics(path);
  if (IsConnect(path) || IsInference(path) || is_read) return std::nullopt;
  return Error(head, 404, "nothing is at this path");
}

size_t Router::MaxBodyBytes(const Head& head) const {
  const std::string* const type = head.Find("content-type");
  const bool is_binary =
      IsConnect(head.path())
          ? type != nullptr && absl::StartsWithIgnoreCase(*type, "application/proto")
          : head.Find("inference-header-content-length") != nullptr;
  return is_binary ? settings_.max_message_bytes : settings_.limits.max_json_bytes;
}

Translation Router::Translate(const Head& head,
                              const std::shared_ptr<const std::string>& body) const {
  if (IsConnect(head.path()))
    return TranslateConnect(
        head, body,
        {.max_bytes = settings_.max_message_bytes, .max_numbers = settings_.limits.max_values});
  if (OpenApi::IsAt(head.path())) return openapi_.Translate(head);
  if (IsMetrics(head.path())) return TranslateMetrics(head, settings_.metrics_text);
  return TranslateInference(head, body, settings_.limits);
}

}  // namespace rectifier::http
