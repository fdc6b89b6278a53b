#include "server/http/connect.h"

#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "google/protobuf/arena.h"
#include "google/protobuf/message.h"
#include "rectifier/v1/activation.pb.h"
#include "server/deadline.h"
#include "server/http/error_response.h"
#include "server/http/json_to_message.h"
#include "server/http/message_to_json.h"
#include "server/service_name.h"
#include "server/status.h"

namespace rectifier::http {
namespace {

using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;

constexpr char kJson[] = "application/json", kProto[] = "application/proto",
               kStream[] = "application/connect+";
constexpr char kEndOfStream = 2;
// A double of 8 bytes has up to 24 digits and signs, and a comma.
constexpr size_t kTextPerByte = 4;
constexpr int64_t kLongestTimeout = 9'999'999'999;  // ten digits of milliseconds

std::string Prefix() { return absl::StrCat("/", kServiceName, "/"); }

// The service as the linked code knows it.
const ServiceDescriptor& Service() {
  return *v1::EvaluateRequest::descriptor()->file()->FindServiceByName(std::string(
      absl::string_view(kServiceName).substr(absl::string_view(kServiceName).rfind('.') + 1)));
}

Response Refuse(int status, grpc::StatusCode code, const std::string& message) {
  Response response = ConnectError(grpc::Status(code, message));
  response.status = status;
  return response;
}

std::string MethodNames() {
  std::string names;
  for (int i = 0; i < Service().method_count(); ++i) {
    const MethodDescriptor& method = *Service().method(i);
    if (method.client_streaming()) continue;
    absl::StrAppend(&names, names.empty() ? "" : ", ", std::string(method.name()));
  }
  return names;
}

// The media type alone: "application/json" of "Application/JSON; charset=utf-8".
std::string MediaType(const Head& head) {
  const std::string* const given = head.Find("content-type");
  if (given == nullptr) return "";
  const absl::string_view whole = *given;
  return absl::AsciiStrToLower(absl::StripAsciiWhitespace(whole.substr(0, whole.find(';'))));
}

// A stream in the place of a unary call is another mistake than one in the protocol's own form of
// streams, whose error is a message that ends them: flags, four bytes of its length, and JSON.
Response RefuseStream(const Head& head, const std::string& name) {
  const Response error = Refuse(501, grpc::StatusCode::UNIMPLEMENTED,
                                absl::StrCat(name, " is a stream, which gRPC alone has here"));
  const std::string type = MediaType(head);
  if (!absl::StartsWith(type, kStream)) return error;
  std::string json = "{\"error\":";
  for (const grpc::Slice& slice : error.body) {
    json.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  json += '}';
  std::string message(1, kEndOfStream);
  for (int shift = 24; shift >= 0; shift -= 8) message += static_cast<char>(json.size() >> shift);
  return Response::Of(200, type, message + json);
}

// What is wrong with the fields of the protocol, if anything.
std::optional<Response> CheckFields(const Head& head, std::optional<absl::Duration>* timeout) {
  const std::string* const version = head.Find("connect-protocol-version");
  if (version != nullptr && *version != "1") {
    return Refuse(400, grpc::StatusCode::INVALID_ARGUMENT,
                  "Connect-Protocol-Version: this server speaks version 1");
  }
  const std::string* const given = head.Find("connect-timeout-ms");
  if (given == nullptr) return std::nullopt;
  int64_t milliseconds;
  if (!absl::SimpleAtoi(*given, &milliseconds) || milliseconds < 0 ||
      milliseconds > kLongestTimeout) {
    return Refuse(400, grpc::StatusCode::INVALID_ARGUMENT,
                  "Connect-Timeout-Ms: it must be a whole number of at most ten digits");
  }
  *timeout = absl::Milliseconds(milliseconds);
  if (milliseconds > 0) return std::nullopt;
  return ConnectError(ToGrpcStatus(DeadlinePassed()));
}

Response AnswerProto(const Outcome& outcome) {
  if (!outcome.status.ok()) return ConnectError(outcome.status);
  Response response{.content_type = kProto};
  if (outcome.reply.Dump(&response.body).ok()) return response;
  return ConnectError(grpc::Status(grpc::StatusCode::INTERNAL, "the reply cannot be read"));
}

Response AnswerJson(const google::protobuf::Descriptor& type, const Outcome& outcome) {
  if (!outcome.status.ok()) return ConnectError(outcome.status);
  google::protobuf::Arena arena;
  google::protobuf::Message* const reply =
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(&type)->New(&arena);
  grpc::Slice bytes;
  if (!outcome.reply.DumpToSingleSlice(&bytes).ok() ||
      !reply->ParseFromArray(bytes.begin(), static_cast<int>(bytes.size()))) {
    return ConnectError(grpc::Status(grpc::StatusCode::INTERNAL, "the reply cannot be read"));
  }
  std::string json;
  AppendMessage(*reply, JsonStyle::kProtobuf, &json);
  json += '\n';
  return Response::Json(200, json);
}

Translation TranslateJson(const MethodDescriptor& method, const std::string& body,
                          const MessageLimits& limits, ServerCall call) {
  std::string message;
  const absl::Status status = JsonToMessage(body, *method.input_type(), limits, &message);
  if (!status.ok()) return ConnectError(ToGrpcStatus(status));
  const grpc::Slice slice(message);
  call.message = grpc::ByteBuffer(&slice, 1);
  call.text_per_byte = kTextPerByte;
  call.answer = [type = method.output_type()](const Outcome& outcome) {
    return AnswerJson(*type, outcome);
  };
  return call;
}

}  // namespace

bool IsConnect(absl::string_view path) { return absl::StartsWith(path, Prefix()); }

bool IsConnectMethod(absl::string_view path) {
  return IsConnect(path) &&
         Service().FindMethodByName(std::string(absl::StripPrefix(path, Prefix()))) != nullptr;
}

Translation TranslateConnect(const Head& head, const std::shared_ptr<const std::string>& body,
                             const MessageLimits& limits) {
  const std::string name(absl::StripPrefix(head.path(), Prefix()));
  const MethodDescriptor* const method = Service().FindMethodByName(name);
  if (method == nullptr) {
    return Refuse(404, grpc::StatusCode::UNIMPLEMENTED,
                  absl::StrCat("this server has no such method; it has ", MethodNames()));
  }
  if (method->client_streaming() || method->server_streaming()) return RefuseStream(head, name);
  if (head.method != "POST") {
    Response response =
        Refuse(405, grpc::StatusCode::UNIMPLEMENTED, "a method is called with POST");
    response.fields.emplace_back("Allow", "POST, OPTIONS");
    return response;
  }
  ServerCall call{.method = std::string(head.path())};
  if (auto response = CheckFields(head, &call.timeout)) return *std::move(response);
  const std::string type = MediaType(head);
  if (type == kJson) return TranslateJson(*method, *body, limits, std::move(call));
  if (type == kProto) {
    const grpc::Slice slice = SliceOf(body, *body);
    call.message = grpc::ByteBuffer(&slice, 1);
    call.answer = AnswerProto;
    return call;
  }
  Response response = Refuse(415, grpc::StatusCode::INVALID_ARGUMENT,
                             "Content-Type: it must be application/json or application/proto");
  response.fields.emplace_back("Accept-Post", absl::StrCat(kJson, ", ", kProto));
  return response;
}

}  // namespace rectifier::http
