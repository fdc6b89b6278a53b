// Shell completion, made of the definitions that --help shows.
#ifndef RECTIFIER_CLIENT_CPP_COMMAND_COMPLETION_SCRIPT_H_
#define RECTIFIER_CLIENT_CPP_COMMAND_COMPLETION_SCRIPT_H_

#include <string>

#include "absl/strings/string_view.h"
#include "client/cpp/command/definition.h"

namespace rectifier::client {

// A script for bash, zsh or fish. It asks the server for activations, where there is one.
std::string CompletionScript(absl::string_view shell, const ProgramDefinition& definition);

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_COMMAND_COMPLETION_SCRIPT_H_
