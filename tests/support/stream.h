// One EvaluateStream, made from an Evaluate, and its results put together.
#ifndef RECTIFIER_TESTS_SUPPORT_STREAM_H_
#define RECTIFIER_TESTS_SUPPORT_STREAM_H_

#include <memory>
#include <string>
#include <vector>

#include "grpcpp/channel.h"
#include "rectifier/v1/activation.grpc.pb.h"
#include "tests/support/evaluate.h"

namespace rectifier::testing {

// The messages of the stream that does what the only evaluation of `request` does, whose tensors
// have `data`. Chunks are up to `longest` bytes of each tensor, of sizes chosen by `seed`.
std::vector<v1::EvaluateStreamRequest> StreamOf(const v1::EvaluateRequest& request, size_t longest,
                                                unsigned seed);

struct StreamOutcome {
  grpc::Status status;
  ErrorDetails details;
  v1::EvaluateStreamResponse whole;  // all replies, one after the other
  int replies = 0;
};

StreamOutcome RunStream(const std::shared_ptr<grpc::Channel>& channel,
                        const std::vector<v1::EvaluateStreamRequest>& messages);

}  // namespace rectifier::testing

#endif  // RECTIFIER_TESTS_SUPPORT_STREAM_H_
