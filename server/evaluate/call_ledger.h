// What calls that evaluate have in common, be they whole or streams: their share of the budget,
// when they give up, and their end.
#ifndef RECTIFIER_SERVER_EVALUATE_CALL_LEDGER_H_
#define RECTIFIER_SERVER_EVALUATE_CALL_LEDGER_H_

#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <variant>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "core/catalogue.h"
#include "core/engine.h"
#include "grpcpp/server_context.h"
#include "server/evaluate/admission.h"
#include "server/limits.h"
#include "server/shared_memory/shared_buffers.h"
#include "server/telemetry/call_log.h"
#include "server/telemetry/metrics.h"
#include "server/wire/reply_pool.h"

namespace rectifier {

// What every call works with; all of it outlives the calls.
struct CallEnvironment {
  const Catalogue& catalogue;
  const Limits& limits;
  const Metrics& metrics;
  Engine& engine;
  Admission& admission;
  ReplyPool& replies;
  const SharedBuffers& buffers;
  CallLog& log;
};

class CallLedger {
 public:
  // A call of `method` has begun. `environment` and `context` outlive this object.
  CallLedger(const CallEnvironment& environment, absl::string_view method,
             const MethodMetrics& metrics, grpc::ServerContextBase* context);
  // Gives the share back.
  ~CallLedger();
  CallLedger(const CallLedger&) = delete;
  CallLedger& operator=(const CallLedger&) = delete;

  const CallEnvironment& environment() const { return environment_; }

  // A message has come, or is about to go. Thread-safe.
  void CountReceived(size_t bytes);
  void CountSent(size_t bytes) const;

  // Takes the share that the admission gave, or returns the error that the caller is told.
  absl::Status Admit(std::variant<Admission::Ticket, Refusal> admitted);
  // Makes the share at least `bytes`.
  absl::Status Grow(int64_t bytes);

  // The caller has gone. Thread-safe.
  void Cancel() { cancelled_.request_stop(); }
  bool is_cancelled() const { return cancelled_.stop_requested(); }
  StopCondition Stop() const;

  // Counts and logs the end, and gives what gRPC is to say. It is called once.
  grpc::Status Close(const absl::Status& status);

 private:
  absl::Status Refuse(Refusal refusal) const;

  const CallEnvironment& environment_;
  const absl::string_view method_;
  grpc::ServerContextBase* const context_;
  const Transport transport_;
  CallScope scope_;
  std::stop_source cancelled_;
  Admission::Ticket ticket_;
};

// What `step` says, or what it threw: RESOURCE_EXHAUSTED for memory, INTERNAL for a defect.
absl::Status Guard(absl::FunctionRef<absl::Status()> step);

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_EVALUATE_CALL_LEDGER_H_
