// HTTP for machines that watch: /metrics for Prometheus, /healthz for anything that speaks HTTP.
#ifndef RECTIFIER_SERVER_TELEMETRY_METRICS_ENDPOINT_H_
#define RECTIFIER_SERVER_TELEMETRY_METRICS_ENDPOINT_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "prometheus/collectable.h"
#include "server/telemetry/http_server.h"

namespace rectifier {

class MetricsEndpoint {
 public:
  using Collectables = std::vector<std::shared_ptr<prometheus::Collectable>>;

  // Listens on `address` (host:port; port 0 takes a free one) and serves what the collectables
  // give. /healthz says ok while `is_healthy`, which is asked on any thread, says so.
  // Errors: UNAVAILABLE where the address cannot be had.
  static absl::StatusOr<std::unique_ptr<MetricsEndpoint>> Start(
      const std::string& address, const Collectables& collectables,
      std::function<bool()> is_healthy = [] { return true; });

  // What /metrics answers.
  static std::string Text(const Collectables& collectables);

  // host:port, with the port that was taken.
  const std::string& address() const { return server_->address(); }

 private:
  explicit MetricsEndpoint(std::unique_ptr<HttpServer> server) : server_(std::move(server)) {}

  const std::unique_ptr<HttpServer> server_;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_TELEMETRY_METRICS_ENDPOINT_H_
