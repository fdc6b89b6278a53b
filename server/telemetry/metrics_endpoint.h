// HTTP for machines that watch: /metrics for Prometheus, /healthz for anything that speaks HTTP.
#ifndef RECTIFIER_SERVER_TELEMETRY_METRICS_ENDPOINT_H_
#define RECTIFIER_SERVER_TELEMETRY_METRICS_ENDPOINT_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "prometheus/collectable.h"

class CivetServer;
struct mg_connection;

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

  // Hangs up on everyone.
  ~MetricsEndpoint();
  MetricsEndpoint(const MetricsEndpoint&) = delete;
  MetricsEndpoint& operator=(const MetricsEndpoint&) = delete;

  // host:port, with the port that was taken.
  const std::string& address() const { return address_; }

 private:
  MetricsEndpoint(const Collectables& collectables, std::function<bool()> is_healthy);

  // The HTTP status of what was answered; 0 where the path is none of ours.
  static int Answer(mg_connection* connection);
  std::string Text() const;

  const Collectables collectables_;
  const std::function<bool()> is_healthy_;
  std::string address_;
  std::unique_ptr<CivetServer> server_;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_TELEMETRY_METRICS_ENDPOINT_H_
