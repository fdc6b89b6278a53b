#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/cpp/command/commands.h"
#include "client/cpp/command/eval_arguments.h"
#include "client/cpp/command/eval_results.h"
#include "client/cpp/command/progress.h"
#include "client/cpp/whole_evaluation.h"

namespace rectifier::client {
namespace {

constexpr char kFooter[] = R"(A parameter's VALUE is
  a number            negative_slope=0.1
  a word              gate=first
  a tensor            negative_slope=@slopes.npy     broadcast against the input, as in NumPy
  a tensor and axis   negative_slope=@slopes.npy:1   one number for each index of axis 1

Instead of -i FILE.npy, plain numbers behind -- are the input: a vector of float64.

NumPy's f2, f4 and f8 are float16, float32 and float64; V2 is bfloat16, as ml_dtypes writes it.
With -i FILE.npy and -o, files may be larger than memory: what outgrows one message is streamed.
--target and --timeout stand in `rectifier --help`.

Examples
  rectifier eval gelu -- -1 0 1
  rectifier eval leaky_relu negative_slope=0.2 -q value,gradient -- -2 -1 1 2
  rectifier eval softmax axis=0 -i logits.npy -u upstream.npy -q value,gradient -o out
  rectifier eval swiglu -i gate.npy -i value.npy -q value,gradient -o out
                                              writes out.gradient.0.npy for the first input
  cat x.npy | rectifier eval relu -i - --type bfloat16 --json)";

OpenOutput MakeOpenOutput(const std::string& prefix) {
  if (prefix.empty()) {
    return [](const std::string&, ElementType type, const Shape& shape) {
      return NpyOutput::InMemory(type, shape);
    };
  }
  return [prefix](const std::string& name, ElementType type, const Shape& shape) {
    return NpyOutput::Create(absl::StrCat(prefix, ".", name, ".npy"), type, shape);
  };
}

absl::StatusOr<std::vector<NamedOutput>> Evaluate(const Connection& connection,
                                                  const EvalArguments& arguments,
                                                  const EvalInput& input) {
  Client client = connection.Open();
  ProgressBar bar;
  return EvaluateWhole(client, input.evaluation(),
                       {.open = MakeOpenOutput(arguments.output),
                        .type = arguments.type,
                        .call = connection.call,
                        .progress = [&bar, &input](int64_t done, int64_t total) {
                          input.ReleasePages();
                          bar.Update(done, total);
                        }});
}

// The input as it was sent, with the results.
std::vector<NamedTensor> TableColumns(const EvalArguments& arguments, const EvalInput& input,
                                      const std::vector<NamedOutput>& outputs) {
  const std::vector<Tensor>& inputs = input.evaluation().inputs;
  std::vector<NamedTensor> columns;
  for (size_t i = 0; i < inputs.size(); ++i) {
    const std::string name = inputs.size() == 1 ? "input" : absl::StrCat("input.", i);
    columns.push_back({name, inputs[i].As(arguments.type.value_or(inputs[i].type()))});
  }
  for (const NamedOutput& output : outputs) {
    columns.push_back({output.name, output.array.tensor()});
  }
  return columns;
}

absl::Status Run(const Connection& connection, const EvalArguments& arguments) {
  const absl::StatusOr<EvalInput> input = EvalInput::Load(arguments);
  if (!input.ok()) return input.status();
  absl::StatusOr<std::vector<NamedOutput>> outputs = Evaluate(connection, arguments, *input);
  if (!outputs.ok()) return outputs.status();
  for (NamedOutput& output : *outputs) {
    if (absl::Status status = output.array.Commit(); !status.ok()) return status;
  }
  if (!arguments.output.empty()) {
    PrintFiles(*outputs, arguments.json, std::cout);
  } else if (arguments.json) {
    PrintJson(arguments.activation, *outputs, std::cout);
  } else {
    PrintTables(TableColumns(arguments, *input, *outputs), std::cout);
  }
  return absl::OkStatus();
}

}  // namespace

void AddEval(CLI::App& app, const Connection& connection, const std::vector<std::string>& numbers,
             Action& action) {
  CLI::App* command = app.add_subcommand("eval", "Evaluate an activation over a tensor");
  const auto arguments = std::make_shared<EvalArguments>();
  AddEvalOptions(*command, numbers, *arguments);
  command->footer(kFooter);
  command->callback([&connection, &action, arguments] {
    action = [&connection, arguments] { return Run(connection, *arguments); };
  });
}

}  // namespace rectifier::client
