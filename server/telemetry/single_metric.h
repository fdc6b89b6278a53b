// A metric without labels, whose value is read when it is scraped.
#ifndef RECTIFIER_SERVER_TELEMETRY_SINGLE_METRIC_H_
#define RECTIFIER_SERVER_TELEMETRY_SINGLE_METRIC_H_

#include <cstdint>

#include "prometheus/metric_family.h"

namespace rectifier {

// `type` is Counter or Gauge.
prometheus::MetricFamily SingleMetric(const char* name, const char* help,
                                      prometheus::MetricType type, double value);
prometheus::MetricFamily SingleGauge(const char* name, const char* help, int64_t value);

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_TELEMETRY_SINGLE_METRIC_H_
