#include "client/cpp/client/field_error.h"

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "rectifier/v1/status.pb.h"

namespace rectifier::client {
namespace {

constexpr char kRequestUrl[] = "type.googleapis.com/google.rpc.BadRequest";
constexpr char kInfoUrl[] = "type.googleapis.com/google.rpc.ErrorInfo";

}  // namespace

absl::Status FieldError(const std::string& field, const std::string& description,
                        absl::string_view reason) {
  v1::BadRequest request;
  auto& violation = *request.add_field_violations();
  violation.set_field(field);
  violation.set_description(description);
  v1::ErrorInfo info;
  info.set_reason(std::string(reason));
  info.set_domain("rectifier.v1");
  absl::Status status = absl::InvalidArgumentError(absl::StrCat(field, ": ", description));
  status.SetPayload(kRequestUrl, absl::Cord(request.SerializeAsString()));
  status.SetPayload(kInfoUrl, absl::Cord(info.SerializeAsString()));
  return status;
}

absl::Status RenameFields(const absl::Status& status,
                          const std::function<std::string(const std::string&)>& rename) {
  const auto payload = status.GetPayload(kRequestUrl);
  v1::BadRequest request;
  if (!payload.has_value() || !request.ParseFromString(std::string(*payload))) return status;
  std::string message(status.message());
  for (auto& violation : *request.mutable_field_violations()) {
    const std::string renamed = rename(violation.field());
    message = absl::StrReplaceAll(message, {{violation.field(), renamed}});
    violation.set_field(renamed);
  }
  absl::Status changed(status.code(), message);
  status.ForEachPayload([&](absl::string_view type_url, const absl::Cord& detail) {
    changed.SetPayload(type_url, detail);
  });
  changed.SetPayload(kRequestUrl, absl::Cord(request.SerializeAsString()));
  return changed;
}

}  // namespace rectifier::client
