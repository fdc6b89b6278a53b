#include "server/evaluate/evaluate_handler.h"

#include "server/rpc/read_error.h"

namespace rectifier {

EvaluateHandler::EvaluateHandler(const CallEnvironment& environment,
                                 const EvaluationProtocol& protocol, absl::string_view method,
                                 const MethodMetrics& metrics, Call* call, const Caller& caller)
    : call_(call),
      ledger_(environment, method, metrics, caller, call->context()),
      batch_(ledger_, protocol, [this](const absl::Status& status) { Answer(status); }) {
  call->set_handler(this);
  // Whoever is turned away has not sent his message yet, but for what gRPC takes unasked.
  const absl::Status admitted = Guard([this] { return ledger_.Admit(Admission::Kind::kCall); });
  if (admitted.ok()) {
    call->Read(batch_.message(), Patience::kMessage);
  } else {
    Answer(admitted);
  }
}

void EvaluateHandler::OnReadDone(ReadEnd end) {
  if (end == ReadEnd::kMessage) return batch_.Run();
  if (end == ReadEnd::kTooLate) return Answer(ledger_.GiveUp(ReadError(end)));
  call_->Finish(ledger_.BreakOff(ReadError(end)));
}

void EvaluateHandler::Answer(const absl::Status& status) {
  // From here on OnDone may delete this call at any moment.
  call_->Finish(batch_.reply(), ledger_.Close(status));
}

void EvaluateHandler::OnCancel() { ledger_.Cancel(); }

void EvaluateHandler::OnDone() { delete this; }

}  // namespace rectifier
