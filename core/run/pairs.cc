// Gated pairs. However the two lie in memory, they are strips: a strip of gates and a strip of
// values of equal length, for one strip of results. Short strips (interleaved along the last axis)
// are sorted into long ones for the kernels, and what lies in pieces is gathered.
#include <algorithm>
#include <array>
#include <cstring>
#include <utility>
#include <variant>
#include <vector>

#include "core/run/run.h"

namespace rectifier {
namespace {

constexpr int64_t kGathered = 1024;   // pairs sorted or gathered at a time
constexpr int64_t kShortStrip = 128;  // strips below this length are sorted

// Strips of two kinds take turns: calls f(mixed, sorted, strip) with the byte at which each strip
// of the first kind begins, and at which it would among those of its kind alone, of which there are
// `bytes`. With a length that it knows, the compiler makes moves of copies.
template <class F>
void ForEachOther(int64_t strip, int64_t bytes, const F& f) {
  const auto each = [&](auto length) {
    for (int64_t at = 0; at < bytes; at += length) f(2 * at, at, static_cast<size_t>(length));
  };
  if (strip == 2) return each(std::integral_constant<int64_t, 2>());
  if (strip == 4) return each(std::integral_constant<int64_t, 4>());
  if (strip == 8) return each(std::integral_constant<int64_t, 8>());
  each(strip);
}

class PairsRun final : public WindowedRun {
 public:
  explicit PairsRun(const Evaluation& evaluation)
      : WindowedRun(evaluation),
        evaluation_(evaluation),
        kernel_(std::get<PairKernels>(evaluation.activation->kernels)
                    .pair[static_cast<size_t>(evaluation.type)]),
        size_(static_cast<int64_t>(SizeOf(evaluation.type))) {
    for (size_t i = 0; i < evaluation.arguments.size(); ++i) {
      numbers_[i] = evaluation.arguments[i].number;
    }
    if (split()) {
      strip_ = evaluation.interleaved ? evaluation.inner : evaluation.length * evaluation.inner;
      SetItems({.count = evaluation.interleaved ? evaluation.outer * evaluation.length
                                                : evaluation.outer,
                .input_elements = 2 * strip_,
                .output_elements = strip_});
    } else {
      SetItems({.count = evaluation.inner});
    }
  }

  void Begin(const Window& window) override {
    Place(window);
    pairs_ = window.count * items().output_elements;
    sorts_ = split() && strip_ < kShortStrip;
    chunk_pairs_ = sorts_ ? WholeStrips(kChunkElements) : kChunkElements;
    is_begun_ = false;
  }

  std::optional<int64_t> NextStep() override {
    if (std::exchange(is_begun_, true)) return std::nullopt;
    return (pairs_ + chunk_pairs_ - 1) / chunk_pairs_;
  }

  void RunChunk(int64_t chunk) override {
    const int64_t begin = chunk * chunk_pairs_;
    const int64_t end = std::min(begin + chunk_pairs_, pairs_);
    if (sorts_) {
      RunSorted(begin, end);
    } else if (!IsWhole()) {
      RunGathered(begin, end);
    } else {
      ForEachStrip(begin, end, [&](int64_t pair, int64_t input, int64_t count) {
        kernel_(OperandsAt(pair, input, count));
      });
    }
  }

 private:
  bool split() const { return evaluation_.inputs.size() == 1; }

  // Pairs, strips and inputs count from the window's start.
  void Place(const Window& window) {
    window_ = &window;
    const size_t gate_input = evaluation_.gate_first ? 0 : 1;
    if (split()) {
      gate_ = {&window.inputs[0], gate_input == 0 ? 0 : strip_};
      value_ = {&window.inputs[0], gate_input == 0 ? strip_ : 0};
    } else {
      strip_ = window.count;
      gate_ = {&window.inputs[gate_input], 0};
      value_ = {&window.inputs[1 - gate_input], 0};
    }
    for (size_t i = 0; i < window.outputs.size(); ++i) {
      if (evaluation_.outputs[i].quantity == Quantity::kValue) {
        result_ = window.outputs[i];
      } else {
        PlaceGradient(evaluation_.outputs[i].index, window.outputs[i]);
      }
    }
  }

