#include "server/inference/infer_reply.h"

#include <utility>

#include "inference/inference_service.pb.h"
#include "server/inference/datatype.h"
#include "server/wire/field_head.h"

namespace rectifier {
namespace {

using inference::ModelInferResponse;
using inference::ModelStreamInferResponse;

// Clients of streams look for it, whether or not they asked: a request may have several replies
// elsewhere.
constexpr char kFinalResponse[] = "triton_final_response";

// Where a result is that is not in the message, and how long it is.
void Describe(const RegionTarget& region, const OutputDescription& output,
              ModelInferResponse::InferOutputTensor* described) {
  const auto parameter = [described](const std::string& name) {
    return &(*described->mutable_parameters())[name];
  };
  parameter(kRegionParameter)->set_string_param(region.part.region->name);
  parameter(kRegionBytesParameter)->set_int64_param(static_cast<int64_t>(output.bytes));
  if (region.part.offset == 0) return;
  parameter(kRegionOffsetParameter)->set_int64_param(static_cast<int64_t>(region.part.offset));
}

// All of the response but the results.
ModelInferResponse Describe(const InferRequest& request, const Evaluation& evaluation) {
  ModelInferResponse response;
  response.set_model_name(request.message->model_name());
  response.set_model_version(kModelVersion);
  response.set_id(request.message->id());
  for (size_t i = 0; i < evaluation.outputs.size(); ++i) {
    const OutputDescription& output = evaluation.outputs[i];
    ModelInferResponse::InferOutputTensor* described = response.add_outputs();
    described->set_name(std::string(request.outputs[i].name));
    described->set_datatype(std::string(DatatypeName(output.type)));
    described->mutable_shape()->Add(output.shape.begin(), output.shape.end());
    if (request.outputs[i].region) Describe(*request.outputs[i].region, output, described);
  }
  return response;
}

}  // namespace

ReplyPart LayOutInferReply(const InferRequest& request, const Evaluation& evaluation,
                           InferReplyForm form) {
  ModelInferResponse response = Describe(request, evaluation);
  if (form == InferReplyForm::kStream) {
    (*response.mutable_parameters())[kFinalResponse].set_bool_param(true);
  }
  ReplyPart part{.head = response.SerializeAsString(), .pieces = {}};
  for (size_t i = 0; i < evaluation.outputs.size(); ++i) {
    const OutputDescription& output = evaluation.outputs[i];
    const auto& region = request.outputs[i].region;
    // Contents are found by the output's place, so that those in a region have empty ones.
    const size_t bytes = region ? 0 : output.bytes;
    part.pieces.push_back(
        {.head = FieldHead(ModelInferResponse::kRawOutputContentsFieldNumber, bytes),
         .type = output.type,
         .elements = output.bytes / SizeOf(output.type),
         .region = region ? &*region : nullptr});
  }
  if (form == InferReplyForm::kStream) {
    part.head =
        FieldHead(ModelStreamInferResponse::kInferResponseFieldNumber, part.bytes()) + part.head;
  }
  return part;
}

std::string InferStreamError(const std::string& id, const std::string& message) {
  ModelStreamInferResponse response;
  response.set_error_message(message);
  response.mutable_infer_response()->set_id(id);
  (*response.mutable_infer_response()->mutable_parameters())[kFinalResponse].set_bool_param(true);
  return response.SerializeAsString();
}

}  // namespace rectifier
