#include "server/rpc/call.h"

#include <new>

#include "server/status.h"

namespace rectifier {

Call::Call(const Method& method, CallQueue* queue) : method_(method), queue_(queue) {
  queue->AddCall();
  context_.AsyncNotifyWhenDone(static_cast<Tag*>(&notified_));
  method.request(&context_, &stream_, queue->grpc(), queue->grpc(), static_cast<Tag*>(&arrived_));
}

Call::~Call() {
  if (has_arrived_) queue_->watch().Remove(this);
  queue_->RemoveCall();
}

void Call::EndOperation() {
  if (pending_.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  if (handler_ != nullptr) handler_->OnDone();
  if (!has_next_) Await(method_, queue_);
  delete this;
}

void Call::OnArrived(bool ok) {
  if (ok) return Arrive();
  delete this;  // gRPC does not say of a call that never was that it is over
}

void Call::Arrive() try {
  Await(method_, queue_);
  has_next_ = true;
  queue_->watch().Add(this);
  has_arrived_ = true;
  connection_ = queue_->open_calls().Add(context_);
  method_.handle(this);
} catch (const std::bad_alloc&) {
  handler_ = nullptr;  // it may have introduced itself before it could not be made
  Finish(ToGrpcStatus(OutOfMemory()));
}

void Call::Read(grpc::ByteBuffer* message, Patience patience) {
  BeginOperation();
  queue_->watch().BeginRead(this, patience);
  stream_.Read(message, static_cast<Tag*>(&read_));
}

void Call::BeginWait() {
  BeginOperation();
  queue_->watch().BeginRead(this, Patience::kMessage);
}

void Call::EndWait(absl::FunctionRef<void()> go_on) {
  if (EndRead()) go_on();
  EndOperation();
}

void Call::Write(const grpc::ByteBuffer& message) {
  BeginOperation();
  queue_->watch().BeginWrite(this);
  stream_.Write(message, static_cast<Tag*>(&written_));
}

void Call::BeginFinish(bool is_ok) {
  queue_->watch().BeginWrite(this);
  if (LoadReports* const reports = queue_->reports()) {
    context_.AddTrailingMetadata(LoadReports::kKey, reports->Count(is_ok));
  }
}

void Call::Finish(const grpc::Status& status) {
  BeginFinish(status.ok());
  stream_.Finish(status, static_cast<Tag*>(&finished_));
}

void Call::Finish(const grpc::ByteBuffer& message, const grpc::Status& status) {
  if (!status.ok()) return Finish(status);
  BeginFinish(true);
  stream_.WriteAndFinish(message, grpc::WriteOptions(), status, static_cast<Tag*>(&finished_));
}

void Call::EndReadLate() { handler_->OnReadDone(ReadEnd::kTooLate); }

void Call::EndWriteLate() { context_.TryCancel(); }

// The handler may finish the call here; the operation ends after that, so that it is not gone yet.
void Call::OnRead(bool ok) {
  if (EndRead()) handler_->OnReadDone(ok ? ReadEnd::kMessage : ReadEnd::kNone);
  EndOperation();
}

void Call::OnWritten(bool ok) {
  EndWrite();
  handler_->OnWriteDone(ok);
  EndOperation();
}

void Call::OnFinished(bool /*ok*/) {
  EndWrite();
  EndOperation();
}

// From here on the caller may open another call in this one's place, however long it takes us to
// be done with this one.
void Call::OnNotified(bool /*ok*/) {
  if (connection_) queue_->open_calls().Remove(*connection_);
  if (handler_ != nullptr && context_.IsCancelled()) handler_->OnCancel();
  EndOperation();
}

}  // namespace rectifier
