// The whole life of one Evaluate.
#ifndef RECTIFIER_SERVER_EVALUATE_CALL_H_
#define RECTIFIER_SERVER_EVALUATE_CALL_H_

#include <atomic>
#include <optional>
#include <stop_token>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "core/catalogue.h"
#include "core/engine.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/async_unary_call.h"
#include "grpcpp/support/byte_buffer.h"
#include "server/admission.h"
#include "server/buffer_pool.h"
#include "server/call_log.h"
#include "server/call_queues.h"
#include "server/limits.h"
#include "server/metrics.h"
#include "server/service_methods.h"
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

// One call: waits for it to arrive, answers it and deletes itself. The steps run one after the
// other, on the queue's thread up to Compute, and from there on a thread of the engine where the
// work is big; only OnDone may run beside them.
class EvaluateCall final {
 public:
  // Waits for a call on queue `index`, and for the next one when it has come, until the server
  // shuts down. All that is given must live until then.
  static void Await(const CallEnvironment& environment, ServiceMethods& service, CallQueues& queues,
                    size_t index);

 private:
  EvaluateCall(const CallEnvironment& environment, ServiceMethods& service, CallQueues& queues,
               size_t index);

  void OnArrival(bool ok);
  void OnAnswered(bool ok);
  // The call is over for gRPC: it was answered or cancelled.
  void OnDone(bool ok);
  void Release();

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
  ServiceMethods& service_;
  CallQueues& queues_;
  const size_t index_;  // of the queue
  grpc::ServerContext context_;
  grpc::ByteBuffer request_bytes_;
  grpc::ByteBuffer reply_bytes_;
  grpc::ServerAsyncResponseWriter<grpc::ByteBuffer> responder_{&context_};
  MethodEvent<EvaluateCall, &EvaluateCall::OnArrival> arrival_{this};
  MethodEvent<EvaluateCall, &EvaluateCall::OnAnswered> answered_{this};
  MethodEvent<EvaluateCall, &EvaluateCall::OnDone> done_{this};
  std::atomic<int> events_left_ = 2;  // that will touch this: answered and done

  Transport transport_ = Transport::kTcp;
  std::optional<CallScope> scope_;
  std::stop_source cancelled_;
  DecodedRequest request_;
  std::vector<Job> jobs_;
  OutputDestinations destinations_;
  Admission::Ticket ticket_;
  Reply reply_;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_EVALUATE_CALL_H_
