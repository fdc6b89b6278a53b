#include "server/probe.h"

#include <chrono>
#include <memory>

#include "absl/strings/str_format.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/security/credentials.h"
#include "server/service.h"

namespace rectifier {
namespace {

constexpr std::chrono::seconds kTimeout(5);
constexpr char kCheck[] = "/grpc.health.v1.Health/Check";

}  // namespace

absl::Status Probe(const std::string& target) {
  grpc::GenericStub stub(grpc::CreateChannel(target, grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kTimeout);
  const grpc::Slice request_slice(SerializeHealthCheckRequest(kServiceName));
  const grpc::ByteBuffer request(&request_slice, 1);
  grpc::ByteBuffer reply;
  grpc::Status status;
  grpc::CompletionQueue queue;
  const auto call = stub.PrepareUnaryCall(&context, kCheck, request, &queue);
  call->StartCall();
  call->Finish(&reply, &status, nullptr);
  void* tag;
  bool ok;
  queue.Next(&tag, &ok);
  queue.Shutdown();
  if (!status.ok()) {
    return absl::UnavailableError(absl::StrFormat("%s: %s", target, status.error_message()));
  }
  grpc::Slice reply_slice;
  reply.DumpToSingleSlice(&reply_slice);
  if (!IsServing(std::string(reply_slice.begin(), reply_slice.end()))) {
    return absl::UnavailableError(absl::StrFormat("%s: NOT_SERVING", target));
  }
  return absl::OkStatus();
}

// Field 1, a string shorter than 128 bytes.
std::string SerializeHealthCheckRequest(const std::string& service) {
  return std::string("\x0a") + static_cast<char>(service.size()) + service;
}

// Field 1, an enumeration: SERVING is 1.
bool IsServing(const std::string& serialized_health_check_response) {
  return serialized_health_check_response == "\x08\x01";
}

}  // namespace rectifier
