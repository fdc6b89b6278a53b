// Elementwise evaluations. Without parameter gradients any range may be cut anywhere. With them the
// input is cut into segments that depend on the shapes alone, each summed in order of the elements,
// and the segments' sums are added in order: the bits are the same however many threads and windows
// there are. A segment that a window leaves unfinished is gone on with by the next.
#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "core/functions/philox.h"
#include "core/run/broadcast.h"
#include "core/run/broadcast_tensor.h"
#include "core/run/parameter_gradients.h"
#include "core/run/run.h"

namespace rectifier {
namespace {

// Arguments that vary, terms to be summed and scattered payloads pass through buffers of this many
// elements.
constexpr int64_t kBlock = 1024;

// A segment holds at least this many elements per sum, which bounds the memory for sums.
constexpr int64_t kElementsPerSum = 4;
constexpr int64_t kMaxSegments = 64;
constexpr int64_t kMinSegmentElements = int64_t{1} << 14;

// A chunk of a segment: a multiple of kBlock. Terms take several times as long as values do.
constexpr int64_t kStretch = int64_t{1} << 13;

class ElementwiseRun final : public WindowedRun {
 public:
  explicit ElementwiseRun(const Evaluation& evaluation)
      : WindowedRun(evaluation),
        evaluation_(evaluation),
        kernels_(std::get<ElementwiseKernels>(evaluation.activation->kernels)),
        type_(static_cast<size_t>(evaluation.type)),
        element_size_(SizeOf(evaluation.type)),
        chunk_elements_(ChunkElements(evaluation.type)),
        gradients_(*evaluation.arrays) {
    for (const BoundArgument& argument : evaluation.arguments) {
      varying_ |= argument.tensor.has_value() || argument.draws.has_value();
      std::optional<BroadcastTensor>& tensor = tensors_.emplace_back();
      if (argument.tensor) {
        tensor.emplace(*evaluation.arrays, argument, evaluation.inputs[0].shape);
      }
    }
    for (const OutputDescription& output : evaluation.outputs) {
      if (output.quantity != Quantity::kParameterGradient) continue;
      gradients_.Add(
          {output.index, output.type,
           Broadcast(evaluation.inputs[0].shape, StridesOf(evaluation.arguments[output.index])),
           static_cast<int64_t>(output.bytes / SizeOf(output.type))});
    }
    const bool sums = !gradients_.empty();
    SetItems({.count = evaluation.elements, .quantum = sums ? kBlock : 1});
    if (sums) segment_ = SegmentElements();
  }

  int64_t state_bytes() const override {
    const int64_t numbers = 2 * gradients_.total();
    return 2 * numbers * static_cast<int64_t>(sizeof(double));  // the total, and the open segment
  }

  void Begin(const Window& window) override {
    Place(window);
    begin_ = window.first;
    end_ = window.first + window.count;
    steps_ = 0;
    if (!gradients_.empty()) BeginSegments();
  }

  // Where there are sums, a step goes on with each segment by a stretch: that bounds the time of a
  // chunk, however long segments are.
  std::optional<int64_t> NextStep() override {
    const int64_t step = steps_++;
    if (gradients_.empty()) {
      if (step > 0) return std::nullopt;
      return (window_->count + chunk_elements_ - 1) / chunk_elements_;
    }
    if (step > 0 && step * kStretch >= std::min(segment_, window_->count)) {
      EndSegments();
      return std::nullopt;
    }
    return static_cast<int64_t>(sums_.size());
  }

  void RunChunk(int64_t chunk) override {
    if (!gradients_.empty()) return RunStretch(chunk, steps_ - 1);
    const int64_t first = begin_ + chunk * chunk_elements_;
    RunRange(first, std::min(first + chunk_elements_, end_), nullptr);
  }

 private:
  Shape StridesOf(const BoundArgument& argument) const {
    return argument.tensor ? argument.strides : Shape(evaluation_.inputs[0].shape.size(), 0);
  }

  void Place(const Window& window) {
    window_ = &window;
    size_t parameter = 0;
    for (size_t i = 0; i < window.outputs.size(); ++i) {
      std::byte* const to = window.outputs[i];
      switch (evaluation_.outputs[i].quantity) {
        case Quantity::kValue:
          value_ = to;
          break;
        case Quantity::kGradient:
          gradient_ = to;
          break;
        case Quantity::kSecondDerivative:
          second_derivative_ = to;
          break;
        case Quantity::kParameterGradient:
          gradients_.Place(parameter++, to);
          break;
      }
    }
  }

