#include "client/cpp/client/error.h"

#include <grpcpp/support/status.h>

#include "absl/strings/cord.h"
#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"
#include "rectifier/v1/status.pb.h"

namespace rectifier::client {
namespace {

constexpr absl::string_view kBadRequest = "type.googleapis.com/google.rpc.BadRequest";
constexpr absl::string_view kErrorInfo = "type.googleapis.com/google.rpc.ErrorInfo";
constexpr absl::string_view kRetryInfo = "type.googleapis.com/google.rpc.RetryInfo";

template <class Message>
std::optional<Message> GetDetail(const absl::Status& status, absl::string_view type_url) {
  const auto payload = status.GetPayload(type_url);
  Message message;
  if (!payload.has_value() || !message.ParseFromString(std::string(*payload))) return std::nullopt;
  return message;
}

}  // namespace

std::vector<FieldViolation> GetFieldViolations(const absl::Status& status) {
  std::vector<FieldViolation> violations;
  if (const auto detail = GetDetail<v1::BadRequest>(status, kBadRequest)) {
    for (const auto& violation : detail->field_violations()) {
      violations.push_back({violation.field(), violation.description()});
    }
  }
  return violations;
}

std::string GetReason(const absl::Status& status) {
  const auto detail = GetDetail<v1::ErrorInfo>(status, kErrorInfo);
  return detail.has_value() ? detail->reason() : "";
}

std::optional<int64_t> GetElement(const absl::Status& status) {
  const auto detail = GetDetail<v1::ErrorInfo>(status, kErrorInfo);
  int64_t element = 0;
  if (!detail.has_value() || detail->metadata().count("element") == 0 ||
      !absl::SimpleAtoi(detail->metadata().at("element"), &element)) {
    return std::nullopt;
  }
  return element;
}

std::optional<absl::Duration> GetRetryDelay(const absl::Status& status) {
  const auto detail = GetDetail<v1::RetryInfo>(status, kRetryInfo);
  if (!detail.has_value()) return std::nullopt;
  return absl::Seconds(detail->retry_delay().seconds()) +
         absl::Nanoseconds(detail->retry_delay().nanos());
}

absl::Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  absl::Status converted(static_cast<absl::StatusCode>(status.error_code()),
                         status.error_message());
  v1::Status rich;
  if (rich.ParseFromString(status.error_details())) {
    for (const auto& detail : rich.details()) {
      converted.SetPayload(detail.type_url(), absl::Cord(detail.value()));
    }
  }
  return converted;
}

}  // namespace rectifier::client
