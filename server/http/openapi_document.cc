#include "server/http/openapi_document.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/descriptor.pb.h"
#include "proto/described_protos.h"
#include "server/http/infer_schemas.h"
#include "server/http/inference_routes.h"
#include "server/http/json_schema.h"
#include "server/http/openapi_components.h"
#include "server/service_name.h"

namespace rectifier::http {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;

constexpr char kProto[] = "application/proto", kBinary[] = "application/octet-stream",
               kText[] = "text/plain";
constexpr char kHealth[] = "Health", kDescription[] = "Description";

constexpr char kIntroduction[] =
    "Activation functions with their derivatives: the server's own API as the Connect protocol has "
    "it, and the REST paths of the Open Inference Protocol, where every activation is a model. The "
    "limits are those of the server that gave this document.";

// The services as their files have them, with comments.
class Services {
 public:
  Services() {
    google::protobuf::FileDescriptorSet files;
    files.ParseFromArray(kDescribedProtos, static_cast<int>(kDescribedProtosBytes));
    for (const auto& file : files.file()) pool_.BuildFile(file);
  }
  const ServiceDescriptor& Find(const char* name) const { return *pool_.FindServiceByName(name); }

 private:
  DescriptorPool pool_;
};

OrderedJson Header(const char* name, const char* description, OrderedJson schema) {
  return {{"name", name},
          {"in", "header"},
          {"description", description},
          {"schema", std::move(schema)}};
}

OrderedJson Words(const char* text) {
  return {{"type", "object"},
          {"required", {text}},
          {"properties", {{text, {{"type", "boolean"}}}}},
          {"additionalProperties", false}};
}

void AddErrors(const char* response, OrderedJson* responses) {
  const OrderedJson reference = {{"$ref", absl::StrCat("#/components/responses/", response)}};
  for (const char* status : {"4XX", "5XX"}) (*responses)[status] = reference;
}

// The first paragraph, in one line.
std::string SummaryOf(const std::string& comment) {
  std::string summary = comment.substr(0, comment.find("\n\n"));
  for (char& character : summary) character = character == '\n' ? ' ' : character;
  return summary.substr(0, summary.find(". "));
}

void AddComment(const std::string& comment, OrderedJson* operation) {
  if (comment.empty()) return;
  (*operation)["summary"] = SummaryOf(comment);
  (*operation)["description"] = comment;
}

class Builder {
 public:
  Builder(const v1::GetServerInfoResponse& info, const InferLimits& limits)
      : info_(info), limits_(limits) {}

  OrderedJson Build() {
    AddConnect(services_.Find(kServiceName));
    for (const Route& route : InferenceRoutes()) AddRoute(route);
    AddHealth();
    AddDescription();
    return {{"openapi", "3.1.0"},
            {"info",
             {{"title", "Rectifier"},
              {"version", info_.version()},
              {"description", kIntroduction},
              {"license", {{"name", "Apache-2.0"}, {"identifier", "Apache-2.0"}}}}},
            {"security", {OrderedJson::object(), {{"token", OrderedJson::array()}}}},
            {"paths", std::move(paths_)},
            {"components", OpenApiComponents(schemas_.schemas(), info_.limits(), limits_)}};
  }

