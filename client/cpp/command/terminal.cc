#include "client/cpp/command/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace rectifier::client {

size_t TerminalWidth() {
  constexpr size_t kDefault = 100;
  winsize size = {};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kDefault;
  return size.ws_col;
}

bool ErrorsGoToTerminal() { return isatty(STDERR_FILENO) == 1; }

std::string Red(absl::string_view text) {
  const char* no_color = std::getenv("NO_COLOR");  // no-color.org
  const bool forbidden = no_color != nullptr && no_color[0] != '\0';
  if (forbidden || !ErrorsGoToTerminal()) return std::string(text);
  return absl::StrCat("\033[1;31m", text, "\033[0m");
}

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
