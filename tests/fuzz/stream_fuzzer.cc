// Feeds the evaluation of a stream with a header and chunks cut anywhere, and holds it to protobuf
// and to one Evaluate over the same data. See README.md.
#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "core/catalogue.h"
#include "core/evaluation.h"
#include "core/windowed_run.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/slice.h"
#include "rectifier/v1/activation.pb.h"
#include "server/evaluate/stream_evaluation.h"
#include "server/wire/request.h"
#include "tests/fuzz/require.h"
#include "tests/fuzz/slices.h"
#include "tests/fuzz/verdict.h"

namespace rectifier {
namespace {

// The limits are as small as they can be and still let through what is summed at a time
// (core/windowed_run.h).
constexpr Limits kLimits = {.max_message_bytes = 1 << 15,
                            .max_elements = 1 << 14,
                            .max_tensors = 8,
                            .max_arguments = 4,
                            .max_rank = 6,
                            .max_inflight_bytes = 1 << 20};

// Larger tensors, in or out, are not evaluated to their end.
constexpr int64_t kMostBytes = 1 << 14;
// Nor is a stream that has replied so much, which is more than all quantities of such tensors.
constexpr int64_t kMostReplyBytes = 16 * kMostBytes;

const SharedBuffers kNoBuffers{Limits(), BufferGauges()};

void RunInOrder(WindowedRun& run, const Window& window) {
  run.Begin(window);
  while (const std::optional<int64_t> chunks = run.NextStep()) {
    for (int64_t i = 0; i < *chunks; ++i) run.RunChunk(i);
  }
}

std::string BytesOf(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (!buffer.Dump(&slices).ok()) return bytes;
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

void RequireSame(const v1::StreamHeader& header, const Evaluation& evaluation) {
  Require(std::equal(header.shape().begin(), header.shape().end(),
                     evaluation.inputs[0].shape.begin(), evaluation.inputs[0].shape.end()),
          "another shape than protobuf's");
  Require(evaluation.inputs.size() == std::max<uint32_t>(header.inputs(), 1),
          "other inputs than protobuf's");
  Require(evaluation.upstream.has_value() == header.has_upstream(), "another upstream");
  const auto& names = evaluation.activation->spec->aliases;
  Require(header.activation().name() == evaluation.activation->spec->name ||
              !header.activation().preset().empty() ||
              std::find(names.begin(), names.end(), header.activation().name()) != names.end(),
          "another activation than protobuf's");
}

// All replies, one after the other.
v1::EvaluateStreamResponse Append(v1::EvaluateStreamResponse all, const grpc::ByteBuffer& reply) {
  v1::EvaluateStreamResponse next;
  Require(next.ParseFromString(BytesOf(reply)), "a reply that protobuf refuses");
  all.mutable_value()->append(next.value());
  all.mutable_second_derivative()->append(next.second_derivative());
  for (int i = 0; i < next.gradients_size(); ++i) {
    if (i == all.gradients_size()) all.add_gradients();
    all.mutable_gradients(i)->append(next.gradients(i));
  }
  all.mutable_parameter_gradients()->MergeFrom(next.parameter_gradients());
  all.mutable_value_shape()->MergeFrom(next.value_shape());
  return all;
}

// One stream, and what has come of it.
class Stream {
 public:
  Stream(StreamEvaluation& stream, uint32_t seed) : stream_(stream), random_(seed) {}

  // False where the message was refused, and the stream is over.
  bool Send(const std::string& message) {
    v1::EvaluateStreamRequest expected;
    const bool is_valid = expected.ParseFromString(message);
    grpc::ByteBuffer bytes = Cut(message, static_cast<uint32_t>(random_()));
    const absl::Status added = stream_.Add(&bytes);
    RequireVerdict(added, is_valid);
    return added.ok() && RunWindows();
  }

  // What the server does between two messages.
  bool RunWindows() {
    while (replied_ <= kMostReplyBytes && stream_.NextWindow()) {
      Require(stream_.Allocate(*pool_).ok(), "no memory for a small reply");
      RunInOrder(stream_.run(), stream_.window());
      const grpc::ByteBuffer reply = stream_.TakeReply();
      replied_ += static_cast<int64_t>(reply.Length());
      replies_ = Append(std::move(replies_), reply);
    }
    return stream_.KeepRest().ok();
  }

  const v1::EvaluateStreamResponse& replies() const { return replies_; }

 private:
  StreamEvaluation& stream_;
  std::minstd_rand random_;
  const std::shared_ptr<ReplyPool> pool_ = ReplyPool::Make(1 << 20);
  int64_t replied_ = 0;
  v1::EvaluateStreamResponse replies_;
};

// Feeds any bytes as messages: a byte says how long the next one is.
void SendBytes(Stream& stream, const std::string& bytes) {
  for (size_t start = 0; start < bytes.size();) {
    const std::string message = bytes.substr(start + 1, static_cast<uint8_t>(bytes[start]));
    if (!stream.Send(message)) return;
    start += 1 + message.size();
  }
}

// The tensors of `evaluation`, made of `bytes` again and again: inputs, upstream; nothing where
// they, or the results, are large.
std::optional<std::vector<std::string>> MakeTensors(const Evaluation& evaluation,
                                                    const std::string& bytes) {
  std::vector<std::string> tensors;
  const auto size_of = [&](const Shape& shape) {
    const std::optional<int64_t> elements = ElementCount(shape);
    return elements && *elements <= kMostBytes ? *elements * SizeOf(evaluation.type)
                                               : std::numeric_limits<int64_t>::max();
  };
  if (size_of(evaluation.output_shape) > kMostBytes) return std::nullopt;
  std::vector<Shape> shapes;
  for (const TensorView& input : evaluation.inputs) shapes.push_back(input.shape);
  if (evaluation.upstream) shapes.push_back(evaluation.output_shape);
  for (const Shape& shape : shapes) {
    const int64_t size = size_of(shape);
    if (size > kMostBytes) return std::nullopt;
    std::string& tensor = tensors.emplace_back();
    while (static_cast<int64_t>(tensor.size()) < size) {
      tensor += bytes.empty() ? std::string(64, '\0') : bytes;
    }
    tensor.resize(static_cast<size_t>(size));
  }
  return tensors;
}

// The tensors side by side, in chunks of any length; true where all of it was taken.
bool SendTensors(Stream& stream, size_t inputs, std::vector<std::string> tensors, uint32_t seed) {
  std::minstd_rand random(seed);
  const size_t longest = 1 + random() % 3000;
  const auto is_empty = [](const std::string& tensor) { return tensor.empty(); };
  while (!std::all_of(tensors.begin(), tensors.end(), is_empty)) {
    v1::EvaluateStreamRequest message;
    v1::StreamChunk& chunk = *message.mutable_chunk();
    for (size_t i = 0; i < tensors.size(); ++i) {
      const std::string part = tensors[i].substr(0, random() % (longest + 1));
      tensors[i].erase(0, part.size());
      if (i >= inputs) {
        chunk.set_upstream(part);
      } else {
        i == 0 ? chunk.set_input(part) : chunk.set_second_input(part);
      }
    }
    if (!stream.Send(message.SerializeAsString())) return false;
  }
  return true;
}

// The Evaluate that does what the stream did.
v1::EvaluateRequest WholeRequest(const v1::StreamHeader& header, size_t inputs,
                                 const Shape& output_shape,
                                 const std::vector<std::string>& tensors) {
  v1::EvaluateRequest request;
  *request.mutable_tensors() = header.tensors();
  v1::Evaluation& evaluation = *request.add_evaluations();
  *evaluation.mutable_activation() = header.activation();
  *evaluation.mutable_quantities() = header.quantities();
  for (size_t i = 0; i < tensors.size(); ++i) {
    const auto index = static_cast<uint32_t>(request.tensors_size());
    v1::Tensor& tensor = *request.add_tensors();
    tensor.set_element_type(header.element_type());
    tensor.set_data(tensors[i]);
    if (i < inputs) {
      *tensor.mutable_shape() = header.shape();
      evaluation.add_inputs(index);
    } else {
      tensor.mutable_shape()->Add(output_shape.begin(), output_shape.end());
      evaluation.set_upstream(index);
    }
  }
  return request;
}

std::vector<std::string> RunWhole(const Evaluation& evaluation) {
  std::vector<std::string> results;
  for (const OutputDescription& output : evaluation.outputs) results.emplace_back(output.bytes, 0);
  std::vector<std::byte*> outputs;
  for (std::string& result : results) {
    outputs.push_back(reinterpret_cast<std::byte*>(result.data()));
  }
  const std::unique_ptr<WindowedRun> run = WindowedRun::Make(evaluation);
  Window window{.count = run->items().count, .outputs = outputs};
  for (const TensorView& input : evaluation.inputs) window.inputs.push_back(input.data);
  if (evaluation.upstream) window.upstream = evaluation.upstream->data;
  RunInOrder(*run, window);
  return results;
}

void RequireSame(const v1::EvaluateRequest& request, const v1::EvaluateStreamResponse& replies) {
  Limits limits = kLimits;
  limits.max_tensors += 3;
  limits.max_elements = kMostBytes;
  const grpc::Slice slice(request.SerializeAsString());
  const absl::StatusOr<DecodedRequest> decoded =
      DecodeRequest(grpc::ByteBuffer(&slice, 1), limits, kNoBuffers);
  Require(decoded.ok(), "Evaluate cannot decode what a stream took");
  const absl::StatusOr<Evaluation> evaluation = Bind(Catalogue::Best(), decoded->evaluations[0]);
  Require(evaluation.ok(), "Evaluate refuses what a stream took");
  Require(std::equal(replies.value_shape().begin(), replies.value_shape().end(),
                     evaluation->output_shape.begin(), evaluation->output_shape.end()),
          "another shape than Evaluate's");
  const std::vector<std::string> results = RunWhole(*evaluation);
  int gradient = 0, parameter_gradient = 0;
  for (size_t i = 0; i < results.size(); ++i) {
    const OutputDescription& output = evaluation->outputs[i];
    const auto of_reply = [&]() -> const std::string& {
      switch (output.quantity) {
        case Quantity::kValue:
          return replies.value();
        case Quantity::kGradient:
          return replies.gradients(gradient++);
        case Quantity::kSecondDerivative:
          return replies.second_derivative();
        case Quantity::kParameterGradient:
          break;
      }
      return replies.parameter_gradients(parameter_gradient++).gradient().data();
    };
    Require(of_reply() == results[i], "other bits than Evaluate's");
  }
  Require(gradient == replies.gradients_size() &&
              parameter_gradient == replies.parameter_gradients_size(),
          "results that were not asked for");
}

void Check(const std::string& header, const std::string& data, uint32_t seed) {
  v1::EvaluateStreamRequest expected;
  const bool is_valid = expected.ParseFromString(header);
  const auto begun =
      StreamEvaluation::Begin(Cut(header, seed), Catalogue::Best(), kLimits, kNoBuffers);
  RequireVerdict(begun.status(), is_valid);
  if (!begun.ok()) return;
  const Evaluation& evaluation = (*begun)->evaluation();
  RequireSame(expected.header(), evaluation);
  Stream stream(**begun, seed);
  if (!stream.RunWindows()) return;
  const auto tensors = MakeTensors(evaluation, data);
  if (!tensors || seed % 8 == 0) return SendBytes(stream, data);
  Require(SendTensors(stream, evaluation.inputs.size(), *tensors, seed), "a chunk is refused");
  Require((*begun)->CheckComplete().ok() && (*begun)->is_done(), "a stream that is not complete");
  RequireSame(
      WholeRequest(expected.header(), evaluation.inputs.size(), evaluation.output_shape, *tensors),
      stream.replies());
}

}  // namespace
}  // namespace rectifier

// Two bytes, the length of the header; the header; then data. The last four bytes choose slices
// and chunks.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string bytes(reinterpret_cast<const char*>(data), size);
  const uint32_t seed = rectifier::TakeSeed(bytes);
  if (bytes.size() < 2) return 0;
  const size_t length = static_cast<uint8_t>(bytes[0]) << 8 | static_cast<uint8_t>(bytes[1]);
  const std::string rest = bytes.substr(2);
  const size_t header = std::min(length, rest.size());
  rectifier::Check(rest.substr(0, header), rest.substr(header), seed);
  return 0;
}
