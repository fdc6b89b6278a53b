#include "tests/integration/health_watch.h"

#include "grpc/health/v1/health.pb.h"
#include "tests/support/raw_call.h"

namespace rectifier::testing {

namespace {

std::string SerializedRequest(const std::string& service) {
  grpc::health::v1::HealthCheckRequest request;
  request.set_service(service);
  return request.SerializeAsString();
}

bool IsServing(const std::string& serialized_response) {
  grpc::health::v1::HealthCheckResponse response;
  return response.ParseFromString(serialized_response) &&
         response.status() == grpc::health::v1::HealthCheckResponse::SERVING;
}

}  // namespace

HealthCheck CheckHealth(const std::shared_ptr<grpc::Channel>& channel, const std::string& service) {
  const RawReply reply =
      CallRaw(channel, "/grpc.health.v1.Health/Check", SerializedRequest(service));
  return {.status = reply.status, .is_serving = IsServing(reply.bytes)};
}

HealthWatch::HealthWatch(const std::shared_ptr<grpc::Channel>& channel, const std::string& service)
    : stream_(channel, "/grpc.health.v1.Health/Watch") {
  stream_.WriteLast(SerializedRequest(service));
}

std::optional<bool> HealthWatch::Next() {
  const std::optional<std::string> message = stream_.Read();
  if (!message.has_value()) return std::nullopt;
  return IsServing(*message);
}

}  // namespace rectifier::testing
