// The command `rectifier`: activation functions from the shell. See README.md.
#include <CLI/CLI.hpp>
#include <iostream>
#include <string>

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
  3 an input, name or          7 not permitted
    parameter is refused)";

int RunCommand(int argc, char** argv) {
  CLI::App app(kDescription, "rectifier");
  Connection connection;
  Action action;
  AddConnectionOptions(app, connection);
  app.set_version_flag("--version", "rectifier " RECTIFIER_VERSION);
  AddList(app, connection, action);
  AddDescribe(app, connection, action);
  AddInfo(app, connection, action);
  AddEval(app, connection, action);
  for (CLI::App* command : app.get_subcommands({})) command->fallthrough();
  app.require_subcommand(1);
  app.footer(kFooter);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& help_or_version) {
    return app.exit(help_or_version);
  } catch (const CLI::ParseError& error) {
    const auto chosen = app.get_subcommands();
    ReportUsageError(error.what(),
                     chosen.empty() ? "rectifier" : "rectifier " + chosen.front()->get_name());
    return static_cast<int>(ExitCode::kUsage);
  }
  absl::Status status = action();
  if (status.ok() && !std::cout.flush()) {
    status = absl::DataLossError("cannot write to standard output");
  }
  if (!status.ok()) ReportError(status, connection.target);
  return static_cast<int>(ToExitCode(status));
}

}  // namespace
}  // namespace rectifier::client

int main(int argc, char** argv) { return rectifier::client::RunCommand(argc, argv); }
