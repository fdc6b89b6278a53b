#include "server/call_queues.h"

#include <pthread.h>

#include "absl/time/clock.h"

namespace rectifier {

CallQueues::CallQueues(grpc::ServerBuilder* builder, int count, absl::Duration spin) : spin_(spin) {
  for (int i = 0; i < count; ++i) queues_.push_back(builder->AddCompletionQueue());
}

CallQueues::~CallQueues() { ShutDown(); }

void CallQueues::Start() {
  for (const auto& queue : queues_) {
    threads_.emplace_back([this, queue = queue.get()] {
      pthread_setname_np(pthread_self(), "calls");
      Serve(queue);
    });
  }
}

void CallQueues::ShutDown() {
  for (const auto& queue : queues_) queue->Shutdown();
  // Without threads there is still the queues' own last event.
  if (threads_.empty()) {
    for (const auto& queue : queues_) Serve(queue.get());
  }
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  queues_.clear();
}

void CallQueues::Serve(grpc::ServerCompletionQueue* queue) const {
  using Queue = grpc::CompletionQueue;
  void* tag;
  bool ok;
  absl::Time last = absl::Now();
  for (;;) {
    Queue::NextStatus status =
        queue->AsyncNext(&tag, &ok, gpr_inf_past(GPR_CLOCK_MONOTONIC));  // looks, does not wait
    if (status == Queue::TIMEOUT) {
      if (absl::Now() - last < spin_) continue;
      if (!queue->Next(&tag, &ok)) return;
    } else if (status == Queue::SHUTDOWN) {
      return;
    }
    static_cast<QueueEvent*>(tag)->Happen(ok);
    last = absl::Now();
  }
}

}  // namespace rectifier
