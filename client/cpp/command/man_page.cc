#include "client/cpp/command/man_page.h"

#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"

namespace rectifier::client {
namespace {

constexpr absl::string_view kEnvironment = R"(.SH ENVIRONMENT
.TP
.B RECTIFIER_TARGET
The server, where \-\-target names none.
.TP
.B RECTIFIER_TLS_CA, RECTIFIER_TLS_CERTIFICATE, RECTIFIER_TLS_KEY, RECTIFIER_TLS_SERVER_NAME
What the options of these names say, where they are not given.
.TP
.B RECTIFIER_TOKEN_FILE
The file of the token, where \-\-token_file names none.
.TP
.B RECTIFIER_TOKEN
The token itself, where no file of it is named.
.TP
.B NO_COLOR
No colour, where \-\-color does not ask for it.
.TP
.B COLUMNS
The width of the terminal, where it is not the terminal's own.
)";

// A line of text that roff takes for nothing else.
std::string Escaped(absl::string_view line) {
  const std::string escaped = absl::StrReplaceAll(line, {{"\\", "\\e"}, {"-", "\\-"}});
  const bool is_request = absl::StartsWith(line, ".") || absl::StartsWith(line, "'");
  return is_request ? "\\&" + escaped : escaped;
}

// Lines that stay as they are.
std::string Verbatim(const std::string& text) {
  if (text.empty()) return "";
  std::string page = ".PP\n.nf\n";
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    absl::StrAppend(&page, Escaped(line), "\n");
  }
  return page + ".fi\n";
}

std::string Entries(const std::vector<OptionDefinition>& options) {
  std::string page;
  for (const OptionDefinition& option : options) {
    absl::StrAppend(&page, ".TP\n.B ", Escaped(Signature(option)), "\n",
                    Escaped(option.description), "\n");
  }
  return page;
}

std::string Section(const CommandDefinition& command) {
  return absl::StrCat(".SS ", Escaped(command.Usage()), "\n", Escaped(command.summary), ".\n",
                      Entries(command.positionals), Entries(command.options),
                      Verbatim(command.footer));
}

}  // namespace

std::string ManPage(const ProgramDefinition& definition, absl::string_view version) {
  const CommandDefinition& program = definition.program;
  std::string page = absl::StrCat(
      ".TH RECTIFIER 1 \"\" \"rectifier ", version, "\" \"User Commands\"\n",
      ".SH NAME\nrectifier \\- activation functions and their gradients, by a Rectifier server\n",
      ".SH SYNOPSIS\n", Escaped(program.Usage()), "\n", ".SH DESCRIPTION\n",
      Escaped(program.summary), ".\n", ".SH COMMANDS\n");
  for (const CommandDefinition& command : definition.commands) page += Section(command);
  absl::StrAppend(&page, ".SH OPTIONS OF EVERY COMMAND\n", Entries(program.options), kEnvironment,
                  ".SH EXAMPLES AND EXIT CODES\n", Verbatim(program.footer));
  return page;
}

}  // namespace rectifier::client
