// The threads that take calls from gRPC: completion queues, which small calls pass fastest.
#ifndef RECTIFIER_SERVER_CALL_QUEUES_H_
#define RECTIFIER_SERVER_CALL_QUEUES_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "grpcpp/completion_queue.h"
#include "grpcpp/server_builder.h"

namespace rectifier {

// What a queue's tag stands for.
class QueueEvent {
 public:
  // Called once, on a thread of the queue. `ok` as gRPC has it. The event may be gone afterwards.
  virtual void Happen(bool ok) = 0;

 protected:
  ~QueueEvent() = default;
};

// An event that calls a method of its owner.
template <class Owner, void (Owner::*kMethod)(bool)>
class MethodEvent final : public QueueEvent {
 public:
  explicit MethodEvent(Owner* owner) : owner_(owner) {}
  void Happen(bool ok) override { (owner_->*kMethod)(ok); }

 private:
  Owner* const owner_;
};

// How many calls are being answered. Thread-safe.
class ActiveCalls {
 public:
  void Begin();
  void End();
  void WaitUntilNone();

 private:
  absl::Mutex mutex_;
  int64_t count_ ABSL_GUARDED_BY(mutex_) = 0;
};

class CallQueues {
 public:
  // Adds `count` queues to the server that `builder` is going to build.
  CallQueues(grpc::ServerBuilder* builder, int count);
  // Shuts down.
  ~CallQueues();

  size_t size() const { return queues_.size(); }
  grpc::ServerCompletionQueue* operator[](size_t i) const { return queues_[i].get(); }

  // A thread for each queue. Call once the server is built.
  void Start();

  // Waits until every event has happened and the last call has been answered, or would have been.
  // Call it when the server has shut down.
  void ShutDown();

  // Calls of these queues that may still give events: to be counted from their arrival on.
  ActiveCalls& active_calls() { return active_calls_; }

 private:
  static void Serve(grpc::ServerCompletionQueue* queue);
  void WaitForEarlierEvents();

  ActiveCalls active_calls_;
  std::vector<std::unique_ptr<grpc::ServerCompletionQueue>> queues_;
  std::vector<std::thread> threads_;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_CALL_QUEUES_H_
