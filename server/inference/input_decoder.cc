#include "server/inference/input_decoder.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "core/argument_check.h"
#include "core/field_error.h"
#include "server/inference/region_parameters.h"
#include "server/inference/tensor_input.h"

namespace rectifier {
namespace {

using Input = inference::ModelInferRequest::InferInputTensor;

absl::Status WrongPayload(std::string path, std::string description, const char* reason) {
  return FieldError(
      {.path = std::move(path), .description = std::move(description), .reason = reason});
}

// The inputs of a request by their names.
class InputsDecoder {
 public:
  InputsDecoder(InferRequest& request, const Limits& limits, EvaluationRequest* decoded)
      : request_(request),
        limits_(limits),
        decoded_(*decoded),
        is_pair_(request.activation->kind() == Kind::kPairs) {}

  absl::Status Decode() {
    if (absl::Status status = CheckRawCount(); !status.ok()) return status;
    for (int i = 0; i < request_.message->inputs_size(); ++i) {
      if (absl::Status status = DecodeInput(i); !status.ok()) return status;
    }
    return Arrange();
  }

 private:
  absl::Status CheckRawCount() const {
    const size_t raw = request_.payloads.raw.size();
    size_t inputs = 0;
    for (const Input& input : request_.message->inputs())
      inputs += !NamesRegion(input.parameters());
    if (raw == 0 || raw == inputs) return absl::OkStatus();
    return WrongPayload("raw_input_contents",
                        absl::StrFormat("there are %d; the request has %d inputs that are not in "
                                        "shared memory",
                                        raw, inputs),
                        "WRONG_INPUT_COUNT");
  }

  absl::Status DecodeInput(int index) {
    const absl::string_view name = request_.message->inputs(index).name();
    const InputPlace input{.index = index, .raw_before = raw_inputs_};
    raw_inputs_ += !NamesRegion(request_.message->inputs(index).parameters());
    std::optional<TensorView>* const place = PlaceOf(name);
    if (place == nullptr) return DecodeArgument(name, input);
    if (*place) return GivenTwice(index);
    absl::StatusOr<TensorView> view = DecodeTensor(request_, input, limits_);
    if (!view.ok()) return view.status();
    *place = *std::move(view);
    return absl::OkStatus();
  }

  std::optional<TensorView>* PlaceOf(absl::string_view name) {
    if (name == kXInput) return &x_;
    if (name == kUpstreamInput) return &decoded_.upstream;
    if (is_pair_ && name == kGateInput) return &gate_;
    if (is_pair_ && name == kValueInput) return &value_;
    return nullptr;
  }

  absl::Status DecodeArgument(absl::string_view name, const InputPlace& input) {
    const bool is_known = FindParameter(*request_.activation->spec, name) != nullptr;
    if (!is_known) return Unknown(name, input.index);
    for (const Argument& other : decoded_.arguments) {
      if (other.name == name) return GivenTwice(input.index);
    }
    absl::StatusOr<Argument> argument = DecodeTensorArgument(request_, input, limits_);
    if (!argument.ok()) return argument.status();
    decoded_.arguments.push_back(*std::move(argument));
    return absl::OkStatus();
  }

  absl::Status GivenTwice(int index) const {
    return WrongPayload(PathOfInput(request_, index), "it is given twice", "DUPLICATE_INPUT");
  }

  absl::Status Unknown(absl::string_view name, int index) const {
    std::vector<absl::string_view> names = {kXInput};
    if (is_pair_) names.insert(names.end(), {kGateInput, kValueInput});
    names.push_back(kUpstreamInput);
    for (const Parameter& parameter : request_.activation->spec->parameters) {
      if (!is_pair_ || parameter.name != kGateInput) names.push_back(parameter.name);
    }
    return WrongPayload(
        absl::StrFormat("inputs[%d].name", index),
        absl::StrCat("there is no input ", Quoted(name), " of ", request_.activation->spec->name,
                     "; allowed: ", absl::StrJoin(names, ", ")),
        "UNKNOWN_INPUT");
  }

  // A pair in two tensors is told apart by names; it needs no argument for that.
  absl::Status Arrange() {
    const bool has_two = gate_ && value_ && !x_;
    const bool has_one = x_ && !gate_ && !value_;
    if (has_one) {
      request_.inputs = {kXInput};
      decoded_.inputs.push_back(*std::move(x_));
      return absl::OkStatus();
    }
    if (!has_two) return WrongInputs();
    if (request_.message->parameters().contains(std::string(kGateParameter))) {
      return WrongPayload("parameters[\"gate\"]",
                          "it tells which part of x is the gate; the inputs gate and value need "
                          "none",
                          "FIELD_NOT_APPLICABLE");
    }
    request_.inputs = {kGateInput, kValueInput};
    decoded_.inputs.push_back(*std::move(gate_));
    decoded_.inputs.push_back(*std::move(value_));
    const bool has_gate = FindParameter(*request_.activation->spec, kGateParameter) != nullptr;
    if (has_gate)
      decoded_.arguments.push_back({.name = kGateParameter, .value = absl::string_view("first")});
    return absl::OkStatus();
  }

  absl::Status WrongInputs() const {
    std::vector<std::string> given;
    for (const auto& input : request_.message->inputs()) given.push_back(Quoted(input.name()));
    return WrongPayload(
        "inputs",
        absl::StrCat(request_.activation->spec->name, " needs ",
                     is_pair_ ? "either gate and value, or x, which is split along an axis" : "x",
                     "; given: ", given.empty() ? "none" : absl::StrJoin(given, ", ")),
        "WRONG_INPUT_COUNT");
  }

  InferRequest& request_;
  const Limits& limits_;
  EvaluationRequest& decoded_;
  const bool is_pair_;
  size_t raw_inputs_ = 0;  // before the current one
  std::optional<TensorView> x_, gate_, value_;
};

}  // namespace

absl::Status DecodeInputs(InferRequest& request, const Limits& limits, EvaluationRequest* decoded) {
  return InputsDecoder(request, limits, decoded).Decode();
}

}  // namespace rectifier
