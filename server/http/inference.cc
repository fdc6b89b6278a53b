#include "server/http/inference.h"

#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "google/protobuf/message.h"
#include "inference/inference_service.pb.h"
#include "server/http/error_response.h"
#include "server/http/infer_response_json.h"
#include "server/http/inference_routes.h"
#include "server/http/json_to_message.h"
#include "server/http/message_to_json.h"
#include "server/http/router.h"
#include "server/http/wire_writer.h"
#include "server/service_name.h"
#include "server/status.h"

namespace rectifier::http {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// A number has up to 24 digits and signs, and a comma; half floats have two bytes.
constexpr size_t kTextPerNumber = 25, kTextPerByte = 12;

struct Words {
  std::vector<std::pair<absl::string_view, std::string>> values;  // by the route's names

  std::string Value(absl::string_view name) const {
    for (const auto& [key, value] : values) {
      if (key == name) return value;
    }
    return "";
  }
};

Response Refuse(int status, grpc::StatusCode code, const std::string& message) {
  Response response = InferenceError(grpc::Status(code, message));
  response.status = status;
  return response;
}

// Of "%E2%88%91". False where a '%' stands for nothing.
bool DecodePercent(absl::string_view text, std::string* decoded) {
  decoded->clear();
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      *decoded += text[i];
      continue;
    }
    uint32_t code;
    if (i + 2 >= text.size() || !absl::ascii_isxdigit(text[i + 1]) ||
        !absl::ascii_isxdigit(text[i + 2]) || !absl::SimpleHexAtoi(text.substr(i + 1, 2), &code)) {
      return false;
    }
    *decoded += static_cast<char>(code);
    i += 2;
  }
  return true;
}

// Those below /v2.
std::vector<absl::string_view> WordsOf(absl::string_view path) {
  path = absl::StripPrefix(path, "/v2");
  return absl::StrSplit(absl::StripSuffix(absl::StripPrefix(path, "/"), "/"), '/');
}

std::optional<Words> Match(absl::string_view pattern, const std::vector<absl::string_view>& path) {
  const std::vector<absl::string_view> parts = absl::StrSplit(pattern, '/');
  if (parts.size() != path.size()) return std::nullopt;
  Words words;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (!absl::StartsWith(parts[i], ":")) {
      if (parts[i] != path[i]) return std::nullopt;
      continue;
    }
    std::string value;
    if (path[i].empty() || !DecodePercent(path[i], &value)) return std::nullopt;
    words.values.emplace_back(parts[i].substr(1), std::move(value));
  }
  return words;
}

absl::Status WriteRequest(const Descriptor& type, const Words& words, absl::string_view json,
                          std::string* message) {
  WireWriter writer(message);
  for (const auto& [name, value] : words.values) {
    const FieldDescriptor* const field = type.FindFieldByName(std::string(name));
    if (field != nullptr) writer.Bytes(field->number(), value);
  }
  if (absl::StripAsciiWhitespace(json).empty()) return absl::OkStatus();
  return JsonToMessage(json, type, {}, message);
}

// The elements of a repeated field, or the values of a map.
void AppendList(const Message& reply, std::string* json) {
  const FieldDescriptor& field = *reply.GetDescriptor()->field(0);
  const auto& reflection = *reply.GetReflection();
  *json += '[';
  for (int i = 0; i < reflection.FieldSize(reply, &field); ++i) {
    if (i > 0) *json += ',';
    const Message& element = reflection.GetRepeatedMessage(reply, &field, i);
    const Message& value = field.is_map() ? element.GetReflection()->GetMessage(
                                                element, field.message_type()->map_value())
                                          : element;
    AppendMessage(value, JsonStyle::kInference, json);
  }
  *json += ']';
}

bool IsNotReady(const Message& reply) {
  const auto* const ready = dynamic_cast<const inference::ModelReadyResponse*>(&reply);
  return ready != nullptr && !ready->ready();
}

