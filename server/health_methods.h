// The methods of grpc.health.v1.Health, as a server of gRPC's takes them.
#ifndef RECTIFIER_SERVER_HEALTH_METHODS_H_
#define RECTIFIER_SERVER_HEALTH_METHODS_H_

#include <functional>

#include "grpcpp/server_builder.h"
#include "server/health.h"
#include "server/rpc/call.h"
#include "server/rpc/call_queue.h"
#include "server/rpc/raw_methods.h"

namespace rectifier {

// For one server; several may share a Health, which outlives them.
class HealthMethods {
 public:
  explicit HealthMethods(Health& health);
  HealthMethods(const HealthMethods&) = delete;
  HealthMethods& operator=(const HealthMethods&) = delete;

  // As Service's.
  void Register(grpc::ServerBuilder& builder) { builder.RegisterService(&methods_); }
  void Await(CallQueue* queue) const;

 private:
  Call::Method MethodOf(const char* name, std::function<void(Call*)> handle);

  RawMethods methods_;
  const Call::Method check_;
  const Call::Method watch_;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_HEALTH_METHODS_H_
