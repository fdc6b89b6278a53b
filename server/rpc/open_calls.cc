#include "server/rpc/open_calls.h"

#include "server/rpc/connection.h"

namespace rectifier {

void OpenCalls::Add(const grpc::ServerContextBase& context) {
  const uint64_t connection = ConnectionOf(context);
  {
    const absl::MutexLock lock(&mutex_);
    if (++calls_[connection] <= most_) return;
  }
  hang_up_(context.peer());
}

void OpenCalls::Remove(const grpc::ServerContextBase& context) {
  const uint64_t connection = ConnectionOf(context);
  const absl::MutexLock lock(&mutex_);
  const auto calls = calls_.find(connection);
  if (--calls->second == 0) calls_.erase(calls);
}

}  // namespace rectifier
