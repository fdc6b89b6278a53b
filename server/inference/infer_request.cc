#include "server/inference/infer_request.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/argument_check.h"
#include "core/field_error.h"
#include "grpcpp/support/proto_buffer_reader.h"
#include "server/inference/input_decoder.h"
#include "server/inference/output_selection.h"

namespace rectifier {
namespace {

using inference::InferParameter;

constexpr absl::string_view kPresetParameter = "preset";

// What clients send along to servers that batch, order or cache requests. Here they have no
// meaning: each request is by itself, and is answered at once or not at all.
constexpr absl::string_view kControls[] = {"sequence_id",
                                           "sequence_start",
                                           "sequence_end",
                                           "priority",
                                           "timeout",
                                           "binary_data_output",
                                           "triton_enable_empty_final_response"};

bool IsControl(absl::string_view name) {
  return std::find(std::begin(kControls), std::end(kControls), name) != std::end(kControls);
}

std::string ParameterPath(absl::string_view name) {
  return absl::StrCat("parameters[", Quoted(name), "]");
}

constexpr int64_t kLargestExact = static_cast<int64_t>(kMaxExactInteger);

absl::Status NotExact(absl::string_view name, const std::string& value) {
  return FieldError(
      {.path = ParameterPath(name),
       .description = absl::StrCat(value, " is not below 2^53, where whole numbers are exact"),
       .reason = "ARGUMENT_OUT_OF_RANGE"});
}

absl::StatusOr<double> Exact(absl::string_view name, int64_t value) {
  if (value < -kLargestExact || value > kLargestExact) return NotExact(name, absl::StrCat(value));
  return static_cast<double>(value);
}

absl::StatusOr<double> Exact(absl::string_view name, uint64_t value) {
  if (value > uint64_t{kLargestExact}) return NotExact(name, absl::StrCat(value));
  return static_cast<double>(value);
}

absl::Status DecodeParameter(const std::string& name, const InferParameter& parameter,
                             Argument* argument) {
  absl::StatusOr<double> number;
  switch (parameter.parameter_choice_case()) {
    case InferParameter::kBoolParam:
      argument->value = absl::string_view(parameter.bool_param() ? "true" : "false");
      return absl::OkStatus();
    case InferParameter::kStringParam:
      argument->value = absl::string_view(parameter.string_param());
      return absl::OkStatus();
    case InferParameter::kDoubleParam:
      number = parameter.double_param();
      break;
    case InferParameter::kInt64Param:
      number = Exact(name, int64_t{parameter.int64_param()});
      break;
    case InferParameter::kUint64Param:
      number = Exact(name, uint64_t{parameter.uint64_param()});
      break;
    case InferParameter::PARAMETER_CHOICE_NOT_SET:
      return FieldError({.path = ParameterPath(name),
                         .description = "there is no value; give a number or a word",
                         .reason = "NO_ARGUMENT_VALUE"});
  }
  if (!number.ok()) return number.status();
  argument->value = *number;
  return absl::OkStatus();
}

absl::Status DecodePreset(const InferParameter& parameter, EvaluationRequest* decoded) {
  if (parameter.parameter_choice_case() == InferParameter::kStringParam) {
    decoded->preset = parameter.string_param();
    return absl::OkStatus();
  }
  return FieldError({.path = ParameterPath(kPresetParameter),
                     .description = "a preset is a string",
                     .reason = "WRONG_ARGUMENT_TYPE"});
}

// The arguments among the request's parameters.
absl::Status DecodeParameters(const InferRequest& request, const Limits& limits,
                              EvaluationRequest* decoded) {
  // A map has no order; errors should have one.
  std::vector<const std::string*> names;
  for (const auto& entry : request.message->parameters()) names.push_back(&entry.first);
  std::sort(names.begin(), names.end(),
            [](const std::string* a, const std::string* b) { return *a < *b; });
  for (const std::string* const name : names) {
    const InferParameter& parameter = request.message->parameters().at(*name);
    absl::Status status;
    if (*name == kPresetParameter) {
      status = DecodePreset(parameter, decoded);
    } else if (!IsControl(*name)) {
      Argument& argument = decoded->arguments.emplace_back();
      argument.name = *name;
      status = DecodeParameter(*name, parameter, &argument);
    }
    if (!status.ok()) return status;
  }
  if (static_cast<int64_t>(decoded->arguments.size()) <= limits.max_arguments) {
    return absl::OkStatus();
  }
  return FieldError(
      {.path = "parameters",
       .description = absl::StrCat("there are ", decoded->arguments.size(),
                                   " arguments; this server's limit is ", limits.max_arguments),
       .reason = "TOO_MANY_ARGUMENTS"});
}

// Whether a tensor or a result is in a registered region.
bool NamesRegions(const inference::ModelInferRequest& message) {
  const auto names_region = [](const auto& tensor) { return NamesRegion(tensor.parameters()); };
  return std::any_of(message.inputs().begin(), message.inputs().end(), names_region) ||
         std::any_of(message.outputs().begin(), message.outputs().end(), names_region);
}

}  // namespace

absl::StatusOr<DecodedRequest> MapInferRequest(std::shared_ptr<InferRequest> request,
                                               const Catalogue& catalogue, const Limits& limits) {
  const inference::ModelInferRequest& message = *request->message;
  const absl::StatusOr<const Activation*> activation = FindModel(
      catalogue, message.model_name(), message.model_version(), "model_name", "model_version");
  if (!activation.ok()) return activation.status();
  request->activation = *activation;

  DecodedRequest decoded;
  EvaluationRequest& evaluation = decoded.evaluations.emplace_back();
  evaluation.activation = message.model_name();
  absl::Status status = DecodeInputs(*request, limits, &evaluation);
  if (status.ok()) status = DecodeParameters(*request, limits, &evaluation);
  if (status.ok()) status = DecodeOutputs(*request, &evaluation);
  if (!status.ok()) return status;
  decoded.forms = {PayloadForm::kData};
  decoded.destinations.resize(1);
  decoded.tensors = static_cast<size_t>(message.inputs_size());
  decoded.holds_buffers = NamesRegions(message);
  decoded.reads = std::move(request->reads);
  decoded.region_bytes = decoded.reads.bytes();
  decoded.storage = std::move(request);
  return decoded;
}

absl::StatusOr<DecodedRequest> DecodeInferRequest(const grpc::ByteBuffer& bytes,
                                                  const Catalogue& catalogue, const Limits& limits,
                                                  const RegionAccess* regions) {
  auto request = std::make_shared<InferRequest>(bytes);
  request->regions = regions;
  grpc::ProtoBufferReader stream(&request->bytes);
  const absl::Status parsed =
      ParseInferRequest(&stream, limits, request->message, &request->payloads);
  if (!parsed.ok()) return parsed;
  auto decoded = MapInferRequest(request, catalogue, limits);
  request->regions = nullptr;  // it lives no longer than this call
  return decoded;
}

}  // namespace rectifier
