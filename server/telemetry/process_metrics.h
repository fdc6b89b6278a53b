// process_*: what the operating system says about this process, read when it is scraped.
#ifndef RECTIFIER_SERVER_TELEMETRY_PROCESS_METRICS_H_
#define RECTIFIER_SERVER_TELEMETRY_PROCESS_METRICS_H_

#include <vector>

#include "prometheus/collectable.h"
#include "prometheus/metric_family.h"

namespace rectifier {

class ProcessMetrics final : public prometheus::Collectable {
 public:
  // Leaves out what /proc does not give.
  std::vector<prometheus::MetricFamily> Collect() const override;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_TELEMETRY_PROCESS_METRICS_H_
