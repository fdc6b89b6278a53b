// Metrics in the text format that Prometheus scrapes. prometheus-cpp's own writes every number with
// 16 digits: a bucket of 0.0006 comes out as 0.0005999999999999999.
#ifndef RECTIFIER_SERVER_TELEMETRY_METRICS_TEXT_H_
#define RECTIFIER_SERVER_TELEMETRY_METRICS_TEXT_H_

#include <string>
#include <vector>

#include "prometheus/metric_family.h"

namespace rectifier {

// Counters, gauges and histograms. Numbers have the fewest digits that read back as the same.
std::string MetricsText(const std::vector<prometheus::MetricFamily>& families);

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_TELEMETRY_METRICS_TEXT_H_
