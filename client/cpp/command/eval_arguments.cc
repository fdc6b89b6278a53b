#include "client/cpp/command/eval_arguments.h"

#include <map>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cpp/command/format.h"

namespace rectifier::client {
namespace {

constexpr absl::string_view kStandardInput = "-";

constexpr Quantity kAllQuantities[] = {Quantity::kValue, Quantity::kGradient,
                                       Quantity::kSecondDerivative, Quantity::kParameterGradient};

std::string NameOf(Quantity quantity) { return FormatEnum(static_cast<v1::Quantity>(quantity)); }

Quantity ParseQuantity(const std::string& name) {
  std::vector<std::string> names;
  for (Quantity quantity : kAllQuantities) {
    if (NameOf(quantity) == name) return quantity;
    names.push_back(NameOf(quantity));
  }
  throw CLI::ValidationError(
      "--quantity", absl::StrCat("'", name, "' is not one of ", absl::StrJoin(names, ", ")));
}

ParameterText ParseParameter(const std::string& text) {
  const size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    throw CLI::ValidationError(
        absl::StrCat("'", text, "' is not PARAM=VALUE; numbers of the input stand behind --"));
  }
  return {text.substr(0, equals), text.substr(equals + 1)};
}

double ParseNumber(const std::string& text) {
  double number = 0;
  if (!absl::SimpleAtod(text, &number)) {
    throw CLI::ValidationError(
        absl::StrCat("'", text, "' is not a number; behind -- stand numbers of the input alone"));
  }
  return number;
}

// Rejects what each option by itself allows.
void CheckTogether(const EvalArguments& arguments) {
  if (arguments.inputs.empty() && arguments.numbers.empty()) {
    throw CLI::ValidationError("--input",
                               "there is no input: give --input FILE.npy, or numbers after --");
  }
  if (arguments.inputs.size() > 2) {
    throw CLI::ValidationError("--input", "it is given more than twice; a pair is two tensors");
  }
  if (!arguments.inputs.empty() && !arguments.numbers.empty()) {
    throw CLI::ValidationError("--input",
                               "there are two inputs: give either --input or numbers, not both");
  }
  std::map<std::string, int> times;
  for (const ParameterText& parameter : arguments.parameters) {
    if (++times[parameter.name] > 1) {
      throw CLI::ValidationError(absl::StrCat("parameter '", parameter.name, "' is given twice"));
    }
  }
}

void ParseType(const std::string& name, EvalArguments& arguments) {
  arguments.type = FindElementType(name);
  if (!arguments.type.has_value()) {
    throw CLI::ValidationError(
        "--type", absl::StrCat("'", name, "' is not one of float16, bfloat16, float32, float64"));
  }
}

}  // namespace

void AddEvalOptions(CLI::App& command, const std::vector<std::string>& numbers,
                    EvalArguments& arguments) {
  command.add_option("NAME", arguments.activation, "A name or alias from `rectifier list`")
      ->required()
      ->option_text(" ");
  command
      .add_option_function<std::vector<std::string>>(
          "PARAM=VALUE",
          [&arguments](const std::vector<std::string>& texts) {
            for (const std::string& text : texts) {
              arguments.parameters.push_back(ParseParameter(text));
            }
          },
          "Parameters; see below")
      ->option_text(" ");
  command
      .add_option("-i,--input", arguments.inputs,
                  "The input; `-` is standard input. Twice for a pair in two files")
      ->option_text("FILE.npy")
      ->allow_extra_args(false);
  command.add_option("-u,--upstream", arguments.upstream, "dL/dy, of the output's shape [ones]")
      ->option_text("FILE.npy");
  command
      .add_option_function<std::vector<std::string>>(
          "-q,--quantity",
          [&arguments](const std::vector<std::string>& names) {
            arguments.quantities.clear();
            for (const std::string& name : names) {
              arguments.quantities.push_back(ParseQuantity(name));
            }
          },
          "value, gradient, second_derivative, parameter_gradients [value]")
      ->option_text("LIST")
      ->delimiter(',')
      ->allow_extra_args(false);
  command
      .add_option("-p,--preset", arguments.preset,
                  "Take this framework's choices: pytorch, jax, keras, onnx, tensorflow")
      ->option_text("FRAMEWORK");
  command
      .add_option_function<std::string>(
          "-t,--type", [&arguments](const std::string& name) { ParseType(name, arguments); },
          "Round input and upstream to float16, bfloat16, float32 or float64 [the input's]")
      ->option_text("TYPE");
  command
      .add_option("-o,--output", arguments.output,
                  "Write PREFIX.value.npy, PREFIX.gradient.npy, ... instead of a table")
      ->option_text("PREFIX");
  command.add_flag("--json", arguments.json, "Print JSON: the results, or with -o the files");
  command.parse_complete_callback([numbers, &arguments] {
    for (const std::string& number : numbers) arguments.numbers.push_back(ParseNumber(number));
    CheckTogether(arguments);
  });
}

absl::StatusOr<EvalInput> EvalInput::Load(const EvalArguments& arguments) {
  EvalInput input;
  Evaluation& evaluation = input.evaluation_;
  evaluation.activation = arguments.activation;
  evaluation.preset = arguments.preset;
  evaluation.quantities = arguments.quantities;
  if (arguments.inputs.empty()) evaluation.inputs = {Tensor::FromVector(arguments.numbers)};
  for (const std::string& path : arguments.inputs) {
    absl::StatusOr<Tensor> tensor = input.Open(path);
    if (!tensor.ok()) return tensor.status();
    evaluation.inputs.push_back(*std::move(tensor));
  }
  if (!arguments.upstream.empty()) {
    absl::StatusOr<Tensor> tensor = input.Open(arguments.upstream);
    if (!tensor.ok()) return tensor.status();
    evaluation.upstream = *std::move(tensor);
  }
  for (const ParameterText& parameter : arguments.parameters) {
    absl::StatusOr<Argument> argument = input.ParseValue(parameter.value);
    if (!argument.ok()) return argument.status();
    evaluation.arguments.emplace(parameter.name, *std::move(argument));
  }
  return input;
}

absl::StatusOr<Tensor> EvalInput::Open(const std::string& path) {
  if (path == kStandardInput && std::exchange(reads_standard_input_, true)) {
    return absl::InvalidArgumentError("standard input (`-`) can be read for one tensor only");
  }
  absl::StatusOr<NpyInput> file = NpyInput::Open(path);
  if (!file.ok()) return file.status();
  files_.push_back(*std::move(file));
  return files_.back().tensor();
}

absl::StatusOr<Argument> EvalInput::ParseValue(const std::string& text) {
  double number = 0;
  if (absl::SimpleAtod(text, &number)) return Argument(number);
  if (!absl::StartsWith(text, "@")) return Argument(text);
  std::string path = text.substr(1);
  std::optional<int32_t> axis;
  const size_t colon = path.rfind(':');
  int32_t parsed = 0;
  if (colon != std::string::npos && absl::SimpleAtoi(path.substr(colon + 1), &parsed)) {
    axis = parsed;
    path.resize(colon);
  }
  absl::StatusOr<Tensor> tensor = Open(path);
  if (!tensor.ok()) return tensor.status();
  return Argument(*std::move(tensor), axis);
}

void EvalInput::ReleasePages() const {
  for (const NpyInput& file : files_) file.ReleasePages();
}

}  // namespace rectifier::client
