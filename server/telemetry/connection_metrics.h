// What is counted of connections.
#ifndef RECTIFIER_SERVER_TELEMETRY_CONNECTION_METRICS_H_
#define RECTIFIER_SERVER_TELEMETRY_CONNECTION_METRICS_H_

#include <array>

#include "prometheus/counter.h"
#include "prometheus/gauge.h"
#include "prometheus/registry.h"
#include "server/telemetry/transport.h"

namespace rectifier {

// Why a connection was closed as soon as it had come: there are as many as there may be,
// descriptors have run out, or the peer is none of those who may connect.
enum class ConnectionRefusal { kTooMany, kDescriptors, kPeer };

// Its word in metrics and logs.
const char* Name(ConnectionRefusal reason);

// Thread-safe.
class ConnectionMetrics {
 public:
  explicit ConnectionMetrics(prometheus::Registry& registry);

  void SetLimit(size_t connections) { limit_->Set(static_cast<double>(connections)); }
  void CountOpened(Transport transport);
  void CountClosed(Transport transport);
  void CountEnded(Transport transport);
  void CountStalled(Transport transport);
  void CountRefused(Transport transport, ConnectionRefusal reason);

 private:
  template <class Metric>
  using ByTransport = std::array<Metric*, kTransports>;

  prometheus::Gauge* limit_;
  ByTransport<prometheus::Gauge> open_;
  ByTransport<prometheus::Counter> accepted_;
  ByTransport<prometheus::Counter> ended_;
  ByTransport<prometheus::Counter> stalled_;
  std::array<ByTransport<prometheus::Counter>, 3> refused_;  // by ConnectionRefusal
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_TELEMETRY_CONNECTION_METRICS_H_
