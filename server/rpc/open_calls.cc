#include "server/rpc/open_calls.h"

#include <new>

#include "server/rpc/connection.h"

namespace rectifier {

uint64_t OpenCalls::Add(const grpc::ServerContextBase& context) {
  const uint64_t connection = ConnectionOf(context);
  {
    const absl::MutexLock lock(&mutex_);
    ++arrived_;
    if (++calls_[connection] <= most_) return connection;
  }
  try {
    hang_up_(context.peer());
  } catch (const std::bad_alloc&) {  // the next call tries again
  }
  return connection;
}

void OpenCalls::Remove(uint64_t connection) {
  const absl::MutexLock lock(&mutex_);
  const auto calls = calls_.find(connection);
  if (--calls->second == 0) calls_.erase(calls);
}

}  // namespace rectifier
