#include "server/call_queues.h"

#include <pthread.h>

namespace rectifier {

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

void CallQueues::Serve(grpc::ServerCompletionQueue* queue) {
  void* tag;
  bool ok;
  while (queue->Next(&tag, &ok)) static_cast<QueueEvent*>(tag)->Happen(ok);
}

}  // namespace rectifier
