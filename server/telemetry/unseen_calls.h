// Calls that gRPC answers by itself, before any code of ours hears of them: those with too much
// metadata, with fields that are not gRPC's, and all else that it refuses by their heads.
//
// gRPC counts the calls that have begun for channelz, and gives that number to everybody in the
// process; what has not come to the server's methods is the rest.
#ifndef RECTIFIER_SERVER_TELEMETRY_UNSEEN_CALLS_H_
#define RECTIFIER_SERVER_TELEMETRY_UNSEEN_CALLS_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "prometheus/collectable.h"
#include "prometheus/metric_family.h"

namespace rectifier {

class UnseenCalls final : public prometheus::Collectable {
 public:
  // `seen` says how many calls have come to the server's methods, on any thread.
  explicit UnseenCalls(std::function<int64_t()> seen) : seen_(std::move(seen)) {}

  // The server that was made last in this process is the one. Before that nothing is collected.
  void FindServer();

  // The calls that are on their way to a method count until they are there, so that this is a
  // gauge.
  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  const std::function<int64_t()> seen_;
  std::atomic<int64_t> server_ = 0;  // gRPC's number of it
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_TELEMETRY_UNSEEN_CALLS_H_
