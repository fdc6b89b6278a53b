// What people type and read: numbers as text, short names, terminals, completion, interrupts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "client/cpp/files/npy.h"
#include "tests/client/cpp/command/command_fixture.h"

namespace rectifier::client {
namespace {

using CommandTextTest = CommandTest;

std::string Content(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST_F(CommandTextTest, EvalReadsNumbersFromStandardInput) {
  const CommandResult result = Run({"eval", "relu", "-i", "-"}, "-1 2 3\n");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out,
            "shape [3]\n"
            "INDEX  input  value\n"
            "    0     -1      0\n"
            "    1      2      2\n"
            "    2      3      3\n");
}

TEST_F(CommandTextTest, EvalReadsAndWritesCsv) {
  const std::string x = directory_.Write("x.csv", "-1,2\n3,-4\n");
  const CommandResult result = Run({"eval", "relu", "-i", x, "-o", directory_.File("y.csv")});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(Content(directory_.File("y.csv")), "0,2\n3,0\n");
  EXPECT_FALSE(Exists("y.csv.partial"));
}

TEST_F(CommandTextTest, EvalWritesSeveralResultsIntoSeveralFiles) {
  const CommandResult result = Run({"eval", "relu", "-q", "value,gradient", "-o",
                                    directory_.File("y.csv"), "--json", "--", "-1", "2"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(json::parse(result.out)["files"][1]["path"], directory_.File("y.gradient.csv"));
  EXPECT_EQ(Content(directory_.File("y.value.csv")), "0\n2\n");
  EXPECT_EQ(Content(directory_.File("y.gradient.csv")), "0\n1\n");
}

TEST_F(CommandTextTest, EvalWritesOneResultIntoTheNpyFileNamed) {
  const CommandResult result =
      Run({"eval", "relu", "-o", directory_.File("y.npy"), "--", "-1", "2"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(Read("y.npy").ToDoubles(), ElementsAre(0, 2));
}

TEST_F(CommandTextTest, StandardOutputHasTheFormatOfTheInput) {
  EXPECT_EQ(Run({"eval", "relu", "-i", "-", "-o", "-"}, "-1 2").out, "0\n2\n");
  EXPECT_EQ(Run({"eval", "relu", "-o", "-", "--", "-1", "2"}).out, "0\n2\n");
  const Tensor x = Tensor::FromVector<float>({-1, 2});
  EXPECT_EQ(Run({"eval", "relu", "-i", "-", "-o", "-"}, NpyText(x)).out,
            NpyText(Tensor::FromVector<float>({0, 2})));
}

TEST_F(CommandTextTest, TextTakesTheTypeOfTheInput) {
  const std::string x = Write("x.npy", Tensor::FromVector<float>({-1, 2}));
  const CommandResult result =
      Run({"eval", "relu", "-i", x, "-u", "-", "-q", "grad", "--json"}, "3 0.1");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const json gradient = json::parse(result.out)["results"]["gradient"];
  EXPECT_EQ(gradient["element_type"], "float32");
  EXPECT_EQ(gradient["values"][1].get<float>(), 0.1f);
}

TEST_F(CommandTextTest, EvalTakesShortNames) {
  const CommandResult result =
      Run({"eval", "gelu", "-q", "val,grad", "-tf32", "--json", "--", "1"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const json results = json::parse(result.out)["results"];
  EXPECT_EQ(results["gradient"]["element_type"], "float32");
  EXPECT_TRUE(results.contains("value"));
}

TEST_F(CommandTextTest, EvalGivesAllThatAnActivationOffers) {
  const json gelu = json::parse(Run({"eval", "gelu", "-q", "all", "--json", "--", "1"}).out);
  EXPECT_EQ(gelu["results"].size(), 3);
  const json swish = json::parse(Run({"eval", "swish", "-q", "all", "--json", "--", "1"}).out);
  EXPECT_TRUE(swish["results"].contains("parameter_gradient.beta")) << swish;
}

TEST_F(CommandTextTest, JsonHasTheInputAsItWasSent) {
  const CommandResult result =
      Run({"eval", "swiglu", "-i", "-", "-t", "bf16", "--json"}, "0.1 2\n3 4\n");
  const json input = json::parse(result.out)["inputs"][0];
  EXPECT_EQ(input["element_type"], "bfloat16");
  EXPECT_EQ(input["shape"], json({2, 2}));
  EXPECT_EQ(input["values"][0], 0.10009765625);
}

TEST_F(CommandTextTest, EndlessInputIsRefusedAtItsBeginning) {
  const CommandResult zeros = Run({"eval", "relu", "-i", "/dev/zero"});
  EXPECT_EQ(zeros.exit_code, 3);
  EXPECT_THAT(zeros.err, HasSubstr("/dev/zero: it is neither a .npy file"));
  const CommandResult after_array = testing::RunCommand(
      {"/bin/sh", "-c", "cat \"$0\" /dev/zero | \"$1\" eval relu -i - --target \"$2\"",
       Write("x.npy", Tensor::FromVector<float>({1})), RECTIFIER_COMMAND_PATH,
       server_->unix_target()});
  EXPECT_EQ(after_array.exit_code, 3);
  EXPECT_THAT(after_array.err, HasSubstr("standard input: "));
  const CommandResult numbers =
      testing::RunCommand({"/bin/sh", "-c", "yes 1 | \"$0\" eval relu -i - --target \"$1\"",
                           RECTIFIER_COMMAND_PATH, server_->unix_target()});
  EXPECT_EQ(numbers.exit_code, 3);
  EXPECT_THAT(numbers.err, HasSubstr("standard input: it is text of more than 64 MiB"));
}

TEST_F(CommandTextTest, ErrorsAreOneLineThatNamesOptionOrFile) {
  const std::string ragged = directory_.Write("ragged.csv", "1,2\n3\n");
  const std::string cube = Write("cube.npy", *Tensor::FromVector<float>({1}, {1, 1, 1}));
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
      {{"eval", "gelu", "--tpye", "f32"}, "eval: unknown option '--tpye'; did you mean '--type'?"},
      {{"desribe", "gelu"}, "did you mean 'describe'?"},
      {{"eval", "relu", "-q", "value,value", "--", "1"}, "--quantity: 'value' is given twice"},
      {{"eval", "relu", "-q", "all,value", "--", "1"}, "--quantity: 'all' stands alone"},
      {{"eval", "relu", "-q", "all", "-o", "-", "--", "1"}, "--output: - takes one result"},
      {{"eval", "relu", "--json", "-o", "-", "--", "1"}, "--output: - and --json both"},
      {{"list", "--kind", "row", "--color", "blue"}, "--color: 'blue' is not one of auto, always"},
      {{"eval", "relu", "-i", ragged}, "ragged.csv: line 2: rows are of one length"},
      {{"eval", "relu", "-i", cube, "-o", directory_.File("y.csv")}, "[1, 1, 1]"},
      {{"list", "frobnicate"}, "no activation has 'frobnicate'"},
      {{"info", "--target", "unix:" + directory_.File("no.sock")}, "no.sock"}};
  for (const auto& [arguments, message] : cases) {
    const CommandResult result = Run(arguments);
    EXPECT_NE(result.exit_code, 0) << message;
    EXPECT_THAT(result.err, HasSubstr(message));
    EXPECT_EQ(result.err.find('\n'), result.err.size() - 1) << result.err;
    EXPECT_THAT(result.out, IsEmpty());
  }
}

TEST_F(CommandTextTest, ListIsFilteredByTextAndKind) {
  EXPECT_THAT(Run({"list", "relu", "--names"}).out, StartsWith("relu\n"));
  EXPECT_THAT(Run({"list", "RELU", "--names"}).out, Not(HasSubstr("gelu\n")));
  const std::string pairs = Run({"list", "--kind", "pairs", "--names"}).out;
  EXPECT_THAT(pairs, HasSubstr("swiglu\n"));
  EXPECT_THAT(pairs, Not(HasSubstr("softmax\n")));
  EXPECT_EQ(json::parse(Run({"list", "--json", "--kind", "rows"}).out)["activations"][0]["kind"],
            "ACTIVATION_KIND_ROWS");
}

TEST_F(CommandTextTest, InfoShowsEveryLimit) {
  const json limits = json::parse(RunOn(*small_, {"info", "--json"}).out)["limits"];
  const std::string out = RunOn(*small_, {"info"}).out;
  for (const auto& [name, value] : limits.items()) EXPECT_THAT(out, HasSubstr("  " + name + " "));
}

TEST_F(CommandTextTest, OutputFitsTheTerminal) {
  const std::vector<std::vector<std::string>> cases = {
      {"list"},
      {"describe", "gelu"},
      {"describe", "softmax"},
      {"eval", "gelu", "-q", "all", "--", "0.1", "-0.3"},
      {"info"}};
  for (std::vector<std::string> arguments : cases) {
    for (int columns : {80, 120}) {
      std::vector<std::string> words = {RECTIFIER_COMMAND_PATH, "--target", server_->unix_target(),
                                        "--color", "never"};
      words.insert(words.end(), arguments.begin(), arguments.end());
      const std::string text = RunOnATerminal(words, columns);
      for (absl::string_view line : absl::StrSplit(text, '\n')) {
        EXPECT_LE(absl::StripSuffix(line, "\r").size(), columns) << line;
      }
    }
  }
}

TEST_F(CommandTextTest, ColorIsForTerminals) {
  const std::vector<std::string> list = {RECTIFIER_COMMAND_PATH, "list", "--target",
                                         server_->unix_target()};
  const auto with = [&list](std::vector<std::string> first, const std::string& color) {
    first.insert(first.end(), list.begin(), list.end());
    if (!color.empty()) first.push_back("--color=" + color);
    return first;
  };
  const std::string bold = "\033[1mNAME";
  const std::vector<std::string> terminal = {"/usr/bin/env", "-u", "NO_COLOR", "TERM=xterm"};
  EXPECT_THAT(RunOnATerminal(with(terminal, "")), HasSubstr(bold));
  EXPECT_THAT(RunOnATerminal(with(terminal, "never")), Not(HasSubstr("\033")));
  EXPECT_THAT(RunOnATerminal(with({"/usr/bin/env", "NO_COLOR=1"}, "")), Not(HasSubstr("\033")));
  EXPECT_THAT(testing::RunCommand(with({}, "")).out, Not(HasSubstr("\033")));
  EXPECT_THAT(testing::RunCommand(with({}, "always")).out, HasSubstr(bold));
}

// What bash offers when the words are these and the last is being typed.
std::string Completed(const std::string& words, const std::string& target) {
  return testing::RunCommand(
             {"/bin/bash", "-c",
              "PATH=${0%/*}:$PATH; source <(rectifier completion bash); "
              "COMP_WORDS=(" +
                  words +
                  "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); "
                  "export RECTIFIER_TARGET=$1; _rectifier; echo \"${COMPREPLY[*]}\"",
              RECTIFIER_COMMAND_PATH, target})
      .out;
}

TEST_F(CommandTextTest, BashCompletesCommandsOptionsAndActivations) {
  const std::string& target = server_->unix_target();
  EXPECT_EQ(Completed("rectifier ev", target), "eval\n");
  EXPECT_EQ(Completed("rectifier eval gelu --ty", target), "--type\n");
  EXPECT_EQ(Completed("rectifier eval gelu --tim", target), "--timeout\n");
  EXPECT_EQ(Completed("rectifier eval gelu -t f", target), "float16 float32 float64\n");
  EXPECT_EQ(Completed("rectifier eval gelu -q value,gr", target), "value,gradient\n");
  EXPECT_EQ(Completed("rectifier list --color = al", target), "always\n");
  EXPECT_EQ(Completed("rectifier describe squarep", target), "squareplus\n");
  EXPECT_EQ(Completed("rectifier completion z", target), "zsh\n");
}

TEST_F(CommandTextTest, BashCompletesTheActivationWhereverItStands) {
  const std::string& target = server_->unix_target();
  for (const char* words :
       {"rectifier eval -q value squarep", "rectifier eval --json squarep",
        "rectifier eval --type = f32 squarep", "rectifier eval -i x.npy --timeout 2s squarep",
        "rectifier --timeout 2s describe --color never squarep",
        "rectifier --color = never eval squarep", "rectifier --target eval eval squarep",
        "rectifier eval --timeout 1s -p unix : /x squarep"}) {
    EXPECT_EQ(Completed(words, target), "squareplus\n") << words;
  }
  EXPECT_EQ(Completed("rectifier --timeout 2s ev", target), "eval\n");
  EXPECT_EQ(Completed("rectifier help --color never ev", target), "eval\n");
  // Where it stands already, there is no second one.
  for (const char* words :
       {"rectifier eval gelu squarep", "rectifier eval gelu --json squarep",
        "rectifier eval elu alpha = 1 squarep", "rectifier eval -t float32 gelu squarep"}) {
    EXPECT_EQ(Completed(words, target), "\n") << words;
  }
}

// A file of zeros that takes no room, large enough to be interrupted.
std::string WriteZeros(const testing::TemporaryDirectory& directory) {
  constexpr int64_t kElements = int64_t{1} << 26;
  const std::string header = FormatNpyHeader(ElementType::kFloat16, {kElements});
  const std::string path = directory.Write("zeros.npy", header);
  EXPECT_EQ(truncate(path.c_str(), static_cast<off_t>(header.size() + 2 * kElements)), 0);
  return path;
}

TEST_F(CommandTextTest, InterruptLeavesNoPartialFile) {
  const std::string x = WriteZeros(directory_);
  for (int number : {SIGINT, SIGTERM, SIGPIPE}) {
    const pid_t child = testing::Spawn({RECTIFIER_COMMAND_PATH, "eval", "gelu", "-i", x, "-o",
                                        directory_.File("out"), "--target", server_->unix_target()},
                                       STDIN_FILENO, STDERR_FILENO, STDERR_FILENO);
    for (int i = 0; i < 300'000 && !Exists("out.value.npy.partial"); ++i) usleep(200);
    kill(child, number);
    EXPECT_EQ(testing::WaitForExit(child), 128 + number);
    EXPECT_FALSE(Exists("out.value.npy.partial"));
    EXPECT_FALSE(Exists("out.value.npy"));
  }
}

}  // namespace
}  // namespace rectifier::client
