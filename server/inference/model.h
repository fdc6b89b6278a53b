// Activations as models of the Open Inference Protocol: their names, inputs and outputs.
#ifndef RECTIFIER_SERVER_INFERENCE_MODEL_H_
#define RECTIFIER_SERVER_INFERENCE_MODEL_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/catalogue.h"
#include "core/element_type.h"
#include "core/spec.h"

namespace rectifier {

// The one version that every model has.
inline constexpr char kModelVersion[] = "1";

// The names of inputs and outputs.
inline constexpr absl::string_view kXInput = "x";
inline constexpr absl::string_view kGateInput = "gate";    // of a pair in two tensors
inline constexpr absl::string_view kValueInput = "value";  // likewise
inline constexpr absl::string_view kUpstreamInput = "upstream";
inline constexpr absl::string_view kValueOutput = "value";
inline constexpr absl::string_view kGradientOutput = "gradient";  // of a pair ".gate" and ".value"
inline constexpr absl::string_view kSecondDerivativeOutput = "second_derivative";
inline constexpr absl::string_view kParameterGradientOutput =
    "parameter_gradient.";  // and its name

// The activation by its name or an alias. `name_field` and `version_field` are what the caller
// calls what is given. Errors: NOT_FOUND, with what there is; INVALID_ARGUMENT for a name that
// cannot be one.
absl::StatusOr<const Activation*> FindModel(const Catalogue& catalogue, absl::string_view name,
                                            absl::string_view version, absl::string_view name_field,
                                            absl::string_view version_field);

// What may be asked for of an activation, by its output's name.
struct ModelOutput {
  std::string name;
  Quantity quantity = Quantity::kValue;
  size_t input = 0;             // of a gradient
  absl::string_view parameter;  // of a parameter gradient: its canonical name
};

// Its outputs, where gate and value are separate tensors or, for any other, where there is one
// input.
std::vector<ModelOutput> OutputsOf(const Activation& activation, bool two_inputs);

// The output that a caller means, who may name a parameter by an alias.
std::optional<ModelOutput> FindOutput(const Activation& activation, bool two_inputs,
                                      absl::string_view name);

// One input as metadata describe it.
struct ModelInput {
  absl::string_view name;
  ElementType type = ElementType::kFloat32;  // others are taken as well
  bool is_optional = false;
};
std::vector<ModelInput> InputsOf(const Activation& activation);

// The parameter of that name or alias, or null.
const Parameter* FindParameter(const Spec& spec, absl::string_view name);

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_INFERENCE_MODEL_H_
