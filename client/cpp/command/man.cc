#include <iostream>

#include "client/cpp/command/commands.h"
#include "client/cpp/command/definition.h"
#include "client/cpp/command/man_page.h"

namespace rectifier::client {

void AddMan(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand("man", "Print the manual page");
  command->footer(R"(Examples
  rectifier man | man -l -)");
  command->callback([&app, &action] {
    action = [&app] {
      std::cout << ManPage(DefinitionOf(app), RECTIFIER_VERSION);
      return absl::OkStatus();
    };
  });
}

}  // namespace rectifier::client
