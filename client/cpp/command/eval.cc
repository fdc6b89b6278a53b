#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "client/cpp/client/catalogue.h"
#include "client/cpp/command/commands.h"
#include "client/cpp/command/eval_arguments.h"
#include "client/cpp/command/eval_input.h"
#include "client/cpp/command/eval_output.h"
#include "client/cpp/command/eval_results.h"
#include "client/cpp/command/progress.h"
#include "client/cpp/command/terminal.h"
#include "client/cpp/files/evaluate_file.h"

namespace rectifier::client {
namespace {

constexpr char kEvalFooter[] = R"(A parameter's VALUE is
  a number            negative_slope=0.1
  a word              gate=first
  a tensor            negative_slope=@slopes.npy
                                      broadcast against the input, as in NumPy
  a tensor and axis   negative_slope=@slopes.npy:1
                                      one number for each index of axis 1

Instead of -i FILE, plain numbers behind -- are the input: a vector of float64.

A FILE is a .npy file or text: numbers with blanks or commas between them. Lines
of several numbers are the rows of a matrix (CSV); text is float64, or what the
other tensors are. In .npy files f2, f4 and f8 are float16, float32 and float64;
V2 is bfloat16, as ml_dtypes writes it.
With -o, .npy files may be larger than memory: what outgrows one message is
streamed. -o - writes text where the input is text, and otherwise a .npy file.

Examples
  rectifier eval gelu -- -1 0 1
  echo 1 2 3 | rectifier eval gelu -i -
  rectifier eval leaky_relu negative_slope=0.2 -q value,grad -- -2 -1 1 2
  rectifier eval softmax axis=0 -i logits.csv -o probabilities.csv
  rectifier eval softmax axis=0 -i x.npy -u dy.npy -q all -o out
  rectifier eval swiglu -i gate.npy -i value.npy -q value,gradient -o out
                                      writes out.gradient.0.npy for the first -i
  cat x.npy | rectifier eval relu -i - --type bf16 --json)";

// Whether the evaluation's preset and its name for the activation choose this.
bool Holds(const v1::Preset& preset, const Evaluation& evaluation) {
  const bool has_framework = preset.framework().empty() || preset.framework() == evaluation.preset;
  const bool has_name =
      preset.names().empty() || absl::c_linear_search(preset.names(), evaluation.activation);
  return has_framework && has_name;
}

// What the activation offers; under the preset that may be another activation.
absl::Status AskForAll(Client& client, const Connection& connection, Evaluation& evaluation) {
  auto activation = Describe(client, evaluation.activation, connection.call);
  if (!activation.ok()) return activation.status();
  for (const v1::Preset& preset : activation->presets()) {
    if (preset.activation().empty() || !Holds(preset, evaluation)) continue;
    activation = Describe(client, std::string(preset.activation()), connection.call);
    if (!activation.ok()) return activation.status();
    break;
  }
  evaluation.quantities.clear();
  for (int quantity : activation->quantities()) {
    evaluation.quantities.push_back(static_cast<Quantity>(quantity));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<NamedOutput>> Evaluate(const Connection& connection,
                                                  const EvalArguments& arguments,
                                                  const EvalOutput& output, EvalInput& input) {
  absl::StatusOr<Client> client = connection.Open();
  if (!client.ok()) return client.status();
  if (arguments.all_quantities) {
    absl::Status status = AskForAll(*client, connection, input.evaluation());
    if (!status.ok()) return status;
  }
  ProgressBar bar;
  return EvaluateWhole(
      *client, input.evaluation(),
      {.open = [&output](const std::string& name, ElementType type,
                         const Shape& shape) { return output.Open(name, type, shape); },
       .type = arguments.type,
       .call = connection.call,
       .progress =
           [&bar, &input](int64_t done, int64_t total) {
             input.ReleasePages();
             bar.Update(done, total);
           }});
}

// The inputs as they were sent.
std::vector<NamedTensor> Inputs(const EvalArguments& arguments, const EvalInput& input) {
  const std::vector<Tensor>& inputs = input.evaluation().inputs;
  std::vector<NamedTensor> named;
  for (size_t i = 0; i < inputs.size(); ++i) {
    const std::string name = inputs.size() == 1 ? "input" : absl::StrCat("input.", i);
    named.push_back({name, inputs[i].As(arguments.type.value_or(inputs[i].type()))});
  }
  return named;
}

void PrintResults(const EvalArguments& arguments, const EvalInput& input,
                  const std::vector<NamedOutput>& outputs) {
  const std::vector<NamedTensor> inputs = Inputs(arguments, input);
  std::vector<NamedTensor> results;
  results.reserve(outputs.size());
  for (const NamedOutput& output : outputs) {
    results.push_back({output.name, output.array.tensor()});
  }
  if (arguments.json) {
    PrintJson(arguments.activation, inputs, results, std::cout);
  } else {
    results.insert(results.begin(), inputs.begin(), inputs.end());
    PrintTables(results, TableWidth(), std::cout);
  }
}

absl::Status Run(const Connection& connection, const EvalArguments& arguments) {
  absl::StatusOr<EvalInput> input = EvalInput::Load(arguments);
  if (!input.ok()) return input.status();
  const EvalOutput output(arguments.output, arguments.HasOneResult(), input->format());
  auto outputs = Evaluate(connection, arguments, output, *input);
  if (!outputs.ok()) return outputs.status();
  const auto files = output.Finish(*outputs, std::cout);
  if (!files.ok()) return files.status();
  if (arguments.output.empty()) {
    PrintResults(arguments, *input, *outputs);
  } else if (!files->empty()) {
    PrintFiles(*files, arguments.json, std::cout);
  }
  return absl::OkStatus();
}

}  // namespace

void AddEval(CLI::App& app, const Connection& connection, const std::vector<std::string>& numbers,
             Action& action) {
  CLI::App* command = app.add_subcommand("eval", "Evaluate an activation over a tensor");
  const auto arguments = std::make_shared<EvalArguments>();
  AddEvalOptions(*command, numbers, *arguments);
  command->footer(kEvalFooter);
  command->callback([&connection, &action, arguments] {
    action = [&connection, arguments] { return Run(connection, *arguments); };
  });
}

}  // namespace rectifier::client
