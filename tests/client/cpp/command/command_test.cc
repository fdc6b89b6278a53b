// The command `rectifier` as a subprocess, against the real server.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <numeric>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/client/cpp/command/command_fixture.h"

namespace rectifier::client {
namespace {

TEST_F(CommandTest, ListShowsActivationsWithParameters) {
  const CommandResult result = Run({"list"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, StartsWith("NAME"));
  EXPECT_THAT(result.out, HasSubstr("negative_slope=0.01"));
  EXPECT_THAT(result.out, HasSubstr("gate=first"));
}

TEST_F(CommandTest, ListPrintsJson) {
  const json list = json::parse(Run({"list", "--json"}).out);
  EXPECT_GT(list["activations"].size(), 30);
  EXPECT_EQ(list["activations"][0]["kind"], "ACTIVATION_KIND_ELEMENTWISE");
}

TEST_F(CommandTest, DescribeShowsWhatAnActivationIs) {
  const CommandResult result = Run({"describe", "LeakyReLU"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  for (const char* part : {"leaky_relu: ", "formula", "Piecewise(", "conventions", "source",
                           "negative_slope", "0.01", "PRESET", "WORST ERROR (ULP)", "bfloat16"}) {
    EXPECT_THAT(result.out, HasSubstr(part));
  }
}

TEST_F(CommandTest, DescribePrintsJson) {
  EXPECT_EQ(json::parse(Run({"describe", "gelu", "--json"}).out)["name"], "gelu");
}

TEST_F(CommandTest, DescribeSuggestsTheNearestName) {
  const CommandResult result = Run({"describe", "gelo"});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.err, HasSubstr("rectifier: error: activation.name: "));
  EXPECT_THAT(result.err, HasSubstr("\"gelu\""));
}

TEST_F(CommandTest, InfoShowsServerAndLimits) {
  const CommandResult result = RunOn(*small_, {"info"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("64 KiB"));
  EXPECT_EQ(json::parse(RunOn(*small_, {"info", "--json"}).out)["limits"]["max_message_bytes"],
            "65536");
}

TEST_F(CommandTest, EvalTakesNumbersAfterTwoDashes) {
  const CommandResult result =
      Run({"eval", "relu", "-q", "value,gradient", "--", "-1", "-.5", "2"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out,
            "shape [3]\n"
            "INDEX  input  value  gradient\n"
            "    0     -1      0         0\n"
            "    1   -0.5      0         0\n"
            "    2      2      2         1\n");
}

TEST_F(CommandTest, EvalTakesNumbersThatAreNone) {
  const CommandResult result = Run({"eval", "identity", "--json", "--", "nan", "inf", "-inf"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(json::parse(result.out)["results"]["value"]["values"],
            json::array({"NaN", "Infinity", "-Infinity"}));
}

TEST_F(CommandTest, EvalPrintsJson) {
  const CommandResult result = Run({"eval", "leaky_relu", "negative_slope=0.5", "--json", "-q",
                                    "value,parameter_gradients", "--", "-2", "2"});
  const json output = json::parse(result.out);
  EXPECT_EQ(output["activation"], "leaky_relu");
  EXPECT_EQ(output["inputs"],
            json::array({{{"element_type", "float64"}, {"shape", {2}}, {"values", {-2, 2}}}}));
  EXPECT_EQ(output["results"]["value"],
            json({{"element_type", "float64"}, {"shape", {2}}, {"values", {-1, 2}}}));
  EXPECT_EQ(output["results"]["parameter_gradient.negative_slope"]["values"], json({-2}));
}

TEST_F(CommandTest, EvalWritesAFileForEachQuantity) {
  const std::string x = Write("x.npy", *Tensor::FromVector<float>({-1, 2, -3, 4}, {2, 2}));
  const std::string upstream = Write("g.npy", *Tensor::FromVector<float>({1, 1, 2, 2}, {2, 2}));
  const std::string weight = Write("w.npy", Tensor::FromVector<double>({0.5, 2}));
  const CommandResult result =
      Run({"eval", "prelu", "weight=@" + weight + ":1", "-i", x, "-u", upstream, "-q",
           "value,gradient,second_derivative,parameter_gradients", "-o", directory_.File("out")});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("out.parameter_gradient.weight.npy"));
  EXPECT_EQ(Read("out.value.npy").type(), ElementType::kFloat32);
  EXPECT_THAT(Read("out.value.npy").shape(), ElementsAre(2, 2));
  EXPECT_THAT(Read("out.value.npy").ToDoubles(), ElementsAre(-0.5, 2, -1.5, 4));
  EXPECT_THAT(Read("out.gradient.npy").ToDoubles(), ElementsAre(0.5, 1, 1, 2));
  EXPECT_THAT(Read("out.second_derivative.npy").ToDoubles(), ElementsAre(0, 0, 0, 0));
  EXPECT_EQ(Read("out.parameter_gradient.weight.npy").type(), ElementType::kFloat64);
  EXPECT_THAT(Read("out.parameter_gradient.weight.npy").ToDoubles(), ElementsAre(-7, 0));
}

TEST_F(CommandTest, EvalNamesItsFilesInJson) {
  const CommandResult result =
      Run({"eval", "relu", "-o", directory_.File("out"), "--json", "--", "1"});
  const json files = json::parse(result.out)["files"];
  ASSERT_EQ(files.size(), 1);
  EXPECT_EQ(files[0]["path"], directory_.File("out.value.npy"));
  EXPECT_EQ(files[0]["shape"], json({1}));
}

TEST_F(CommandTest, EvalReadsStandardInput) {
  const std::string x = NpyText(Tensor::FromVector<float>({-1, 2}));
  const CommandResult result = Run({"eval", "relu", "--input", "-", "--json"}, x);
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(json::parse(result.out)["results"]["value"]["values"], json({0, 2}));
}

TEST_F(CommandTest, EvalTakesAPairInTwoFiles) {
  const std::string value = Write("value.npy", Tensor::FromVector<float>({6, 8}));
  const std::string gate = Write("gate.npy", Tensor::FromVector<float>({0, 0}));
  const CommandResult result = Run({"eval", "glu", "gate=second", "-i", value, "-i", gate, "-q",
                                    "value,gradient", "-o", directory_.File("out")});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(Read("out.value.npy").ToDoubles(), ElementsAre(3, 4));
  EXPECT_THAT(Read("out.gradient.0.npy").ToDoubles(), ElementsAre(0.5, 0.5));
  EXPECT_THAT(Read("out.gradient.1.npy").ToDoubles(), ElementsAre(1.5, 2));
}

TEST_F(CommandTest, EvalConvertsToEveryType) {
  for (ElementType type : kAllElementTypes) {
    const std::string name(Name(type).data(), Name(type).size());
    const CommandResult result =
        Run({"eval", "identity", "--type", name, "-o", directory_.File(name), "--", "0.1", "-1e6"});
    ASSERT_EQ(result.exit_code, 0) << result.err;
    const Tensor value = Read(name + ".value.npy");
    EXPECT_EQ(value.type(), type);
    const Tensor rounded = Tensor::FromVector<double>({0.1, -1e6}).As(type);
    EXPECT_EQ(value.bytes(), rounded.bytes()) << name;
  }
}

TEST_F(CommandTest, DescribeSaysWhatAPresetMeans) {
  EXPECT_THAT(Run({"describe", "gelu"}).out, ::testing::ContainsRegex("jax +gelu_tanh"));
}

TEST_F(CommandTest, EvalAppliesAPreset) {
  const CommandResult result = Run({"eval", "prelu", "--preset", "keras", "--json", "--", "-1"});
  EXPECT_EQ(json::parse(result.out)["results"]["value"]["values"], json({0.0})) << result.err;
}

TEST_F(CommandTest, EvalOfABigFileIsThatOfASmallOne) {
  std::vector<float> elements(50 * 2000);
  std::iota(elements.begin(), elements.end(), -50000.0f);
  for (float& element : elements) element /= 5000;
  const std::string x = Write("x.npy", *Tensor::FromVector(std::move(elements), {50, 2000}));
  const std::vector<std::string> arguments = {"eval", "softmax", "axis=0",         "-i", x, "-u",
                                              x,      "-q",      "value,gradient", "-o"};
  std::vector<std::string> whole = arguments;
  whole.push_back(directory_.File("whole"));
  std::vector<std::string> pieces = arguments;
  pieces.push_back(directory_.File("pieces"));
  ASSERT_EQ(RunOn(*server_, whole).exit_code, 0);
  const CommandResult result = RunOn(*small_, pieces);
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.err, IsEmpty()) << "no progress bar where there is no terminal";
  for (const char* quantity : {"value", "gradient"}) {
    EXPECT_EQ(Read(std::string("pieces.") + quantity + ".npy").bytes(),
              Read(std::string("whole.") + quantity + ".npy").bytes());
  }
}

TEST_F(CommandTest, EvalShowsProgressOnATerminal) {
  const std::string x = Write("x.npy", Tensor::FromVector(std::vector<float>(100'000)));
  const std::string text =
      RunOnATerminal({RECTIFIER_COMMAND_PATH, "--target", small_->unix_target(), "eval", "relu",
                      "-i", x, "-o", directory_.File("out")});
  EXPECT_THAT(text, HasSubstr("of 100000 elements"));
  EXPECT_THAT(text, HasSubstr("100 %"));
}

TEST_F(CommandTest, EvalThatFailsHalfwayLeavesNoFiles) {
  std::vector<double> slopes(100'000, 0.5);
  slopes.back() = std::numeric_limits<double>::quiet_NaN();
  const std::string path = Write("w.npy", Tensor::FromVector(slopes));
  const CommandResult result = RunOn(
      *small_, {"eval", "prelu", "weight=@" + path, "-i", path, "-o", directory_.File("out")});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.err, HasSubstr("weight"));
  EXPECT_FALSE(Exists("out.value.npy"));
  EXPECT_FALSE(Exists("out.value.npy.partial"));
}

TEST_F(CommandTest, TargetComesFromTheEnvironment) {
  const CommandResult result =
      rectifier::testing::RunCommand({"/usr/bin/env", "RECTIFIER_TARGET=" + server_->tcp_target(),
                                      RECTIFIER_COMMAND_PATH, "info"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr(server_->tcp_target()));
}

TEST_F(CommandTest, OptionsOfTheConnectionMayStandAnywhere) {
  const CommandResult result = rectifier::testing::RunCommand(
      {RECTIFIER_COMMAND_PATH, "info", "--target", server_->unix_target(), "--timeout", "10s"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
}

TEST_F(CommandTest, HelpShowsExamplesAndExitCodes) {
  const CommandResult result = Run({"--help"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, HasSubstr("rectifier eval gelu -- -1 0 1"));
  EXPECT_THAT(result.out, HasSubstr("Exit codes"));
  EXPECT_THAT(Run({"eval", "--help"}).out, HasSubstr("negative_slope=@slopes.npy:1"));
}

TEST_F(CommandTest, ExampleOfTheReadmeRuns) {
  const CommandResult result =
      rectifier::testing::RunCommand({RECTIFIER_EXAMPLE_PATH, server_->unix_target()});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out,
            "y = -0.1 2 -0.9 4 -1 6\n"
            "dL/dx = 0.1 1 0.3 2 0.4 2\n"
            "dL/dweight = -1 -10 -3\n");
}

// Mistakes on the command line end with exit code 2, and say what is wrong and where to find help.
TEST_F(CommandTest, UsageErrorsEndWithTwo) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
      {{}, "there is no command"},
      {{"frobnicate"}, "frobnicate"},
      {{"describe"}, "ACTIVATION"},
      {{"eval", "relu"}, "no input"},
      {{"eval", "relu", "slope"}, "'slope' is not PARAM=VALUE"},
      {{"eval", "relu", "1"}, "'1' is not PARAM=VALUE; numbers of the input stand behind --"},
      {{"eval", "relu", "--", "beta=1"}, "'beta=1' is not a number"},
      {{"list", "--", "1"}, "nothing is expected behind --"},
      {{"eval", "relu", "-i", "x.npy", "--", "1"}, "two inputs"},
      {{"eval", "relu", "-i", "a", "-i", "b", "-i", "c"}, "more than twice"},
      {{"eval", "relu", "a=1", "a=2", "--", "1"}, "'a' is given twice"},
      {{"eval", "relu", "-q", "jacobian", "--", "1"}, "'jacobian' is not one of value, gradient"},
      {{"eval", "relu", "--type", "int8", "--", "1"}, "'int8' is not one of float16"},
      {{"info", "--timeout", "soon"}, "'soon' is not a positive time"},
      {{"info", "--timeout", "-1s"}, "'-1s' is not a positive time"}};
  for (const auto& [arguments, message] : cases) {
    const CommandResult result = Run(arguments);
    EXPECT_EQ(result.exit_code, 2) << message;
    EXPECT_THAT(result.err, StartsWith("rectifier: error: "));
    EXPECT_THAT(result.err, HasSubstr(message));
    EXPECT_THAT(result.err, HasSubstr("--help"));
    EXPECT_THAT(result.out, IsEmpty());
  }
}

// What client or server refuse ends with exit code 3, and names the field or file at fault.
TEST_F(CommandTest, RefusedInputsEndWithThree) {
  const std::string text = directory_.Write("notes.txt", "hello");
  const std::string x = Write("x.npy", Tensor::FromVector<float>({1, 2}));
  const std::string three = Write("three.npy", Tensor::FromVector<float>({1, 2, 3}));
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
      {{"eval", "relo", "--", "1"}, "activation.name: "},
      {{"eval", "\xff", "--", "1"}, "is not UTF-8"},
      {{"eval", "softplus", "beta=-1", "--", "1"}, "activation.arguments[\"beta\"]: -1"},
      {{"eval", "softplus", "beta=nan", "--", "1"}, "activation.arguments[\"beta\"]: "},
      {{"eval", "softplus", "betta=1", "--", "1"}, "\"beta\""},
      {{"eval", "glu", "gate=third", "--", "1", "2"}, "activation.arguments[\"gate\"]: "},
      {{"eval", "relu", "--preset", "caffe", "--", "1"}, "activation.preset: "},
      {{"eval", "relu", "-i", x, "-u", three}, "upstream"},
      {{"eval", "relu", "-i", text}, "notes.txt: line 1: 'hello' is not a number"},
      {{"eval", "relu", "-i", directory_.File("none.npy")}, "No such file"},
      {{"eval", "relu", "-i", "-", "-u", "-"}, "standard input"},
      {{"eval", "softmax", "mask=@", "-i", x}, "mask: the name of the file is missing behind @"},
      {{"eval", "softmax", "mask=@:1", "-i", x}, "mask: the name of the file is missing behind @"},
      {{"eval", "prelu", "weight=@" + text, "-i", x}, "weight: "}};
  for (const auto& [arguments, message] : cases) {
    const CommandResult result = Run(arguments, NpyText(Tensor::FromVector<float>({1})));
    EXPECT_EQ(result.exit_code, 3) << message << result.err;
    EXPECT_THAT(result.err, StartsWith("rectifier: error: "));
    EXPECT_THAT(result.err, HasSubstr(message));
    EXPECT_THAT(result.err, Not(HasSubstr("evaluations[0]")));
    EXPECT_THAT(result.out, IsEmpty());
  }
}

TEST_F(CommandTest, ServerThatIsNotThereEndsWithFour) {
  const CommandResult result =
      Run({"info", "--target", "unix:" + directory_.File("no.sock"), "--timeout", "10s"});
  EXPECT_EQ(result.exit_code, 4);
  EXPECT_THAT(result.err, HasSubstr("no.sock"));
  EXPECT_THAT(result.err, HasSubstr("--target"));
}

TEST_F(CommandTest, TimeoutEndsWithFive) {
  const CommandResult result = Run({"eval", "relu", "--timeout", "1ns", "--", "1"});
  EXPECT_EQ(result.exit_code, 5);
  EXPECT_THAT(result.err, HasSubstr("--timeout"));
}

TEST_F(CommandTest, DirectoryThatIsNotThereEndsWithThree) {
  const std::string nowhere = directory_.File("nowhere/out");
  const CommandResult result = Run({"eval", "relu", "-o", nowhere, "--", "1"});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.err, HasSubstr(nowhere));
}

TEST_F(CommandTest, StandardOutputThatIsFullEndsWithOne) {
  for (const char* words : {"list", "info", "--help", "--version", "list --help", "man"}) {
    const CommandResult full = rectifier::testing::RunCommand(
        {"/bin/sh", "-c", absl::StrCat("exec \"$0\" ", words, " --target \"$1\" > /dev/full"),
         RECTIFIER_COMMAND_PATH, server_->unix_target()});
    EXPECT_EQ(full.exit_code, 1) << words;
    EXPECT_THAT(full.err, HasSubstr("standard output")) << words;
  }
}

// As without a handler: `rectifier list | head` ends without a word.
TEST_F(CommandTest, PipeThatNobodyReadsEndsItBySigpipe) {
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"list"}, {"--help"}, {"eval", "relu", "-o", "-", "--", "1"}}) {
    int ends[2];
    ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
    close(ends[0]);
    std::vector<std::string> arguments = {RECTIFIER_COMMAND_PATH};
    arguments.insert(arguments.end(), words.begin(), words.end());
    arguments.insert(arguments.begin() + 1, {"--target", server_->unix_target()});
    int err[2];
    ASSERT_EQ(pipe2(err, O_CLOEXEC), 0);
    const pid_t child = rectifier::testing::Spawn(arguments, STDIN_FILENO, ends[1], err[1]);
    close(ends[1]);
    close(err[1]);
    char said;
    EXPECT_EQ(read(err[0], &said, 1), 0) << words[0];
    close(err[0]);
    EXPECT_EQ(rectifier::testing::WaitForExit(child), 128 + SIGPIPE) << words[0];
  }
}

}  // namespace
}  // namespace rectifier::client
