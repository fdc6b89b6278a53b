#include "server/inference/output_selection.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/argument_check.h"
#include "core/field_error.h"
#include "server/inference/region_parameters.h"

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
    if (IsRegionParameter(name)) continue;
    const std::string path =
        absl::StrCat(PathOf(requested.name()), ".parameters[", Quoted(name), "]");
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

absl::StatusOr<std::optional<RegionTarget>> FindOutputRegion(const InferRequest& request,
                                                             const RequestedOutput& requested) {
  auto region = FindRegion(requested.parameters(), PathOf(requested.name()), request.regions);
  if (!region.ok() || !*region || (*region)->part.region->object.is_writable()) return region;
  return WrongOutput((*region)->path, "this server may read its shared memory, but not write to it",
                     "REGION_READ_ONLY");
}

// Whether the result `output`, one of `evaluation`, has the room that was given for it.
absl::Status CheckRoom(const InferRequest& request, const Evaluation& evaluation, size_t index) {
  const InferRequest::Wanted& wanted = request.outputs[index];
  if (!wanted.region) return absl::OkStatus();
  const size_t bytes = evaluation.outputs[index].bytes;
  if (bytes > wanted.region->part.size) {
    return WrongOutput(
        absl::StrCat(PathOf(wanted.name), ".parameters[", Quoted(kRegionBytesParameter), "]"),
        absl::StrCat(wanted.region->part.size, " is given; the result takes ", bytes, " bytes"),
        "PAYLOAD_LENGTH_MISMATCH");
  }
  for (size_t other = 0; other < index; ++other) {
    const auto& region = request.outputs[other].region;
    if (!region ||
        !region->part.Overlaps(evaluation.outputs[other].bytes, wanted.region->part, bytes)) {
      continue;
    }
    return WrongOutput(
        wanted.region->path,
        absl::StrCat("its bytes overlap those of output ", Quoted(request.outputs[other].name)),
        "REGIONS_OVERLAP");
  }
  return absl::OkStatus();
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
    auto region = FindOutputRegion(request, requested);
    if (!region.ok()) return region.status();
    decoded->quantities.Add(output->quantity);
    request.outputs.push_back(
        {.output = *std::move(output), .name = requested.name(), .region = *std::move(region)});
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
  for (size_t i = 0; i < request.outputs.size(); ++i) {
    if (absl::Status status = CheckRoom(request, *evaluation, i); !status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace rectifier
