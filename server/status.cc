#include "server/status.h"

#include <algorithm>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "core/field_error.h"
#include "google/protobuf/any.pb.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace rectifier {
namespace {

// The details travel as payloads of absl::Status under the type URL they have on the wire.
constexpr char kErrorInfo[] = "type.googleapis.com/google.rpc.ErrorInfo";
constexpr char kRetryInfo[] = "type.googleapis.com/google.rpc.RetryInfo";
constexpr char kBadRequest[] = "type.googleapis.com/google.rpc.BadRequest";

std::string SerializedErrorInfo(absl::string_view reason, std::optional<int64_t> element = {}) {
  google::rpc::ErrorInfo info;
  info.set_reason(std::string(reason));
  info.set_domain("rectifier.v1");
  if (element) (*info.mutable_metadata())["element"] = absl::StrCat(*element);
  return info.SerializeAsString();
}

std::string SerializedBadRequest(const FieldViolation& violation) {
  google::rpc::BadRequest bad_request;
  google::rpc::BadRequest::FieldViolation* field = bad_request.add_field_violations();
  field->set_field(violation.path);
  field->set_description(violation.description);
  return bad_request.SerializeAsString();
}

void AddDetail(const char* type_url, const std::string& value, google::rpc::Status* status) {
  google::protobuf::Any* detail = status->add_details();
  detail->set_type_url(type_url);
  detail->set_value(value);
}

}  // namespace

absl::Status ErrorWithReason(absl::StatusCode code, absl::string_view reason,
                             const std::string& message) {
  absl::Status status(code, message);
  status.SetPayload(kErrorInfo, absl::Cord(SerializedErrorInfo(reason)));
  return status;
}

absl::Status RetryLater(absl::StatusCode code, absl::string_view reason, const std::string& message,
                        absl::Duration delay) {
  absl::Status status = ErrorWithReason(code, reason, message);
  google::rpc::RetryInfo retry;
  const int64_t nanoseconds = absl::ToInt64Nanoseconds(delay);
  retry.mutable_retry_delay()->set_seconds(nanoseconds / 1'000'000'000);
  retry.mutable_retry_delay()->set_nanos(static_cast<int32_t>(nanoseconds % 1'000'000'000));
  status.SetPayload(kRetryInfo, absl::Cord(retry.SerializeAsString()));
  return status;
}

absl::Status OutOfMemory(absl::string_view what) {
  return RetryLater(absl::StatusCode::kResourceExhausted, "OUT_OF_MEMORY",
                    absl::StrCat("the server has no memory for ", what), absl::Seconds(1));
}

std::optional<absl::Duration> RetryDelay(const absl::Status& status) {
  if (status.ok()) return std::nullopt;
  const absl::optional<absl::Cord> payload = status.GetPayload(kRetryInfo);
  google::rpc::RetryInfo retry;
  if (!payload.has_value() || !retry.ParseFromString(std::string(*payload))) return std::nullopt;
  return absl::Seconds(retry.retry_delay().seconds()) +
         absl::Nanoseconds(retry.retry_delay().nanos());
}

grpc::StatusCode GrpcCode(const absl::Status& error) {
  const auto same = static_cast<grpc::StatusCode>(error.code());
  const bool is_served =
      std::find(kServedCodes.begin(), kServedCodes.end(), same) != kServedCodes.end();
  return is_served ? same : grpc::StatusCode::INTERNAL;
}

grpc::Status ToGrpcStatus(const absl::Status& error) {
  if (error.ok()) return grpc::Status::OK;
  const absl::Status status = GrpcCode(error) != grpc::StatusCode::INTERNAL
                                  ? error
                                  : ErrorWithReason(absl::StatusCode::kInternal, "INTERNAL",
                                                    "a defect of the server, which has logged it");
  const std::string message(status.message());
  google::rpc::Status rich;
  rich.set_code(static_cast<int>(status.code()));
  rich.set_message(message);
  if (const std::optional<FieldViolation> violation = GetFieldViolation(status)) {
    AddDetail(kBadRequest, SerializedBadRequest(*violation), &rich);
    AddDetail(kErrorInfo, SerializedErrorInfo(violation->reason, violation->element), &rich);
  }
  for (const char* type_url : {kErrorInfo, kRetryInfo}) {
    if (const absl::optional<absl::Cord> payload = status.GetPayload(type_url)) {
      AddDetail(type_url, std::string(*payload), &rich);
    }
  }
  return grpc::Status(static_cast<grpc::StatusCode>(status.code()), message,
                      rich.SerializeAsString());
}

absl::string_view CodeName(grpc::StatusCode code) {
  static constexpr absl::string_view kNames[kStatusCodes] = {
      "OK",       "Canceled",       "Unknown",          "InvalidArgument",   "DeadlineExceeded",
      "NotFound", "AlreadyExists",  "PermissionDenied", "ResourceExhausted", "FailedPrecondition",
      "Aborted",  "OutOfRange",     "Unimplemented",    "Internal",          "Unavailable",
      "DataLoss", "Unauthenticated"};
  return kNames[static_cast<int>(code)];
}

}  // namespace rectifier
