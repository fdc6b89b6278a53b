// A request item on its way to a kernel: Bind checks it and fixes every shape, argument and range,
// so that running it cannot fail for a reason that the caller could be told.
#ifndef RECTIFIER_CORE_EVALUATION_H_
#define RECTIFIER_CORE_EVALUATION_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/catalogue.h"
#include "core/element_type.h"
#include "core/kernel.h"
#include "core/row_layout.h"
#include "core/spec.h"
#include "core/tensor_view.h"

namespace rectifier {

struct Argument {
  absl::string_view name;  // of a parameter, or an alias
  // A number, a tensor whose payload is whole, or a word.
  std::variant<double, TensorView, absl::string_view> value;
  std::optional<int64_t> axis;  // of a tensor of rank 1: the axis of the input it runs along
};

// "value", "gradient", "second_derivative", "parameter_gradient".
absl::string_view Name(Quantity quantity);

// What a caller asks for, in views that must outlive the Evaluation made of it.
struct EvaluationRequest {
  absl::string_view activation;
  absl::string_view preset;  // empty, or one of kFrameworks
  std::vector<Argument> arguments;
  std::vector<TensorView> inputs;  // one; or, for pairs, gate and value
  std::optional<TensorView> upstream;
  QuantitySet quantities = {Quantity::kValue};
  // Inputs and upstream have no payloads yet, and the upstream no shape: the Evaluation is for a
  // WindowedRun, which gets them piece by piece.
  bool payloads_follow = false;
};

// One tensor that an evaluation produces.
struct OutputDescription {
  Quantity quantity = Quantity::kValue;
  size_t index = 0;  // of the input (gradient) or of the parameter in the Spec (parameter gradient)
  // It is the input's type; that of a parameter gradient is the argument's: float64 for a number
  // and for a default.
  ElementType type = ElementType::kFloat64;
  Shape shape;
  size_t bytes = 0;
};

// Random numbers, one for each element: Uniform(seed, offset + index) of core/functions/philox.h.
struct Draws {
  uint64_t seed = 0;
  uint64_t offset = 0;
};

// A number, the index of a word, or a mask, as it meets the input.
struct BoundArgument {
  double number = 0;
  bool given = false;  // or else the default
  std::optional<TensorView> tensor;
  std::optional<Draws> draws;
  // How far one step along each dimension of the input (of row_shape, for a number of rows) moves
  // in a tensor, in elements; 0 where the tensor is broadcast.
  Shape strides;
};

// A request item that has been checked and bound to kernels. It is immutable, and runs any number
// of times.
struct Evaluation {
  const Activation* activation = nullptr;
  const ArrayKernels* arrays = nullptr;
  ElementType type = ElementType::kFloat64;
  absl::InlinedVector<TensorView, 2> inputs;
  std::optional<TensorView> upstream;
  // For elementwise and rows they are indexed by parameter of the Spec. For pairs they are the
  // parameters that are numbers, in declared order.
  std::vector<BoundArgument> arguments;

  // For rows, this is how they lie in the input.
  RowLayout rows;
  Shape row_shape;  // along axes: the input's with 1 in their place, one element for each row
  // For pairs, this is the input as [outer, length, inner] around the axis. Where gate and value
  // are separate tensors, all of it is `inner`.
  int64_t outer = 1;
  int64_t length = 1;
  int64_t inner = 1;
  // Whether the pairs lie in one tensor.
  bool gate_first = true;
  bool interleaved = false;

  // The shape of the value, whether or not it is asked for, and of the upstream.
  Shape output_shape;

  // What Run writes, in this order: value, gradients by input, second derivative, parameter
  // gradients by parameter. Only what was asked for is among them.
  std::vector<OutputDescription> outputs;

  // Elements of the input(s): the measure of the work.
  int64_t elements = 0;
};

// Checks `request` against the catalogue. Errors: INVALID_ARGUMENT with a FieldViolation
// (core/field_error.h) whose path is relative to the request: `activation.arguments["beta"]`.
absl::StatusOr<Evaluation> Bind(const Catalogue& catalogue, const EvaluationRequest& request);

}  // namespace rectifier

#endif  // RECTIFIER_CORE_EVALUATION_H_
