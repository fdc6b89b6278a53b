// One evaluation over a tensor that outgrows a message: sent chunk by chunk, answered as it goes.
//
//   std::unique_ptr<EvaluationStream> stream = client.EvaluateStream(
//       {.activation = "gelu", .type = ElementType::kFloat32, .shape = {1000000, 4096}});
//   std::thread writer([&] {
//     while (more() && stream->Write({.input = next()})) {}
//     stream->WritesDone();
//   });
//   while (std::optional<StreamedResult> result = stream->Read()) use(result->value);
//   writer.join();
//   absl::Status status = stream->Finish();
#ifndef RECTIFIER_CLIENT_CPP_CLIENT_EVALUATION_STREAM_H_
#define RECTIFIER_CLIENT_CPP_CLIENT_EVALUATION_STREAM_H_

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "client/cpp/client/client.h"
#include "client/cpp/client/tensor.h"
#include "grpcpp/support/sync_stream.h"

namespace rectifier::client {

class CallScope;

// This is an Evaluation without payloads.
struct StreamedEvaluation {
  std::string activation;
  std::string preset = {};
  std::map<std::string, Argument> arguments = {};
  ElementType type = ElementType::kFloat32;
  Shape shape = {};           // of each input
  uint32_t inputs = 1;        // 2 for a pair in separate tensors
  bool has_upstream = false;  // of the output's shape
  std::vector<Quantity> quantities = {Quantity::kValue};
};

// The next bytes of each tensor. They may have any length, and a few hundred KiB are best.
struct StreamedChunk {
  absl::Span<const std::byte> input = {};
  absl::Span<const std::byte> second_input = {};
  absl::Span<const std::byte> upstream = {};
};

// The next bytes of each quantity asked for.
struct StreamedResult {
  std::optional<Shape> value_shape = {};  // in the first: of the value
  std::string value = {};
  std::vector<std::string> gradients = {};  // by input
  std::string second_derivative = {};
  std::map<std::string, Tensor> parameter_gradients = {};  // in the last
};

// A stream in progress. One thread may write while another reads; the server holds a caller who
// only writes back until results are read. A stream that is destroyed before its end is cancelled.
class EvaluationStream {
 public:
  EvaluationStream(v1::ActivationService::Stub& stub, const StreamedEvaluation& evaluation,
                   std::unique_ptr<CallScope> call);
  ~EvaluationStream();
  EvaluationStream(const EvaluationStream&) = delete;
  EvaluationStream& operator=(const EvaluationStream&) = delete;

  // Sends a chunk; false where the stream has ended. Tensors must keep pace with one another.
  bool Write(const StreamedChunk& chunk);
  // There are no more chunks. The server ends the stream after that.
  void WritesDone();

  // Waits for the next results; nullopt where there are no more.
  std::optional<StreamedResult> Read();

  // How the stream ended, once there are no more results. Errors: those of every call; INTERNAL for
  // results that make no sense.
  absl::Status Finish();

  // Ends the stream. Any thread may do so.
  void Cancel();

 private:
  std::unique_ptr<CallScope> call_;
  std::unique_ptr<grpc::ClientReaderWriter<v1::EvaluateStreamRequest, v1::EvaluateStreamResponse>>
      stream_;
  absl::Status defect_;  // of a result
  bool is_finished_ = false;
};

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_CLIENT_EVALUATION_STREAM_H_
