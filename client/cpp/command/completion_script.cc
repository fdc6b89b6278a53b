#include "client/cpp/command/completion_script.h"

#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "client/cpp/command/choices.h"

namespace rectifier::client {
namespace {

constexpr char kActivations[] = "$(rectifier list --names --timeout 2s 2>/dev/null)";

bool IsFile(absl::string_view placeholder) {
  return placeholder == "FILE" || placeholder == "PATH";
}

std::vector<std::string> NamesOf(const std::vector<OptionDefinition>& options) {
  std::vector<std::string> names;
  for (const OptionDefinition& option : options) {
    names.insert(names.end(), option.names.begin(), option.names.end());
  }
  return names;
}

// The words that may stand for the placeholder, with blanks between; those of the server are a
// substitution that every shell here understands. "" where anything may stand.
std::string WordsOf(absl::string_view placeholder, const ProgramDefinition& definition) {
  if (placeholder == "ACTIVATION") return kActivations;
  if (placeholder == "COMMAND") return absl::StrJoin(definition.CommandNames(), " ");
  std::vector<absl::string_view> names;
  for (const Choice& choice : ChoicesOf(placeholder)) names.push_back(choice.name);
  return absl::StrJoin(names, " ");
}

// What stands right behind the command.
std::string FirstWordsOf(const CommandDefinition& command, const ProgramDefinition& definition) {
  if (command.positionals.empty()) return "";
  return WordsOf(command.positionals.front().placeholder, definition);
}

// "eval:-t | eval:--type"; any command matches "*".
std::string BashPattern(const std::string& command, const OptionDefinition& option) {
  return absl::StrJoin(option.names, " | ", [&](std::string* out, const std::string& name) {
    absl::StrAppend(out, command, ":", name);
  });
}

// Cases such as "    eval:-t | eval:--type) words="float16 ..." ;;".
std::string BashValues(const std::string& command, const std::vector<OptionDefinition>& options,
                       const ProgramDefinition& definition) {
  std::string cases;
  for (const OptionDefinition& option : options) {
    if (option.placeholder.empty()) continue;
    const std::string words = WordsOf(option.placeholder, definition);
    absl::StrAppend(&cases, "    ", BashPattern(command, option), ") ",
                    words.empty() ? "return" : absl::StrCat("words=\"", words, "\""), " ;;\n");
  }
  return cases;
}

// The pattern of all options that take a value.
std::string BashTakers(const ProgramDefinition& definition) {
  std::vector<std::string> patterns;
  const auto add = [&](const std::string& command, const std::vector<OptionDefinition>& options) {
    for (const OptionDefinition& option : options) {
      if (!option.placeholder.empty()) patterns.push_back(BashPattern(command, option));
    }
  };
  add("*", definition.program.options);
  for (const CommandDefinition& command : definition.commands) add(command.name, command.options);
  return absl::StrJoin(patterns, " | ");
}

std::string BashScript(const ProgramDefinition& definition) {
  std::string values = BashValues("*", definition.program.options, definition);
  std::string commands;
  for (const CommandDefinition& command : definition.commands) {
    absl::StrAppend(&values, BashValues(command.name, command.options, definition));
    absl::StrAppend(&commands, "      ", command.name, ") options=\"",
                    absl::StrJoin(NamesOf(command.options), " "), "\"; first=\"",
                    FirstWordsOf(command, definition), "\" ;;\n");
  }
  constexpr char kScript[] =
      R"(# Completion of rectifier in bash. `rectifier completion bash` prints it.
_rectifier() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
  local word command= words= options= first= begun is_value= has_first=
  COMPREPLY=()
  # --color=always is three words to bash.
  if [[ $current == = ]]; then
    current=
  elif [[ $previous == = ]]; then
    previous=${COMP_WORDS[COMP_CWORD-2]}
  fi
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    if [[ $word =~ ^[=:]+$ ]]; then  # bash breaks words there
      is_value=1
    elif [[ $is_value ]]; then
      is_value=
    elif [[ $word == -* ]]; then
      case $command:$word in $TAKERS) is_value=1 ;; esac
    elif [[ -z $command ]]; then
      command=$word
    else
      has_first=1
    fi
  done
  # The value of an option; bash itself completes the names of files.
  case $command:$previous in
$VALUES  esac
  if [[ -z $words ]]; then
    case $command in
$COMMANDS      '') first="$ALL" ;;
    esac
    if [[ $current == -* ]]; then
      words="$options $EVERYWHERE"
    elif [[ -z $has_first ]]; then
      words=$first
    fi
  fi
  begun=${current%"${current##*,}"}
  mapfile -t COMPREPLY < <(compgen -P "$begun" -W "$words" -- "${current##*,}")
}
complete -o bashdefault -o default -F _rectifier rectifier
)";
  return absl::StrReplaceAll(
      kScript, {{"$TAKERS", BashTakers(definition)},
                {"$VALUES", values},
                {"$COMMANDS", commands},
                {"$ALL", absl::StrJoin(definition.CommandNames(), " ")},
                {"$EVERYWHERE", absl::StrJoin(NamesOf(definition.program.options), " ")}});
}

std::string InSingleQuotes(absl::string_view text) {
  return absl::StrCat("'", absl::StrReplaceAll(text, {{"'", "'\\''"}}), "'");
}

