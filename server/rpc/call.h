// A call as gRPC's completion queues deliver it: what unary calls and streams have in common.
#ifndef RECTIFIER_SERVER_RPC_CALL_H_
#define RECTIFIER_SERVER_RPC_CALL_H_

#include <atomic>

#include "grpcpp/generic/async_generic_service.h"
#include "server/rpc/call_queue.h"
#include "server/rpc/tag.h"

namespace rectifier {

// Whoever handles a call is told here how it goes on, on the thread of the call's queue.
class CallHandler {
 public:
  // The caller has gone, or the deadline has passed. This is called once at most, and not after
  // OnDone.
  virtual void OnCancel() = 0;
  // The call is finished and nothing of it is under way. This is the last that is heard of it.
  virtual void OnDone() = 0;

 protected:
  ~CallHandler() = default;
};

// Waits for a call of its method; deletes itself when that call is over, or when the server shuts
// down before there is one. The one that waits for the next call is made as soon as this one
// arrives, or, where memory is short, when it is over: so there is always one.
class Call {
 public:
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  grpc::GenericServerContext* context() { return &context_; }

 protected:
  // Tells gRPC whom to tell: `queue` outlives the call.
  explicit Call(CallQueue* queue);
  virtual ~Call();

  // Makes the one that waits for the next call.
  virtual void AwaitNext() = 0;
  // Hands this one to whoever handles it. What throws has not finished the call.
  virtual void Handle() = 0;
  // Ends the call where nobody handles it.
  virtual void Refuse(const grpc::Status& status) = 0;

  CallQueue* queue() const { return queue_; }
  void set_handler(CallHandler* handler) { handler_ = handler; }

  // Every operation that is begun must end. Finishing, which ends with finished_tag(), counts from
  // the beginning.
  void BeginOperation() { pending_.fetch_add(1, std::memory_order_relaxed); }
  void EndOperation();

  void* arrived_tag() { return static_cast<Tag*>(&arrived_); }
  void* finished_tag() { return static_cast<Tag*>(&finished_); }

 private:
  void OnArrived(bool ok);
  void Arrive();
  void OnFinished(bool ok);
  void OnNotified(bool ok);

  CallQueue* const queue_;
  grpc::GenericServerContext context_;
  CallHandler* handler_ = nullptr;
  bool has_next_ = false;
  std::atomic<int> pending_ = 2;  // the end of finishing, and gRPC's word that the call is over
  MemberTag<Call, &Call::OnArrived> arrived_{this};
  MemberTag<Call, &Call::OnFinished> finished_{this};
  MemberTag<Call, &Call::OnNotified> notified_{this};
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_RPC_CALL_H_
