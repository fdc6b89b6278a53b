// EvaluateRequest and EvaluateResponse.
#ifndef RECTIFIER_SERVER_EVALUATE_EVALUATE_PROTOCOL_H_
#define RECTIFIER_SERVER_EVALUATE_EVALUATE_PROTOCOL_H_

#include "server/evaluate/evaluation_protocol.h"

namespace rectifier {

class EvaluateProtocol final : public EvaluationProtocol {
 public:
  absl::StatusOr<DecodedRequest> Decode(const grpc::ByteBuffer& message,
                                        const CallEnvironment& environment,
                                        const Caller& caller) const override;
  absl::Status NameField(const DecodedRequest& request, size_t index,
                         const absl::Status& error) const override;
  std::vector<ReplyPart> LayOut(const DecodedRequest& request, absl::Span<const Job> jobs,
                                const OutputDestinations& destinations) const override;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_EVALUATE_EVALUATE_PROTOCOL_H_
