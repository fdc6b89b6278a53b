#include "client/cpp/client/kept_inputs.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <functional>
#include <memory>
#include <variant>

namespace rectifier::client {
namespace {

using Bytes = absl::Span<const std::byte>;

bool Overlap(Bytes a, Bytes b) {
  const std::less<const std::byte*> is_before;
  return is_before(a.data(), b.data() + b.size()) && is_before(b.data(), a.data() + a.size());
}

// Where results go, in memory of the caller or in a shared buffer.
Bytes BytesOf(const Destination& destination) {
  return destination.memory.data() != nullptr ? destination.memory : destination.region.bytes;
}

void Keep(const std::vector<Bytes>& written, Tensor& tensor) {
  const Bytes bytes = tensor.bytes();
  const auto is_over = [bytes](Bytes other) { return Overlap(bytes, other); };
  if (std::none_of(written.begin(), written.end(), is_over)) return;
  const std::shared_ptr<std::byte[]> copy = std::make_shared<std::byte[]>(bytes.size());
  std::memcpy(copy.get(), bytes.data(), bytes.size());
  tensor = *Tensor::View(tensor.type(), tensor.shape(), {copy.get(), bytes.size()}, copy);
}

}  // namespace

std::vector<Evaluation> KeepInputs(absl::Span<const Evaluation> evaluations) {
  std::vector<Evaluation> kept(evaluations.begin(), evaluations.end());
  std::vector<Bytes> written;
  for (Evaluation& evaluation : kept) {
    for (Tensor& input : evaluation.inputs) Keep(written, input);
    if (evaluation.upstream.has_value()) Keep(written, *evaluation.upstream);
    for (auto& [name, argument] : evaluation.arguments) {
      if (auto* const tensor = std::get_if<Tensor>(&argument.value)) Keep(written, *tensor);
    }
    for (const Destination& destination : evaluation.destinations) {
      written.push_back(BytesOf(destination));
    }
  }
  return kept;
}

}  // namespace rectifier::client
