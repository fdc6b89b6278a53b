#include "client/cpp/command/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <optional>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace rectifier::client {
namespace {

Color chosen_color = Color::kAuto;

absl::string_view Environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// The width of the terminal on standard output; nullopt where it is none.
std::optional<size_t> FindWidth() {
  if (!OutputGoesToTerminal()) return std::nullopt;
  size_t columns = 0;
  if (absl::SimpleAtoi(Environment("COLUMNS"), &columns) && columns > 0) return columns;
  winsize size = {};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return std::nullopt;
  return size.ws_col;
}

bool IsColored(int descriptor) {
  if (chosen_color != Color::kAuto) return chosen_color == Color::kAlways;
  return isatty(descriptor) == 1 && Environment("NO_COLOR").empty() &&
         Environment("TERM") != "dumb";
}

std::string Styled(absl::string_view style, absl::string_view text, int descriptor) {
  if (text.empty() || !IsColored(descriptor)) return std::string(text);
  return absl::StrCat("\033[", style, "m", text, "\033[0m");
}

}  // namespace

size_t TextWidth() {
  constexpr size_t kDefault = 80, kMost = 100;
  return std::min(FindWidth().value_or(kDefault), kMost);
}

size_t TableWidth() { return FindWidth().value_or(std::numeric_limits<size_t>::max()); }

bool OutputGoesToTerminal() { return isatty(STDOUT_FILENO) == 1; }

bool ErrorsGoToTerminal() { return isatty(STDERR_FILENO) == 1; }

void SetColor(Color color) { chosen_color = color; }

std::string Bold(absl::string_view text) { return Styled("1", text, STDOUT_FILENO); }

std::string Red(absl::string_view text) { return Styled("1;31", text, STDERR_FILENO); }

std::string Wrap(absl::string_view text, size_t indent, size_t width) {
  std::string wrapped;
  size_t column = indent;
  for (absl::string_view word : absl::StrSplit(text, ' ')) {
    if (!wrapped.empty() && column + 1 + word.size() > width) {
      absl::StrAppend(&wrapped, "\n", std::string(indent, ' '));
      column = indent;
    } else if (!wrapped.empty()) {
      wrapped += ' ';
      ++column;
    }
    absl::StrAppend(&wrapped, word);
    column += word.size();
  }
  return wrapped;
}

}  // namespace rectifier::client