// "'*'{-t,--type}'[Round ...]:TYPE:(float16 ...)' \".
std::string ZshOption(const OptionDefinition& option, const ProgramDefinition& definition) {
  std::vector<std::string> spellings;  // "-t+" and "--type=" may have their value in the same word
  for (const std::string& name : option.names) {
    const absl::string_view mark = absl::StartsWith(name, "--") ? "=" : "+";
    spellings.push_back(absl::StrCat(name, option.placeholder.empty() ? "" : mark));
  }
  const std::string names =
      spellings.size() == 1 ? spellings[0] : absl::StrCat("{", absl::StrJoin(spellings, ","), "}");
  std::string rest = absl::StrCat(
      "[", absl::StrReplaceAll(option.description, {{"[", "\\["}, {"]", "\\]"}, {":", "\\:"}}),
      "]");
  if (!option.placeholder.empty()) {
    const std::string words = WordsOf(option.placeholder, definition);
    absl::StrAppend(&rest, ":", option.placeholder, ":",
                    IsFile(option.placeholder) ? "_files"
                    : words.empty()            ? ""
                                               : absl::StrCat("(", words, ")"));
    if (option.placeholder == "QUANTITY") {
      rest = absl::StrReplaceAll(
          rest, {{absl::StrCat("(", words, ")"), absl::StrCat("_values -s , quantity ", words)}});
    }
  }
  return absl::StrCat("    '*'", names, InSingleQuotes(rest), " \\\n");
}

std::string ZshPositional(const OptionDefinition& positional, const ProgramDefinition& definition) {
  const std::string words = WordsOf(positional.placeholder, definition);
  const std::string action = !words.empty()           ? absl::StrCat("(", words, ")")
                             : positional.is_repeated ? "_files"
                                                      : "";
  // The words are in double quotes where the shell is to ask the server.
  const std::string text =
      absl::StrCat(positional.is_repeated ? "*:" : ":", positional.placeholder, ":", action);
  return absl::StrCat("    \"", text, "\" \\\n");
}

std::string ZshArguments(const CommandDefinition& command, const ProgramDefinition& definition) {
  std::string lines = "  _arguments -S \\\n";
  for (const OptionDefinition& option : command.options) lines += ZshOption(option, definition);
  for (const OptionDefinition& option : definition.program.options) {
    if (option.Answers("--help") || option.Answers("--version")) continue;
    lines += ZshOption(option, definition);
  }
  for (const OptionDefinition& positional : command.positionals) {
    lines += ZshPositional(positional, definition);
  }
  lines.resize(lines.size() - 3);  // the last line goes on no further
  return lines + "\n";
}

std::string ZshScript(const ProgramDefinition& definition) {
  std::string script =
      "#compdef rectifier\n"
      "# Completion of rectifier in zsh. `rectifier completion zsh` prints it.\n\n";
  std::string commands, cases;
  for (const CommandDefinition& command : definition.commands) {
    absl::StrAppend(&script, "_rectifier_", command.name, "() {\n",
                    ZshArguments(command, definition), "}\n\n");
    absl::StrAppend(&commands, "    ", InSingleQuotes(command.name + ":" + command.summary), "\n");
  }
  std::string options;
  for (const OptionDefinition& option : definition.program.options) {
    options += ZshOption(option, definition);
  }
  return absl::StrCat(script, R"(_rectifier_commands() {
  local -a commands=(
)",
                      commands, R"(  )
  _describe command commands
}

_rectifier() {
  local line state
  _arguments -C \
)",
                      options, R"(    '1: :_rectifier_commands' \
    '*:: :->rest'
  if [[ $state == rest ]] && (( $+functions[_rectifier_$line[1]] )); then
    _rectifier_$line[1]
  fi
}

_rectifier "$@"
)");
}

// "complete -c rectifier CONDITION -s t -l type -x -a '...' -d '...'".
std::string FishOption(const std::string& condition, const OptionDefinition& option,
                       const ProgramDefinition& definition) {
  std::string line = absl::StrCat("complete -c rectifier", condition);
  for (absl::string_view name : option.names) {
    const bool is_long = absl::ConsumePrefix(&name, "--");
    if (!is_long) absl::ConsumePrefix(&name, "-");
    absl::StrAppend(&line, is_long ? " -l " : " -s ", name);
  }
  if (IsFile(option.placeholder)) {
    line += " -r -F";
  } else if (!option.placeholder.empty()) {
    line += " -x";
    const std::string words = WordsOf(option.placeholder, definition);
    if (!words.empty()) absl::StrAppend(&line, " -a ", InSingleQuotes(words));
  }
  return absl::StrCat(line, " -d ", InSingleQuotes(option.description), "\n");
}

std::string FishScript(const ProgramDefinition& definition) {
  std::string script =
      "# Completion of rectifier in fish. `rectifier completion fish` prints it.\n"
      "complete -c rectifier -f\n";
  for (const OptionDefinition& option : definition.program.options) {
    script += FishOption("", option, definition);
  }
  for (const CommandDefinition& command : definition.commands) {
    absl::StrAppend(&script, "complete -c rectifier -n __fish_use_subcommand -a ", command.name,
                    " -d ", InSingleQuotes(command.summary), "\n");
    const std::string condition =
        absl::StrCat(" -n '__fish_seen_subcommand_from ", command.name, "'");
    for (const OptionDefinition& option : command.options) {
      if (!option.Answers("--help")) script += FishOption(condition, option, definition);
    }
    const std::string first = FirstWordsOf(command, definition);
    if (first.empty()) continue;
    absl::StrAppend(&script, "complete -c rectifier", condition, " -a ", InSingleQuotes(first),
                    "\n");
  }
  return script;
}

}  // namespace

std::string CompletionScript(absl::string_view shell, const ProgramDefinition& definition) {
  if (shell == "bash") return BashScript(definition);
  return shell == "zsh" ? ZshScript(definition) : FishScript(definition);
}

}  // namespace rectifier::client