  template <class Byte>
  static Byte* At(Byte* base, int64_t bytes) {
    return base == nullptr ? nullptr : base + bytes;
  }

  struct Buffers {
    std::array<double, kBlock> arguments[kMaxParameters];
    std::array<double, kBlock> terms[kMaxParameters];
    std::array<double, kBlock> terms_low[kMaxParameters];
    alignas(64) std::byte x[kBlock * sizeof(double)];
    alignas(64) std::byte upstream[kBlock * sizeof(double)];
    // x and upstream as float64, where they are of another type.
    std::array<double, kBlock> wide_x, wide_upstream;
  };

  // Whether a kernel can run over any range without buffers.
  bool IsPlain() const {
    return !varying_ && window_->inputs[0].is_whole() &&
           (!evaluation_.upstream || window_->upstream.is_whole());
  }

  // The kernel's operands from element `begin` on; arguments that are plain numbers are set.
  // `buffers` may be null where IsPlain().
  ElementwiseOperands OperandsAt(int64_t begin, int64_t count, Buffers* buffers) const {
    const auto offset = (begin - window_->first) * static_cast<int64_t>(element_size_);
    const auto bytes = static_cast<size_t>(count) * element_size_;
    ElementwiseOperands operands;
    operands.x =
        window_->inputs[0].Read(static_cast<size_t>(offset), bytes, buffers ? buffers->x : nullptr);
    if (evaluation_.upstream) {
      operands.upstream = window_->upstream.Read(static_cast<size_t>(offset), bytes,
                                                 buffers ? buffers->upstream : nullptr);
    }
    operands.value = At(value_, offset);
    operands.gradient = At(gradient_, offset);
    operands.second_derivative = At(second_derivative_, offset);
    for (size_t k = 0; k < evaluation_.arguments.size(); ++k) {
      operands.parameters[k] = &evaluation_.arguments[k].number;
    }
    operands.count = static_cast<size_t>(count);
    operands.bypass_cache = window_->bypass_cache;
    return operands;
  }

  // Computes [begin, end); adds the parameters' terms to `sums` where there are any.
  void RunRange(int64_t begin, int64_t end, SegmentSums* sums) const {
    if (sums == nullptr && IsPlain()) {
      return Compute(type_, OperandsAt(begin, end - begin, nullptr));
    }
    const auto buffers = std::make_unique_for_overwrite<Buffers>();
    for (int64_t block = begin; block < end; block += kBlock) {
      const int64_t count = std::min(kBlock, end - block);
      ElementwiseOperands operands = OperandsAt(block, count, buffers.get());
      for (size_t k = 0; varying_ && k < evaluation_.arguments.size(); ++k) {
        double* const values = buffers->arguments[k].data();
        Expand(k, block, count, values);
        operands.parameters[k] = values;
      }
      if (sums == nullptr) {
        Compute(type_, operands);
      } else {
        RunWithTerms(block, operands, *buffers, *sums);
      }
    }
  }

  void Compute(size_t type, const ElementwiseOperands& operands) const {
    (varying_ ? kernels_.varying : kernels_.uniform)[type](operands);
  }

  // Computes a block, and what it adds to the parameters' gradients, which is computed in
  // double-doubles whatever the element type is.
  void RunWithTerms(int64_t begin, const ElementwiseOperands& operands, Buffers& buffers,
                    SegmentSums& sums) const {
    const auto float64 = static_cast<size_t>(ElementType::kFloat64);
    ElementwiseOperands wide = type_ == float64 ? operands : Widened(operands, buffers);
    for (size_t k = 0; k < evaluation_.arguments.size(); ++k) {
      wide.parameter_terms[k] = buffers.terms[k].data();
      wide.parameter_terms_low[k] = buffers.terms_low[k].data();
    }
    Compute(float64, wide);
    // Outputs, of parameter gradients too, may be the memory of the inputs.
    if (type_ != float64 && HasOutputs(operands)) Compute(type_, operands);
    gradients_.AddTerms(begin, wide, sums);
  }

  static bool HasOutputs(const ElementwiseOperands& operands) {
    return operands.value || operands.gradient || operands.second_derivative;
  }