 private:
  void AddConnect(const ServiceDescriptor& service) {
    for (int i = 0; i < service.method_count(); ++i) {
      const MethodDescriptor& method = *service.method(i);
      if (method.client_streaming() || method.server_streaming()) continue;
      OrderedJson operation = {{"operationId", std::string(method.name())},
                               {"tags", {kServiceName}}};
      AddComment(CommentOn(method), &operation);
      operation["parameters"] = {
          Header("Connect-Protocol-Version", "The protocol's.", {{"const", "1"}}),
          Header("Connect-Timeout-Ms", "The deadline, in milliseconds from now.",
                 {{"type", "integer"}, {"minimum", 0}, {"maximum", 9'999'999'999}})};
      const OrderedJson request = schemas_.Refer(*method.input_type(), JsonStyle::kProtobuf),
                        reply = schemas_.Refer(*method.output_type(), JsonStyle::kProtobuf);
      operation["requestBody"] = {{"required", true}, {"content", BothCodecs(request)}};
      operation["responses"]["200"] = {{"description", "The reply."},
                                       {"content", BothCodecs(reply)}};
      AddErrors(kConnectError, &operation["responses"]);
      paths_[absl::StrCat("/", kServiceName, "/", std::string(method.name()))]["post"] =
          std::move(operation);
    }
  }

  static OrderedJson BothCodecs(const OrderedJson& schema) {
    OrderedJson content = ContentOf(kJson, schema);
    content.update(ContentOf(kProto, OrderedJson::object()));
    return content;
  }

  void AddRoute(const Route& route) {
    std::string path = "/v2";
    OrderedJson parameters = OrderedJson::array();
    for (const absl::string_view word : absl::StrSplit(route.path, '/', absl::SkipEmpty())) {
      if (word.front() != ':') {
        absl::StrAppend(&path, "/", word);
        continue;
      }
      absl::StrAppend(&path, "/{", word.substr(1), "}");
      parameters.push_back(PathParameter(std::string(word.substr(1))));
    }
    const std::string verb = absl::AsciiStrToLower(route.verb);
    OrderedJson operation = {{"operationId", IdOf(verb, path)}, {"tags", {kInferenceServiceName}}};
    const MethodDescriptor* const method =
        services_.Find(kInferenceServiceName).FindMethodByName(route.method);
    if (method != nullptr) AddComment(CommentOn(*method), &operation);
    if (!parameters.empty()) operation["parameters"] = std::move(parameters);
    AddBodies(route, method, &operation);
    AddErrors(kInferenceError, &operation["responses"]);
    paths_[path][verb] = std::move(operation);
  }

  static OrderedJson PathParameter(const std::string& name) {
    OrderedJson schema = {{"type", "string"}, {"minLength", 1}};
    if (name == "version") schema = {{"type", "string"}, {"enum", {"1"}}};
    return {{"name", name}, {"in", "path"}, {"required", true}, {"schema", schema}};
  }

  static std::string IdOf(const std::string& verb, const std::string& path) {
    std::string id = verb;
    for (const char character : path) {
      if (absl::ascii_isalnum(static_cast<unsigned char>(character))) {
        id += character;
      } else if (id.back() != '_') {
        id += '_';
      }
    }
    return id;
  }

  void AddBodies(const Route& route, const MethodDescriptor* method, OrderedJson* operation) {
    if (route.method == kInfer) return AddInfer(operation);
    if (route.form == Form::kNever) {
      (*operation)["x-unimplemented"] = true;
      (*operation)["responses"]["501"] = {
          {"$ref", absl::StrCat("#/components/responses/", kInferenceError)}};
      return;
    }
    if (route.has_body) {
      (*operation)["requestBody"]["content"] =
          ContentOf(kJson, schemas_.Refer(*method->input_type(), JsonStyle::kInference));
    }
    OrderedJson success = {{"description", "The reply."}};
    if (route.form != Form::kNothing) {
      success["content"] = ContentOf(kJson, ReplySchema(route.form, *method->output_type()));
    }
    (*operation)["responses"]["200"] = std::move(success);
  }

  OrderedJson ReplySchema(Form form, const google::protobuf::Descriptor& type) {
    if (form == Form::kWhole) return schemas_.Refer(type, JsonStyle::kInference);
    const auto& field = *type.field(0);
    const auto& element =
        field.is_map() ? *field.message_type()->map_value()->message_type() : *field.message_type();
    OrderedJson schema = schemas_.Refer(element, JsonStyle::kInference);
    if (form == Form::kField) return schema;
    return {{"type", "array"}, {"items", std::move(schema)}};
  }

  static void AddInfer(OrderedJson* operation) {
    static constexpr char kLength[] = "Inference-Header-Content-Length";
    const OrderedJson length = {{"type", "integer"}, {"minimum", 0}};
    (*operation)["parameters"].push_back(
        Header(kLength, "Bytes of JSON, behind which binary data stand.", length));
    OrderedJson request = ContentOf(kJson, ReferenceTo(kInferRequestSchema));
    request.update(ContentOf(kBinary, OrderedJson::object()));
    (*operation)["requestBody"] = {{"required", true}, {"content", std::move(request)}};
    OrderedJson response = ContentOf(kJson, ReferenceTo(kInferResponseSchema));
    response.update(ContentOf(kBinary, OrderedJson::object()));
    (*operation)["responses"]["200"] = {
        {"description", "The outputs; as binary data where they were asked for so."},
        {"headers", {{kLength, {{"schema", length}}}}},
        {"content", std::move(response)}};
  }

  void AddHealth() {
    AddHealthPath("/healthz", "Whether new callers get an answer",
                  ContentOf(kText, {{"type", "string"}}));
    AddHealthPath("/v2/health/live", "Whether the process answers",
                  ContentOf(kJson, Words("live")));
    AddHealthPath("/v2/health/ready", "Whether calls had better come",
                  ContentOf(kJson, Words("ready")));
  }

  void AddHealthPath(const char* path, const char* summary, OrderedJson content) {
    paths_[path]["get"] = {
        {"operationId", IdOf("get", path)},
        {"tags", {kHealth}},
        {"summary", summary},
        {"security", OrderedJson::array()},
        {"responses",
         {{"200", {{"description", "Yes."}, {"content", std::move(content)}}},
          {"503", {{"description", "No."}, {"content", ContentOf(kText, {{"type", "string"}})}}}}}};
  }

  void AddDescription() {
    OrderedJson& operation = paths_[kOpenApiPath]["get"];
    operation = {{"operationId", "get_openapi_json"},
                 {"tags", {kDescription}},
                 {"summary", "This document"}};
    operation["responses"]["200"] = {{"description", "OpenAPI 3.1."},
                                     {"content", ContentOf(kJson, {{"type", "object"}})}};
    AddErrors(kConnectError, &operation["responses"]);
  }

  const v1::GetServerInfoResponse& info_;
  const InferLimits& limits_;
  const Services services_;
  SchemaSet schemas_;
  OrderedJson paths_ = OrderedJson::object();
};

}  // namespace

std::string OpenApiDocument(const v1::GetServerInfoResponse& info, const InferLimits& limits) {
  return Builder(info, limits).Build().dump(1) + "\n";
}

}  // namespace rectifier::http
