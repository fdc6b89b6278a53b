#include "server/rpc/call.h"

#include <new>

#include "server/status.h"

namespace rectifier {

Call::Call(CallQueue* queue) : queue_(queue) {
  queue->AddCall();
  context_.AsyncNotifyWhenDone(static_cast<Tag*>(&notified_));
}

Call::~Call() { queue_->RemoveCall(); }

void Call::EndOperation() {
  if (pending_.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  if (handler_ != nullptr) handler_->OnDone();
  if (!has_next_) AwaitNext();
  delete this;
}

void Call::OnArrived(bool ok) {
  if (ok) return Arrive();
  delete this;  // gRPC does not say of a call that never was that it is over
}

void Call::Arrive() try {
  AwaitNext();
  has_next_ = true;
  Handle();
} catch (const std::bad_alloc&) {
  Refuse(ToGrpcStatus(OutOfMemory()));
}

void Call::OnFinished(bool /*ok*/) { EndOperation(); }

void Call::OnNotified(bool /*ok*/) {
  if (handler_ != nullptr && context_.IsCancelled()) handler_->OnCancel();
  EndOperation();
}

}  // namespace rectifier
