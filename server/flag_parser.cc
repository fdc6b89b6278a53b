#include "server/flag_parser.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>

#include "absl/flags/reflection.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "core/catalogue.h"
#include "server/byte_count.h"
#include "server/flag_error.h"

namespace rectifier {
namespace {

constexpr absl::string_view kFlagFile = "flagfile";
constexpr absl::string_view kHelp = "help";
constexpr absl::string_view kVersion = "version";
constexpr int kDeepestFlagFile = 8;  // files that name files; one may name itself
constexpr size_t kLineBytes = 80;

// What is allowed, of a flag that does not take what it was given.
std::string Allowed(const absl::CommandLineFlag& flag) {
  if (flag.IsOfType<bool>()) return "must be true or false";
  if (flag.IsOfType<absl::Duration>()) return "must be a duration, such as 500ms, 5s or 1h";
  if (flag.IsOfType<int>() || flag.IsOfType<int64_t>()) return "must be a whole number";
  return "cannot be read";
}

absl::Status Set(absl::CommandLineFlag* flag, const std::string& value) {
  ByteCount count;
  std::string problem = Allowed(*flag);
  std::string abseils;
  if (flag->IsOfType<ByteCount>() && !AbslParseFlag(value, &count, &problem)) {
    return FlagError(flag->Name(), value, problem);
  }
  if (!flag->ParseFrom(value, &abseils)) return FlagError(flag->Name(), value, problem);
  return absl::OkStatus();
}

// Adds `text` to `lines`, broken between words, each line after `indent` spaces.
void AddWrapped(absl::string_view text, size_t indent, std::string* lines) {
  size_t column = kLineBytes + 1;
  for (const absl::string_view word : absl::StrSplit(text, ' ', absl::SkipEmpty())) {
    const bool fits = column + 1 + word.size() <= kLineBytes;
    if (fits) {
      absl::StrAppend(lines, " ", word);
      column += 1 + word.size();
    } else {
      absl::StrAppend(lines, column > kLineBytes ? "" : "\n", std::string(indent, ' '), word);
      column = indent + word.size();
    }
  }
  absl::StrAppend(lines, "\n");
}

// An argument taken apart: --name or --name=value.
struct Written {
  std::string name;
  std::optional<std::string> value;
};

// nullopt where `argument` is no flag.
std::optional<Written> Read(absl::string_view argument) {
  if (!absl::ConsumePrefix(&argument, "-")) return std::nullopt;
  absl::ConsumePrefix(&argument, "-");
  if (argument.empty()) return std::nullopt;
  const std::vector<std::string> parts = absl::StrSplit(argument, absl::MaxSplits('=', 1));
  if (parts.size() == 1) return Written{.name = parts[0], .value = std::nullopt};
  return Written{.name = parts[0], .value = parts[1]};
}

std::string Unquoted(std::string text) {
  if (text.size() < 2 || text.front() != '"') return text;
  return text.substr(1, text.size() - 2);
}

}  // namespace

FlagParser::FlagParser(const std::function<bool(absl::string_view file)>& is_ours) {
  for (const auto& [name, flag] : absl::GetAllFlags()) {
    if (is_ours(flag->Filename())) flags_.push_back(flag);
  }
  std::sort(flags_.begin(), flags_.end(),
            [](const auto* a, const auto* b) { return a->Name() < b->Name(); });
}

absl::StatusOr<FlagParser::Wish> FlagParser::Parse(const std::vector<std::string>& arguments) {
  wish_ = Wish::kRun;
  if (const absl::Status status = ParseAll(arguments, 0); !status.ok()) return status;
  return wish_;
}

absl::Status FlagParser::ParseAll(const std::vector<std::string>& arguments, int depth) {
  Place place{.depth = depth};
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::optional<Written> written = Read(arguments[i]);
    if (!written.has_value()) {
      return absl::InvalidArgumentError(
          absl::StrFormat("\"%s\" given; there are only flags, see --help", arguments[i]));
    }
    std::string value = written->value.value_or("true");
    if (!written->value.has_value() && NeedsValue(written->name)) {
      if (++i == arguments.size()) {
        return absl::InvalidArgumentError(
            absl::StrFormat("--%s: a value is needed", written->name));
      }
      value = arguments[i];
    }
    if (absl::Status status = SetOne(written->name, value, &place); !status.ok()) return status;
  }
  return absl::OkStatus();
}

