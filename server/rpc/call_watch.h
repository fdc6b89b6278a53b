// Callers who keep a call waiting: what they do not send or take in time is given up.
//
// The time is that of a coarse clock, which the watch's thread advances, so that a call that nobody
// keeps waiting costs no look at a clock and no timer.
#ifndef RECTIFIER_SERVER_RPC_CALL_WATCH_H_
#define RECTIFIER_SERVER_RPC_CALL_WATCH_H_

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/rpc/peer_timeouts.h"
#include "server/telemetry/metrics.h"

namespace rectifier {

// For what a read waits.
enum class Patience {
  kMessage,  // the message that a call must have
  kStream,   // the next one of a stream, whose caller may have nothing to send for a while
};

// What the watch knows of a call.
class WatchedCall {
 protected:
  ~WatchedCall() = default;

  // The read is over. Gives whether that is news: false where EndReadLate has told it.
  bool EndRead() { return read_until_.exchange(kNever, std::memory_order_acq_rel) != kNever; }
  void EndWrite() { write_until_.store(kNever, std::memory_order_release); }

  // Called on the watch's thread, at most once each for a read and a write. A read that is given up
  // is still under way.
  virtual void EndReadLate() = 0;
  virtual void EndWriteLate() = 0;

 private:
  friend class CallWatch;
  static constexpr uint64_t kNever = 0;

  static bool IsLate(uint64_t until, uint64_t now) { return until != kNever && until <= now; }

  // When to give up, in ticks of the watch.
  std::atomic<uint64_t> read_until_ = kNever;
  std::atomic<uint64_t> write_until_ = kNever;
  std::atomic<Patience> patience_ = Patience::kMessage;
};

// Thread-safe.
class CallWatch {
 public:
  // `metrics` outlives the watch.
  CallWatch(const PeerTimeouts& timeouts, const Metrics& metrics);
  // No call may be watched any more.
  ~CallWatch();
  CallWatch(const CallWatch&) = delete;
  CallWatch& operator=(const CallWatch&) = delete;

  void Add(WatchedCall* call);
  // The call may go when this returns.
  void Remove(WatchedCall* call);

  void BeginRead(WatchedCall* call, Patience patience) const;
  void BeginWrite(WatchedCall* call) const;

  // From now on nobody may take longer than `time`, those who keep a call waiting already included.
  void Hasten(absl::Duration time);

 private:
  uint64_t Ticks(absl::Duration time) const;
  // The tick that is so many ticks from now.
  uint64_t Later(const std::atomic<uint64_t>& ticks) const;
  void Run();
  // The calls that somebody keeps waiting for too long.
  std::vector<WatchedCall*> FindLate(uint64_t now) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Gives up what of the call is late.
  void GiveUp(WatchedCall* call, uint64_t now) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Metrics& metrics_;
  const absl::Duration tick_;
  std::atomic<uint64_t> receive_ticks_, idle_ticks_, send_ticks_;
  std::atomic<uint64_t> now_ = 1;
  absl::Mutex mutex_;
  bool is_over_ ABSL_GUARDED_BY(mutex_) = false;
  absl::flat_hash_set<WatchedCall*> calls_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_RPC_CALL_WATCH_H_
