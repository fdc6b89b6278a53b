#include "server/inference/infer_stream_handler.h"

#include "server/inference/infer_reply.h"
#include "server/inference/message_parser.h"
#include "server/rpc/read_error.h"
#include "server/status.h"

namespace rectifier {

InferStreamHandler::InferStreamHandler(const CallEnvironment& environment,
                                       const EvaluationProtocol& protocol,
                                       const MethodMetrics& metrics, Call* call,
                                       const Caller& caller)
    : protocol_(protocol),
      call_(call),
      ledger_(environment, "ModelStreamInfer", metrics, caller, call->context()) {
  call->set_handler(this);
  const absl::Status admitted = Guard([this] { return ledger_.Admit(Admission::Kind::kStream); });
  admitted.ok() ? ReadNext() : End(admitted);
}

void InferStreamHandler::ReadNext() {
  batch_.emplace(ledger_, protocol_, [this](const absl::Status& status) { OnAnswer(status); });
  call_->Read(batch_->message(), Patience::kStream);
}

void InferStreamHandler::OnReadDone(ReadEnd end) {
  if (end == ReadEnd::kMessage) return batch_->Run();
  if (end == ReadEnd::kTooLate) {
    return End(
        ledger_.GiveUp(ErrorWithReason(absl::StatusCode::kDeadlineExceeded, "STREAM_IDLE",
                                       "the stream was silent for longer than this server's limit, "
                                       "--stream_idle_timeout")));
  }
  // The caller has said all, or has gone; which of them is known when the call is over.
  call_->Finish(ledger_.BreakOff(absl::OkStatus()));
}

void InferStreamHandler::OnAnswer(const absl::Status& status) {
  ledger_.LeaveEngine(status.ok());
  if (status.ok()) return call_->Write(batch_->reply());
  const absl::Status stopped = ledger_.Stop().Check();
  if (!stopped.ok()) return End(stopped);
  const absl::Status written = Guard([&] {
    WriteError(status);
    return absl::OkStatus();
  });
  if (!written.ok()) End(written);
}

void InferStreamHandler::WriteError(const absl::Status& status) {
  const std::string message(ToGrpcStatus(status).error_message());
  const grpc::Slice slice(InferStreamError(RequestId(*batch_->message()), message));
  error_ = grpc::ByteBuffer(&slice, 1);
  ledger_.CountSent(error_.Length());
  call_->Write(error_);
}

void InferStreamHandler::OnWriteDone(bool ok) {
  if (!ok) return End(CallerGone());
  const absl::Status held = Guard([this] { return ledger_.Hold(0); });  // which always fits
  if (!held.ok()) return End(held);
  if (ledger_.environment().admission.is_closed()) return End(ledger_.Refuse(Refusal::kDraining));
  const absl::Status begun = Guard([this] {
    ReadNext();
    return absl::OkStatus();
  });
  if (!begun.ok()) End(begun);
}

// From here on OnDone may delete this call at any moment.
void InferStreamHandler::End(const absl::Status& status) { call_->Finish(ledger_.Close(status)); }

}  // namespace rectifier
