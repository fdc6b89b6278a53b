#include "server/evaluate/evaluate_protocol.h"

#include "absl/strings/str_format.h"
#include "core/field_error.h"
#include "server/wire/evaluate_reply.h"

namespace rectifier {

absl::StatusOr<DecodedRequest> EvaluateProtocol::Decode(const grpc::ByteBuffer& message,
                                                        const CallEnvironment& environment,
                                                        const Caller& /*caller*/) const {
  return DecodeRequest(message, environment.limits, environment.buffers);
}

absl::Status EvaluateProtocol::NameField(const DecodedRequest& /*request*/, size_t index,
                                         const absl::Status& error) const {
  return PrefixField(absl::StrFormat("evaluations[%d].", index), error);
}

std::vector<ReplyPart> EvaluateProtocol::LayOut(const DecodedRequest& request,
                                                absl::Span<const Job> jobs,
                                                const OutputDestinations& destinations) const {
  return LayOutEvaluateReply(jobs, request.forms, destinations);
}

}  // namespace rectifier
