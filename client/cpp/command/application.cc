#include "client/cpp/command/application.h"

#include <iostream>
#include <memory>

#include "absl/strings/str_cat.h"
#include "client/cpp/command/choices.h"
#include "client/cpp/command/definition.h"
#include "client/cpp/command/help.h"
#include "client/cpp/command/suggestion.h"
#include "client/cpp/command/terminal.h"

namespace rectifier::client {
namespace {

constexpr char kDescription[] =
    "Evaluates neural-network activation functions, their gradients and parameter gradients, on a "
    "Rectifier server";
constexpr char kExamples[] = R"(Examples
  rectifier list                      what there is
  rectifier describe gelu             formula, parameters, conventions, accuracy
  rectifier eval gelu -- -1 0 1       a few numbers
  echo 1 2 3 | rectifier eval gelu -i -
  rectifier eval silu -i x.npy -q value,gradient -o out
                                      writes out.value.npy and out.gradient.npy
  rectifier eval --help               all of eval

Exit codes
  0 done                       4 no server, or it is shutting down
  1 another failure            5 the timeout passed
  2 the command line is wrong  6 the server is too busy, or a message too large
  3 an input, name, parameter  7 not permitted
    or path is refused)";

void AddColorOption(CLI::App& app) {
  app.add_option_function<std::string>(
         "--color",
         [](const std::string& when) {
           SetColor(static_cast<Color>(Choose("--color", when, ChoicesOf("WHEN"))));
         },
         absl::StrCat(JoinChoices("WHEN"), "; auto: on a terminal, unless NO_COLOR is set [auto]"))
      ->type_name("WHEN")
      ->take_last();
}

}  // namespace

void AddHelp(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand("help", "Show the help of a command");
  const auto name = std::make_shared<std::string>();
  command->add_option("COMMAND", *name, "One of the commands; without one, the help of them all");
  command->callback([&app, &action, name] {
    const ProgramDefinition definition = DefinitionOf(app);
    if (!name->empty() && definition.Find(*name) == nullptr) {
      throw CLI::ValidationError(
          absl::StrCat("unknown command '", *name, "'", Suggest(*name, definition.CommandNames())));
    }
    action = [&app, name] {
      const CLI::App& about = name->empty() ? app : *app.get_subcommand(*name);
      std::cout << FormatHelp(app, about, TextWidth());
      return absl::OkStatus();
    };
  });
}

Application::Application(const std::vector<std::string>& numbers)
    : app_(kDescription, "rectifier") {
  // This comes before the commands, which inherit it.
  app_.formatter_fn([this](const CLI::App* chosen, const std::string&, CLI::AppFormatMode) {
    return FormatHelp(app_, *chosen, TextWidth());
  });
  app_.set_help_flag("-h,--help", "Show this help");
  app_.set_version_flag("--version", "rectifier " RECTIFIER_VERSION, "Show the version");
  AddConnectionOptions(app_, connection_);
  AddColorOption(app_);
  AddList(app_, connection_, action_);
  AddDescribe(app_, connection_, action_);
  AddInfo(app_, connection_, action_);
  AddEval(app_, connection_, numbers, action_);
  AddCompletion(app_, action_);
  AddMan(app_, action_);
  AddHelp(app_, action_);
  for (CLI::App* command : app_.get_subcommands({})) command->fallthrough();
  app_.require_subcommand(1);
  app_.footer(kExamples);
}

}  // namespace rectifier::client