Response Answer(Form form, const Descriptor* type, const Outcome& outcome) {
  if (!outcome.status.ok()) return InferenceError(outcome.status);
  const std::unique_ptr<Message> reply(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
  grpc::Slice bytes;
  if (!outcome.reply.DumpToSingleSlice(&bytes).ok() ||
      !reply->ParseFromArray(bytes.begin(), static_cast<int>(bytes.size()))) {
    return InferenceError(grpc::Status(grpc::StatusCode::INTERNAL, "the reply cannot be read"));
  }
  if (IsNotReady(*reply)) {
    return InferenceError(grpc::Status(grpc::StatusCode::UNAVAILABLE, "the server is not ready"));
  }
  std::string json;
  switch (form) {
    case Form::kWhole:
      AppendMessage(*reply, JsonStyle::kInference, &json);
      break;
    case Form::kField:
      AppendMessage(reply->GetReflection()->GetMessage(*reply, reply->GetDescriptor()->field(0)),
                    JsonStyle::kInference, &json);
      break;
    case Form::kList:
      AppendList(*reply, &json);
      break;
    case Form::kNothing:
    case Form::kNever:
      return Response{};
  }
  return Response::Json(200, json);
}

Translation Small(const Route& route, const Words& words, absl::string_view json) {
  const auto* const method = FindInferenceMethod(route.method);
  ServerCall call{.method = absl::StrCat("/", kInferenceServiceName, "/", route.method)};
  std::string message;
  const Descriptor* type = nullptr;
  if (method != nullptr) {
    const absl::Status status =
        WriteRequest(*method->input_type(), words, route.has_body ? json : "", &message);
    if (!status.ok()) return InferenceError(ToGrpcStatus(status));
    type = method->output_type();
  }
  const grpc::Slice slice(message);
  call.message = grpc::ByteBuffer(&slice, 1);
  call.answer = [form = route.form, type](const Outcome& outcome) {
    if (type == nullptr && outcome.status.ok()) return Response{};
    return Answer(form, type, outcome);
  };
  return call;
}

Translation Infer(const Head& head, const Words& words,
                  const std::shared_ptr<const std::string>& body, const InferLimits& limits) {
  InferBody parts{.bytes = body};
  if (!JsonBytes(head, body->size(), &parts.json_bytes)) {
    return Refuse(
        400, grpc::StatusCode::INVALID_ARGUMENT,
        absl::StrCat("Inference-Header-Content-Length: it must be one number of bytes, in "
                     "digits, at most those of the body, ",
                     body->size()));
  }
  if (parts.json_bytes > limits.max_json_bytes) {
    return Refuse(413, grpc::StatusCode::RESOURCE_EXHAUSTED,
                  absl::StrCat("the JSON has more than ", limits.max_json_bytes, " bytes"));
  }
  ServerCall call{.method = absl::StrCat("/", kInferenceServiceName, "/", kInfer)};
  OutputForms forms;
  const absl::Status status = InferRequestFromJson(words.Value("name"), words.Value("version"),
                                                   parts, limits, &call.message, &forms);
  if (!status.ok()) return InferenceError(ToGrpcStatus(status));
  call.text_per_byte = forms.HasJson() ? kTextPerByte : 0;
  call.most_text_bytes = limits.max_values * kTextPerNumber;
  call.answer = [forms, most = limits.max_values](const Outcome& outcome) {
    if (!outcome.status.ok()) return InferenceError(outcome.status);
    return InferResponse(outcome.reply, forms, most);
  };
  return call;
}

}  // namespace

bool IsInference(absl::string_view path) { return path == "/v2" || absl::StartsWith(path, "/v2/"); }

bool JsonBytes(const Head& head, size_t body_bytes, size_t* json_bytes) {
  *json_bytes = body_bytes;
  const std::string* const given = head.Find("inference-header-content-length");
  if (given == nullptr) return true;
  const bool has_digits_alone = given->find_first_not_of("0123456789") == std::string::npos;
  uint64_t bytes;
  if (!has_digits_alone || !absl::SimpleAtoi(*given, &bytes) || bytes > body_bytes) return false;
  *json_bytes = bytes;
  return true;
}

std::string InferenceMethods(absl::string_view path) {
  const std::vector<absl::string_view> words = WordsOf(path);
  bool is_read = false, is_posted_to = false;
  for (const Route& route : InferenceRoutes()) {
    if (Match(route.path, words)) (route.verb == "GET" ? is_read : is_posted_to) = true;
  }
  return absl::StrCat(is_read ? "GET, HEAD" : "", is_read && is_posted_to ? ", " : "",
                      is_posted_to ? "POST" : "");
}

Translation TranslateInference(const Head& head, const std::shared_ptr<const std::string>& body,
                               const InferLimits& limits) {
  const absl::string_view verb = head.method == "HEAD" ? "GET" : absl::string_view(head.method);
  const std::vector<absl::string_view> path = WordsOf(head.path());
  for (const Route& route : InferenceRoutes()) {
    const std::optional<Words> words = Match(route.path, path);
    if (!words || route.verb != verb) continue;
    if (route.method == kInfer) return Infer(head, *words, body, limits);
    return Small(route, *words, *body);
  }
  const std::string allowed = InferenceMethods(head.path());
  if (!allowed.empty()) return Router::NotAllowed(head, allowed);
  return Refuse(404, grpc::StatusCode::NOT_FOUND, "nothing is at this path");
}

}  // namespace rectifier::http
