// The whole life of one Evaluate.
#ifndef RECTIFIER_SERVER_EVALUATE_CALL_H_
#define RECTIFIER_SERVER_EVALUATE_CALL_H_

#include <stop_token>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "core/catalogue.h"
#include "core/engine.h"
#include "grpcpp/support/byte_buffer.h"
#include "server/admission.h"
#include "server/buffer_pool.h"
#include "server/call_log.h"
#include "server/limits.h"
#include "server/metrics.h"
#include "server/unary_call.h"
#include "server/wire.h"

namespace rectifier {

// What every call works with; all of it outlives the calls.
struct CallEnvironment {
  const Catalogue& catalogue;
  const Limits& limits;
  const Metrics& metrics;
  Engine& engine;
  Admission& admission;
  BufferPool& replies;
  const SharedBuffers& buffers;
  CallLog& log;
};

// Created by Service, deletes itself in OnDone. The steps run one after the other, on the thread of
// the call's queue up to Compute, and from there on a thread of the engine where the work is big;
// only OnCancel may run beside them.
class EvaluateCall final : public CallHandler {
 public:
  // `environment` outlives the call.
  EvaluateCall(const CallEnvironment& environment, UnaryCall* call);

  // Takes the call to its Finish. Call once; the call may be gone when it returns.
  void Run();

  void OnCancel() override;
  void OnDone() override;

 private:
  absl::Status Prepare();
  absl::Status Decode();
  absl::Status Bind();
  absl::Status Admit();
  absl::Status Allocate();
  void Compute();
  void Encode();
  void Answer(const absl::Status& status);

  StopCondition Stop() const;

  const CallEnvironment& environment_;
  UnaryCall* const call_;
  const Transport transport_;
  CallScope scope_;
  std::stop_source cancelled_;
  DecodedRequest request_;
  std::vector<Job> jobs_;
  OutputDestinations destinations_;
  Admission::Ticket ticket_;
  Reply reply_;
  grpc::ByteBuffer reply_bytes_;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_EVALUATE_CALL_H_
