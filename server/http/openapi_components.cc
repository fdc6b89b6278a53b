#include "server/http/openapi_components.h"

#include <cstdint>
#include <string>

#include "server/http/error_response.h"
#include "server/http/infer_schemas.h"

namespace rectifier::http {
namespace {

OrderedJson ConnectErrorSchema() {
  return {{"type", "object"},
          {"required", {"code", "message"}},
          {"properties",
           {{"code", {{"type", "string"}, {"enum", ConnectCodes()}}},
            {"message", {{"type", "string"}}},
            {"details",
             {{"type", "array"},
              {"items",
               {{"type", "object"},
                {"required", {"type", "value"}},
                {"properties",
                 {{"type", {{"type", "string"}, {"description", "A message of google.rpc."}}},
                  {"value", {{"type", "string"}, {"contentEncoding", "base64"}}},
                  {"debug", {{"type", "object"}, {"description", "The same, to be read."}}}}}}}}}}},
          {"additionalProperties", false}};
}

void SetLimits(const v1::Limits& limits, OrderedJson* schemas) {
  const auto set = [schemas](const char* type, const char* field, uint64_t most) {
    (*schemas)[std::string("rectifier.v1.") + type]["properties"][field]["maxItems"] = most;
  };
  set("EvaluateRequest", "tensors", limits.max_tensors());
  set("EvaluateRequest", "evaluations", limits.max_evaluations());
  set("Tensor", "shape", limits.max_rank());
}

}  // namespace

OrderedJson OpenApiComponents(const OrderedJson& messages, const v1::Limits& limits,
                              const InferLimits& infer_limits) {
  OrderedJson schemas = InferSchemas(infer_limits);
  schemas.update(messages);
  SetLimits(limits, &schemas);
  schemas[kConnectError] = ConnectErrorSchema();
  schemas[kInferenceError] = {{"type", "object"},
                              {"required", {"error"}},
                              {"properties", {{"error", {{"type", "string"}}}}},
                              {"additionalProperties", false}};
  OrderedJson responses;
  for (const char* name : {kConnectError, kInferenceError}) {
    responses[name] = {{"description", "An error, whose message names the field at fault."},
                       {"headers",
                        {{"Retry-After",
                          {{"description", "In seconds, where another try makes sense."},
                           {"schema", {{"type", "integer"}}}}}}},
                       {"content", ContentOf(kJson, ReferenceTo(name))}};
  }
  return {{"schemas", std::move(schemas)},
          {"responses", std::move(responses)},
          {"securitySchemes",
           {{"token",
             {{"type", "http"},
              {"scheme", "bearer"},
              {"description", "Where the server asks for tokens."}}}}}};
}

}  // namespace rectifier::http
