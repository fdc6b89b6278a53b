#include "server/telemetry/connection_metrics.h"

namespace rectifier {

const char* Name(ConnectionRefusal reason) {
  switch (reason) {
    case ConnectionRefusal::kTooMany:
      return "connections";
    case ConnectionRefusal::kDescriptors:
      return "descriptors";
    case ConnectionRefusal::kPeer:
      return "peer";
  }
  return "";
}

ConnectionMetrics::ConnectionMetrics(prometheus::Registry& registry) {
  limit_ = &prometheus::BuildGauge()
                .Name("rectifier_connections_limit")
                .Help("The most connections to --listen that may be open.")
                .Register(registry)
                .Add({});
  auto& open = prometheus::BuildGauge()
                   .Name("rectifier_connections")
                   .Help("Open connections.")
                   .Register(registry);
  auto& accepted = prometheus::BuildCounter()
                       .Name("rectifier_connections_accepted_total")
                       .Help("Connections accepted.")
                       .Register(registry);
  auto& ended = prometheus::BuildCounter()
                    .Name("rectifier_connections_ended_total")
                    .Help(
                        "Connections that the server has ended, because their peers had more than "
                        "twice --max_http2_streams calls open.")
                    .Register(registry);
  auto& stalled = prometheus::BuildCounter()
                      .Name("rectifier_connections_stalled_total")
                      .Help(
                          "Connections that the server has ended, because their peers took nothing "
                          "of what was sent to them for --send_timeout.")
                      .Register(registry);
  auto& refused = prometheus::BuildCounter()
                      .Name("rectifier_connections_refused_total")
                      .Help("Connections closed as soon as they had come, by reason.")
                      .Register(registry);
  for (size_t transport = 0; transport < kTransports; ++transport) {
    const char* const name = kTransportNames[transport];
    open_[transport] = &open.Add({{"transport", name}});
    accepted_[transport] = &accepted.Add({{"transport", name}});
    ended_[transport] = &ended.Add({{"transport", name}});
    stalled_[transport] = &stalled.Add({{"transport", name}});
    for (const auto reason :
         {ConnectionRefusal::kTooMany, ConnectionRefusal::kDescriptors, ConnectionRefusal::kPeer}) {
      refused_[static_cast<size_t>(reason)][transport] =
          &refused.Add({{"transport", name}, {"reason", Name(reason)}});
    }
  }
}

void ConnectionMetrics::CountOpened(Transport transport) {
  accepted_[static_cast<size_t>(transport)]->Increment();
  open_[static_cast<size_t>(transport)]->Increment();
}

void ConnectionMetrics::CountClosed(Transport transport) {
  open_[static_cast<size_t>(transport)]->Decrement();
}

void ConnectionMetrics::CountEnded(Transport transport) {
  ended_[static_cast<size_t>(transport)]->Increment();
}

void ConnectionMetrics::CountStalled(Transport transport) {
  stalled_[static_cast<size_t>(transport)]->Increment();
}

void ConnectionMetrics::CountRefused(Transport transport, ConnectionRefusal reason) {
  refused_[static_cast<size_t>(reason)][static_cast<size_t>(transport)]->Increment();
}

}  // namespace rectifier
