#include "server/evaluate/evaluate_stream_handler.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "server/status.h"

namespace rectifier {
namespace {

// A stream has memory for so many bytes of chunks from the beginning; for larger ones it asks when
// they come.
constexpr int64_t kChunkBytes = int64_t{2} << 20;

absl::Status Gone() { return absl::CancelledError("the caller has gone"); }

}  // namespace

EvaluateStreamHandler::EvaluateStreamHandler(const CallEnvironment& environment, StreamCall* call)
    : environment_(environment),
      call_(call),
      ledger_(environment, "EvaluateStream", environment.metrics.evaluate_stream(),
              call->context()) {
  call->set_handler(this);
  call->Read(&message_);
}

void EvaluateStreamHandler::OnReadDone(bool ok) {
  if (ok) {
    ledger_.CountReceived(message_.Length());
    const absl::Status accepted = Guard([this] { return Accept(); });
    return accepted.ok() ? Advance() : End(accepted);
  }
  if (ledger_.is_cancelled()) return End(Gone());
  const absl::Status complete =
      evaluation_ != nullptr
          ? evaluation_->CheckComplete()
          : ErrorWithReason(absl::StatusCode::kInvalidArgument, "HEADER_EXPECTED",
                            "the stream ends before its header");
  breaks_off_ = !complete.ok();
  End(complete);
}

absl::Status EvaluateStreamHandler::Accept() {
  if (evaluation_ == nullptr) return Begin();
  const int64_t needed = evaluation_->base_bytes() + evaluation_->kept_bytes() +
                         static_cast<int64_t>(message_.Length());
  if (absl::Status status = ledger_.Grow(needed); !status.ok()) return status;
  return evaluation_->Add(&message_);
}

absl::Status EvaluateStreamHandler::Begin() {
  auto evaluation = StreamEvaluation::Begin(message_, environment_.catalogue, environment_.limits,
                                            environment_.buffers);
  if (!evaluation.ok()) return evaluation.status();
  evaluation_ = *std::move(evaluation);
  return Admit();
}

absl::Status EvaluateStreamHandler::Admit() {
  const int64_t chunk = std::min(kChunkBytes, environment_.limits.max_message_bytes / 2);
  return ledger_.Admit(environment_.admission.AcquireStream(evaluation_->base_bytes() + chunk));
}

void EvaluateStreamHandler::Advance() {
  bool has_window = false;
  const absl::Status status = Guard([&] {
    if (absl::Status stopped = ledger_.Stop().Check(); !stopped.ok()) return stopped;
    has_window = evaluation_->NextWindow();
    return has_window ? evaluation_->Allocate(environment_.replies) : evaluation_->KeepRest();
  });
  if (!status.ok()) return End(status);
  // From here on the next step may be under way, or over.
  if (!has_window) return call_->Read(&message_);
  const absl::Time start = absl::Now();
  environment_.engine.Submit(evaluation_->run(), evaluation_->window(), ledger_.Stop(),
                             [this, start](const absl::Status& computed, absl::Duration queued) {
                               OnComputed(computed, absl::Now() - start - queued);
                             });
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
  if (reply_waits) return ok ? Write() : End(Gone());
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
  call_->Finish(breaks_off_ ? ToGrpcStatus(status) : ledger_.Close(status));
}

void EvaluateStreamHandler::OnCancel() { ledger_.Cancel(); }

void EvaluateStreamHandler::OnDone() {
  if (breaks_off_) {
    const absl::Status stopped = ledger_.Stop().Check();
    const absl::MutexLock lock(&mutex_);
    ledger_.Close(stopped.ok() ? *end_ : stopped);
  }
  delete this;
}

}  // namespace rectifier
