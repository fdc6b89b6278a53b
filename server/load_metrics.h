// How much of what the server may have is in use: gauges that are asked when they are scraped, so
// that calls pay nothing for them.
#ifndef RECTIFIER_SERVER_LOAD_METRICS_H_
#define RECTIFIER_SERVER_LOAD_METRICS_H_

#include <vector>

#include "core/engine.h"
#include "prometheus/collectable.h"
#include "prometheus/metric_family.h"
#include "server/evaluate/admission.h"
#include "server/evaluate/engine_queue.h"
#include "server/health.h"
#include "server/options.h"
#include "server/rpc/heartbeat.h"

namespace rectifier {

// Thread-safe. All that it is made of must outlive it.
class LoadMetrics final : public prometheus::Collectable {
 public:
  LoadMetrics(const Options& options, const Engine& engine, const Admission& admission,
              const EngineQueue& queue, const Health& health, const Heartbeats& heartbeats)
      : options_(options),
        engine_(engine),
        admission_(admission),
        queue_(queue),
        health_(health),
        heartbeats_(heartbeats) {}

  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  const Options& options_;
  const Engine& engine_;
  const Admission& admission_;
  const EngineQueue& queue_;
  const Health& health_;
  const Heartbeats& heartbeats_;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_LOAD_METRICS_H_
