// The words of a command line, held against what it may hold, before the parser sees them: the
// parser knows an option or does not, and this knows which one was meant.
#ifndef RECTIFIER_CLIENT_CPP_COMMAND_USAGE_H_
#define RECTIFIER_CLIENT_CPP_COMMAND_USAGE_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "client/cpp/command/definition.h"

namespace rectifier::client {

struct UsageProblem {
  std::string message;
  std::string command;  // "eval", or "" where none was found
};

// What is wrong with the words behind the program's name and before `--`; nullopt where commands
// and options are known, options have their values, and no word is missing or too many.
std::optional<UsageProblem> FindUsageProblem(const ProgramDefinition& definition,
                                             absl::Span<const std::string> words);

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_COMMAND_USAGE_H_
