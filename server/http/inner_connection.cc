#include "server/http/inner_connection.h"

#include <sys/socket.h>

#include "absl/time/clock.h"
#include "grpcpp/client_context.h"
#include "grpcpp/create_channel_posix.h"
#include "grpcpp/support/async_unary_call.h"
#include "grpcpp/support/channel_arguments.h"
#include "server/deadline.h"
#include "server/rpc/tag.h"
#include "server/status.h"

namespace rectifier::http {
namespace {

// Of the server's errors, whose details name what was given.
constexpr int kMaxMetadataBytes = 64 << 10;

// What the server allows itself is not judged again.
grpc::ChannelArguments Arguments() {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(-1);
  arguments.SetMaxSendMessageSize(-1);
  arguments.SetInt(GRPC_ARG_MAX_METADATA_SIZE, kMaxMetadataBytes);
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  return arguments;
}

class PendingCall final : public InnerCall,
                          public std::enable_shared_from_this<PendingCall>,
                          private Tag {
 public:
  PendingCall(CallQueue& queue, std::function<void(Outcome)> done)
      : queue_(queue), done_(std::move(done)) {}

  void Start(grpc::GenericStub& stub, const ServerCall& call, const Metadata& metadata,
             const Origin& origin) {
    for (const auto& [key, value] : metadata) context_.AddMetadata(key, value);
    SetOrigin(origin, &context_);
    if (call.timeout) context_.set_deadline(absl::ToChronoTime(absl::Now() + *call.timeout));
    self_ = shared_from_this();
    queue_.AddCall();
    reader_ = stub.PrepareUnaryCall(&context_, call.method, call.message, queue_.grpc());
    reader_->StartCall();
    reader_->Finish(&outcome_.reply, &outcome_.status, static_cast<Tag*>(this));
  }

  void Cancel() override { context_.TryCancel(); }

 private:
  // Where the deadline passes, it is chance whether the server says so first, or gRPC on this side.
  void Ended(bool /*ok*/) override {
    grpc::Status& status = outcome_.status;
    if (status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED &&
        status.error_details().empty()) {
      status = ToGrpcStatus(DeadlinePassed());
    }
    done_(std::move(outcome_));
    done_ = nullptr;
    queue_.RemoveCall();
    self_.reset();
  }

  CallQueue& queue_;
  std::function<void(Outcome)> done_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientAsyncResponseReader<grpc::ByteBuffer>> reader_;
  Outcome outcome_;
  std::shared_ptr<PendingCall> self_;  // gRPC's, until the call has ended
};

}  // namespace

std::unique_ptr<InnerConnection> InnerConnection::Open(const Entrance& entrance, Origin origin,
                                                       CallQueue& queue) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0) return nullptr;
  entrance(FileDescriptor(ends[0]));
  const auto channel = grpc::experimental::CreateCustomInsecureChannelWithInterceptorsFromFd(
      "rectifierd", ends[1], Arguments(), {});
  return std::unique_ptr<InnerConnection>(new InnerConnection(channel, std::move(origin), queue));
}

std::shared_ptr<InnerCall> InnerConnection::Call(const ServerCall& call, const Metadata& metadata,
                                                 std::function<void(Outcome)> done) {
  auto pending = std::make_shared<PendingCall>(queue_, std::move(done));
  pending->Start(stub_, call, metadata, origin_);
  return pending;
}

}  // namespace rectifier::http
