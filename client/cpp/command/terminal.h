// What the command knows of the terminal it writes to.
#ifndef RECTIFIER_CLIENT_CPP_COMMAND_TERMINAL_H_
#define RECTIFIER_CLIENT_CPP_COMMAND_TERMINAL_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace rectifier::client {

// Columns for text that is read line by line: those of the terminal on standard output (COLUMNS
// where that is set, but at most 100), and 80 where it is none.
size_t TextWidth();

// Columns for a table: those of the terminal, and any number where there is none, so that a program
// that reads the table finds one line for each row.
size_t TableWidth();

// Whether standard output is a terminal, which shows text alone.
bool OutputGoesToTerminal();

// Whether standard error is a terminal, so that a person may be watching.
bool ErrorsGoToTerminal();

enum class Color { kAuto, kAlways, kNever };

// Sets what Bold and Red do from now on. Until it is called that is kAuto: colour on a terminal,
// unless the environment has NO_COLOR (no-color.org) or TERM=dumb.
void SetColor(Color color);

// `text` in bold, for standard output.
std::string Bold(absl::string_view text);

// `text` in red and bold, for standard error.
std::string Red(absl::string_view text);

// `text` broken between words into lines of at most `width` columns, all but the first indented.
std::string Wrap(absl::string_view text, size_t indent, size_t width);

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_COMMAND_TERMINAL_H_
