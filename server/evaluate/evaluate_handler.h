// The whole life of one call that evaluates a batch: one message in, one out.
#ifndef RECTIFIER_SERVER_EVALUATE_EVALUATE_HANDLER_H_
#define RECTIFIER_SERVER_EVALUATE_EVALUATE_HANDLER_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "server/evaluate/batch.h"
#include "server/evaluate/call_ledger.h"
#include "server/evaluate/evaluation_protocol.h"
#include "server/rpc/call.h"

namespace rectifier {

// Service creates it, and it deletes itself in OnDone. Only OnCancel may run beside the steps of
// its batch.
class EvaluateHandler final : public CallHandler {
 public:
  // A call of `method`. All of these outlive it.
  EvaluateHandler(const CallEnvironment& environment, const EvaluationProtocol& protocol,
                  absl::string_view method, const MethodMetrics& metrics, Call* call,
                  const Caller& caller);

  void OnReadDone(ReadEnd end) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  void Answer(const absl::Status& status);

  Call* const call_;
  CallLedger ledger_;
  Batch batch_;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_EVALUATE_EVALUATE_HANDLER_H_
