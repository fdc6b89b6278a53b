// Memory for replies, in huge pages and touched already, which comes back once gRPC has sent it.
#ifndef RECTIFIER_TESTS_BENCHMARKS_RPC_REPLY_POOL_H_
#define RECTIFIER_TESTS_BENCHMARKS_RPC_REPLY_POOL_H_

#include <cstddef>
#include <map>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "grpcpp/support/slice.h"

namespace rectifier {

// Threads: safe. It lives as long as the process, as slices may.
class ReplyPool {
 public:
  // A slice of `bytes`, whose content does not matter.
  grpc::Slice Take(size_t bytes);

 private:
  struct Buffer {
    ReplyPool* pool;
    size_t capacity;
    std::byte* memory;
  };

  static void GiveBack(void* buffer);
  void Grow(size_t capacity) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  absl::Mutex mutex_;
  std::map<size_t, std::vector<Buffer*>> free_ ABSL_GUARDED_BY(mutex_);  // by capacity
};

}  // namespace rectifier

#endif  // RECTIFIER_TESTS_BENCHMARKS_RPC_REPLY_POOL_H_
