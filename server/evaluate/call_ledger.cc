#include "server/evaluate/call_ledger.h"

#include <chrono>
#include <exception>
#include <new>
#include <utility>
#include <variant>

#include "server/deadline.h"
#include "server/evaluate/admission_error.h"
#include "server/rpc/connection.h"
#include "server/rpc/read_error.h"
#include "server/status.h"

namespace rectifier {
namespace {

// gRPC, which cancels a call whose deadline has passed, has clocks of its own.
constexpr std::chrono::milliseconds kClockDifference(20);

// gRPC tells it by the clock of the day, which may be set while the call is under way.
StopCondition::Clock::time_point DeadlineOf(const grpc::ServerContextBase& context) {
  using SystemClock = std::chrono::system_clock;
  const SystemClock::time_point deadline = context.deadline();
  if (deadline == SystemClock::time_point::max()) return StopCondition::Clock::time_point::max();
  return StopCondition::Clock::now() + (deadline - SystemClock::now());
}

}  // namespace

CallLedger::CallLedger(const CallEnvironment& environment, absl::string_view method,
                       const MethodMetrics& metrics, const Caller& caller,
                       grpc::ServerContextBase* context)
    : environment_(environment),
      method_(method),
      context_(context),
      peer_(PeerOf(*context)),
      caller_(ConnectionOf(*context)),
      deadline_(DeadlineOf(*context)),
      scope_(metrics, environment.metrics.inflight_calls()),
      share_(caller) {}

CallLedger::~CallLedger() {
  if (broken_off_) Record(is_cancelled() ? CallerGone() : *broken_off_);
  environment_.metrics.inflight_bytes()->Decrement(static_cast<double>(shown_bytes_));
}

void CallLedger::CountReceived(size_t bytes) {
  scope_.CountReceived();
  environment_.metrics.CountPayload(Direction::kReceived, peer_.transport, bytes);
}

void CallLedger::CountSent(size_t bytes) const {
  scope_.CountSent();
  environment_.metrics.CountPayload(Direction::kSent, peer_.transport, bytes);
}

absl::Status CallLedger::Admit(Admission::Kind kind) {
  if (!share_.TakeCall()) return Refuse(Refusal::kTooManyCallsOfCaller);
  auto admitted = environment_.admission.Acquire(caller_, kind);
  if (const auto* refusal = std::get_if<Refusal>(&admitted)) return Refuse(*refusal);
  ticket_ = std::get<Admission::Ticket>(std::move(admitted));
  return absl::OkStatus();
}

absl::Status CallLedger::Hold(int64_t bytes) {
  if (!share_.HoldBytes(bytes)) return Refuse(Refusal::kTooManyBytesOfCaller);
  if (const auto refusal = ticket_.Resize(bytes)) return Refuse(*refusal);
  ShowHeld();
  return absl::OkStatus();
}

void CallLedger::HoldLater(int64_t bytes, const std::function<void(absl::Status)>& then) {
  if (!share_.HoldBytes(bytes)) return then(Refuse(Refusal::kTooManyBytesOfCaller));
  const auto held = [this, then] {
    ShowHeld();
    then(absl::OkStatus());
  };
  if (const auto refusal = ticket_.ResizeLater(bytes, held)) then(Refuse(*refusal));
}

void CallLedger::ShowHeld() {
  const int64_t more = ticket_.bytes() - std::exchange(shown_bytes_, ticket_.bytes());
  environment_.metrics.inflight_bytes()->Increment(static_cast<double>(more));
}

absl::Status CallLedger::Refuse(Refusal refusal) const {
  environment_.metrics.CountRefusal(refusal);
  return RefusalError(refusal, environment_.limits);
}

absl::Status CallLedger::GiveUp(const absl::Status& error) const {
  return environment_.admission.is_closed() ? Refuse(Refusal::kDraining) : error;
}

absl::Status CallLedger::GiveUp(Refusal refusal) const {
  return Refuse(environment_.admission.is_closed() ? Refusal::kDraining : refusal);
}

void CallLedger::Cancel() {
  cancelled_.request_stop();
  const absl::MutexLock lock(&engine_mutex_);
  if (std::exchange(holds_up_others_, false)) environment_.queue.Abandon(caller_);
}

bool CallLedger::IsLong(size_t bytes) const {
  return environment_.queue.IsLong(caller_, static_cast<int64_t>(bytes));
}

absl::Status CallLedger::EnterEngine(size_t bytes) {
  if (work_) return absl::OkStatus();
  const auto work = static_cast<int64_t>(bytes);
  if (const auto wait = environment_.queue.Enter(caller_, work, deadline_)) {
    environment_.metrics.CountRefusal(Refusal::kQueue);
    return QueueError(*wait);
  }
  work_ = work;
  const absl::MutexLock lock(&engine_mutex_);
  holds_up_others_ = true;
  return absl::OkStatus();
}

void CallLedger::AddWork(size_t bytes) {
  if (work_) *work_ += static_cast<int64_t>(bytes);
}

void CallLedger::LeaveEngine(bool has_succeeded) {
  if (!work_) return;
  const absl::MutexLock lock(&engine_mutex_);
  environment_.queue.Leave(caller_, {.work = *work_,
                                     .served = std::exchange(served_, {}),
                                     .has_succeeded = has_succeeded,
                                     .was_abandoned = !std::exchange(holds_up_others_, false)});
  work_.reset();
}

absl::Status CallLedger::WhyCancelled() const {
  const bool has_time = deadline_ == StopCondition::Clock::time_point::max() ||
                        StopCondition::Clock::now() + kClockDifference < deadline_;
  return has_time ? CallerGone() : DeadlinePassed();
}

void CallLedger::Record(const absl::Status& status) {
  const absl::Status& recorded = absl::IsCancelled(status) ? WhyCancelled() : status;
  environment_.log.Record(method_, *context_, peer_.name, share_.caller().name(), recorded,
                          scope_.Elapsed(), scope_.ElapsedPerMessage());
  scope_.Close(ToGrpcStatus(recorded).error_code());
}

grpc::Status CallLedger::Close(const absl::Status& status) {
  LeaveEngine(status.ok());
  AddRetryPushback(status, context_);
  Record(status);
  return ToGrpcStatus(status);
}

grpc::Status CallLedger::BreakOff(const absl::Status& status) {
  broken_off_ = status;
  return ToGrpcStatus(status);
}

absl::Status Guard(absl::FunctionRef<absl::Status()> step) try {
  return step();
} catch (const std::bad_alloc&) {
  return OutOfMemory();
} catch (const std::exception& defect) {
  return absl::InternalError(defect.what());
}

}  // namespace rectifier