  // The gradient of an input lies as the input does.
  void PlaceGradient(size_t input, std::byte* to) {
    if (split()) {
      gradient_ = to;
      gate_gradient_ = At(to, evaluation_.gate_first ? 0 : strip_);
      value_gradient_ = At(to, evaluation_.gate_first ? strip_ : 0);
    } else if ((input == 0) == evaluation_.gate_first) {
      gate_gradient_ = to;
    } else {
      value_gradient_ = to;
    }
  }

  // Calls f(pair, input, count) for the parts of strips that make up pairs [begin, end): the index
  // of the first pair, the index of its gate or value in the input, and how many follow.
  template <class F>
  void ForEachStrip(int64_t begin, int64_t end, const F& f) const {
    for (int64_t pair = begin; pair < end;) {
      const int64_t within = pair % strip_;
      const int64_t count = std::min(strip_ - within, end - pair);
      f(pair, pair / strip_ * InputStep() + within, count);
      pair += count;
    }
  }

  // The elements from one strip of gates to the next, in an input.
  int64_t InputStep() const { return split() ? 2 * strip_ : strip_; }

  template <class Byte>
  Byte* At(Byte* base, int64_t index) const {
    return base == nullptr ? nullptr : base + index * size_;
  }

  // One half of the pairs, which begins at element `first` of an input.
  struct Half {
    const Payload* payload = nullptr;
    int64_t first = 0;
  };
  // Where `count` elements of a half are, or are copied to.
  const std::byte* Read(const Half& half, int64_t index, int64_t count, std::byte* room) const {
    return half.payload->Read(static_cast<size_t>((half.first + index) * size_),
                              static_cast<size_t>(count * size_), room);
  }
  void Copy(const Half& half, int64_t index, int64_t count, std::byte* to) const {
    half.payload->CopyTo(static_cast<size_t>((half.first + index) * size_),
                         static_cast<size_t>(count * size_), to);
  }

  bool IsWhole() const {
    return gate_.payload->is_whole() && value_.payload->is_whole() &&
           (!evaluation_.upstream || window_->upstream.is_whole());
  }

  // The operands that do not lie strip by strip in an input.
  PairOperands OutputsAt(int64_t pair, int64_t count, std::byte* upstream_room) const {
    PairOperands operands;
    if (evaluation_.upstream) {
      operands.upstream = window_->upstream.Read(static_cast<size_t>(pair * size_),
                                                 static_cast<size_t>(count * size_), upstream_room);
    }
    operands.result = At(result_, pair);
    operands.parameters = numbers_;
    operands.count = static_cast<size_t>(count);
    return operands;
  }

  // The operands, where all payloads are whole.
  PairOperands OperandsAt(int64_t pair, int64_t input, int64_t count) const {
    PairOperands operands = OutputsAt(pair, count, nullptr);
    operands.gate = Read(gate_, input, count, nullptr);
    operands.value = Read(value_, input, count, nullptr);
    operands.gate_gradient = At(gate_gradient_, input);
    operands.value_gradient = At(value_gradient_, input);
    return operands;
  }

  // How many of `pairs` make whole strips.
  int64_t WholeStrips(int64_t pairs) const {
    const int64_t strip = std::max<int64_t>(strip_, 1);
    return pairs / strip * strip;
  }

