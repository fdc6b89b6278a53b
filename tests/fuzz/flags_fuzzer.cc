// Feeds the command line of rectifierd with arguments, one a line, and after a zero with a file of
// flags, which is at the place of each argument "@". See README.md.
#include <cstdint>
#include <string>
#include <vector>

#include "absl/flags/reflection.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "server/command_line.h"
#include "tests/fuzz/memory_file.h"
#include "tests/fuzz/require.h"

namespace rectifier {
namespace {

// --help and --version end the process, and a file may be a device that does not end.
bool HasHarmlessName(absl::string_view argument) {
  for (const char* const word : {"help", "version", "flagfile"}) {
    if (absl::StrContains(argument, word)) return false;
  }
  return true;
}

std::vector<std::string> ArgumentsOf(absl::string_view text, const std::string& file) {
  std::vector<std::string> arguments = {"rectifierd"};
  for (const absl::string_view line : absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    if (line == "@") {
      arguments.push_back("--flagfile=" + file);
    } else if (HasHarmlessName(line)) {
      arguments.emplace_back(line);
    }
  }
  return arguments;
}

void CheckLimits(const Options& options) {
  Require(options.Validate().ok(), "options that are taken are valid");
  const Limits& limits = options.limits;
#define RECTIFIER_CHECK(name, type, initial, least, most, help) \
  Require(limits.name >= (least) && limits.name <= (most), #name);
  RECTIFIER_LIMITS(RECTIFIER_CHECK)
#undef RECTIFIER_CHECK
}

}  // namespace
}  // namespace rectifier

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using rectifier::Require;
  static const rectifier::MemoryFile file;
  const absl::FlagSaver saver;
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  const std::vector<absl::string_view> parts = absl::StrSplit(text, absl::MaxSplits('\0', 1));
  std::string lines;
  if (parts.size() > 1) {
    for (const absl::string_view line : absl::StrSplit(parts[1], '\n')) {
      if (rectifier::HasHarmlessName(line)) lines += std::string(line) + "\n";
    }
  }
  file.Write(lines);
  std::vector<std::string> arguments = rectifier::ArgumentsOf(parts[0], file.path());
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  const auto options = rectifier::ParseCommandLine(static_cast<int>(argv.size()), argv.data());
  if (options.ok()) {
    rectifier::CheckLimits(*options);
  } else {
    Require(absl::IsInvalidArgument(options.status()), "a wrong flag is an invalid argument");
    Require(!options.status().message().empty(), "an error says what is wrong");
  }
  return 0;
}
