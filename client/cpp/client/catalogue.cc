#include "client/cpp/client/catalogue.h"

#include <string>
#include <utility>
#include <variant>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "core/qualified_name.h"

namespace rectifier::client {
namespace {

// Whether `name` is the name or an alias of an activation or a parameter.
template <class Description>
bool AnswersTo(const Description& description, const std::string& name) {
  return description.name() == name || absl::c_linear_search(description.aliases(), name);
}

}  // namespace

absl::StatusOr<v1::ActivationDescription> Describe(Client& client, const std::string& name,
                                                   const CallOptions& options) {
  absl::StatusOr<v1::ListActivationsResponse> list = client.ListActivations(options);
  if (!list.ok()) return list.status();
  for (const std::string& called : {name, std::string(Qualify(name).name)}) {
    for (v1::ActivationDescription& activation : *list->mutable_activations()) {
      if (AnswersTo(activation, called)) return std::move(activation);
    }
  }
  // The server, which knows the nearest name, refuses an evaluation with this one.
  const Evaluation unknown{.activation = name, .inputs = {Tensor::FromVector<double>({})}};
  const absl::Status refusal = client.Evaluate(unknown, options).status();
  if (!refusal.ok()) return refusal;
  return absl::InternalError(absl::StrCat("the server does not list ", name));
}

const Argument* FindArgument(const v1::ParameterDescription& parameter,
                             const Evaluation& evaluation) {
  for (const auto& [name, argument] : evaluation.arguments) {
    if (AnswersTo(parameter, name)) return &argument;
  }
  return nullptr;
}

const v1::Preset* FindPreset(const v1::ActivationDescription& activation,
                             const v1::ParameterDescription& parameter,
                             const Evaluation& evaluation) {
  const QualifiedName full = Qualify(evaluation.activation);
  const absl::string_view framework =
      evaluation.preset.empty() ? full.framework : absl::string_view(evaluation.preset);
  const v1::Preset* best = nullptr;
  int best_fit = 0;
  for (const v1::Preset& preset : activation.presets()) {
    if (preset.parameter() != parameter.name() || preset.has_tensor_axis()) continue;
    const int fit = FitOf(preset.framework(), preset.names(), framework, full.name);
    if (fit <= best_fit) continue;
    best = &preset;
    best_fit = fit;
  }
  return best;
}

double FindNumber(const v1::ActivationDescription& activation,
                  const v1::ParameterDescription& parameter, const Evaluation& evaluation) {
  if (const Argument* argument = FindArgument(parameter, evaluation)) {
    if (const auto* number = std::get_if<double>(&argument->value)) return *number;
    const auto* tensor = std::get_if<Tensor>(&argument->value);
    if (tensor != nullptr && tensor->size() == 1) return (*tensor)[0];
  }
  const v1::Preset* const preset = FindPreset(activation, parameter, evaluation);
  return preset == nullptr ? parameter.default_number() : preset->number();
}

}  // namespace rectifier::client
