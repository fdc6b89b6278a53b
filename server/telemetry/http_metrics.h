// What is counted of HTTP beside its connections. The calls that it makes are counted as all are.
#ifndef RECTIFIER_SERVER_TELEMETRY_HTTP_METRICS_H_
#define RECTIFIER_SERVER_TELEMETRY_HTTP_METRICS_H_

#include <map>

#include "prometheus/counter.h"
#include "prometheus/gauge.h"
#include "prometheus/registry.h"

namespace rectifier {

// Thread-safe.
class HttpMetrics {
 public:
  // `limit` is that of held_bytes().
  HttpMetrics(prometheus::Registry& registry, double limit);

  void CountResponse(int status) const;
  prometheus::Gauge* held_bytes() const { return held_bytes_; }

 private:
  std::map<int, prometheus::Counter*> responses_;
  prometheus::Counter* other_responses_;
  prometheus::Gauge* held_bytes_;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_TELEMETRY_HTTP_METRICS_H_
