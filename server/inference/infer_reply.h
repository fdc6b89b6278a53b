// From core to bytes: core's results become a serialized ModelInferResponse.
#ifndef RECTIFIER_SERVER_INFERENCE_INFER_REPLY_H_
#define RECTIFIER_SERVER_INFERENCE_INFER_REPLY_H_

#include <string>

#include "core/evaluation.h"
#include "server/inference/infer_request.h"
#include "server/wire/reply.h"

namespace rectifier {

// How a reply goes out.
enum class InferReplyForm {
  kUnary,   // ModelInferResponse
  kStream,  // ModelStreamInferResponse
};

// `evaluation`, which was made of `request`, has the outputs that were asked for. Its results are
// raw_output_contents.
ReplyPart LayOutInferReply(const InferRequest& request, const Evaluation& evaluation,
                           InferReplyForm form);

// A ModelStreamInferResponse that says why a request failed. `id` may be empty.
std::string InferStreamError(const std::string& id, const std::string& message);

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_INFERENCE_INFER_REPLY_H_
