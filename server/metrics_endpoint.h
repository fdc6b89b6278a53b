// HTTP for machines that watch: /metrics for Prometheus, /healthz for anything that speaks HTTP.
#ifndef RECTIFIER_SERVER_METRICS_ENDPOINT_H_
#define RECTIFIER_SERVER_METRICS_ENDPOINT_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "prometheus/collectable.h"
#include "prometheus/exposer.h"

namespace rectifier {

class MetricsEndpoint {
 public:
  // Listens on `address` (host:port; port 0 takes a free one) and serves what the collectables
  // give. Errors: UNAVAILABLE where the address cannot be had.
  static absl::StatusOr<std::unique_ptr<MetricsEndpoint>> Start(
      const std::string& address,
      const std::vector<std::shared_ptr<prometheus::Collectable>>& collectables);

  // host:port, with the port that was taken.
  const std::string& address() const { return address_; }

 private:
  MetricsEndpoint() = default;

  std::string address_;
  std::vector<std::shared_ptr<prometheus::Collectable>> collectables_;
  std::unique_ptr<prometheus::Exposer> exposer_;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_METRICS_ENDPOINT_H_