bool FlagParser::NeedsValue(absl::string_view name) const {
  const absl::CommandLineFlag* flag = Find(name);
  return name == kFlagFile || (flag != nullptr && !flag->IsOfType<bool>());
}

absl::Status FlagParser::SetOne(absl::string_view name, const std::string& value, Place* place) {
  if (name == kFlagFile) return ReadFlagFile(value, place->depth + 1);
  if (name == kHelp || name == kVersion) {
    wish_ = name == kHelp ? Wish::kHelp : Wish::kVersion;
    return absl::OkStatus();
  }
  if (absl::CommandLineFlag* flag = Find(name)) return SetOnce(flag, value, place);
  absl::string_view negated = name;
  absl::CommandLineFlag* flag = absl::ConsumePrefix(&negated, "no") ? Find(negated) : nullptr;
  const bool is_negation = flag != nullptr && flag->IsOfType<bool>() && value == "true";
  return is_negation ? SetOnce(flag, "false", place) : Unknown(name);
}

// Whoever gives a flag twice may not know of the first, as in a long line or a list that was put
// together; the second must not undo it silently.
absl::Status FlagParser::SetOnce(absl::CommandLineFlag* flag, const std::string& value,
                                 Place* place) {
  const auto [before, is_first] = place->values.emplace(flag->Name(), value);
  if (!is_first) {
    return FlagError(flag->Name(), value,
                     absl::StrFormat("it was given before, as \"%s\"", before->second));
  }
  given_.insert(std::string(flag->Name()));
  return Set(flag, value);
}

absl::Status FlagParser::ReadFlagFile(const std::string& path, int depth) {
  if (depth > kDeepestFlagFile) return FlagError(kFlagFile, path, "files name files too often");
  std::ifstream file(path);
  if (!file) return FlagError(kFlagFile, path, std::strerror(errno));
  std::vector<std::string> arguments;
  for (std::string line; std::getline(file, line);) {
    const absl::string_view stripped = absl::StripAsciiWhitespace(line);
    if (stripped.empty() || absl::StartsWith(stripped, "#")) continue;
    arguments.emplace_back(stripped);
  }
  if (file.bad()) return FlagError(kFlagFile, path, "cannot be read");
  return ParseAll(arguments, depth);
}

absl::CommandLineFlag* FlagParser::Find(absl::string_view name) const {
  for (absl::CommandLineFlag* flag : flags_) {
    if (flag->Name() == name) return flag;
  }
  return nullptr;
}

absl::Status FlagParser::Unknown(absl::string_view name) const {
  std::vector<absl::string_view> names = {kFlagFile, kHelp, kVersion};
  for (const absl::CommandLineFlag* flag : flags_) names.push_back(flag->Name());
  const absl::string_view nearest = NearestName(name, names);
  return absl::InvalidArgumentError(absl::StrFormat(
      "--%s: there is no such flag; %s", name,
      nearest.empty() ? "see --help" : absl::StrFormat("did you mean --%s?", nearest)));
}

std::string FlagParser::Help() const {
  std::string lines;
  const auto add = [&lines](const std::string& heading, absl::string_view text) {
    absl::StrAppend(&lines, "  ", heading, "\n");
    AddWrapped(text, 6, &lines);
  };
  for (const absl::CommandLineFlag* flag : flags_) {
    add(absl::StrFormat("--%s=%s", flag->Name(), Unquoted(flag->DefaultValue())), flag->Help());
  }
  add("--flagfile=PATH",
      "reads flags from a file, one a line; a line that begins with # is a comment");
  add("--help", "shows this");
  add("--version", "shows the version");
  return lines;
}

}  // namespace rectifier
