// The whole life of one ModelStreamInfer.
#ifndef RECTIFIER_SERVER_INFERENCE_INFER_STREAM_HANDLER_H_
#define RECTIFIER_SERVER_INFERENCE_INFER_STREAM_HANDLER_H_

#include <optional>

#include "absl/status/status.h"
#include "grpcpp/support/byte_buffer.h"
#include "server/evaluate/batch.h"
#include "server/evaluate/call_ledger.h"
#include "server/evaluate/evaluation_protocol.h"
#include "server/rpc/call.h"

namespace rectifier {

// One call: deletes itself when it is over. A message is read, goes through its batch, is answered,
// and only then the next one is read: so a stream holds one message and one reply, and gRPC's flow
// control holds back whoever sends faster, or does not read.
class InferStreamHandler final : public CallHandler {
 public:
  // All of these outlive the call.
  InferStreamHandler(const CallEnvironment& environment, const EvaluationProtocol& protocol,
                     const MethodMetrics& metrics, Call* call, const Caller& caller);

  void OnReadDone(ReadEnd end) override;
  void OnWriteDone(bool ok) override;
  void OnCancel() override { ledger_.Cancel(); }
  void OnDone() override { delete this; }

 private:
  void ReadNext();
  // The batch of the last message has come to its end.
  void OnAnswer(const absl::Status& status);
  void WriteError(const absl::Status& status);
  void End(const absl::Status& status);

  const EvaluationProtocol& protocol_;
  Call* const call_;
  CallLedger ledger_;
  std::optional<Batch> batch_;
  grpc::ByteBuffer error_;  // on its way
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_INFERENCE_INFER_STREAM_HANDLER_H_
