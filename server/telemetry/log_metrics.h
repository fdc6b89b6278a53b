// What became of the log's lines.
#ifndef RECTIFIER_SERVER_TELEMETRY_LOG_METRICS_H_
#define RECTIFIER_SERVER_TELEMETRY_LOG_METRICS_H_

#include <vector>

#include "prometheus/collectable.h"
#include "prometheus/metric_family.h"
#include "server/telemetry/logging.h"
#include "server/telemetry/single_metric.h"

namespace rectifier {

class LogMetrics final : public prometheus::Collectable {
 public:
  std::vector<prometheus::MetricFamily> Collect() const override {
    return {SingleMetric("rectifier_log_lines_dropped_total",
                         "Lines of the log that were dropped, because nobody read those before.",
                         prometheus::MetricType::Counter, static_cast<double>(DroppedLogLines()))};
  }
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_TELEMETRY_LOG_METRICS_H_
