// A call with any number of messages either way, as bytes.
#ifndef RECTIFIER_SERVER_RPC_STREAM_CALL_H_
#define RECTIFIER_SERVER_RPC_STREAM_CALL_H_

#include <functional>

#include "grpcpp/support/async_stream.h"
#include "grpcpp/support/byte_buffer.h"
#include "server/rpc/call.h"

namespace rectifier {

class StreamHandler : public CallHandler {
 public:
  // A read has ended. If it is not ok, there is no message, and there will be none. Where that is
  // because the caller has gone, OnCancel says so, but maybe later.
  virtual void OnReadDone(bool ok) = 0;
  // A write has ended. If it is not ok, the call is broken.
  virtual void OnWriteDone(bool ok) = 0;

 protected:
  ~StreamHandler() = default;
};

// At most one read and one write are under way at a time. Thread-safe otherwise.
class StreamCall final : public Call {
 public:
  using Stream = grpc::ServerAsyncReaderWriter<grpc::ByteBuffer, grpc::ByteBuffer>;

  struct Method {
    // Asks gRPC for a call: a generated Request... of a raw method, or a generic service's.
    std::function<void(grpc::GenericServerContext*, Stream*, grpc::CompletionQueue*,
                       grpc::ServerCompletionQueue*, void* tag)>
        request;
    // Takes a call that has arrived to its Finish.
    std::function<void(StreamCall*)> handle;
  };

  // Does what UnaryCall::Await does.
  static void Await(const Method& method, CallQueue* queue) { new StreamCall(method, queue); }

  void set_handler(StreamHandler* handler);

  // `message` lives until OnReadDone.
  void Read(grpc::ByteBuffer* message);
  void Write(const grpc::ByteBuffer& message);
  // Ends the call, and is called exactly once. The call may be gone when it returns.
  void Finish(const grpc::Status& status) { stream_.Finish(status, finished_tag()); }

 private:
  StreamCall(const Method& method, CallQueue* queue);

  void AwaitNext() override { Await(method_, queue()); }
  void Handle() override { method_.handle(this); }
  void Refuse(const grpc::Status& status) override { Finish(status); }
  void OnRead(bool ok);
  void OnWritten(bool ok);

  const Method& method_;
  StreamHandler* handler_ = nullptr;
  Stream stream_{context()};
  MemberTag<StreamCall, &StreamCall::OnRead> read_{this};
  MemberTag<StreamCall, &StreamCall::OnWritten> written_{this};
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_RPC_STREAM_CALL_H_
