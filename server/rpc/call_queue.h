// A completion queue of gRPC, with the one thread that looks after it.
#ifndef RECTIFIER_SERVER_RPC_CALL_QUEUE_H_
#define RECTIFIER_SERVER_RPC_CALL_QUEUE_H_

#include <cstdint>
#include <memory>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "grpcpp/completion_queue.h"
#include "grpcpp/server_builder.h"
#include "server/rpc/call_watch.h"
#include "server/rpc/heartbeat.h"
#include "server/rpc/load_reports.h"
#include "server/rpc/open_calls.h"

namespace rectifier {

// All that belongs to a call, its operations' ends and its computing where that is small, happens
// on the thread of its queue.
class CallQueue {
 public:
  // The queue is made before `builder` makes the server. All others outlive it. Where there are
  // `reports`, each call has one.
  CallQueue(grpc::ServerBuilder& builder, CallWatch& watch, OpenCalls& open_calls,
            Heartbeats& heartbeats, LoadReports* reports = nullptr);
  // Waits until the last call has gone, so the server has to be shut down first.
  ~CallQueue();
  CallQueue(const CallQueue&) = delete;
  CallQueue& operator=(const CallQueue&) = delete;

  // Begins to hand over what has ended, once the server is there.
  void Start();

  grpc::ServerCompletionQueue* grpc() const { return queue_.get(); }
  CallWatch& watch() const { return watch_; }
  OpenCalls& open_calls() const { return open_calls_; }
  LoadReports* reports() const { return reports_; }

  // How many calls use the queue, those that have not arrived yet included. Thread-safe.
  void AddCall();
  void RemoveCall();

 private:
  void Run();

  const std::unique_ptr<grpc::ServerCompletionQueue> queue_;
  CallWatch& watch_;
  OpenCalls& open_calls_;
  Heartbeat heartbeat_;
  LoadReports* const reports_;
  absl::Mutex mutex_;
  int64_t calls_ ABSL_GUARDED_BY(mutex_) = 0;
  std::thread thread_;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_RPC_CALL_QUEUE_H_
