// grpc.health.v1.Health of a server: Check, and a Watch that can be waited on.
#ifndef RECTIFIER_TESTS_INTEGRATION_HEALTH_WATCH_H_
#define RECTIFIER_TESTS_INTEGRATION_HEALTH_WATCH_H_

#include <memory>
#include <optional>
#include <string>

#include "grpcpp/channel.h"
#include "grpcpp/support/status.h"
#include "tests/support/raw_stream.h"

namespace rectifier::testing {

// By which health is asked whether new callers are served.
inline constexpr char kReadinessName[] = "rectifier.v1.ActivationService";

// Whether Check says SERVING, or the status where it says nothing.
struct HealthCheck {
  grpc::Status status;
  bool is_serving = false;
};
HealthCheck CheckHealth(const std::shared_ptr<grpc::Channel>& channel, const std::string& service);

class HealthWatch {
 public:
  HealthWatch(const std::shared_ptr<grpc::Channel>& channel, const std::string& service);

  // Waits for the next message, and tells whether it says SERVING; nullopt where the stream has
  // ended.
  std::optional<bool> Next();

 private:
  RawStream stream_;
};

}  // namespace rectifier::testing

#endif  // RECTIFIER_TESTS_INTEGRATION_HEALTH_WATCH_H_