  // Pairs of whole strips, side by side in one input.
  void RunSorted(int64_t begin, int64_t end) const {
    const auto bytes = static_cast<size_t>(kGathered * size_);
    std::vector<std::byte> input(2 * bytes), upstream(bytes);
    std::vector<std::byte> sorted[] = {std::vector<std::byte>(bytes),
                                       std::vector<std::byte>(bytes)};
    std::vector<std::byte> slopes[] = {std::vector<std::byte>(bytes),
                                       std::vector<std::byte>(bytes)};
    const size_t gate = evaluation_.gate_first ? 0 : 1;
    const int64_t strip = strip_ * size_;
    for (int64_t block = begin; block < end; block += WholeStrips(kGathered)) {
      const int64_t count = std::min(WholeStrips(kGathered), end - block);
      const auto offset = static_cast<size_t>(2 * block * size_);
      const std::byte* const mixed =
          window_->inputs[0].Read(offset, static_cast<size_t>(2 * count * size_), input.data());
      ForEachOther(strip, count * size_, [&](int64_t from, int64_t to, size_t length) {
        std::memcpy(&sorted[0][static_cast<size_t>(to)], mixed + from, length);
        std::memcpy(&sorted[1][static_cast<size_t>(to)], mixed + from + length, length);
      });
      PairOperands operands = OutputsAt(block, count, upstream.data());
      operands.gate = sorted[gate].data();
      operands.value = sorted[1 - gate].data();
      if (gradient_) {
        operands.gate_gradient = slopes[gate].data();
        operands.value_gradient = slopes[1 - gate].data();
      }
      kernel_(operands);
      if (!gradient_) continue;
      std::byte* const result = gradient_ + offset;
      ForEachOther(strip, count * size_, [&](int64_t to, int64_t from, size_t length) {
        std::memcpy(result + to, &slopes[0][static_cast<size_t>(from)], length);
        std::memcpy(result + to + length, &slopes[1][static_cast<size_t>(from)], length);
      });
    }
  }

  void RunGathered(int64_t begin, int64_t end) const {
    const auto bytes = static_cast<size_t>(kGathered * size_);
    const auto copy = [this](int64_t count, const std::byte* from, std::byte* to) {
      std::memcpy(to, from, static_cast<size_t>(count * size_));
    };
    std::vector<std::byte> gate(bytes), value(bytes), upstream(bytes), by_gate(bytes),
        by_value(bytes);
    for (int64_t block = begin; block < end; block += kGathered) {
      const int64_t block_end = std::min(block + kGathered, end);
      ForEachStrip(block, block_end, [&](int64_t pair, int64_t input, int64_t count) {
        Copy(gate_, input, count, At(gate.data(), pair - block));
        Copy(value_, input, count, At(value.data(), pair - block));
      });
      PairOperands operands = OutputsAt(block, block_end - block, upstream.data());
      operands.gate = gate.data();
      operands.value = value.data();
      if (gate_gradient_) operands.gate_gradient = by_gate.data();
      if (value_gradient_) operands.value_gradient = by_value.data();
      kernel_(operands);
      ForEachStrip(block, block_end, [&](int64_t pair, int64_t input, int64_t count) {
        if (gate_gradient_) {
          copy(count, At(by_gate.data(), pair - block), At(gate_gradient_, input));
        }
        if (value_gradient_) {
          copy(count, At(by_value.data(), pair - block), At(value_gradient_, input));
        }
      });
    }
  }

  const Evaluation& evaluation_;
  const PairKernel kernel_;
  const int64_t size_;  // of an element
  std::array<double, kMaxParameters> numbers_ = {};
  // The length of a strip in elements; where the pairs are in two tensors, the window is one strip.
  int64_t strip_ = 0;
  // These belong to the window that is run.
  const Window* window_ = nullptr;
  Half gate_;
  Half value_;
  std::byte* result_ = nullptr;
  std::byte* gradient_ = nullptr;  // of one input of both
  std::byte* gate_gradient_ = nullptr;
  std::byte* value_gradient_ = nullptr;
  int64_t pairs_ = 0;
  int64_t chunk_pairs_ = kChunkElements;
  bool sorts_ = false;
  bool is_begun_ = false;
};

}  // namespace

std::unique_ptr<WindowedRun> MakePairsRun(const Evaluation& evaluation) {
  return std::make_unique<PairsRun>(evaluation);
}

}  // namespace rectifier
