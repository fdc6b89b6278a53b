#include "server/inference/infer_protocol.h"

#include "server/inference/field_names.h"
#include "server/inference/infer_request.h"
#include "server/inference/output_selection.h"

namespace rectifier {

absl::StatusOr<DecodedRequest> InferProtocol::Decode(const grpc::ByteBuffer& message,
                                                     const CallEnvironment& environment,
                                                     const Caller& caller) const {
  const RegionAccess access{
      .regions = environment.regions, .caller = caller.name(), .memory = environment.replies};
  return DecodeInferRequest(message, environment.catalogue, environment.limits, &access);
}

absl::Status InferProtocol::Select(const DecodedRequest& request, size_t /*index*/,
                                   Evaluation* evaluation) const {
  return SelectOutputs(InferRequestOf(request), evaluation);
}

absl::Status InferProtocol::NameField(const DecodedRequest& request, size_t /*index*/,
                                      const absl::Status& error) const {
  return InInferenceWords(InferRequestOf(request), error);
}

std::vector<ReplyPart> InferProtocol::LayOut(const DecodedRequest& request,
                                             absl::Span<const Job> jobs,
                                             const OutputDestinations& /*destinations*/) const {
  std::vector<ReplyPart> parts;
  parts.push_back(LayOutInferReply(InferRequestOf(request), jobs[0].evaluation, form_));
  return parts;
}

void InferProtocol::Count(const DecodedRequest& request, const BatchTimes& times,
                          bool has_succeeded) const {
  statistics_.Count(*InferRequestOf(request).activation, times, has_succeeded);
}

}  // namespace rectifier
