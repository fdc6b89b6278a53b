// How long a call that arrives now waits until those before it have had their turns in the engine:
// so many of them, times what passed lately from the end of one to the end of the next.
//
// Only calls that succeed count for the latter: those whose time has run out end fast and do no
// work. What passes while the engine has none of these calls, because their messages are still on
// the way, does not count.
#ifndef RECTIFIER_SERVER_EVALUATE_WAIT_ESTIMATE_H_
#define RECTIFIER_SERVER_EVALUATE_WAIT_ESTIMATE_H_

#include <chrono>
#include <cstdint>

namespace rectifier {

class WaitEstimate {
 public:
  using Clock = std::chrono::steady_clock;

  // A call has arrived. It either takes turns, and ends them, or leaves without.
  void Arrive() { ++calls_; }
  void Leave() { --calls_; }

  void BeginTurns(Clock::time_point now) {
    if (in_engine_++ == 0) last_end_ = now;
  }

  void EndTurns(Clock::time_point now, bool has_succeeded) {
    --in_engine_;
    --calls_;
    if (!has_succeeded) return;
    const Clock::duration passed = now - last_end_;
    last_end_ = now;
    interval_ += interval_ == Clock::duration::zero() ? passed : (passed - interval_) / kWeight;
  }

  Clock::duration wait() const { return calls_ * interval_; }

 private:
  static constexpr int kWeight = 8;  // of all that came before the last, against it

  int64_t calls_ = 0;      // whose turns have not ended
  int64_t in_engine_ = 0;  // whose turns have begun
  Clock::time_point last_end_;
  Clock::duration interval_ = {};
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_EVALUATE_WAIT_ESTIMATE_H_
