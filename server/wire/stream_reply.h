// From core to bytes: the results of a window become an EvaluateStreamResponse.
#ifndef RECTIFIER_SERVER_WIRE_STREAM_REPLY_H_
#define RECTIFIER_SERVER_WIRE_STREAM_REPLY_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "core/evaluation.h"
#include "core/windowed_run.h"
#include "grpcpp/support/byte_buffer.h"
#include "server/wire/reply_pool.h"

namespace rectifier {

// The results of one window in the making, as an EvaluateStreamResponse. What is large lies in
// buffers of a pool, where it is computed.
class StreamReply {
 public:
  // Allocates memory for `count` items of `evaluation`, and gives where each output goes; null for
  // parameter gradients. Errors: RESOURCE_EXHAUSTED where the memory is not to be had.
  absl::Status Allocate(const Evaluation& evaluation, const Items& items, int64_t count,
                        ReplyPool& pool);
  absl::Span<std::byte* const> outputs() const { return outputs_; }

  // Adds the shape of the value, for the first reply.
  void AddValueShape(const Evaluation& evaluation);
  // Adds `gradients`, for the last reply: by output of the evaluation, empty for other outputs.
  void AddParameterGradients(const Evaluation& evaluation,
                             absl::Span<const std::vector<std::byte>> gradients);

  // The message, once the window has been run. It is called once.
  grpc::ByteBuffer Take();

 private:
  struct Piece {
    std::string head;
    size_t bytes = 0;
    ReplyPool::Buffer buffer;
  };

  std::vector<Piece> pieces_;
  std::vector<std::byte*> outputs_;
  std::string rest_;  // of the message
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_WIRE_STREAM_REPLY_H_
