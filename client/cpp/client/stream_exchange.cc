#include "client/cpp/client/stream_exchange.h"

#include <algorithm>
#include <optional>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/cpp/client/field_error.h"

namespace rectifier::client {
namespace {

// Sends the tensors side by side.
class Sender {
 public:
  Sender(const Evaluation& whole, ElementType type, int64_t chunk_bytes) : type_(type) {
    for (const Tensor& input : whole.inputs) tensors_.push_back(input);
    if (whole.upstream.has_value()) tensors_.push_back(*whole.upstream);
    inputs_ = whole.inputs.size();
    int64_t bytes = 0;
    for (const Tensor& tensor : tensors_) {
      bytes += tensor.size() * static_cast<int64_t>(SizeOf(type));
    }
    chunks_ = std::max<int64_t>((bytes + chunk_bytes - 1) / chunk_bytes, 1);
  }

  void Run(EvaluationStream& stream) const {
    for (int64_t i = 0; i < chunks_; ++i) {
      std::vector<Tensor> parts;
      for (const Tensor& tensor : tensors_) parts.push_back(Part(tensor, i));
      StreamedChunk chunk{.input = parts[0].bytes()};
      if (inputs_ == 2) chunk.second_input = parts[1].bytes();
      if (parts.size() > inputs_) chunk.upstream = parts.back().bytes();
      if (!stream.Write(chunk)) return;
    }
    stream.WritesDone();
  }

 private:
  Tensor Part(const Tensor& tensor, int64_t i) const {
    const auto until = [&](int64_t chunk) {
      return static_cast<int64_t>(static_cast<__int128>(tensor.size()) * chunk / chunks_);
    };
    const int64_t begin = until(i), count = until(i + 1) - begin;
    return tensor.Slice(begin, {count}).As(type_);
  }

  const ElementType type_;
  std::vector<Tensor> tensors_;
  size_t inputs_ = 0;
  int64_t chunks_ = 1;
};

}  // namespace

StreamedEvaluation ToStreamed(const Evaluation& whole, ElementType type) {
  return {.activation = whole.activation,
          .preset = whole.preset,
          .arguments = whole.arguments,
          .type = type,
          .shape = whole.inputs.front().shape(),
          .inputs = static_cast<uint32_t>(whole.inputs.size()),
          .has_upstream = whole.upstream.has_value(),
          .quantities = whole.quantities};
}

absl::Status CheckForStream(const Evaluation& whole, ElementType type, bool are_converted) {
  const auto type_error = [type](const std::string& field, const Tensor& tensor) {
    return FieldError(field,
                      absl::StrCat("element type ", Name(tensor.type()),
                                   "; must be the first input's, ", Name(type)),
                      "ELEMENT_TYPE_MISMATCH");
  };
  const Tensor& first = whole.inputs.front();
  for (size_t i = 0; i < whole.inputs.size(); ++i) {
    const Tensor& input = whole.inputs[i];
    const std::string field = absl::StrCat("evaluations[0].inputs[", i, "]");
    if (!are_converted && input.type() != type) return type_error(field, input);
    if (input.shape() == first.shape()) continue;
    return FieldError(field,
                      absl::StrCat("shape ", ToString(input.shape()), "; must be the first's, ",
                                   ToString(first.shape())),
                      "SHAPE_MISMATCH");
  }
  if (whole.upstream.has_value() && !are_converted && whole.upstream->type() != type) {
    return type_error("evaluations[0].upstream", *whole.upstream);
  }
  return absl::OkStatus();
}

absl::Status Exchange(EvaluationStream& stream, const Evaluation& whole, ElementType type,
                      int64_t chunk_bytes,
                      absl::FunctionRef<absl::Status(const StreamedResult&)> take) {
  const Sender sender(whole, type, chunk_bytes);
  absl::Status taken;
  std::thread writer([&] { sender.Run(stream); });
  while (const std::optional<StreamedResult> result = stream.Read()) {
    taken = take(*result);
    if (taken.ok()) continue;
    stream.Cancel();
    break;
  }
  writer.join();
  while (stream.Read().has_value()) {
  }
  const absl::Status finished = stream.Finish();
  return taken.ok() ? finished : taken;
}

}  // namespace rectifier::client
