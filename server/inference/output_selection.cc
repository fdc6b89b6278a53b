#include "server/inference/output_selection.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/argument_check.h"
#include "core/field_error.h"

namespace rectifier {
namespace {

using RequestedOutput = inference::ModelInferRequest::InferRequestedOutputTensor;

std::string PathOf(absl::string_view name) { return absl::StrCat("outputs[", Quoted(name), "]"); }

absl::Status WrongOutput(std::string path, std::string description, const char* reason) {
  return FieldError(
      {.path = std::move(path), .description = std::move(description), .reason = reason});
}

// What would change the output must not be overlooked.
absl::Status CheckParameters(const RequestedOutput& requested) {
  for (const auto& [name, parameter] : requested.parameters()) {
    if (name == "binary_data") continue;
    const std::string path =
        absl::StrCat(PathOf(requested.name()), ".parameters[", Quoted(name), "]");
    if (absl::StartsWith(name, "shared_memory_")) {
      return WrongOutput(path,
                         "no shared memory is registered with this server, which gives results in "
                         "raw_output_contents",
                         "NO_SHARED_MEMORY");
    }
    return WrongOutput(path, "there is no such parameter of an output; allowed: none",
                       "UNKNOWN_PARAMETER");
  }
  return absl::OkStatus();
}

absl::Status Unknown(const InferRequest& request, absl::string_view name, int index) {
  std::vector<std::string> names;
  for (ModelOutput& output : OutputsOf(*request.activation, request.inputs.size() == 2)) {
    names.push_back(std::move(output.name));
  }
  return WrongOutput(absl::StrCat("outputs[", index, "].name"),
                     absl::StrCat(request.activation->spec->name, " has no output ", Quoted(name),
                                  " where its inputs are ", absl::StrJoin(request.inputs, " and "),
                                  "; allowed: ", absl::StrJoin(names, ", ")),
                     "UNKNOWN_OUTPUT");
}

bool AreSame(const ModelOutput& a, const ModelOutput& b) { return a.name == b.name; }

}  // namespace

absl::Status DecodeOutputs(InferRequest& request, EvaluationRequest* decoded) {
  if (request.message->outputs().empty()) {
    request.outputs.push_back(
        {.output = {.name = std::string(kValueOutput)}, .name = kValueOutput});
    return absl::OkStatus();  // core's default: the value
  }
  decoded->quantities = {};
  for (int i = 0; i < request.message->outputs_size(); ++i) {
    const RequestedOutput& requested = request.message->outputs(i);
    std::optional<ModelOutput> output =
        FindOutput(*request.activation, request.inputs.size() == 2, requested.name());
    if (!output) return Unknown(request, requested.name(), i);
    for (const InferRequest::Wanted& other : request.outputs) {
      if (!AreSame(other.output, *output)) continue;
      return WrongOutput(PathOf(requested.name()), "it is asked for twice", "DUPLICATE_OUTPUT");
    }
    if (absl::Status status = CheckParameters(requested); !status.ok()) return status;
    decoded->quantities.Add(output->quantity);
    request.outputs.push_back({.output = *std::move(output), .name = requested.name()});
  }
  return absl::OkStatus();
}

absl::Status SelectOutputs(const InferRequest& request, Evaluation* evaluation) {
  const auto is_meant = [evaluation](const ModelOutput& wanted, const OutputDescription& output) {
    if (output.quantity != wanted.quantity) return false;
    if (wanted.quantity == Quantity::kGradient) return output.index == wanted.input;
    return wanted.quantity != Quantity::kParameterGradient ||
           evaluation->activation->spec->parameters[output.index].name == wanted.parameter;
  };
  std::vector<OutputDescription> selected;
  selected.reserve(request.outputs.size());
  for (const InferRequest::Wanted& wanted : request.outputs) {
    const auto found = std::find_if(
        evaluation->outputs.begin(), evaluation->outputs.end(),
        [&](const OutputDescription& output) { return is_meant(wanted.output, output); });
    if (found == evaluation->outputs.end()) {
      return WrongOutput(
          PathOf(wanted.name),
          absl::StrCat("there is none, because ", Quoted(wanted.output.parameter), " is not given"),
          "NO_SUCH_RESULT");
    }
    selected.push_back(*found);
  }
  evaluation->outputs = std::move(selected);
  return absl::OkStatus();
}

}  // namespace rectifier
