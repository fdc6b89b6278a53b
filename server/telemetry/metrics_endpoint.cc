#include "server/telemetry/metrics_endpoint.h"

#include <utility>

#include "server/telemetry/metrics_text.h"

namespace rectifier {

std::string MetricsEndpoint::Text(const Collectables& collectables) {
  std::string text;
  for (const auto& collectable : collectables) text += MetricsText(collectable->Collect());
  return text;
}

absl::StatusOr<std::unique_ptr<MetricsEndpoint>> MetricsEndpoint::Start(
    const std::string& address, const Collectables& collectables,
    std::function<bool()> is_healthy) {
  const auto health = [is_healthy = std::move(is_healthy)] {
    return is_healthy() ? HttpAnswer{.body = "ok\n"}
                        : HttpAnswer{.status = 503, .body = "new callers are not served\n"};
  };
  const auto text = [collectables] { return HttpAnswer{.body = Text(collectables)}; };
  // Health comes first, so that no scrape holds it up.
  std::vector<HttpPage> pages = {{"/healthz", "text/plain", health},
                                 {"/metrics", "text/plain; version=0.0.4; charset=utf-8", text}};
  auto server = HttpServer::Start("metrics_listen", address, std::move(pages));
  if (!server.ok()) return server.status();
  return std::unique_ptr<MetricsEndpoint>(new MetricsEndpoint(*std::move(server)));
}

}  // namespace rectifier
