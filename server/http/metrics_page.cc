#include "server/http/metrics_page.h"

#include "absl/strings/str_cat.h"
#include "server/http/error_response.h"
#include "server/http/router.h"
#include "server/service_name.h"

namespace rectifier::http {

bool IsMetrics(absl::string_view path) { return path == "/metrics"; }

Translation TranslateMetrics(const Head& head, const std::function<std::string()>& text) {
  if (text == nullptr) {
    return Router::Error(head, 404, "/metrics is at --metrics_listen; --http_metrics has it here");
  }
  if (head.method != "GET" && head.method != "HEAD") return Router::NotAllowed(head, "GET, HEAD");
  const grpc::Slice nothing;
  ServerCall call{.method = absl::StrCat("/", kServiceName, "/GetServerInfo")};
  call.message = grpc::ByteBuffer(&nothing, 1);
  call.answer = [text](const Outcome& outcome) {
    if (!outcome.status.ok()) return ConnectError(outcome.status);
    return Response::Of(200, "text/plain; version=0.0.4; charset=utf-8", text());
  };
  return call;
}

}  // namespace rectifier::http
