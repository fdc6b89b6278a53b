#include "server/probe.h"

#include <chrono>
#include <memory>

#include "absl/strings/str_format.h"
#include "grpc/health/v1/health.pb.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/security/credentials.h"
#include "server/rpc/message_bytes.h"
#include "server/service_name.h"

namespace rectifier {
namespace {

constexpr std::chrono::seconds kTimeout(5);
constexpr char kCheck[] = "/grpc.health.v1.Health/Check";

}  // namespace

absl::Status Probe(const std::string& target) {
  grpc::GenericStub stub(grpc::CreateChannel(target, grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kTimeout);
  grpc::health::v1::HealthCheckRequest request;
  request.set_service(kServiceName);
  grpc::ByteBuffer reply;
  grpc::Status status;
  grpc::CompletionQueue queue;
  const auto call = stub.PrepareUnaryCall(&context, kCheck, ToBytes(request), &queue);
  call->StartCall();
  call->Finish(&reply, &status, nullptr);
  void* tag;
  bool ok;
  queue.Next(&tag, &ok);
  queue.Shutdown();
  if (!status.ok()) {
    return absl::UnavailableError(absl::StrFormat("%s: %s", target, status.error_message()));
  }
  grpc::health::v1::HealthCheckResponse response;
  if (!Parse(reply, &response) ||
      response.status() != grpc::health::v1::HealthCheckResponse::SERVING) {
    return absl::UnavailableError(absl::StrFormat("%s: NOT_SERVING", target));
  }
  return absl::OkStatus();
}

}  // namespace rectifier
