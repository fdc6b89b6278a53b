#include "server/served_call.h"

#include <exception>
#include <new>
#include <utility>

#include "server/refusal.h"
#include "server/status.h"

namespace rectifier {

ServedCall::ServedCall(const CallEnvironment& environment, absl::string_view method,
                       const MethodMetrics& metrics, grpc::ServerContextBase* context)
    : environment_(environment),
      method_(method),
      context_(context),
      transport_(TransportOf(*context)),
      scope_(metrics, environment.metrics.inflight_calls()) {}

ServedCall::~ServedCall() {
  environment_.metrics.inflight_bytes()->Decrement(static_cast<double>(ticket_.bytes()));
}

void ServedCall::CountReceived(size_t bytes) {
  scope_.CountReceived();
  environment_.metrics.CountPayload(Direction::kReceived, transport_, bytes);
}

void ServedCall::CountSent(size_t bytes) const {
  scope_.CountSent();
  environment_.metrics.CountPayload(Direction::kSent, transport_, bytes);
}

absl::Status ServedCall::Admit(std::variant<Admission::Ticket, Admission::Refusal> admitted) {
  if (const auto* refusal = std::get_if<Admission::Refusal>(&admitted)) return Refuse(*refusal);
  ticket_ = std::get<Admission::Ticket>(std::move(admitted));
  environment_.metrics.inflight_bytes()->Increment(static_cast<double>(ticket_.bytes()));
  return absl::OkStatus();
}

absl::Status ServedCall::Grow(int64_t bytes) {
  const int64_t more = bytes - ticket_.bytes();
  if (more <= 0) return absl::OkStatus();
  if (!ticket_.Grow(more)) return Refuse(Admission::Refusal::kTooManyBytes);
  environment_.metrics.inflight_bytes()->Increment(static_cast<double>(more));
  return absl::OkStatus();
}

absl::Status ServedCall::Refuse(Admission::Refusal refusal) const {
  environment_.metrics.CountRefusal(refusal);
  return RefusalError(refusal, environment_.limits);
}

StopCondition ServedCall::Stop() const {
  return {.cancelled = cancelled_.get_token(), .deadline = absl::FromChrono(context_->deadline())};
}

grpc::Status ServedCall::Close(const absl::Status& status) {
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
