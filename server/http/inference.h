// The Open Inference Protocol's paths: /v2/models/gelu/infer and its siblings, each of which is a
// method of inference.GRPCInferenceService.
#ifndef RECTIFIER_SERVER_HTTP_INFERENCE_H_
#define RECTIFIER_SERVER_HTTP_INFERENCE_H_

#include <memory>
#include <string>

#include "server/http/infer_request_json.h"
#include "server/http/message.h"

namespace rectifier::http {

// Whether `path` is one of them, or an error in their form is expected there.
bool IsInference(absl::string_view path);

// The methods of HTTP that are for one of them: "GET, HEAD"; empty where nothing is there.
std::string InferenceMethods(absl::string_view path);

Translation TranslateInference(const Head& head, const std::shared_ptr<const std::string>& body,
                               const InferLimits& limits);

// How many bytes at the front of the body are JSON: all, where the field
// Inference-Header-Content-Length does not say so. False where it is no number.
bool JsonBytes(const Head& head, size_t body_bytes, size_t* json_bytes);

}  // namespace rectifier::http

#endif  // RECTIFIER_SERVER_HTTP_INFERENCE_H_
