// What the command line may hold: help, suggestions, completion and manual from one definition.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "client/cpp/command/application.h"
#include "client/cpp/command/choices.h"
#include "client/cpp/command/completion_script.h"
#include "client/cpp/command/definition.h"
#include "client/cpp/command/help.h"
#include "client/cpp/command/man_page.h"
#include "client/cpp/command/suggestion.h"
#include "client/cpp/command/usage.h"

namespace rectifier::client {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

class CommandLineTest : public ::testing::Test {
 protected:
  // All options of all commands, with the program's own.
  std::vector<OptionDefinition> AllOptions() const {
    std::vector<OptionDefinition> options = definition_.program.options;
    for (const CommandDefinition& command : definition_.commands) {
      options.insert(options.end(), command.options.begin(), command.options.end());
    }
    return options;
  }

  std::string Problem(const std::vector<std::string>& words) const {
    const auto problem = FindUsageProblem(definition_, words);
    return problem.has_value() ? absl::StrCat(problem->command, "|", problem->message) : "";
  }

  Application application_{{}};
  const ProgramDefinition definition_ = DefinitionOf(application_.app());
};

TEST_F(CommandLineTest, KnowsCommandsOptionsAndPositionals) {
  EXPECT_THAT(definition_.CommandNames(),
              ::testing::IsSupersetOf({"list", "describe", "info", "eval", "completion", "man"}));
  EXPECT_EQ(definition_.Find("eval")->Usage(),
            "rectifier eval [OPTION...] ACTIVATION [PARAM=VALUE...]");
  EXPECT_EQ(definition_.Find("list")->Usage(), "rectifier list [OPTION...] [TEXT]");
  EXPECT_THAT(AllOptions(), SizeIs(::testing::Gt(20)));
}

TEST_F(CommandLineTest, SaysWhichWordIsWrongAndWhatWasMeant) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
      {{"eval", "gelu", "--tpye", "f32"}, "eval|unknown option '--tpye'; did you mean '--type'?"},
      {{"eval", "--quantiy=value"}, "eval|unknown option '--quantiy'; did you mean '--quantity'?"},
      {{"--tagret", "x", "info"}, "|unknown option '--tagret' before the command; did you mean "},
      {{"list", "--tagret", "x"}, "list|unknown option '--tagret'; did you mean '--target'?"},
      {{"eval", "-z"}, "eval|unknown option '-z'"},
      {{"eval", "gelu", "-1"}, "eval|'-1' is taken for an option; numbers of the input stand "},
      {{"eval", "gelu", "-.5"}, "eval|'-.5' is taken for an option"},
      {{"evla"}, "|unknown command 'evla'; the commands are list, describe, "},
      {{"evla"}, "did you mean 'eval'?"},
      {{"eval", "gelu", "--type"}, "eval|option --type needs a value: -t, --type TYPE"},
      {{"eval", "gelu", "--json=1"}, "eval|option --json takes no value; given: --json=1"},
      {{"eval", "gelu", "-p", "jax", "--preset=onnx"},
       "eval|option --preset is given twice: -p, --preset FRAMEWORK"},
      {{"eval", "gelu", "-tf32", "-t", "f64"}, "eval|option -t is given twice: -t, --type TYPE"},
      {{"list", "-k", "rows", "-k", "pairs"}, "list|option -k is given twice"},
      {{"eval", "gelu", "--output="}, "eval|option --output needs a value: -o, --output PATH"},
      {{"eval", "gelu", "-i", ""}, "eval|option -i needs a value: -i, --input FILE"},
      {{"--target=", "info"}, "|option --target needs a value: --target ADDRESS"},
      {{"describe", "a", "b"},
       "describe|'b' is one word too many; usage: rectifier describe [OPTION...] ACTIVATION"},
      {{"info", "x"}, "info|'x' is one word too many; usage: rectifier info [OPTION...]"},
      {{"list", "a", "--json", "b"}, "list|'b' is one word too many"},
      {{"describe"}, "describe|ACTIVATION is missing; usage: rectifier describe [OPTION...]"},
      {{"completion"}, "completion|SHELL is missing"},
      {{}, "|there is no command; the commands are list"},
      {{"--color", "always"}, "|there is no command"}};
  for (const auto& [words, message] : cases) {
    EXPECT_THAT(Problem(words), HasSubstr(message));
  }
}

TEST_F(CommandLineTest, TakesWhatIsRight) {
  const std::vector<std::vector<std::string>> cases = {
      {"eval", "gelu", "beta=-1", "-i", "-", "-tf32", "-q", "value,grad", "--json"},
      {"--target", "list", "info"},  // "list" is a value
      {"--target=-x", "info"},
      {"list", "relu", "--kind", "rows"},
      {"list"},
      {"eval", "swiglu", "alpha=1", "limit=2", "-i", "a", "-i", "b", "-q", "value", "-q", "grad"},
      {"--timeout", "1s", "--timeout", "2s", "eval", "gelu", "--json", "--json"},
      {"describe", "--help"},
      {"--help"},
      {"--version"},
      {"help", "eval"}};
  for (const auto& words : cases) EXPECT_EQ(Problem(words), "");
}

