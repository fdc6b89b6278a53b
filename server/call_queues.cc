#include "server/call_queues.h"

#include <pthread.h>

#include "absl/synchronization/notification.h"
#include "grpcpp/alarm.h"

namespace rectifier {

void ActiveCalls::Begin() {
  const absl::MutexLock lock(&mutex_);
  ++count_;
}

void ActiveCalls::End() {
  const absl::MutexLock lock(&mutex_);
  --count_;
}

void ActiveCalls::WaitUntilNone() {
  const auto none = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return count_ == 0; };
  const absl::MutexLock lock(&mutex_, absl::Condition(&none));
}

CallQueues::CallQueues(grpc::ServerBuilder* builder, int count) {
  for (int i = 0; i < count; ++i) queues_.push_back(builder->AddCompletionQueue());
}

CallQueues::~CallQueues() { ShutDown(); }

void CallQueues::Start() {
  for (const auto& queue : queues_) {
    threads_.emplace_back([queue = queue.get()] {
      pthread_setname_np(pthread_self(), "calls");
      Serve(queue);
    });
  }
}

// A call that the server has hung up on is still being computed, and will be answered through its
// queue, which must not have shut down by then.
void CallQueues::ShutDown() {
  if (!threads_.empty()) {
    WaitForEarlierEvents();
    active_calls_.WaitUntilNone();
  }
  for (const auto& queue : queues_) queue->Shutdown();
  // Without threads there is still the queues' own last event.
  if (threads_.empty()) {
    for (const auto& queue : queues_) Serve(queue.get());
  }
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  queues_.clear();
}

// Each queue has one thread, which comes to the alarm after all that is in the queue already.
void CallQueues::WaitForEarlierEvents() {
  struct Marker final : QueueEvent {
    void Happen(bool) override { reached.Notify(); }
    absl::Notification reached;
    grpc::Alarm alarm;
  };
  std::vector<Marker> markers(queues_.size());
  for (size_t i = 0; i < queues_.size(); ++i) {
    markers[i].alarm.Set(queues_[i].get(), gpr_now(GPR_CLOCK_MONOTONIC),
                         static_cast<QueueEvent*>(&markers[i]));
  }
  for (Marker& marker : markers) marker.reached.WaitForNotification();
}

void CallQueues::Serve(grpc::ServerCompletionQueue* queue) {
  void* tag;
  bool ok;
  while (queue->Next(&tag, &ok)) static_cast<QueueEvent*>(tag)->Happen(ok);
}

}  // namespace rectifier
