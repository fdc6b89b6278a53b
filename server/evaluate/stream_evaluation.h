// The evaluation of one stream: chunks in, windows out. It knows nothing of gRPC's calls.
#ifndef RECTIFIER_SERVER_EVALUATE_STREAM_EVALUATION_H_
#define RECTIFIER_SERVER_EVALUATE_STREAM_EVALUATION_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/catalogue.h"
#include "core/evaluation.h"
#include "core/windowed_run.h"
#include "grpcpp/support/byte_buffer.h"
#include "server/limits.h"
#include "server/shared_memory/shared_buffers.h"
#include "server/wire/incoming_tensor.h"
#include "server/wire/reply_pool.h"
#include "server/wire/request.h"
#include "server/wire/stream_reply.h"

namespace rectifier {

class StreamEvaluation {
 public:
  // Begins with the stream's first message. All that is given must outlive the evaluation. Errors:
  // INVALID_ARGUMENT, naming the field at fault; NOT_FOUND for a shared buffer.
  static absl::StatusOr<std::unique_ptr<StreamEvaluation>> Begin(const grpc::ByteBuffer& header,
                                                                 const Catalogue& catalogue,
                                                                 const Limits& limits,
                                                                 const SharedBuffers& buffers);

  const Evaluation& evaluation() const { return evaluation_; }

  // The memory that the stream takes all the time: its header, and the sums of its gradients.
  int64_t base_bytes() const { return base_bytes_; }
  // The most that it takes for results while a chunk is there.
  int64_t window_bytes() const { return window_bytes_; }
  // What is kept of chunks now.
  int64_t kept_bytes() const;

  // The next chunk, which must lie where it is until KeepRest. Errors: INVALID_ARGUMENT.
  absl::Status Add(grpc::ByteBuffer* chunk);

  // Lays out the next window of what has come; false where there is none yet, or none any more.
  bool NextWindow();
  // The window, with memory for its reply.
  absl::Status Allocate(ReplyPool& pool);
  WindowedRun& run() { return *run_; }
  const Window& window() const { return window_; }
  // The reply, after the window has been run.
  grpc::ByteBuffer TakeReply();
  // Whether that was the last one.
  bool is_done() const { return is_done_; }

  // Takes what is left of the chunk, whose memory may then go. Errors: INVALID_ARGUMENT where one
  // tensor is too far ahead of another.
  absl::Status KeepRest();

  // The caller has sent all it has to. Errors: INVALID_ARGUMENT where something is missing.
  absl::Status CheckComplete() const;

 private:
  StreamEvaluation(DecodedHeader header, Evaluation evaluation, const Limits& limits);

  void LayOut(size_t header_bytes);
  absl::Status CheckQuantum() const;
  absl::Status Add(size_t tensor, const DataField& chunk);
  int64_t QuantumBytes() const;

  const DecodedHeader header_;
  const Evaluation evaluation_;
  const Limits& limits_;
  const std::unique_ptr<WindowedRun> run_;
  std::vector<IncomingTensor> tensors_;  // inputs, upstream
  std::vector<std::string> fields_;      // of StreamChunk, by tensor
  int64_t output_item_bytes_ = 0;        // of all outputs but parameter gradients
  int64_t window_items_ = 0;             // the most that one window has
  int64_t base_bytes_ = 0;
  int64_t window_bytes_ = 0;

  std::vector<std::vector<std::byte>> gradients_;  // of parameters, by output
  Window window_;
  std::vector<std::byte*> outputs_;
  StreamReply reply_;
  bool is_begun_ = false;  // a reply has been taken
  bool is_done_ = false;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_EVALUATE_STREAM_EVALUATION_H_
