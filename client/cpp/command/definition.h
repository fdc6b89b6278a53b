// What the command line may hold, read off the parser: help, the check of unknown options, shell
// completion and the man page are all made of this, so none of them can forget an option.
#ifndef RECTIFIER_CLIENT_CPP_COMMAND_DEFINITION_H_
#define RECTIFIER_CLIENT_CPP_COMMAND_DEFINITION_H_

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace rectifier::client {

struct OptionDefinition {
  std::vector<std::string> names;  // "-q", "--quantity"; of a positional none
  std::string placeholder;         // "TYPE"; of a flag empty
  std::string description;
  bool is_required = false;
  bool is_repeated = false;  // of a positional: it takes all words that follow
  bool may_repeat = false;   // of an option: it may be given again

  bool Answers(absl::string_view name) const;
};

struct CommandDefinition {
  std::string name;  // "eval"; of the program "rectifier"
  std::string summary;
  std::vector<OptionDefinition> options;
  std::vector<OptionDefinition> positionals;
  std::string footer;

  // "rectifier eval [OPTION...] NAME [PARAM=VALUE...]".
  std::string Usage() const;
};

struct ProgramDefinition {
  CommandDefinition program;  // with the options that may stand anywhere
  std::vector<CommandDefinition> commands;

  std::vector<std::string> CommandNames() const;
  const CommandDefinition* Find(absl::string_view command) const;
};

ProgramDefinition DefinitionOf(const CLI::App& app);

// "-q, --quantity LIST".
std::string Signature(const OptionDefinition& option);

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_COMMAND_DEFINITION_H_
