#include "server/rpc/stream_call.h"

namespace rectifier {

StreamCall::StreamCall(const Method& method, CallQueue* queue) : Call(queue), method_(method) {
  method.request(context(), &stream_, queue->grpc(), queue->grpc(), arrived_tag());
}

void StreamCall::set_handler(StreamHandler* handler) {
  Call::set_handler(handler);
  handler_ = handler;
}

void StreamCall::Read(grpc::ByteBuffer* message) {
  BeginOperation();
  stream_.Read(message, static_cast<Tag*>(&read_));
}

void StreamCall::Write(const grpc::ByteBuffer& message) {
  BeginOperation();
  stream_.Write(message, static_cast<Tag*>(&written_));
}

// The handler may finish the call here; the operation ends after that, so that it is not gone yet.
void StreamCall::OnRead(bool ok) {
  handler_->OnReadDone(ok);
  EndOperation();
}

void StreamCall::OnWritten(bool ok) {
  handler_->OnWriteDone(ok);
  EndOperation();
}

}  // namespace rectifier
