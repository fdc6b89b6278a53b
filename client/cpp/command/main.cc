// The command `rectifier`: activation functions from the shell. See README.md.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "client/cpp/command/commands.h"
#include "client/cpp/command/connection.h"
#include "client/cpp/command/report.h"

namespace rectifier::client {
namespace {

constexpr char kDescription[] =
    "Evaluates neural-network activation functions, their gradients and parameter gradients, on a\n"
    "Rectifier server.";
constexpr char kFooter[] = R"(Examples
  rectifier list                              what there is
  rectifier describe gelu                     formula, parameters, conventions, accuracy
  rectifier eval gelu -- -1 0 1               a few numbers
  rectifier eval silu -i x.npy -q value,gradient -o out
                                              writes out.value.npy and out.gradient.npy
  rectifier eval --help                       all of eval

Exit codes
  0 done                       4 no server, or it is shutting down
  1 another failure            5 the timeout passed
  2 the command line is wrong  6 the server is too busy, or a message too large
  3 an input, name, parameter  7 not permitted
    or path is refused)";

// Parses the words before `--`. Errors: an exit code, with what it says printed.
std::optional<ExitCode> Parse(CLI::App& app, int argc, char** argv, bool has_numbers) {
  std::string problem;
  try {
    app.parse(argc, argv);
    if (!has_numbers || app.got_subcommand("eval")) return std::nullopt;
    problem = "nothing is expected behind --";
  } catch (const CLI::Success& help_or_version) {
    app.exit(help_or_version);
    return ExitCode::kOk;
  } catch (const CLI::ParseError& error) {
    problem = error.what();
  }
  const auto chosen = app.get_subcommands();
  const std::vector<std::string> unknown = app.remaining();
  if (chosen.empty() && !unknown.empty()) problem = unknown.front() + " is not a subcommand";
  ReportUsageError(problem, chosen.empty() ? "rectifier" : "rectifier " + chosen[0]->get_name());
  return ExitCode::kUsage;
}

absl::Status Run(const Action& action) {
  absl::Status status = action();
  if (status.ok() && !std::cout.flush()) {
    return absl::DataLossError("cannot write to standard output");
  }
  return status;
}

ExitCode RunCommand(int argc, char** argv) {
  CLI::App app(kDescription, "rectifier");
  Connection connection;
  Action action;
  // Behind `--` stand numbers; CLI11 would take -1 for an option.
  char** const dashes = std::find(argv, argv + argc, std::string("--"));
  const std::vector<std::string> numbers(std::min(dashes + 1, argv + argc), argv + argc);
  AddConnectionOptions(app, connection);
  app.set_version_flag("--version", "rectifier " RECTIFIER_VERSION);
  AddList(app, connection, action);
  AddDescribe(app, connection, action);
  AddInfo(app, connection, action);
  AddEval(app, connection, numbers, action);
  for (CLI::App* command : app.get_subcommands({})) command->fallthrough();
  app.require_subcommand(1);
  app.footer(kFooter);
  const auto ended = Parse(app, static_cast<int>(dashes - argv), argv, !numbers.empty());
  if (ended.has_value()) return *ended;
  const absl::Status status = Run(action);
  if (!status.ok()) ReportError(status, connection.target);
  return ToExitCode(status);
}

}  // namespace
}  // namespace rectifier::client

int main(int argc, char** argv) {
  return static_cast<int>(rectifier::client::RunCommand(argc, argv));
}
