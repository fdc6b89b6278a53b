// Hangs up on peers that take nothing of what is sent to them.
//
// gRPC ends no call, be it cancelled, while it waits for room in the socket of its connection. A
// peer that grants windows, and then does not read, would keep its calls, and the end of the
// server, waiting for ever.
#ifndef RECTIFIER_SERVER_RPC_STALL_WATCH_H_
#define RECTIFIER_SERVER_RPC_STALL_WATCH_H_

#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/rpc/open_connections.h"

namespace rectifier {

// A thread looks at all sockets, at most once a second. Thread-safe.
class StallWatch {
 public:
  // A peer may take nothing for `limit`, kept to an eighth of it. `connections` outlives the watch.
  StallWatch(OpenConnections& connections, absl::Duration limit);
  ~StallWatch();
  StallWatch(const StallWatch&) = delete;
  StallWatch& operator=(const StallWatch&) = delete;

  // From now on it may do so for no longer than `limit`.
  void Hasten(absl::Duration limit);

 private:
  void Run();

  OpenConnections& connections_;
  absl::Mutex mutex_;
  absl::Duration limit_ ABSL_GUARDED_BY(mutex_);
  bool is_over_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_RPC_STALL_WATCH_H_
