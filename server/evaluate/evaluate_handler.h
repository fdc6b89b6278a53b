// The whole life of one Evaluate.
#ifndef RECTIFIER_SERVER_EVALUATE_EVALUATE_HANDLER_H_
#define RECTIFIER_SERVER_EVALUATE_EVALUATE_HANDLER_H_

#include <vector>

#include "absl/status/status.h"
#include "core/engine.h"
#include "grpcpp/support/byte_buffer.h"
#include "server/evaluate/call_ledger.h"
#include "server/rpc/call.h"
#include "server/wire/reply.h"
#include "server/wire/request.h"

namespace rectifier {

// Service creates it, and it deletes itself in OnDone. The steps run one after the other, on the
// thread of the call's queue, and on threads of the engine from the first one on that takes long;
// only OnCancel may run beside them.
class EvaluateHandler final : public CallHandler {
 public:
  // `environment` and `caller` outlive the call.
  EvaluateHandler(const CallEnvironment& environment, Call* call, const Caller& caller);

  void OnReadDone(ReadEnd end) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  void Run();
  absl::Status Receive();
  // Charges the call for its message, its reply, and what it takes to compute one from the other.
  absl::Status HoldWith(int64_t reply_bytes);
  // Takes the next piece of what comes before Compute.
  absl::Status PrepareNext();
  // Whether the next pieces take long enough to hold up other calls.
  bool PreparesLong() const;
  // Waits for turns in the engine from now on, if the call will need them.
  absl::Status Queue();
  // Takes the pieces that are left on the engine's threads, and goes on.
  void PrepareInTurn();
  absl::Status Decode();
  absl::Status BindNext();
  absl::Status Match();
  absl::Status Admit();
  absl::Status Allocate();
  void Compute(bool has_waited);
  absl::Status Encode();
  void Answer(const absl::Status& status);

  const CallEnvironment& environment_;
  Call* const call_;
  CallLedger ledger_;
  grpc::ByteBuffer message_;
  bool is_decoded_ = false;
  bool is_prepared_ = false;
  absl::Status preparing_;  // of the pieces taken on the engine's threads
  DecodedRequest request_;
  int64_t prepared_bytes_ = 0;  // of request_ and jobs_
  std::vector<Job> jobs_;
  OutputDestinations destinations_;
  Reply reply_;
  grpc::ByteBuffer reply_bytes_;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_EVALUATE_EVALUATE_HANDLER_H_
