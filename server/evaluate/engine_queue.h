// Turns calls away that would probably wait until their callers give up.
//
// The engine's threads serve callers in turn, and the calls of each in slices (core/turns.h). So a
// call of `s` seconds waits for every other call of its connection as long as that one takes, but
// no longer than `s`, or a slice where that is more; and all of it takes as many times as long as
// there are callers for each thread, and a part of it where there are more threads. What calls take
// of all threads is measured: in the mean of late, and by their work, because some are a thousand
// times as long as others.
//
//   if (const auto wait = queue.Enter(connection, work, deadline)) return TurnAway(*wait);
//   // The engine takes `served` for it.
//   queue.Leave(connection, {.work = work, .served = served, .has_succeeded = true});
#ifndef RECTIFIER_SERVER_EVALUATE_ENGINE_QUEUE_H_
#define RECTIFIER_SERVER_EVALUATE_ENGINE_QUEUE_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <unordered_map>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace rectifier {

// Thread-safe.
class EngineQueue {
 public:
  using Clock = std::chrono::steady_clock;

  explicit EngineQueue(int threads) : threads_(threads) {}

  // How a call has ended.
  struct End {
    int64_t work = 0;
    absl::Duration served;  // by threads, in all
    bool has_succeeded = false;
    bool was_abandoned = false;  // Abandon has told so
  };

  // A call of `connection` is about to wait for its first turn, and has until `deadline`. Where it
  // had better not, because it would wait for more than half of its time, this gives how long;
  // else Leave must follow. `work` is in any unit, and in the same one for all calls.
  std::optional<absl::Duration> Enter(uint64_t connection, int64_t work,
                                      Clock::time_point deadline);

  // Whether so much work takes more than a millisecond, by what others of `connection` have taken
  // that have ended since it last had no call.
  bool IsLong(uint64_t connection, int64_t work);

  // Its caller has gone, so that it holds up nobody any more, although it is there until its turn.
  void Abandon(uint64_t connection);

  // It takes no more turns.
  void Leave(uint64_t connection, const End& end);

  // A window of a stream of `connection` takes turns, too, until LeaveWindow. It is short, and
  // nobody turns it away; but others get fewer turns.
  void EnterWindow(uint64_t connection);
  void LeaveWindow(uint64_t connection);

  // The calls, and windows of streams, that have entered and not left.
  int64_t size() const;

 private:
  // The calls of one connection, as long as there are any, or windows.
  struct Calls {
    int64_t count = 0;
    int64_t abandoned = 0;  // of those
    int64_t windows = 0;
    double seconds = 0;           // that one takes in the mean, 0 where none has ended yet
    double seconds_per_work = 0;  // the same
  };
  using CallsByConnection = std::unordered_map<uint64_t, Calls>;

  double Wait(const Calls& calls, int64_t work) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void ForgetIfIdle(CallsByConnection::iterator calls) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const int threads_;
  mutable absl::Mutex mutex_;
  CallsByConnection calls_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_EVALUATE_ENGINE_QUEUE_H_
