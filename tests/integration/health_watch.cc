#include "tests/integration/health_watch.h"

#include <chrono>

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
    : stub_(channel) {
  context_.set_deadline(std::chrono::system_clock::now() + std::chrono::minutes(1));
  stream_ = stub_.PrepareCall(&context_, "/grpc.health.v1.Health/Watch", &queue_);
  stream_->StartCall(nullptr);
  Await();
  stream_->WriteLast(ToByteBuffer(SerializedRequest(service)), grpc::WriteOptions(), nullptr);
  Await();
}

HealthWatch::~HealthWatch() {
  context_.TryCancel();
  grpc::Status status;
  stream_->Finish(&status, nullptr);
  Await();
}

std::optional<bool> HealthWatch::Next() {
  grpc::ByteBuffer message;
  stream_->Read(&message, nullptr);
  Await();
  if (!ok_) return std::nullopt;
  return IsServing(ToString(message));
}

void HealthWatch::Await() {
  void* tag;
  queue_.Next(&tag, &ok_);
}

}  // namespace rectifier::testing
