#include "server/load_metrics.h"

#include "server/telemetry/single_metric.h"

namespace rectifier {

std::vector<prometheus::MetricFamily> LoadMetrics::Collect() const {
  const Limits& limits = options_.limits;
  return {
      SingleGauge("rectifier_ready", "Whether readiness says SERVING: 1 or 0.", health_.IsReady()),
      SingleGauge("rectifier_inflight_calls_limit", "The value of --max_inflight_calls.",
                  limits.max_inflight_calls),
      SingleGauge("rectifier_inflight_bytes_limit", "The value of --max_inflight_bytes.",
                  limits.max_inflight_bytes),
      SingleGauge("rectifier_streams", "Streams in progress.", admission_.held().streams),
      SingleGauge("rectifier_streams_limit", "The value of --max_streams.", limits.max_streams),
      SingleGauge("rectifier_shared_buffer_bytes_limit", "The value of --max_buffer_bytes.",
                  limits.max_buffer_bytes),
      SingleGauge("rectifier_engine_calls",
                  "Evaluate calls, and windows of streams, that wait for the engine or have it.",
                  queue_.size()),
      SingleMetric("rectifier_queue_lag_seconds",
                   "How far behind the slowest of the threads that take and answer calls is.",
                   prometheus::MetricType::Gauge, absl::ToDoubleSeconds(heartbeats_.lag())),
      SingleGauge("rectifier_engine_threads", "Threads that compute.", engine_.threads()),
      SingleGauge(
          "rectifier_memory_limit_bytes",
          "Memory that the process may use, as --memory_bytes, the cgroup or the machine says.",
          options_.memory_bytes),
  };
}

}  // namespace rectifier
