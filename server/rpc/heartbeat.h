// Whether the threads of completion queues get on: each is asked every second, and how long it lets
// one wait is how long calls wait.
#ifndef RECTIFIER_SERVER_RPC_HEARTBEAT_H_
#define RECTIFIER_SERVER_RPC_HEARTBEAT_H_

#include <chrono>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "grpcpp/alarm.h"
#include "grpcpp/completion_queue.h"
#include "server/rpc/tag.h"

namespace rectifier {

class Heartbeat;

// All of a server. Thread-safe.
class Heartbeats {
 public:
  // By how much the thread that is most behind is behind.
  absl::Duration lag() const;

 private:
  friend class Heartbeat;

  mutable absl::Mutex mutex_;
  absl::flat_hash_set<const Heartbeat*> beats_ ABSL_GUARDED_BY(mutex_);
};

// That of one queue, whose thread calls Ended of what the queue gives back.
class Heartbeat {
 public:
  // Both outlive it.
  Heartbeat(Heartbeats& all, grpc::CompletionQueue* queue);
  // The queue gives nothing back any more.
  ~Heartbeat();
  Heartbeat(const Heartbeat&) = delete;
  Heartbeat& operator=(const Heartbeat&) = delete;

  void Start();
  // After this the queue may be shut down.
  void Stop();

  // By how much the thread was behind at the last beat, or is with one that is due. Thread-safe.
  absl::Duration lag() const;

 private:
  using Clock = std::chrono::steady_clock;

  void OnBeat(bool ok);
  void SetNext() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Heartbeats& all_;
  grpc::CompletionQueue* const queue_;
  MemberTag<Heartbeat, &Heartbeat::OnBeat> beat_{this};
  mutable absl::Mutex mutex_;
  grpc::Alarm alarm_ ABSL_GUARDED_BY(mutex_);
  bool is_going_ ABSL_GUARDED_BY(mutex_) = false;
  Clock::time_point due_ ABSL_GUARDED_BY(mutex_);
  absl::Duration last_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_RPC_HEARTBEAT_H_
