// ModelInferRequest and its replies, as a protocol of evaluations.
#ifndef RECTIFIER_SERVER_INFERENCE_INFER_PROTOCOL_H_
#define RECTIFIER_SERVER_INFERENCE_INFER_PROTOCOL_H_

#include "server/evaluate/evaluation_protocol.h"
#include "server/inference/infer_reply.h"
#include "server/inference/model_statistics.h"

namespace rectifier {

class InferProtocol final : public EvaluationProtocol {
 public:
  // `statistics` outlives it.
  InferProtocol(InferReplyForm form, ModelStatistics& statistics)
      : form_(form), statistics_(statistics) {}

  absl::StatusOr<DecodedRequest> Decode(const grpc::ByteBuffer& message,
                                        const CallEnvironment& environment,
                                        const Caller& caller) const override;
  absl::Status Select(const DecodedRequest& request, size_t index,
                      Evaluation* evaluation) const override;
  absl::Status NameField(const DecodedRequest& request, size_t index,
                         const absl::Status& error) const override;
  std::vector<ReplyPart> LayOut(const DecodedRequest& request, absl::Span<const Job> jobs,
                                const OutputDestinations& destinations) const override;
  void Count(const DecodedRequest& request, const BatchTimes& times,
             bool has_succeeded) const override;

 private:
  const InferReplyForm form_;
  ModelStatistics& statistics_;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_INFERENCE_INFER_PROTOCOL_H_
