#include "server/wire/short_message.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <new>
#include <variant>

namespace rectifier {

grpc::Slice InOnePiece(const grpc::ByteBuffer& message) {
  grpc::Slice slice;
  if (!message.TrySingleSlice(&slice).ok() && !message.DumpToSingleSlice(&slice).ok()) {
    throw std::bad_alloc();
  }
  return slice;
}

grpc::ByteBuffer ShortMessage::bytes() const {
  const grpc::Slice slice(bytes_.data(), bytes_.size(), grpc::Slice::STATIC_SLICE);
  return grpc::ByteBuffer(&slice, 1);
}

ShortMessage::Range ShortMessage::RangeOf(const Payload& payload) const {
  const std::byte* const data = payload.data();
  const std::byte* const end = bytes_.data() + bytes_.size();
  const bool is_within = payload.is_whole() && payload.size() > 0 &&
                         std::less_equal<>()(bytes_.data(), data) && std::less<>()(data, end);
  if (!is_within) return {0, 0};
  const auto start = static_cast<size_t>(data - bytes_.data());
  return {start, start + payload.size()};
}

void ShortMessage::LetPayloadsDiffer(const DecodedRequest& request) {
  std::vector<Range> arguments;
  for (const EvaluationRequest& evaluation : request.evaluations) {
    for (const TensorView& input : evaluation.inputs) payloads_.push_back(RangeOf(input.data));
    if (evaluation.upstream) payloads_.push_back(RangeOf(evaluation.upstream->data));
    for (const Argument& argument : evaluation.arguments) {
      const auto* const tensor = std::get_if<TensorView>(&argument.value);
      if (tensor != nullptr) arguments.push_back(RangeOf(tensor->data));
    }
  }
  std::sort(payloads_.begin(), payloads_.end());
  payloads_.erase(std::unique(payloads_.begin(), payloads_.end()), payloads_.end());
  // Tensors are the same or lie apart, so that ranges of equal ends are equal.
  const auto is_fixed = [&](const Range& range) {
    return range.second == 0 ||
           std::find(arguments.begin(), arguments.end(), range) != arguments.end();
  };
  payloads_.erase(std::remove_if(payloads_.begin(), payloads_.end(), is_fixed), payloads_.end());
}

bool ShortMessage::Repeats(absl::Span<const std::byte> bytes) const {
  if (bytes.size() != bytes_.size()) return false;
  size_t from = 0;
  for (const auto& [start, end] : payloads_) {
    if (std::memcmp(bytes.data() + from, bytes_.data() + from, start - from) != 0) return false;
    from = end;
  }
  return std::memcmp(bytes.data() + from, bytes_.data() + from, bytes.size() - from) == 0;
}

void ShortMessage::TakeOver(absl::Span<const std::byte> bytes) {
  for (const auto& [start, end] : payloads_) {
    std::memcpy(bytes_.data() + start, bytes.data() + start, end - start);
  }
}

}  // namespace rectifier
