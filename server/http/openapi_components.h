// What the paths of the OpenAPI document refer to: schemas, errors and tokens.
#ifndef RECTIFIER_SERVER_HTTP_OPENAPI_COMPONENTS_H_
#define RECTIFIER_SERVER_HTTP_OPENAPI_COMPONENTS_H_

#include <utility>

#include "rectifier/v1/activation.pb.h"
#include "server/http/infer_request_json.h"
#include "server/http/json_schema.h"

namespace rectifier::http {

inline constexpr char kJson[] = "application/json";

// Names of schemas, and of responses that have them.
inline constexpr char kConnectError[] = "ConnectError", kInferenceError[] = "InferenceError";

inline OrderedJson ContentOf(const char* type, OrderedJson schema) {
  return {{type, {{"schema", std::move(schema)}}}};
}

// `messages` are the schemas of the services' messages.
OrderedJson OpenApiComponents(const OrderedJson& messages, const v1::Limits& limits,
                              const InferLimits& infer_limits);

}  // namespace rectifier::http

#endif  // RECTIFIER_SERVER_HTTP_OPENAPI_COMPONENTS_H_
