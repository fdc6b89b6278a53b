#include "server/evaluate/stream_evaluation.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "core/field_error.h"

namespace rectifier {
namespace {

// The bytes of the larger of a window's tensors. They are as many as keep the threads busy and lie
// in the cache, and make a reply that gRPC's clients take by default.
constexpr int64_t kWindowBytes = int64_t{1} << 20;

// One tensor may be so many bytes ahead of another, beside what belongs together.
constexpr int64_t kMaxLead = int64_t{4} << 20;

absl::Status ChunkError(const std::string& field, const std::string& description,
                        const char* reason) {
  return FieldError({.path = "chunk." + field, .description = description, .reason = reason});
}

// A header says by its shape and element type what a request says by its inputs.
absl::Status HeaderError(const absl::Status& status) {
  std::optional<FieldViolation> violation = GetFieldViolation(status);
  if (violation && absl::StartsWith(violation->path, "inputs[")) {
    const bool is_type = absl::StartsWith(violation->reason, "ELEMENT_TYPE");
    violation->path = is_type ? "element_type" : "shape";
    return PrefixField("header.", FieldError(*std::move(violation)));
  }
  return PrefixField("header.", status);
}

// Rows of no elements have results, so that a header alone could ask for any number of replies.
absl::Status CheckOutput(const Evaluation& evaluation, const Limits& limits) {
  // No activation gives more than two elements for each that it reads, but for such rows.
  constexpr int64_t kOutputsPerInput = 2;
  const int64_t allowed = std::max(kOutputsPerInput * evaluation.elements, limits.max_elements);
  const int64_t given = *ElementCount(evaluation.output_shape);
  if (given <= allowed) return absl::OkStatus();
  return FieldError(
      {"header.shape",
       absl::StrFormat("the output would have %d elements for %d of the input; allowed are two for "
                       "each, or %d, this server's limit for a tensor",
                       given, evaluation.elements, limits.max_elements),
       "TOO_MANY_ELEMENTS"});
}

}  // namespace

absl::StatusOr<std::unique_ptr<StreamEvaluation>> StreamEvaluation::Begin(
    const grpc::ByteBuffer& header, const Catalogue& catalogue, const Limits& limits,
    const SharedBuffers& buffers) {
  absl::StatusOr<DecodedHeader> decoded = DecodeHeader(header, limits, buffers);
  if (!decoded.ok()) return decoded.status();
  absl::StatusOr<Evaluation> evaluation = Bind(catalogue, decoded->evaluation);
  if (!evaluation.ok()) return HeaderError(evaluation.status());
  if (absl::Status status = CheckOutput(*evaluation, limits); !status.ok()) return status;
  std::unique_ptr<StreamEvaluation> stream(
      new StreamEvaluation(*std::move(decoded), *std::move(evaluation), limits));
  stream->LayOut(header.Length());
  if (absl::Status status = stream->CheckQuantum(); !status.ok()) return status;
  for (const OutputDescription& output : stream->evaluation_.outputs) {
    const bool is_kept = output.quantity == Quantity::kParameterGradient;
    stream->gradients_.emplace_back(is_kept ? output.bytes : 0);
  }
  return stream;
}

StreamEvaluation::StreamEvaluation(DecodedHeader header, Evaluation evaluation,
                                   const Limits& limits)
    : header_(std::move(header)),
      evaluation_(std::move(evaluation)),
      limits_(limits),
      run_(WindowedRun::Make(evaluation_)) {}

void StreamEvaluation::LayOut(size_t header_bytes) {
  const Items& items = run_->items();
  const auto size = static_cast<int64_t>(SizeOf(evaluation_.type));
  const int64_t input = items.input_elements * size, output = items.output_elements * size;
  for (size_t i = 0; i < evaluation_.inputs.size(); ++i) {
    tensors_.emplace_back(input, items.count * input);
    fields_.emplace_back(i == 0 ? "input" : "second_input");
  }
  if (evaluation_.upstream) {
    tensors_.emplace_back(output, items.count * output);
    fields_.emplace_back("upstream");
  }
  base_bytes_ = static_cast<int64_t>(header_bytes) + 2 * run_->state_bytes();
  for (const OutputDescription& described : evaluation_.outputs) {
    if (described.quantity == Quantity::kParameterGradient) {
      base_bytes_ += 2 * static_cast<int64_t>(described.bytes);  // and once more in the last reply
    } else {
      output_item_bytes_ += described.quantity == Quantity::kValue ? output : input;
    }
  }
  const int64_t largest = std::max<int64_t>({input, output, output_item_bytes_, 1});
  const int64_t window = std::min(kWindowBytes, limits_.max_message_bytes / 8);
  window_items_ = std::max<int64_t>(window / largest / items.quantum, 1) * items.quantum;
  window_bytes_ = 2 * std::min(window_items_, items.count) * output_item_bytes_;  // one on its way
}

int64_t StreamEvaluation::QuantumBytes() const {
  int64_t item = output_item_bytes_;
  for (const IncomingTensor& tensor : tensors_) item += tensor.item_bytes();
  return item * std::min(run_->items().quantum, run_->items().count);
}

absl::Status StreamEvaluation::CheckQuantum() const {
  const int64_t bytes = QuantumBytes();
  if (bytes <= limits_.max_message_bytes) {
    if (base_bytes_ + window_bytes_ + bytes <= limits_.max_inflight_bytes) {
      return absl::OkStatus();
    }
    return FieldError({"header.tensors",
                       absl::StrFormat("the sums of the parameter gradients need %d bytes; this "
                                       "server's limit for all calls is %d",
                                       base_bytes_, limits_.max_inflight_bytes),
                       "STREAM_TOO_LARGE"});
  }
  const Shape& shape = evaluation_.inputs[0].shape;
  return FieldError(
      {"header.shape",
       absl::StrFormat("along the axis chosen, %d elements of [%s] belong together, which take %d "
                       "bytes in and out; this server's limit for a message is %d (an axis further "
                       "back has shorter rows)",
                       run_->items().quantum * run_->items().input_elements,
                       absl::StrJoin(shape, ", "), bytes, limits_.max_message_bytes),
       "ROWS_TOO_LONG"});
}

int64_t StreamEvaluation::kept_bytes() const {
  int64_t bytes = 0;
  for (const IncomingTensor& tensor : tensors_) bytes += tensor.kept_bytes();
  return bytes;
}

absl::Status StreamEvaluation::Add(grpc::ByteBuffer* chunk) {
  const absl::StatusOr<ChunkMessage> decoded = DecodeChunk(chunk, limits_);
  if (!decoded.ok()) return decoded.status();
  const bool is_pair = evaluation_.inputs.size() == 2;
  if (!is_pair && !decoded->second_input.empty()) {
    return ChunkError("second_input", "the header says that there is one input", "TOO_MANY_BYTES");
  }
  if (!evaluation_.upstream && !decoded->upstream.empty()) {
    return ChunkError("upstream", "the header says that there is none", "TOO_MANY_BYTES");
  }
  absl::Status status = Add(0, decoded->input);
  if (status.ok() && is_pair) status = Add(1, decoded->second_input);
  if (status.ok() && evaluation_.upstream) status = Add(tensors_.size() - 1, decoded->upstream);
  return status;
}

absl::Status StreamEvaluation::Add(size_t tensor, const DataField& chunk) {
  IncomingTensor& to = tensors_[tensor];
  const auto size = static_cast<int64_t>(chunk.size());
  if (size <= to.total_bytes() - to.received_bytes()) {
    to.Add(chunk);
    return absl::OkStatus();
  }
  return ChunkError(fields_[tensor],
                    absl::StrFormat("%d bytes after %d; the shape takes %d", size,
                                    to.received_bytes(), to.total_bytes()),
                    "TOO_MANY_BYTES");
}

bool StreamEvaluation::NextWindow() {
  if (is_done_) return false;
  const Items& items = run_->items();
  const int64_t first = window_.first + window_.count, left = items.count - first;
  int64_t count = std::min(left, window_items_);
  for (const IncomingTensor& tensor : tensors_) {
    if (tensor.item_bytes() == 0) continue;
    count = std::min(count, tensor.available_bytes() / tensor.item_bytes());
  }
  if (count < left) count -= count % items.quantum;
  if (count == 0 && left > 0) return false;
  window_.first = first;
  window_.count = count;
  window_.inputs.clear();
  is_done_ = count == left;
  return true;
}

absl::Status StreamEvaluation::Allocate(ReplyPool& pool) {
  reply_ = StreamReply();
  const absl::Status status = reply_.Allocate(evaluation_, run_->items(), window_.count, pool);
  if (!status.ok()) return status;
  outputs_.assign(reply_.outputs().begin(), reply_.outputs().end());
  for (size_t i = 0; i < outputs_.size(); ++i) {
    if (!gradients_[i].empty()) outputs_[i] = gradients_[i].data();
  }
  window_.outputs = outputs_;
  for (size_t i = 0; i < tensors_.size(); ++i) {
    const Payload front = tensors_[i].Front(window_.count * tensors_[i].item_bytes());
    if (i < evaluation_.inputs.size()) {
      window_.inputs.push_back(front);
    } else {
      window_.upstream = front;
    }
  }
  return absl::OkStatus();
}

grpc::ByteBuffer StreamEvaluation::TakeReply() {
  for (IncomingTensor& tensor : tensors_) tensor.Drop(window_.count * tensor.item_bytes());
  if (!std::exchange(is_begun_, true)) reply_.AddValueShape(evaluation_);
  if (is_done_) reply_.AddParameterGradients(evaluation_, gradients_);
  return reply_.Take();
}

absl::Status StreamEvaluation::KeepRest() {
  for (IncomingTensor& tensor : tensors_) tensor.Keep();
  if (is_done_) return absl::OkStatus();
  // The slowest is what the others wait for.
  size_t slowest = 0;
  const auto items = [this](size_t i) {
    const IncomingTensor& tensor = tensors_[i];
    return tensor.item_bytes() > 0 ? tensor.available_bytes() / tensor.item_bytes() : INT64_MAX;
  };
  for (size_t i = 1; i < tensors_.size(); ++i) {
    if (items(i) < items(slowest)) slowest = i;
  }
  for (size_t i = 0; i < tensors_.size(); ++i) {
    const int64_t quantum = run_->items().quantum * tensors_[i].item_bytes();
    if (tensors_[i].available_bytes() <= quantum + kMaxLead) continue;
    return ChunkError(fields_[i],
                      absl::StrFormat("%d bytes wait for the %s, of which %d have come; send them "
                                      "side by side, no more than %d bytes apart",
                                      tensors_[i].available_bytes(), fields_[slowest],
                                      tensors_[slowest].received_bytes(), kMaxLead),
                      "UNEQUAL_PROGRESS");
  }
  return absl::OkStatus();
}

absl::Status StreamEvaluation::CheckComplete() const {
  for (size_t i = 0; i < tensors_.size(); ++i) {
    const IncomingTensor& tensor = tensors_[i];
    if (tensor.received_bytes() == tensor.total_bytes()) continue;
    return ChunkError(fields_[i],
                      absl::StrFormat("the stream ends after %d bytes; the shape takes %d",
                                      tensor.received_bytes(), tensor.total_bytes()),
                      "STREAM_TOO_SHORT");
  }
  return absl::OkStatus();
}

}  // namespace rectifier
