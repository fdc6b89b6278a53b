// The standard health service, grpc.health.v1.Health. gRPC's own service answers by callbacks,
// whose threads would wait for sockets beside ours and take every call a detour (DECISIONS.md).
#ifndef RECTIFIER_SERVER_HEALTH_H_
#define RECTIFIER_SERVER_HEALTH_H_

#include <set>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "grpc/health/v1/health.pb.h"
#include "grpcpp/support/byte_buffer.h"
#include "server/rpc/call.h"

namespace rectifier {

// Knows two services: "", alive as long as it answers, and one whose readiness is set. Thread-safe.
class Health {
 public:
  // `service` is not ready yet.
  explicit Health(const std::string& service) : service_(service) {}

  // Watchers are told where these change it. It is ready while it wishes for callers and new ones
  // reach it, as they do at first.
  void SetReady(bool ready);
  void SetReachable(bool reachable);
  bool IsReachable() const;
  // Whether Check says SERVING for the service.
  bool IsReady() const;

  // Answers Check with the state or NOT_FOUND, and with INVALID_ARGUMENT what is no request.
  grpc::Status Check(const grpc::ByteBuffer& request, grpc::ByteBuffer* reply) const;
  // Answers Watch with the state and every change, until the caller goes or the server hangs up.
  void Watch(Call* call);

 private:
  using Status = grpc::health::v1::HealthCheckResponse;

  class Watcher;

  Status::ServingStatus StatusOf(const std::string& service) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::string service_;
  mutable absl::Mutex mutex_;
  bool ready_ ABSL_GUARDED_BY(mutex_) = false;
  bool reachable_ ABSL_GUARDED_BY(mutex_) = true;
  std::set<Watcher*> watchers_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_HEALTH_H_
