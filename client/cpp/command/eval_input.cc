#include "client/cpp/command/eval_input.h"

#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "client/cpp/command/eval_output.h"

namespace rectifier::client {

absl::StatusOr<EvalInput> EvalInput::Load(const EvalArguments& arguments) {
  EvalInput input;
  Evaluation& evaluation = input.evaluation_;
  evaluation.activation = arguments.activation;
  evaluation.preset = arguments.preset;
  evaluation.quantities = arguments.quantities;
  if (absl::Status status = input.LoadInputs(arguments); !status.ok()) return status;
  for (const ParameterText& parameter : arguments.parameters) {
    absl::StatusOr<Argument> argument = input.ParseValue(parameter.value);
    if (!argument.ok()) {
      return absl::Status(argument.status().code(),
                          absl::StrCat(parameter.name, ": ", argument.status().message()));
    }
    evaluation.arguments.emplace(parameter.name, *std::move(argument));
  }
  return input;
}

absl::Status EvalInput::LoadInputs(const EvalArguments& arguments) {
  if (arguments.inputs.empty()) evaluation_.inputs = {Tensor::FromVector(arguments.numbers)};
  std::optional<ElementType> type = arguments.type;
  std::vector<Tensor*> texts;
  evaluation_.inputs.reserve(arguments.inputs.size());
  for (const std::string& path : arguments.inputs) {
    absl::StatusOr<Tensor> tensor = Open(path);
    if (!tensor.ok()) return tensor.status();
    Tensor& input = evaluation_.inputs.emplace_back(*std::move(tensor));
    if (files_.back().format() == FileFormat::kText) {
      texts.push_back(&input);
    } else {
      format_ = FileFormat::kNpy;
      type = type.value_or(input.type());
    }
  }
  if (!arguments.upstream.empty()) {
    absl::StatusOr<Tensor> tensor = Open(arguments.upstream);
    if (!tensor.ok()) return tensor.status();
    evaluation_.upstream = *std::move(tensor);
    if (files_.back().format() == FileFormat::kText) texts.push_back(&*evaluation_.upstream);
  }
  if (!type.has_value()) return absl::OkStatus();
  for (Tensor* text : texts) *text = text->As(*type);
  return absl::OkStatus();
}

absl::StatusOr<Tensor> EvalInput::Open(const std::string& path) {
  if (path == kStandardStream && std::exchange(reads_standard_input_, true)) {
    return absl::InvalidArgumentError("standard input (`-`) can be read for one tensor only");
  }
  absl::StatusOr<NpyInput> file = NpyInput::OpenNpyOrText(path);
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
  if (path.empty()) {
    return absl::InvalidArgumentError("the name of the file is missing behind @");
  }
  absl::StatusOr<Tensor> tensor = Open(path);
  if (!tensor.ok()) return tensor.status();
  return Argument(*std::move(tensor), axis);
}

void EvalInput::ReleasePages() const {
  for (const NpyInput& file : files_) file.ReleasePages();
}

}  // namespace rectifier::client
