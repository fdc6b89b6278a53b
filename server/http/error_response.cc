#include "server/http/error_response.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/any.pb.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "server/http/json_text.h"
#include "server/http/message_to_json.h"

namespace rectifier::http {
namespace {

struct Code {
  absl::string_view name;  // the Connect protocol's
  int status;
};

// By gRPC's number.
constexpr Code kCodes[] = {
    {"ok", 200},
    {"canceled", 499},
    {"unknown", 500},
    {"invalid_argument", 400},
    {"deadline_exceeded", 504},
    {"not_found", 404},
    {"already_exists", 409},
    {"permission_denied", 403},
    {"resource_exhausted", 429},
    {"failed_precondition", 400},
    {"aborted", 409},
    {"out_of_range", 400},
    {"unimplemented", 501},
    {"internal", 500},
    {"unavailable", 503},
    {"data_loss", 500},
    {"unauthenticated", 401},
};

const Code& CodeOf(grpc::StatusCode code) {
  const auto number = static_cast<size_t>(code);
  return kCodes[number < std::size(kCodes) ? number : size_t{grpc::StatusCode::UNKNOWN}];
}

template <class Detail>
bool AppendDebug(const google::protobuf::Any& any, std::string* json) {
  Detail detail;
  if (!any.Is<Detail>() || !any.UnpackTo(&detail)) return false;
  *json += ",\"debug\":";
  AppendMessage(detail, JsonStyle::kProtobuf, json);
  return true;
}

// The Connect protocol wants base64 without the '=' at its end.
void AppendDetail(const google::protobuf::Any& any, std::string* json) {
  const absl::string_view url = any.type_url();
  std::string value = absl::Base64Escape(any.value());
  while (!value.empty() && value.back() == '=') value.pop_back();
  *json += "{\"type\":";
  AppendJson(url.substr(url.rfind('/') + 1), json);
  *json += ",\"value\":";
  AppendJson(absl::string_view(value), json);
  AppendDebug<google::rpc::BadRequest>(any, json) ||
      AppendDebug<google::rpc::ErrorInfo>(any, json) ||
      AppendDebug<google::rpc::RetryInfo>(any, json);
  *json += '}';
}

void AddRetryAfter(const google::rpc::Status& rich, Response* response) {
  for (const google::protobuf::Any& any : rich.details()) {
    google::rpc::RetryInfo retry;
    if (!any.Is<google::rpc::RetryInfo>() || !any.UnpackTo(&retry)) continue;
    const auto& delay = retry.retry_delay();
    const int64_t seconds = delay.seconds() + (delay.nanos() > 0 ? 1 : 0);
    response->fields.emplace_back("Retry-After", absl::StrCat(std::max<int64_t>(seconds, 1)));
  }
}

google::rpc::Status RichStatus(const grpc::Status& status) {
  google::rpc::Status rich;
  if (!rich.ParseFromString(status.error_details())) rich.Clear();
  return rich;
}

Response WithHeaders(const grpc::Status& status, const google::rpc::Status& rich,
                     const std::string& json) {
  Response response = Response::Json(HttpStatusOf(status.error_code()), json);
  AddRetryAfter(rich, &response);
  if (status.error_code() == grpc::StatusCode::UNAUTHENTICATED) {
    response.fields.emplace_back("WWW-Authenticate", "Bearer");
  }
  return response;
}

}  // namespace

int HttpStatusOf(grpc::StatusCode code) { return CodeOf(code).status; }

std::vector<std::string> ConnectCodes() {
  std::vector<std::string> names;
  for (const Code& code : kCodes) {
    if (code.status != 200) names.emplace_back(code.name);
  }
  return names;
}

Response ConnectError(const grpc::Status& status) {
  const google::rpc::Status rich = RichStatus(status);
  std::string json = "{\"code\":";
  AppendJson(CodeOf(status.error_code()).name, &json);
  json += ",\"message\":";
  AppendJson(absl::string_view(status.error_message()), &json);
  if (rich.details_size() > 0) {
    json += ",\"details\":[";
    for (int i = 0; i < rich.details_size(); ++i) {
      if (i > 0) json += ',';
      AppendDetail(rich.details(i), &json);
    }
    json += ']';
  }
  json += "}\n";
  return WithHeaders(status, rich, json);
}

Response InferenceError(const grpc::Status& status) {
  std::string json = "{\"error\":";
  AppendJson(absl::string_view(status.error_message()), &json);
  json += "}\n";
  return WithHeaders(status, RichStatus(status), json);
}

}  // namespace rectifier::http
