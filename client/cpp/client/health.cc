#include "client/cpp/client/health.h"

#include <google/protobuf/wrappers.pb.h>
#include <grpcpp/generic/generic_stub.h>

#include "absl/synchronization/notification.h"

namespace rectifier::client {
namespace {

constexpr char kCheck[] = "/grpc.health.v1.Health/Check";
constexpr int kServing = 1;

}  // namespace

// HealthCheckRequest is a string in field 1, and HealthCheckResponse an enum in field 1, which are
// on the wire what protobuf's own messages of one value are. So no second definition of a message
// that a caller may have, too, is needed.
absl::StatusOr<bool> IsServing(ServerConnection& connection, const CallOptions& options) {
  google::protobuf::StringValue request;
  request.set_value("rectifier.v1.ActivationService");
  google::protobuf::Int32Value response;
  const std::unique_ptr<CallScope> call = connection.NewCall(options);
  const absl::Status status = call->Run([&] {
    grpc::TemplatedGenericStub<google::protobuf::StringValue, google::protobuf::Int32Value> stub(
        connection.channel());
    grpc::Status outcome;
    absl::Notification is_done;
    stub.UnaryCall(&call->context(), kCheck, {}, &request, &response, [&](grpc::Status ended) {
      outcome = std::move(ended);
      is_done.Notify();
    });
    is_done.WaitForNotification();
    return outcome;
  });
  if (!status.ok()) return status;
  return response.value() == kServing;
}

}  // namespace rectifier::client
