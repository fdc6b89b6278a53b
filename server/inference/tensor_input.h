// One input of a ModelInfer, as a tensor or as an argument of the activation.
#ifndef RECTIFIER_SERVER_INFERENCE_TENSOR_INPUT_H_
#define RECTIFIER_SERVER_INFERENCE_TENSOR_INPUT_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "core/evaluation.h"
#include "core/tensor_view.h"
#include "server/inference/infer_request.h"
#include "server/limits.h"

namespace rectifier {

// Which one of the message's inputs it is.
struct InputPlace {
  int index = 0;
  size_t raw_before = 0;  // raw contents of inputs before it
};

// What x and what has its type must be. The view is of the request, or of copies that it keeps.
// Errors: INVALID_ARGUMENT, with the path of the field.
absl::StatusOr<TensorView> DecodeTensor(InferRequest& request, const InputPlace& place,
                                        const Limits& limits);

// An argument is in one piece, because it is read at random.
absl::StatusOr<Argument> DecodeTensorArgument(InferRequest& request, const InputPlace& place,
                                              const Limits& limits);

// "inputs[\"x\"]".
std::string PathOfInput(const InferRequest& request, int index);

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_INFERENCE_TENSOR_INPUT_H_
