// Schemas of the JSON that requests and responses of ModelInfer are over HTTP. It is not
// protobuf's: tensors stand in it as arrays (infer_request_json.h, infer_response_json.h).
#ifndef RECTIFIER_SERVER_HTTP_INFER_SCHEMAS_H_
#define RECTIFIER_SERVER_HTTP_INFER_SCHEMAS_H_

#include "nlohmann/json.hpp"
#include "server/http/infer_request_json.h"

namespace rectifier::http {

inline constexpr char kInferRequestSchema[] = "InferRequest";
inline constexpr char kInferResponseSchema[] = "InferResponse";

// These two, and those that they refer to, by name.
nlohmann::ordered_json InferSchemas(const InferLimits& limits);

}  // namespace rectifier::http

#endif  // RECTIFIER_SERVER_HTTP_INFER_SCHEMAS_H_
