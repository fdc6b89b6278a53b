// The tensors of a ModelInferRequest become core's views.
#ifndef RECTIFIER_SERVER_INFERENCE_INPUT_DECODER_H_
#define RECTIFIER_SERVER_INFERENCE_INPUT_DECODER_H_

#include "absl/status/status.h"
#include "core/evaluation.h"
#include "server/inference/infer_request.h"
#include "server/limits.h"

namespace rectifier {

// Sets the inputs, the upstream and those arguments that are tensors. Errors: INVALID_ARGUMENT,
// naming the input at fault.
absl::Status DecodeInputs(InferRequest& request, const Limits& limits, EvaluationRequest* decoded);

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_INFERENCE_INPUT_DECODER_H_
