// Core's errors in the words of the Open Inference Protocol.
#ifndef RECTIFIER_SERVER_INFERENCE_FIELD_NAMES_H_
#define RECTIFIER_SERVER_INFERENCE_FIELD_NAMES_H_

#include "absl/status/status.h"
#include "server/inference/infer_request.h"

namespace rectifier {

// `error`, which core's Bind gave for the evaluation of `request`, with the path that its field has
// in a ModelInferRequest: `inputs["upstream"]`, `parameters["beta"]`.
absl::Status InInferenceWords(const InferRequest& request, const absl::Status& error);

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_INFERENCE_FIELD_NAMES_H_
