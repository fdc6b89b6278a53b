#include "server/evaluate/evaluate_stream_handler.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "server/rpc/read_error.h"
#include "server/status.h"

namespace rectifier {
EvaluateStreamHandler::EvaluateStreamHandler(const CallEnvironment& environment, Call* call,
                                             const Caller& caller)
    : environment_(environment),
      call_(call),
      ledger_(environment, "EvaluateStream", environment.metrics.evaluate_stream(), caller,
              call->context()) {
  call->set_handler(this);
  const absl::Status admitted = Guard([this] { return ledger_.Admit(Admission::Kind::kStream); });
  if (admitted.ok()) {
    call->Read(&message_, Patience::kMessage);
  } else {
    End(admitted);
  }
}

// What was kept for a reply is a part of what the message needs, or goes with the call.
void EvaluateStreamHandler::OnReadDone(ReadEnd end) {
  keeps_reply_ = false;
  if (end == ReadEnd::kTooLate) return OnTooLate();
  if (end == ReadEnd::kNone) return OnEnd();
  ledger_.CountReceived(message_.Length());
  if (evaluation_ != nullptr) return WaitForMemory();
  if (message_.Length() > kLongMessageBytes) return BeginInTurn();
  OnBegun(Guard([this] { return Begin(); }));
}

void EvaluateStreamHandler::OnBegun(const absl::Status& begun) {
  return begun.ok() ? Advance() : End(begun);
}

// Chunks are not looked into, however long they are; a header is.
void EvaluateStreamHandler::BeginInTurn() {
  const auto begun = std::make_shared<absl::Status>();
  environment_.engine.SubmitPieces(
      ledger_.caller(),
      [this, begun] {
        *begun = Guard([this] { return Begin(); });
        return false;
      },
      ledger_.Stop(),
      [this, begun](const absl::Status& stopped, const Engine::Times&) {
        OnBegun(stopped.ok() ? *begun : stopped);
      });
}

void EvaluateStreamHandler::OnEnd() {
  const absl::Status complete =
      evaluation_ != nullptr
          ? evaluation_->CheckComplete()
          : ErrorWithReason(absl::StatusCode::kInvalidArgument, "HEADER_EXPECTED",
                            "the stream ends before its header");
  breaks_off_ = !complete.ok();
  End(complete);
}

void EvaluateStreamHandler::OnTooLate() {
  if (waits_for_memory_) {
    const absl::Status status = ledger_.GiveUp(Refusal::kTooManyBytes);
    if (ledger_.StopWaiting()) OnMemory(status);  // who comes too late to say so
    return End(status);
  }
  if (evaluation_ == nullptr) return End(ledger_.GiveUp(ReadError(ReadEnd::kTooLate)));
  End(ledger_.GiveUp(ErrorWithReason(absl::StatusCode::kDeadlineExceeded, "STREAM_IDLE",
                                     "the stream was silent for longer than this server's limit, "
                                     "--stream_idle_timeout")));
}

absl::Status EvaluateStreamHandler::Begin() {
  auto evaluation = StreamEvaluation::Begin(message_, environment_.catalogue, environment_.limits,
                                            environment_.buffers);
  if (!evaluation.ok()) return evaluation.status();
  evaluation_ = *std::move(evaluation);
  return ledger_.Hold(evaluation_->base_bytes());
}

// A stream that was let in is not broken off where others fill the budget: it is held back, as its
// caller is by flow control, until they have gone.
void EvaluateStreamHandler::WaitForMemory() {
  if (ledger_.is_cancelled()) return End(CallerGone());  // OnCancel has been, and ends no wait
  const int64_t needed = evaluation_->base_bytes() + evaluation_->kept_bytes() +
                         evaluation_->window_bytes() + static_cast<int64_t>(message_.Length());
  waits_for_memory_ = true;
  call_->BeginWait();
  ledger_.HoldLater(needed, [this](const absl::Status& status) { OnMemory(status); });
}

void EvaluateStreamHandler::OnMemory(const absl::Status& status) {
  call_->EndWait([this, &status] {
    waits_for_memory_ = false;
    absl::Status added = status;
    if (added.ok()) added = Guard([this] { return evaluation_->Add(&message_); });
    added.ok() ? Advance() : End(added);
  });
}

void EvaluateStreamHandler::Advance() {
  bool has_window = false;
  const absl::Status status = Guard([&] {
    if (absl::Status stopped = ledger_.Stop().Check(); !stopped.ok()) return stopped;
    has_window = evaluation_->NextWindow();
    return has_window ? evaluation_->Allocate(environment_.replies) : FinishChunk();
  });
  if (!status.ok()) return End(status);
  // From here on the next step may be under way, or over.
  has_window ? Compute() : call_->Read(&message_, Patience::kStream);
}

void EvaluateStreamHandler::Compute() {
  const absl::Time start = absl::Now();
  const bool takes_turns =
      !environment_.engine.RunsAtOnce(evaluation_->run(), evaluation_->window());
  if (takes_turns) environment_.queue.EnterWindow(ledger_.caller());
  environment_.engine.Submit(
      ledger_.caller(), evaluation_->run(), evaluation_->window(), ledger_.Stop(),
      [this, start, takes_turns](const absl::Status& computed, const Engine::Times& times) {
        if (takes_turns) environment_.queue.LeaveWindow(ledger_.caller());
        OnComputed(computed, absl::Now() - start - times.queued);
      });
}

// What a stream holds between its messages is all that it is charged for then, and a reply for as
// long as it is on its way. What is given back may be what another stream waits for, which then
// goes on in here.
absl::Status EvaluateStreamHandler::FinishChunk() {
  if (absl::Status status = evaluation_->KeepRest(); !status.ok()) return status;
  const int64_t held = evaluation_->base_bytes() + evaluation_->kept_bytes();
  const int64_t with_reply =
      std::min(held + evaluation_->window_bytes() / 2, ledger_.held_bytes());  // never more
  if (absl::Status status = ledger_.Hold(with_reply); !status.ok()) return status;
  {
    const absl::MutexLock lock(&mutex_);
    keeps_reply_ = is_writing_;
    if (is_writing_) return absl::OkStatus();  // OnWriteDone gives it back
  }
  return ledger_.Hold(held);
}

// The end of the read, which begins the next step, comes on the same thread.
void EvaluateStreamHandler::GiveBackReply() {
  if (!keeps_reply_.exchange(false)) return;
  const absl::Status status = ledger_.Hold(evaluation_->base_bytes() + evaluation_->kept_bytes());
  static_cast<void>(status);  // less is always had
}

void EvaluateStreamHandler::OnComputed(const absl::Status& status, absl::Duration duration) {
  if (!status.ok()) return End(status);
  compute_time_ += duration;
  if (evaluation_->is_done()) {
    environment_.metrics.CountEvaluation(evaluation_->evaluation(), compute_time_);
  }
  {
    absl::MutexLock lock(&mutex_);
    reply_waits_ = std::exchange(is_writing_, true);
    if (reply_waits_) return;  // OnWriteDone goes on
  }
  Write();
}

void EvaluateStreamHandler::Write() {
  const absl::Status status = Guard([this] {
    reply_ = evaluation_->TakeReply();
    return absl::OkStatus();
  });
  if (!status.ok()) {
    {
      absl::MutexLock lock(&mutex_);
      is_writing_ = false;
    }
    return End(status);
  }
  ledger_.CountSent(reply_.Length());
  call_->Write(reply_);
  Advance();
}

void EvaluateStreamHandler::OnWriteDone(bool ok) {
  if (!ok) ledger_.Cancel();  // a step that is under way ends the call
  bool is_over, reply_waits;
  {
    absl::MutexLock lock(&mutex_);
    is_over = end_.has_value();
    reply_waits = std::exchange(reply_waits_, false);
    is_writing_ = reply_waits && ok;
  }
  if (is_over) return FinishNow();
  if (reply_waits) return ok ? Write() : End(CallerGone());
  GiveBackReply();
}

void EvaluateStreamHandler::End(const absl::Status& status) {
  {
    absl::MutexLock lock(&mutex_);
    end_ = status;
    if (is_writing_) return;  // OnWriteDone finishes
  }
  FinishNow();
}

void EvaluateStreamHandler::FinishNow() {
  absl::Status status;
  {
    absl::MutexLock lock(&mutex_);
    status = *end_;
  }
  call_->Finish(breaks_off_ ? ledger_.BreakOff(status) : ledger_.Close(status));
}

void EvaluateStreamHandler::OnCancel() {
  ledger_.Cancel();
  if (ledger_.StopWaiting()) OnMemory(CallerGone());
}

void EvaluateStreamHandler::OnDone() { delete this; }

}  // namespace rectifier
