#include "server/telemetry/single_metric.h"

#include <utility>

namespace rectifier {

prometheus::MetricFamily SingleMetric(const char* name, const char* help,
                                      prometheus::MetricType type, double value) {
  prometheus::ClientMetric metric;
  if (type == prometheus::MetricType::Counter) {
    metric.counter.value = value;
  } else {
    metric.gauge.value = value;
  }
  prometheus::MetricFamily family;
  family.name = name;
  family.help = help;
  family.type = type;
  family.metric.push_back(std::move(metric));
  return family;
}

prometheus::MetricFamily SingleGauge(const char* name, const char* help, int64_t value) {
  return SingleMetric(name, help, prometheus::MetricType::Gauge, static_cast<double>(value));
}

}  // namespace rectifier
