// What calls that evaluate have in common, be they whole or streams: their share of the budget,
// when they give up, and their end.
#ifndef RECTIFIER_SERVER_EVALUATE_CALL_LEDGER_H_
#define RECTIFIER_SERVER_EVALUATE_CALL_LEDGER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "core/catalogue.h"
#include "core/engine.h"
#include "grpcpp/server_context.h"
#include "server/evaluate/admission.h"
#include "server/evaluate/engine_queue.h"
#include "server/limits.h"
#include "server/security/caller.h"
#include "server/shared_memory/registered_regions.h"
#include "server/shared_memory/shared_buffers.h"
#include "server/telemetry/call_log.h"
#include "server/telemetry/metrics.h"
#include "server/telemetry/origin.h"
#include "server/wire/reply_pool.h"

namespace rectifier {

// A message of more bytes is decoded and bound by the engine's threads, in turn with their other
// work, not by the thread that serves everyone. To decode one of this size takes up to
// 0.2 ms where it has `values`, and 1 ms where it has a thousand evaluations (2026-11-30, AMD
// EPYC). A tensor of 64 KiB, with all that is around it, is not long.
inline constexpr size_t kLongMessageBytes = size_t{66} << 10;

class RepeatedRequests;

// What every call works with; all of it outlives the calls.
struct CallEnvironment {
  const Catalogue& catalogue;
  const Limits& limits;
  const Metrics& metrics;
  Engine& engine;
  Admission& admission;
  EngineQueue& queue;
  ReplyPool& replies;
  RepeatedRequests& repeated;
  const SharedBuffers& buffers;
  RegisteredRegions& regions;
  CallLog& log;
};

class CallLedger {
 public:
  // A call of `method` has arrived. `environment`, `caller` and `context` outlive this object.
  CallLedger(const CallEnvironment& environment, absl::string_view method,
             const MethodMetrics& metrics, const Caller& caller, grpc::ServerContextBase* context);
  // Gives the share back. The call is over.
  ~CallLedger();
  CallLedger(const CallLedger&) = delete;
  CallLedger& operator=(const CallLedger&) = delete;

  const CallEnvironment& environment() const { return environment_; }

  // A message has come, or is about to go. Thread-safe.
  void CountReceived(size_t bytes);
  void CountSent(size_t bytes) const;

  // Asks the admission for a place, which comes before anything is read. Errors: what the caller is
  // told who is turned away.
  absl::Status Admit(Admission::Kind kind);
  // Makes the call's share of the budget `bytes`. Errors: those of Admit.
  absl::Status Hold(int64_t bytes);
  int64_t held_bytes() const { return ticket_.bytes(); }
  // The same, but where too few bytes are left `then` is called, later, with what came of it.
  void HoldLater(int64_t bytes, const std::function<void(absl::Status)>& then);
  // Counts a refusal, and gives the error that the caller is told.
  absl::Status Refuse(Refusal refusal) const;
  // Gives up waiting for it: false where `then` is called all the same. Thread-safe.
  bool StopWaiting() { return ticket_.StopWaiting(); }

  // What a caller is told who kept the call waiting: `error`, or that the server drains.
  absl::Status GiveUp(const absl::Status& error) const;
  // The same of one who waited for memory.
  absl::Status GiveUp(Refusal refusal) const;

  // The caller has gone. Thread-safe.
  void Cancel();
  bool is_cancelled() const { return cancelled_.stop_requested(); }
  StopCondition Stop() const {
    return {.cancelled = cancelled_.get_token(), .deadline = deadline_};
  }

  // Whether so many bytes take long, by what others of its connection have taken.
  bool IsLong(size_t bytes) const;
  // The call waits for turns in the engine from now on, if it does not yet, for tensors of so many
  // bytes. It takes no more of them when it ends. Errors: what the caller is told who had better
  // not wait.
  absl::Status EnterEngine(size_t bytes);
  // There are so many more of them than it was said.
  void AddWork(size_t bytes);
  // It takes no more turns, with what it had to do done, or not; a stream may enter again.
  void LeaveEngine(bool has_succeeded);
  // Threads of the engine have served it for so long.
  void AddServed(absl::Duration time) { served_ += time; }

  // Whose calls share the budget, and a turn in the engine: those of one connection.
  CallerId caller() const { return caller_; }
  // As whom the server knows them.
  const Caller& identity() const { return share_.caller(); }

  // Counts and logs the end, and gives what gRPC is to say. This or BreakOff is called once.
  grpc::Status Close(const absl::Status& status);
  // The same where the caller sends no more, and too little. Whether that is because they have gone
  // is known only when the call is over, so that its end is counted and logged then.
  grpc::Status BreakOff(const absl::Status& status);

 private:
  void ShowHeld();
  // What has cancelled the call: the caller, or its deadline.
  absl::Status WhyCancelled() const;
  // Counts and logs the end.
  void Record(const absl::Status& status);

  const CallEnvironment& environment_;
  const absl::string_view method_;
  grpc::ServerContextBase* const context_;
  const Peer peer_;
  const CallerId caller_;
  const StopCondition::Clock::time_point deadline_;
  CallScope scope_;
  std::stop_source cancelled_;
  std::optional<absl::Status> broken_off_;  // with this
  Admission::Ticket ticket_;
  std::optional<int64_t> work_;  // bytes, of one that has entered the engine, and not left
  absl::Mutex engine_mutex_;
  bool holds_up_others_ ABSL_GUARDED_BY(engine_mutex_) = false;  // there
  absl::Duration served_;
  int64_t shown_bytes_ = 0;  // in the gauge
  CallerShare share_;
};

// What `step` says, or what it threw: RESOURCE_EXHAUSTED for memory, INTERNAL for a defect.
absl::Status Guard(absl::FunctionRef<absl::Status()> step);

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_EVALUATE_CALL_LEDGER_H_
