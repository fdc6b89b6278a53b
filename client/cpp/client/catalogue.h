// Finding an activation, and its parameters, in what the server lists.
#ifndef RECTIFIER_CLIENT_CPP_CLIENT_CATALOGUE_H_
#define RECTIFIER_CLIENT_CPP_CLIENT_CATALOGUE_H_

#include <string>

#include "absl/status/statusor.h"
#include "client/cpp/client/client.h"

namespace rectifier::client {

// The description of one activation, by name or alias, which may stand behind the module that it is
// known from (`torch.nn.ReLU`). Errors: those of a call; for an unknown
// name the server's own, which suggests the nearest one.
absl::StatusOr<v1::ActivationDescription> Describe(Client& client, const std::string& name,
                                                   const CallOptions& options = {});

// What the evaluation supplies for `parameter`, by name or alias, or null.
const Argument* FindArgument(const v1::ParameterDescription& parameter,
                             const Evaluation& evaluation);

// What its preset or its name for the activation chooses for `parameter`, or null.
const v1::Preset* FindPreset(const v1::ActivationDescription& activation,
                             const v1::ParameterDescription& parameter,
                             const Evaluation& evaluation);

// The number that the evaluation has for `parameter`. It is the evaluation's own, or else the one
// that its preset or its name for the activation chooses, or else the default.
double FindNumber(const v1::ActivationDescription& activation,
                  const v1::ParameterDescription& parameter, const Evaluation& evaluation);

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_CLIENT_CATALOGUE_H_
