#include "server/rpc/stall_watch.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_join.h"
#include "server/telemetry/logging.h"

namespace rectifier {
namespace {

constexpr int64_t kLooks = 8;  // during the limit
constexpr absl::Duration kShortest = absl::Milliseconds(10), kLongest = absl::Seconds(1);
constexpr size_t kMostShown = 8;  // peers in a line of the log

absl::Duration PauseFor(absl::Duration limit) {
  return std::clamp(limit / kLooks, kShortest, kLongest);
}

// There is at most one line for each look.
void LogEnded(std::vector<std::string> peers) {
  if (peers.empty()) return;
  const size_t ended = peers.size();
  for (std::string& peer : peers) peer = peer.empty() ? "unix" : peer;
  peers.resize(std::min(ended, kMostShown));
  LogEvent(LogLevel::warn, "connections stalled",
           {{"peers", absl::StrJoin(peers, ", ")}, {"connections", static_cast<int64_t>(ended)}});
}

}  // namespace

StallWatch::StallWatch(OpenConnections& connections, absl::Duration limit)
    : connections_(connections), limit_(limit), thread_([this] { Run(); }) {}

StallWatch::~StallWatch() {
  {
    const absl::MutexLock lock(&mutex_);
    is_over_ = true;
  }
  thread_.join();
}

void StallWatch::Hasten(absl::Duration limit) {
  const absl::MutexLock lock(&mutex_);
  limit_ = std::min(limit_, limit);
}

// Looks are counted, and no clock is read, because clocks jump.
void StallWatch::Run() {
  for (;;) {
    absl::Duration limit;
    {
      const absl::MutexLock lock(&mutex_);
      if (mutex_.AwaitWithTimeout(absl::Condition(&is_over_), PauseFor(limit_))) return;
      limit = limit_;
    }
    const absl::Duration pause = PauseFor(limit);
    const int64_t looks = absl::ToInt64Nanoseconds(limit) / absl::ToInt64Nanoseconds(pause);
    LogEnded(connections_.EndStalled(std::max(looks, kLooks)));
  }
}

}  // namespace rectifier