  // The inputs alone, as float64.
  ElementwiseOperands Widened(const ElementwiseOperands& operands, Buffers& buffers) const {
    const auto load = evaluation_.arrays->load[type_];
    ElementwiseOperands wide;
    load(operands.x, buffers.wide_x.data(), operands.count);
    wide.x = buffers.wide_x.data();
    if (operands.upstream != nullptr) {
      load(operands.upstream, buffers.wide_upstream.data(), operands.count);
      wide.upstream = buffers.wide_upstream.data();
    }
    wide.parameters = operands.parameters;
    wide.count = operands.count;
    return wide;
  }

  // One number per element for argument `k`.
  void Expand(size_t k, int64_t begin, int64_t count, double* to) const {
    const BoundArgument& argument = evaluation_.arguments[k];
    if (argument.draws) {
      const uint64_t first = argument.draws->offset + static_cast<uint64_t>(begin);
      for (int64_t i = 0; i < count; ++i) {
        to[i] = Uniform(argument.draws->seed, first + static_cast<uint64_t>(i));
      }
      return;
    }
    if (tensors_[k]) return tensors_[k]->Expand(begin, count, to);
    std::fill_n(to, count, argument.number);
  }

  // A segment's length for the whole input, in elements: a multiple of kBlock.
  int64_t SegmentElements() const {
    const int64_t most = std::max(kMinSegmentElements, kElementsPerSum * gradients_.largest());
    const int64_t wanted = std::clamp<int64_t>(items().count / most, 1, kMaxSegments);
    const int64_t blocks = (items().count + kBlock - 1) / kBlock;
    return std::max<int64_t>((blocks + wanted - 1) / wanted, 1) * kBlock;
  }

  // Makes room for the sums of each segment that the window meets; where it begins within one,
  // these are gone on with.
  void BeginSegments() {
    first_segment_ = begin_ / segment_;
    const int64_t segments = (end_ + segment_ - 1) / segment_ - first_segment_;
    sums_.assign(static_cast<size_t>(std::max<int64_t>(segments, 1)), {});
    if (begin_ % segment_ != 0) sums_[0] = std::move(unfinished_);
  }

  // Computes stretch `step` of the window's segment i.
  void RunStretch(int64_t i, int64_t step) {
    SegmentSums& mine = sums_[static_cast<size_t>(i)];
    const int64_t segment_begin = (first_segment_ + i) * segment_;
    if (step == 0 && begin_ <= segment_begin) gradients_.Clear(mine);
    const int64_t begin = std::max(begin_, segment_begin) + step * kStretch;
    const int64_t end = std::min({begin + kStretch, segment_begin + segment_, end_});
    if (begin < end) RunRange(begin, end, &mine);
  }

  void EndSegments() {
    const bool is_last = end_ == items().count;
    if (!is_last && end_ % segment_ != 0) {
      unfinished_ = std::move(sums_.back());
      sums_.pop_back();
    }
    for (SegmentSums& segment : sums_) gradients_.Append(std::move(segment), total_);
    if (is_last) gradients_.Store(total_);
    sums_.clear();
  }

  const Evaluation& evaluation_;
  const ElementwiseKernels& kernels_;
  const size_t type_;
  const size_t element_size_;
  const int64_t chunk_elements_;
  bool varying_ = false;
  std::vector<std::optional<BroadcastTensor>> tensors_;  // by parameter
  ParameterGradients gradients_;
  int64_t segment_ = 0;  // elements, where there are gradients
  // These belong to the window that is run.
  const Window* window_ = nullptr;
  std::byte* value_ = nullptr;
  std::byte* gradient_ = nullptr;
  std::byte* second_derivative_ = nullptr;
  int64_t begin_ = 0;  // its elements
  int64_t end_ = 0;
  int64_t steps_ = 0;  // begun so far
  int64_t first_segment_ = 0;
  std::vector<SegmentSums> sums_;  // of the segments that it meets
  // These are kept from one window to the next: the segment that the last one broke off in, and the
  // sum of those before it.
  SegmentSums unfinished_;
  SegmentSums total_;
};

}  // namespace

std::unique_ptr<WindowedRun> MakeElementwiseRun(const Evaluation& evaluation) {
  return std::make_unique<ElementwiseRun>(evaluation);
}

}  // namespace rectifier
