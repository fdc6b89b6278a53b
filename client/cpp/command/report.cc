#include "client/cpp/command/report.h"

#include <iostream>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "client/cpp/client/error.h"
#include "client/cpp/command/terminal.h"

namespace rectifier::client {
namespace {

// The command sends one evaluation, so its index says nothing.
constexpr absl::string_view kOnlyEvaluation = "evaluations[0].";

void PrintError(absl::string_view problem) {
  std::cerr << "rectifier: " << Red("error:") << " " << problem << "\n";
}

}  // namespace

ExitCode ToExitCode(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return ExitCode::kOk;
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kOutOfRange:
    case absl::StatusCode::kFailedPrecondition:
      return ExitCode::kInvalidArgument;
    case absl::StatusCode::kUnavailable:
      return ExitCode::kUnavailable;
    case absl::StatusCode::kDeadlineExceeded:
      return ExitCode::kDeadlineExceeded;
    case absl::StatusCode::kResourceExhausted:
      return ExitCode::kResourceExhausted;
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kUnauthenticated:
      return ExitCode::kPermissionDenied;
    default:
      return ExitCode::kFailure;
  }
}

void ReportError(const absl::Status& status, const std::string& target) {
  const std::vector<FieldViolation> violations = GetFieldViolations(status);
  for (const FieldViolation& violation : violations) {
    PrintError(absl::StrCat(absl::StripPrefix(violation.field, kOnlyEvaluation), ": ",
                            violation.description));
  }
  if (!violations.empty()) return;
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:
      PrintError(
          absl::StrCat("no answer from the server at ", target, " (", status.message(),
                       "); is rectifierd running? --target or RECTIFIER_TARGET name another"));
      break;
    case absl::StatusCode::kDeadlineExceeded:
      PrintError(absl::StrCat("the server at ", target,
                              " did not answer in time; --timeout gives it longer"));
      break;
    default:
      PrintError(status.message());
  }
}

void ReportUsageError(const std::string& problem, const std::string& command) {
  const std::string path = command.empty() ? "rectifier" : "rectifier " + command;
  PrintError(
      absl::StrCat(command, command.empty() ? "" : ": ", problem, " (see ", path, " --help)"));
}

}  // namespace rectifier::client
