#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/cpp/command/choices.h"
#include "client/cpp/command/commands.h"
#include "client/cpp/command/completion_script.h"

namespace rectifier::client {

void AddCompletion(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand("completion", "Print the completion script of a shell");
  const auto shell = std::make_shared<std::string>();
  command
      ->add_option_function<std::string>(
          "SHELL",
          [shell](const std::string& name) {
            const auto shells = ChoicesOf("SHELL");
            *shell = std::string(shells[Choose("SHELL", name, shells)].name);
          },
          JoinChoices("SHELL"))
      ->required();
  command->footer(R"(Examples
  source <(rectifier completion bash)
  rectifier completion zsh > "${fpath[1]}/_rectifier"
  rectifier completion fish > ~/.config/fish/completions/rectifier.fish)");
  command->callback([&app, &action, shell] {
    action = [&app, shell] {
      std::cout << CompletionScript(*shell, DefinitionOf(app));
      return absl::OkStatus();
    };
  });
}

}  // namespace rectifier::client
