// The whole life of one EvaluateStream.
#ifndef RECTIFIER_SERVER_EVALUATE_EVALUATE_STREAM_HANDLER_H_
#define RECTIFIER_SERVER_EVALUATE_EVALUATE_STREAM_HANDLER_H_

#include <atomic>
#include <memory>
#include <optional>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "grpcpp/support/byte_buffer.h"
#include "server/evaluate/call_ledger.h"
#include "server/evaluate/stream_evaluation.h"
#include "server/rpc/call.h"

namespace rectifier {

// One call: deletes itself when it is over. It goes from step to step on whatever thread has
// finished the last one: a message is read, its windows are run one by one, each reply is written
// while the next window is run, and the next message is read when nothing is left to run. So it
// holds one message, the rest of the one before, a reply on its way and one in the making: a fast
// sender is held back by gRPC's flow control, and so is one who does not read.
class EvaluateStreamHandler final : public CallHandler {
 public:
  // `environment` and `caller` must outlive the call.
  EvaluateStreamHandler(const CallEnvironment& environment, Call* call, const Caller& caller);

  void OnReadDone(ReadEnd end) override;
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  void OnEnd();
  void OnTooLate();
  void OnBegun(const absl::Status& begun);
  // Begins on the engine's threads.
  void BeginInTurn();
  absl::Status Begin();
  // Goes on with the message once the stream has memory for it and for its windows.
  void WaitForMemory();
  void OnMemory(const absl::Status& status);
  absl::Status FinishChunk();
  // Gives back what it is charged for the reply that has been written, where no step is under way.
  void GiveBackReply();

  // Runs the next window, or reads on. The step that calls it must be done.
  void Advance();
  void Compute();
  void OnComputed(const absl::Status& status, absl::Duration duration);
  void Write();
  void End(const absl::Status& status);
  void FinishNow();

  const CallEnvironment& environment_;
  Call* const call_;
  CallLedger ledger_;
  std::unique_ptr<StreamEvaluation> evaluation_;
  absl::Duration compute_time_;
  grpc::ByteBuffer message_;
  grpc::ByteBuffer reply_;

  // Whether the step under way waits for memory.
  std::atomic<bool> waits_for_memory_ = false;

  // Whether a reply on its way is charged for while the next message is awaited.
  std::atomic<bool> keeps_reply_ = false;

  bool breaks_off_ = false;  // the caller sends no more, and too little

  // Where a write meets the steps.
  absl::Mutex mutex_;
  bool is_writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool reply_waits_ ABSL_GUARDED_BY(mutex_) = false;         // for the write
  std::optional<absl::Status> end_ ABSL_GUARDED_BY(mutex_);  // likewise
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_EVALUATE_EVALUATE_STREAM_HANDLER_H_
