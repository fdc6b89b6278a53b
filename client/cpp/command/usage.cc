#include "client/cpp/command/usage.h"

#include <set>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cpp/command/suggestion.h"

namespace rectifier::client {
namespace {

// "-" is standard input.
bool IsOption(absl::string_view word) { return word.size() > 1 && word[0] == '-'; }

bool IsNegativeNumber(absl::string_view word) {
  return word.size() > 1 && word[0] == '-' &&
         (absl::ascii_isdigit(static_cast<unsigned char>(word[1])) || word[1] == '.');
}

class WordCheck {
 public:
  WordCheck(const ProgramDefinition& definition, absl::Span<const std::string> words)
      : definition_(definition), words_(words) {}

  std::optional<UsageProblem> Run() {
    std::string problem;
    for (next_ = 0; next_ < words_.size() && problem.empty();) {
      const std::string& word = words_[next_++];
      if (IsOption(word)) {
        problem = CheckOption(word);
      } else {
        problem = command_ == nullptr ? CheckCommand(word) : CheckPositional(word);
      }
    }
    if (problem.empty() && !asks_) problem = command_ == nullptr ? NoCommand() : CheckComplete();
    if (problem.empty()) return std::nullopt;
    return UsageProblem{problem, command_ == nullptr ? "" : command_->name};
  }

 private:
  std::string NoCommand() const {
    return absl::StrCat("there is no command; the commands are ",
                        absl::StrJoin(definition_.CommandNames(), ", "));
  }

  std::string CheckCommand(const std::string& word) {
    command_ = definition_.Find(word);
    if (command_ != nullptr) return "";
    const std::vector<std::string> names = definition_.CommandNames();
    return absl::StrCat("unknown command '", word, "'; the commands are ",
                        absl::StrJoin(names, ", "), Suggest(word, names));
  }

  std::string CheckPositional(const std::string& word) {
    const std::vector<OptionDefinition>& positionals = command_->positionals;
    const bool is_due = positional_ < positionals.size() ||
                        (!positionals.empty() && positionals.back().is_repeated);
    ++positional_;
    if (is_due) return "";
    return absl::StrCat("'", word, "' is one word too many; usage: ", command_->Usage());
  }

  std::string CheckComplete() const {
    const std::vector<OptionDefinition>& positionals = command_->positionals;
    if (positional_ >= positionals.size() || !positionals[positional_].is_required) return "";
    return absl::StrCat(positionals[positional_].placeholder,
                        " is missing; usage: ", command_->Usage());
  }

  std::string CheckOption(const std::string& word) {
    const bool is_long = absl::StartsWith(word, "--");
    const size_t equals = is_long ? word.find('=') : std::string::npos;
    const std::string name = is_long ? word.substr(0, equals) : word.substr(0, 2);
    const OptionDefinition* option = Find(name);
    if (option == nullptr) return Unknown(is_long ? name : word);
    asks_ |= option->Answers("--help") || option->Answers("--version");
    if (!option->may_repeat && !given_.insert(option).second) {
      return absl::StrCat("option ", name, " is given twice: ", Signature(*option));
    }
    if (option->placeholder.empty()) {
      if (equals == std::string::npos) return "";
      return absl::StrCat("option ", name, " takes no value; given: ", word);
    }
    const std::string no_value =
        absl::StrCat("option ", name, " needs a value: ", Signature(*option));
    if (equals != std::string::npos) return equals + 1 < word.size() ? "" : no_value;
    if (!is_long && word.size() > 2) return "";
    if (next_ == words_.size() || words_[next_].empty()) return no_value;
    ++next_;
    return "";
  }

  const OptionDefinition* Find(absl::string_view name) const {
    for (const CommandDefinition* command : {command_, &definition_.program}) {
      if (command == nullptr) continue;
      for (const OptionDefinition& option : command->options) {
        if (option.Answers(name)) return &option;
      }
    }
    return nullptr;
  }

  std::string Unknown(const std::string& word) const {
    if (IsNegativeNumber(word)) {
      return absl::StrCat("'", word,
                          "' is taken for an option; numbers of the input stand behind --");
    }
    std::vector<std::string> known;
    for (const CommandDefinition* command : {command_, &definition_.program}) {
      if (command == nullptr) continue;
      for (const OptionDefinition& option : command->options) {
        known.insert(known.end(), option.names.begin(), option.names.end());
      }
    }
    return absl::StrCat("unknown option '", word, "'",
                        command_ == nullptr ? " before the command" : "", Suggest(word, known));
  }

  const ProgramDefinition& definition_;
  const absl::Span<const std::string> words_;
  size_t next_ = 0;
  const CommandDefinition* command_ = nullptr;
  size_t positional_ = 0;                         // how many have been given
  std::set<const OptionDefinition*> given_ = {};  // of those that may not be repeated
  bool asks_ = false;                             // for help or version, which need no command
};

}  // namespace

std::optional<UsageProblem> FindUsageProblem(const ProgramDefinition& definition,
                                             absl::Span<const std::string> words) {
  return WordCheck(definition, words).Run();
}

}  // namespace rectifier::client
