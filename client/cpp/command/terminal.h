// What the command knows of the terminal it writes to.
#ifndef RECTIFIER_CLIENT_CPP_COMMAND_TERMINAL_H_
#define RECTIFIER_CLIENT_CPP_COMMAND_TERMINAL_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace rectifier::client {

// Columns of the terminal on standard output; 100 where it is none.
size_t TerminalWidth();

// Whether standard error is a terminal, so that a person may be watching.
bool ErrorsGoToTerminal();

// `text` in red and bold, where standard error is a terminal that NO_COLOR does not forbid it.
std::string Red(absl::string_view text);

// `text` broken between words into lines of at most `width` columns, all but the first indented.
std::string Wrap(absl::string_view text, size_t indent, size_t width);

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_COMMAND_TERMINAL_H_
