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

// Why there is no answer, and what mends it. The words are gRPC's.
std::string NoAnswer(absl::string_view message, const std::string& target) {
  if (absl::StrContains(message, "certificate verify failed")) {
    return absl::StrCat("the certificate of the server at ", target,
                        " is not trusted; --tls_ca names the authorities that are");
  }
  if (absl::StrContains(message, "is not in peer certificate")) {
    return absl::StrCat("the certificate of the server at ", target,
                        " is for another name; --tls_server_name says which one to expect (",
                        message, ")");
  }
  const std::string named = absl::StrCat(" (target ", target, ")");  // said once is enough
  return absl::StrCat("no answer from the server at ", target, " (",
                      absl::StripSuffix(message, named),
                      "); is rectifierd running? --target or RECTIFIER_TARGET name another, and "
                      "--tls_ca turns TLS on");
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
      PrintError(NoAnswer(status.message(), target));
      break;
    case absl::StatusCode::kUnauthenticated:
      PrintError(absl::StrCat(status.message(), "; --token_file or RECTIFIER_TOKEN give one"));
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
