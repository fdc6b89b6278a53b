// Counts calls as they arrive, and ends connections that have far more open than they may.
//
// A peer that never acknowledges the server's settings may open as many streams as it likes (RFC
// 9113, section 6.5.3), and gRPC 1.51 lets it: 50,000 calls that nobody answered took 600 MB in a
// second. All of them arrive here, those that are turned away included.
#ifndef RECTIFIER_SERVER_RPC_OPEN_CALLS_H_
#define RECTIFIER_SERVER_RPC_OPEN_CALLS_H_

#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "grpcpp/server_context.h"

namespace rectifier {

// Thread-safe.
class OpenCalls {
 public:
  // `hang_up` is told gRPC's name of the peer, for each call past `most`, on the thread of Add.
  OpenCalls(int64_t most, std::function<void(const std::string& peer)> hang_up)
      : most_(most), hang_up_(std::move(hang_up)) {}

  // A call has arrived. Gives its connection.
  uint64_t Add(const grpc::ServerContextBase& context);
  // A call of `connection` is over.
  void Remove(uint64_t connection);

  // The calls that have arrived so far.
  int64_t arrived() const {
    const absl::MutexLock lock(&mutex_);
    return arrived_;
  }

 private:
  const int64_t most_;
  const std::function<void(const std::string&)> hang_up_;
  mutable absl::Mutex mutex_;
  int64_t arrived_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::flat_hash_map<uint64_t, int64_t> calls_ ABSL_GUARDED_BY(mutex_);  // by connection
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_RPC_OPEN_CALLS_H_
