#include "server/rpc/call_queue.h"

#include "server/rpc/tag.h"

namespace rectifier {

CallQueue::CallQueue(grpc::ServerBuilder& builder, CallWatch& watch, OpenCalls& open_calls,
                     Heartbeats& heartbeats, LoadReports* reports)
    : queue_(builder.AddCompletionQueue()),
      watch_(watch),
      open_calls_(open_calls),
      heartbeat_(heartbeats, queue_.get()),
      reports_(reports) {}

// No operation may be started on a queue that is shut down, so shutting down waits for the calls.
CallQueue::~CallQueue() {
  if (thread_.joinable()) {
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(
        +[](int64_t* calls) { return *calls == 0; }, &calls_));
  }
  heartbeat_.Stop();
  queue_->Shutdown();
  if (thread_.joinable()) {
    thread_.join();
  } else {
    Run();  // gRPC wants it empty
  }
}

void CallQueue::Start() {
  heartbeat_.Start();
  thread_ = std::thread([this] { Run(); });
}

void CallQueue::AddCall() {
  absl::MutexLock lock(&mutex_);
  ++calls_;
}

void CallQueue::RemoveCall() {
  absl::MutexLock lock(&mutex_);
  --calls_;
}

void CallQueue::Run() {
  void* tag;
  bool ok;
  while (queue_->Next(&tag, &ok)) static_cast<Tag*>(tag)->Ended(ok);
}

}  // namespace rectifier
