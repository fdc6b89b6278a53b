// A server of its own that answers about health alone: for probes that speak neither TLS nor
// tokens.
#ifndef RECTIFIER_SERVER_HEALTH_SERVER_H_
#define RECTIFIER_SERVER_HEALTH_SERVER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "grpcpp/server.h"
#include "prometheus/registry.h"
#include "server/health_methods.h"
#include "server/rpc/acceptor.h"
#include "server/rpc/call_queue.h"
#include "server/rpc/call_watch.h"
#include "server/telemetry/connection_metrics.h"

namespace rectifier {

class HealthServer {
 public:
  // Listens on `address` (host:port; port 0 takes a free one) in plain text. Every method but
  // health's is UNIMPLEMENTED. `health` and `watch` outlive this object. Errors: UNAVAILABLE where
  // the address cannot be had.
  static absl::StatusOr<std::unique_ptr<HealthServer>> Start(const std::string& address,
                                                             Health& health, CallWatch& watch,
                                                             Heartbeats& heartbeats);

  // Hangs up on everyone.
  ~HealthServer();
  HealthServer(const HealthServer&) = delete;
  HealthServer& operator=(const HealthServer&) = delete;

  // host:port, with the port that was taken.
  const std::string& address() const { return address_; }

 private:
  explicit HealthServer(Health& health);

  std::string address_;
  HealthMethods methods_;
  OpenCalls open_calls_;
  std::unique_ptr<CallQueue> queue_;
  std::unique_ptr<grpc::Server> grpc_;
  // Nobody scrapes these: they would be mixed up with those of callers.
  prometheus::Registry registry_;
  ConnectionMetrics metrics_;
  std::unique_ptr<Acceptor> acceptor_;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_HEALTH_SERVER_H_
