// The command `rectifier`: activation functions from the shell. See README.md.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "client/cpp/command/application.h"
#include "client/cpp/command/report.h"
#include "client/cpp/command/signals.h"
#include "client/cpp/command/usage.h"
#include "proto/library_log.h"

namespace rectifier::client {
namespace {

absl::Status FlushOutput() {
  if (std::cout.flush()) return absl::OkStatus();
  return absl::DataLossError("cannot write to standard output");
}

// Reports an error, unless it is that nobody reads any more; the exit code.
ExitCode Conclude(const absl::Status& status, const std::string& target) {
  if (!status.ok() && !HasBrokenPipe()) ReportError(status, target);
  return ToExitCode(status);
}

// The words before `--`, held against the definitions, and parsed. Errors: an exit code, with what
// it says printed.
std::optional<ExitCode> Parse(CLI::App& app, std::vector<std::string> words, bool has_numbers) {
  if (const auto problem = FindUsageProblem(DefinitionOf(app), words)) {
    ReportUsageError(problem->message, problem->command);
    return ExitCode::kUsage;
  }
  std::string problem;
  try {
    std::reverse(words.begin(), words.end());  // as CLI11 takes them
    app.parse(words);
    if (!has_numbers || app.got_subcommand("eval")) return std::nullopt;
    problem = "nothing is expected behind --";
  } catch (const CLI::Success& help_or_version) {
    app.exit(help_or_version);
    return Conclude(FlushOutput(), "");
  } catch (const CLI::ParseError& error) {
    problem = error.what();
  }
  const auto chosen = app.get_subcommands();
  ReportUsageError(problem, chosen.empty() ? "" : chosen[0]->get_name());
  return ExitCode::kUsage;
}

absl::Status Run(const Action& action) {
  absl::Status status = action();
  return status.ok() ? FlushOutput() : status;
}

ExitCode RunCommand(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + std::max(argc, 1));
  // Behind `--` stand numbers; CLI11 would take -1 for an option.
  const auto dashes = std::find(words.begin(), words.end(), "--");
  const bool has_numbers = dashes != words.end();
  Application application({has_numbers ? dashes + 1 : dashes, words.end()});
  const auto ended = Parse(application.app(), {words.begin(), dashes}, has_numbers);
  if (ended.has_value()) return *ended;
  return Conclude(Run(application.action()), application.connection().target);
}

// The server says what is wrong with a request, and our own line why a call failed. Who asks gRPC
// to be talkative gets that.
void SilenceLibraries() {
  if (getenv("GRPC_VERBOSITY") != nullptr) return;
  HandleLibraryLog([](const char*, LibraryLogLevel, const std::string&) {});
}

}  // namespace
}  // namespace rectifier::client

int main(int argc, char** argv) {
  rectifier::client::SilenceLibraries();
  rectifier::client::RemovePartialFilesOnSignals();
  const auto exit_code = static_cast<int>(rectifier::client::RunCommand(argc, argv));
  rectifier::client::EndOfBrokenPipe();
  return exit_code;
}
