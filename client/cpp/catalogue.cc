#include "client/cpp/catalogue.h"

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"

namespace rectifier::client {
namespace {

// Of an activation or a parameter.
template <class Description>
bool AnswersTo(const Description& description, const std::string& name) {
  return description.name() == name || absl::c_linear_search(description.aliases(), name);
}

}  // namespace

absl::StatusOr<v1::ActivationDescription> Describe(Client& client, const std::string& name,
                                                   const CallOptions& options) {
  absl::StatusOr<v1::ListActivationsResponse> list = client.ListActivations(options);
  if (!list.ok()) return list.status();
  for (v1::ActivationDescription& activation : *list->mutable_activations()) {
    if (AnswersTo(activation, name)) return std::move(activation);
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

}  // namespace rectifier::client
