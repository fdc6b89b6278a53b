#include "client/cpp/command/definition.h"

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace rectifier::client {
namespace {

constexpr char kProgram[] = "rectifier";

OptionDefinition DefinitionOf(const CLI::Option& option) {
  OptionDefinition definition;
  for (const std::string& name : option.get_snames()) definition.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) definition.names.push_back("--" + name);
  if (option.get_items_expected_max() > 0) definition.placeholder = option.get_type_name();
  if (definition.names.empty()) definition.placeholder = option.get_name();
  definition.description = option.get_description();
  definition.is_required = option.get_required();
  definition.is_repeated = option.get_expected_max() > 1;
  definition.may_repeat = definition.placeholder.empty() || definition.is_repeated ||
                          option.get_multi_option_policy() != CLI::MultiOptionPolicy::Throw;
  return definition;
}

CommandDefinition DefinitionOfCommand(const CLI::App& app) {
  CommandDefinition definition{.name = app.get_name(),
                               .summary = app.get_description(),
                               .options = {},
                               .positionals = {},
                               .footer = app.get_footer()};
  for (const CLI::Option* option : app.get_options()) {
    auto& list = option->nonpositional() ? definition.options : definition.positionals;
    list.push_back(DefinitionOf(*option));
  }
  return definition;
}

}  // namespace

bool OptionDefinition::Answers(absl::string_view name) const {
  return absl::c_linear_search(names, name);
}

std::string CommandDefinition::Usage() const {
  std::string usage = name == kProgram ? absl::StrCat(kProgram, " COMMAND [OPTION...]")
                                       : absl::StrCat(kProgram, " ", name, " [OPTION...]");
  for (const OptionDefinition& positional : positionals) {
    const std::string word =
        absl::StrCat(positional.placeholder, positional.is_repeated ? "..." : "");
    absl::StrAppend(&usage, " ", positional.is_required ? word : absl::StrCat("[", word, "]"));
  }
  return usage;
}

std::vector<std::string> ProgramDefinition::CommandNames() const {
  std::vector<std::string> names;
  for (const CommandDefinition& command : commands) names.push_back(command.name);
  return names;
}

const CommandDefinition* ProgramDefinition::Find(absl::string_view command) const {
  const auto found = absl::c_find_if(
      commands, [&](const CommandDefinition& candidate) { return candidate.name == command; });
  return found == commands.end() ? nullptr : &*found;
}

ProgramDefinition DefinitionOf(const CLI::App& app) {
  ProgramDefinition definition{.program = DefinitionOfCommand(app), .commands = {}};
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    definition.commands.push_back(DefinitionOfCommand(*command));
  }
  return definition;
}

std::string Signature(const OptionDefinition& option) {
  const std::string names = absl::StrJoin(option.names, ", ");
  if (names.empty()) return option.placeholder;
  return option.placeholder.empty() ? names : absl::StrCat(names, " ", option.placeholder);
}

}  // namespace rectifier::client
