// A call with one request and one reply, both as bytes.
#ifndef RECTIFIER_SERVER_RPC_UNARY_CALL_H_
#define RECTIFIER_SERVER_RPC_UNARY_CALL_H_

#include <functional>

#include "grpcpp/support/async_unary_call.h"
#include "grpcpp/support/byte_buffer.h"
#include "server/rpc/call.h"

namespace rectifier {

class UnaryCall final : public Call {
 public:
  using Responder = grpc::ServerAsyncResponseWriter<grpc::ByteBuffer>;

  struct Method {
    // Asks gRPC for a call: a generated Request... of a raw method.
    std::function<void(grpc::ServerContext*, grpc::ByteBuffer* request, Responder*,
                       grpc::CompletionQueue*, grpc::ServerCompletionQueue*, void* tag)>
        request;
    // Takes a call that has arrived to its Finish.
    std::function<void(UnaryCall*)> handle;
  };

  // Waits for a call, and for the next one as soon as one arrives, until the server shuts down.
  // `method` and `queue` outlive the calls.
  static void Await(const Method& method, CallQueue* queue) { new UnaryCall(method, queue); }

  using Call::set_handler;

  const grpc::ByteBuffer& request() const { return request_; }
  // Its memory is not needed any more.
  void ReleaseRequest() { request_.Clear(); }

  // Answers with `reply` where `status` is OK. It is called exactly once, on any thread. The call
  // may be gone when it returns.
  void Finish(const grpc::ByteBuffer& reply, const grpc::Status& status) {
    responder_.Finish(reply, status, finished_tag());
  }

 private:
  UnaryCall(const Method& method, CallQueue* queue);

  void AwaitNext() override { Await(method_, queue()); }
  void Handle() override { method_.handle(this); }
  void Refuse(const grpc::Status& status) override { Finish({}, status); }

  const Method& method_;
  grpc::ByteBuffer request_;
  Responder responder_{context()};
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_RPC_UNARY_CALL_H_
