// The outputs that a ModelInferRequest asks for.
#ifndef RECTIFIER_SERVER_INFERENCE_OUTPUT_SELECTION_H_
#define RECTIFIER_SERVER_INFERENCE_OUTPUT_SELECTION_H_

#include "absl/status/status.h"
#include "core/evaluation.h"
#include "server/inference/infer_request.h"

namespace rectifier {

// Sets the quantities, after the inputs are there. Errors: INVALID_ARGUMENT, naming the output at
// fault.
absl::Status DecodeOutputs(InferRequest& request, EvaluationRequest* decoded);

// Leaves those outputs of `evaluation` that were asked for, in that order. Errors: INVALID_ARGUMENT
// where one comes only of an argument that is not given.
absl::Status SelectOutputs(const InferRequest& request, Evaluation* evaluation);

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_INFERENCE_OUTPUT_SELECTION_H_