TEST_F(CommandLineTest, HelpFitsItsWidth) {
  for (const std::string& name : definition_.CommandNames()) {
    const CLI::App& command = *application_.app().get_subcommand(name);
    for (absl::string_view line :
         absl::StrSplit(FormatHelp(application_.app(), command, 80), '\n')) {
      EXPECT_LE(line.size(), 80) << line;
    }
  }
}

TEST_F(CommandLineTest, HelpNamesEveryOption) {
  for (const CommandDefinition& command : definition_.commands) {
    const std::string help =
        FormatHelp(application_.app(), *application_.app().get_subcommand(command.name), 80);
    for (const OptionDefinition& option : command.options) {
      EXPECT_THAT(help, HasSubstr(Signature(option)));
    }
    EXPECT_THAT(help, HasSubstr("--target ADDRESS"));
  }
}

TEST_F(CommandLineTest, ManualNamesEveryOptionAndCommand) {
  const std::string page = absl::StrReplaceAll(ManPage(definition_, "1.2.3"), {{"\\-", "-"}});
  for (const OptionDefinition& option : AllOptions()) {
    EXPECT_THAT(page, HasSubstr(absl::StrCat(".B ", Signature(option), "\n")));
  }
  for (const CommandDefinition& command : definition_.commands) {
    EXPECT_THAT(page, HasSubstr(absl::StrCat(".SS ", command.Usage(), "\n")));
  }
  EXPECT_THAT(page, HasSubstr("rectifier 1.2.3"));
}

TEST_F(CommandLineTest, CompletionNamesEveryOptionCommandAndChoice) {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const std::string script = CompletionScript(shell, definition_);
    for (const OptionDefinition& option : AllOptions()) {
      for (const std::string& name : option.names) {
        const bool is_long = absl::StartsWith(name, "--");
        const std::string in_fish = absl::StrCat(is_long ? "-l " : "-s ", name.substr(1 + is_long));
        EXPECT_THAT(script, HasSubstr(shell == std::string("fish") ? in_fish : name)) << shell;
      }
      for (const Choice& choice : ChoicesOf(option.placeholder)) {
        EXPECT_THAT(script, HasSubstr(std::string(choice.name))) << shell;
      }
    }
    for (const std::string& name : definition_.CommandNames()) {
      EXPECT_THAT(script, HasSubstr(name)) << shell;
    }
    EXPECT_THAT(script, HasSubstr("rectifier list --names"));
  }
}

TEST(ChooseTest, TakesNamesAliasesAndBeginnings) {
  const auto quantities = ChoicesOf("QUANTITY");
  EXPECT_EQ(quantities[Choose("-q", "grad", quantities)].name, "gradient");
  EXPECT_EQ(quantities[Choose("-q", "parameter_gradient", quantities)].name, "parameter_gradients");
  EXPECT_EQ(quantities[Choose("-q", "second", quantities)].name, "second_derivative");
  EXPECT_EQ(quantities[Choose("-q", "all", quantities)].name, "all");
  const auto types = ChoicesOf("TYPE");
  EXPECT_EQ(types[Choose("-t", "f16", types)].name, "float16");
  EXPECT_EQ(types[Choose("-t", "bf16", types)].name, "bfloat16");
  EXPECT_EQ(types[Choose("-t", "f32", types)].name, "float32");
  EXPECT_EQ(types[Choose("-t", "f64", types)].name, "float64");
  EXPECT_EQ(types[Choose("-t", "b", types)].name, "bfloat16");
}

TEST(ChooseTest, NamesAllChoicesAndTheNearest) {
  const auto types = ChoicesOf("TYPE");
  for (const char* given : {"f", "", "int8"}) {
    EXPECT_THROW(Choose("--type", given, types), CLI::ValidationError) << given;
  }
  try {
    Choose("--type", "flaot32", types);
    FAIL();
  } catch (const CLI::ValidationError& error) {
    EXPECT_STREQ(error.what(),
                 "--type: 'flaot32' is not one of float16, bfloat16, float32, float64; did you "
                 "mean 'float32'?");
  }
}

TEST(SuggestTest, NamesTheNearestOrNothing) {
  EXPECT_EQ(EditDistance("tpye", "type"), 1);
  EXPECT_EQ(EditDistance("kitten", "sitting"), 3);
  EXPECT_EQ(EditDistance("", "ab"), 2);
  EXPECT_EQ(Suggest("evla", {"list", "eval"}), "; did you mean 'eval'?");
  EXPECT_EQ(Suggest("desc", {"list", "describe"}), "; did you mean 'describe'?");
  EXPECT_EQ(Suggest("frobnicate", {"list", "eval"}), "");
  EXPECT_EQ(Suggest("-x", {"-q", "-i"}), "");
}

}  // namespace
}  // namespace rectifier::client
