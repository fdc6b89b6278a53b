// The command line of rectifierd. Flags are defined in command_line.cc, limits.h and
// security_options.cc; --flagfile=PATH reads them from a file, one per line.
#ifndef RECTIFIER_SERVER_COMMAND_LINE_H_
#define RECTIFIER_SERVER_COMMAND_LINE_H_

#include "absl/status/statusor.h"
#include "server/options.h"

namespace rectifier {

// Reads flags and flag files. Prints and exits for --help and --version. Errors: those of
// Options::Validate, and of flags that do not exist or cannot be read.
absl::StatusOr<Options> ParseCommandLine(int argc, char** argv);

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_COMMAND_LINE_H_
