#include "client/cpp/command/help.h"

#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "client/cpp/command/definition.h"
#include "client/cpp/command/table.h"
#include "client/cpp/command/terminal.h"

namespace rectifier::client {
namespace {

// Signatures that are longer have their description on a line of its own.
constexpr size_t kSignatureWidth = 26;

class Help {
 public:
  explicit Help(size_t width) : width_(width) {}

  void AddText(absl::string_view text) { absl::StrAppend(&text_, Wrap(text, 0, width_), "\n"); }

  void AddList(absl::string_view title, const std::vector<OptionDefinition>& options) {
    if (options.empty()) return;
    absl::StrAppend(&text_, "\n", Bold(title), "\n");
    for (const OptionDefinition& option : options) AddEntry(Signature(option), option.description);
  }

  void AddCommands(const std::vector<CommandDefinition>& commands) {
    absl::StrAppend(&text_, "\n", Bold("Commands"), "\n");
    for (const CommandDefinition& command : commands) AddEntry(command.name, command.summary);
  }

  void AddFooter(const std::string& footer) {
    if (!footer.empty()) absl::StrAppend(&text_, "\n", footer, "\n");
  }

  std::string text() const { return text_; }

 private:
  void AddEntry(const std::string& signature, const std::string& description) {
    constexpr size_t kIndent = 2 + kSignatureWidth + 2;
    std::string line = "  " + signature;
    if (signature.size() > kSignatureWidth) line += "\n";
    const size_t column = signature.size() > kSignatureWidth ? 0 : line.size();
    line.append(kIndent - column, ' ');
    absl::StrAppend(&text_, line, Wrap(description, kIndent, width_), "\n");
  }

  const size_t width_;
  std::string text_;
};

}  // namespace

std::string FormatHelp(const CLI::App& app, const CLI::App& chosen, size_t width) {
  const ProgramDefinition definition = DefinitionOf(app);
  const CommandDefinition* command = definition.Find(chosen.get_name());
  const CommandDefinition& about = command == nullptr ? definition.program : *command;
  Help help(width);
  help.AddText(about.summary + ".");
  help.AddText("Usage: " + about.Usage());
  if (command == nullptr) help.AddCommands(definition.commands);
  help.AddList("Arguments", about.positionals);
  help.AddList("Options", about.options);
  if (command != nullptr) {
    std::vector<OptionDefinition> everywhere;
    for (const OptionDefinition& option : definition.program.options) {
      if (!option.Answers("--help") && !option.Answers("--version")) everywhere.push_back(option);
    }
    help.AddList("Options of every command", everywhere);
  }
  help.AddFooter(about.footer);
  return help.text();
}

}  // namespace rectifier::client
