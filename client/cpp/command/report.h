// How the command ends: its exit code, and what it says about an error.
#ifndef RECTIFIER_CLIENT_CPP_COMMAND_REPORT_H_
#define RECTIFIER_CLIENT_CPP_COMMAND_REPORT_H_

#include <string>

#include "absl/status/status.h"

namespace rectifier::client {

// Scripts rely on these: they are listed in `rectifier --help` and README.md, and never renumbered.
enum class ExitCode {
  kOk = 0,
  kFailure = 1,          // anything not below
  kUsage = 2,            // the command line
  kInvalidArgument = 3,  // an input, name, parameter or path that is refused
  kUnavailable = 4,      // no server there, or it is shutting down
  kDeadlineExceeded = 5,
  kResourceExhausted = 6,  // the server is too busy, or a message too large for it
  kPermissionDenied = 7,
};

ExitCode ToExitCode(const absl::Status& status);

// Says on standard error what went wrong, with the field at fault and the server's reason, in a
// line for each fault.
void ReportError(const absl::Status& status, const std::string& target);

// Says what is wrong with the command line, and where to find help. `command` is "" where none was
// named.
void ReportUsageError(const std::string& problem, const std::string& command);

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_COMMAND_REPORT_H_
