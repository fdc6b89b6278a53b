#include "server/evaluate/call_ledger.h"

#include <exception>
#include <new>
#include <utility>

#include "server/evaluate/admission_error.h"
#include "server/status.h"

namespace rectifier {
namespace {

// The transport by gRPC's names of peers: "unix:", "ipv4:127.0.0.1:41234", "ipv6:[::1]:41234".
Transport TransportOf(const grpc::ServerContextBase& context) {
  return context.peer().rfind("unix", 0) == 0 ? Transport::kUnix : Transport::kTcp;
}

}  // namespace

CallLedger::CallLedger(const CallEnvironment& environment, absl::string_view method,
                       const MethodMetrics& metrics, grpc::ServerContextBase* context)
    : environment_(environment),
      method_(method),
      context_(context),
      transport_(TransportOf(*context)),
      scope_(metrics, environment.metrics.inflight_calls()) {}

CallLedger::~CallLedger() {
  environment_.metrics.inflight_bytes()->Decrement(static_cast<double>(ticket_.bytes()));
}

void CallLedger::CountReceived(size_t bytes) {
  scope_.CountReceived();
  environment_.metrics.CountPayload(Direction::kReceived, transport_, bytes);
}

void CallLedger::CountSent(size_t bytes) const {
  scope_.CountSent();
  environment_.metrics.CountPayload(Direction::kSent, transport_, bytes);
}

absl::Status CallLedger::Admit(std::variant<Admission::Ticket, Refusal> admitted) {
  if (const auto* refusal = std::get_if<Refusal>(&admitted)) return Refuse(*refusal);
  ticket_ = std::get<Admission::Ticket>(std::move(admitted));
  environment_.metrics.inflight_bytes()->Increment(static_cast<double>(ticket_.bytes()));
  return absl::OkStatus();
}

absl::Status CallLedger::Grow(int64_t bytes) {
  const int64_t more = bytes - ticket_.bytes();
  if (more <= 0) return absl::OkStatus();
  if (!ticket_.Grow(more)) return Refuse(Refusal::kTooManyBytes);
  environment_.metrics.inflight_bytes()->Increment(static_cast<double>(more));
  return absl::OkStatus();
}

absl::Status CallLedger::Refuse(Refusal refusal) const {
  environment_.metrics.CountRefusal(refusal);
  return RefusalError(refusal, environment_.limits);
}

StopCondition CallLedger::Stop() const {
  return {.cancelled = cancelled_.get_token(), .deadline = absl::FromChrono(context_->deadline())};
}

grpc::Status CallLedger::Close(const absl::Status& status) {
  const grpc::Status answer = ToGrpcStatus(status);
  AddRetryPushback(status, context_);
  environment_.log.Record(method_, *context_, status, scope_.Elapsed(), scope_.ElapsedPerMessage());
  scope_.Close(answer.error_code());
  return answer;
}

absl::Status Guard(absl::FunctionRef<absl::Status()> step) try {
  return step();
} catch (const std::bad_alloc&) {
  return OutOfMemory();
} catch (const std::exception& defect) {
  return absl::InternalError(defect.what());
}

}  // namespace rectifier
