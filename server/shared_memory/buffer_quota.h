// The budget of shared buffers: the bytes of all of them, and the bytes and the number of each
// connection's. Memory counts until it is really gone, be its connection closed or not.
#ifndef RECTIFIER_SERVER_SHARED_MEMORY_BUFFER_QUOTA_H_
#define RECTIFIER_SERVER_SHARED_MEMORY_BUFFER_QUOTA_H_

#include <cstdint>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "server/limits.h"
#include "server/telemetry/buffer_gauges.h"

namespace rectifier {

// Names one connection for as long as the server runs: numbers are never reused.
using BufferConnectionId = uint64_t;

// Each mapping of a process counts against vm.max_map_count, 65530 by default.
inline constexpr int64_t kMaxBuffersPerConnection = 64;

// Thread-safe.
class BufferQuota : public std::enable_shared_from_this<BufferQuota> {
 public:
  // The part that one buffer takes, given back on destruction.
  class Share {
   public:
    Share(std::shared_ptr<BufferQuota> quota, BufferConnectionId connection, int64_t bytes);
    ~Share();
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;

   private:
    const std::shared_ptr<BufferQuota> quota_;
    const BufferConnectionId connection_;
    const int64_t bytes_;
  };

  // `gauges` must outlive every share.
  BufferQuota(const Limits& limits, BufferGauges gauges) : limits_(limits), gauges_(gauges) {}

  // A share of `bytes`. Errors: INVALID_ARGUMENT where no connection may have as much,
  // RESOURCE_EXHAUSTED where this one or all together would have too much.
  absl::StatusOr<std::unique_ptr<Share>> Reserve(BufferConnectionId connection, uint64_t bytes);

 private:
  struct Usage {
    int64_t bytes = 0;
    int64_t buffers = 0;
  };

  absl::Status Check(const Usage& usage, int64_t bytes) const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  void Add(BufferConnectionId connection, int64_t bytes, int64_t buffers)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void GiveBack(BufferConnectionId connection, int64_t bytes);

  const Limits limits_;
  const BufferGauges gauges_;
  absl::Mutex mutex_;
  Usage total_ ABSL_GUARDED_BY(mutex_);
  // It has an entry for each connection that has any.
  absl::flat_hash_map<BufferConnectionId, Usage> by_connection_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_SHARED_MEMORY_BUFFER_QUOTA_H_
