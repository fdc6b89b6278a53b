// Elementwise evaluations. Without parameter gradients any range may be cut anywhere. With them the
// input is cut into segments that depend on the shapes alone, each summed in order of the elements,
// and the segments' sums are added in order: the same bits however many threads there are.
#include <algorithm>
#include <array>
#include <memory>
#include <variant>
#include <vector>

#include "core/broadcast.h"
#include "core/philox.h"
#include "core/run.h"

namespace rectifier {
namespace {

// Arguments that vary, terms to be summed and scattered payloads pass through buffers of this many
// elements.
constexpr int64_t kBlock = 1024;

// A segment holds at least this many elements per sum, which bounds the memory for sums.
constexpr int64_t kElementsPerSum = 4;
constexpr int64_t kMaxSegments = 64;
constexpr int64_t kMinSegmentElements = int64_t{1} << 14;

// The gradient by one parameter: where it goes, and how it meets the input.
struct ParameterOutput {
  size_t parameter;
  std::byte* to;
  Broadcast broadcast;
  int64_t count;  // elements

  bool summed() const { return broadcast.repeats(); }
};

class ElementwiseRun {
 public:
  ElementwiseRun(const Evaluation& evaluation, absl::Span<std::byte* const> outputs, bool streamed)
      : evaluation_(evaluation),
        streamed_(streamed),
        kernels_(std::get<MapKernels>(evaluation.activation->kernels)),
        type_(static_cast<size_t>(evaluation.type)),
        element_size_(SizeOf(evaluation.type)) {
    for (const BoundArgument& argument : evaluation.arguments) {
      varying_ |= argument.tensor.has_value() || argument.draws.has_value();
      broadcasts_.emplace_back(evaluation.inputs[0].shape, StridesOf(argument));
    }
    for (size_t i = 0; i < outputs.size(); ++i) AddOutput(evaluation.outputs[i], outputs[i]);
  }

  absl::Status Run(ParallelFor parallel_for) {
    const int64_t elements = evaluation_.elements;
    if (parameter_outputs_.empty()) {
      const int64_t chunks = (elements + kChunkElements - 1) / kChunkElements;
      return parallel_for(chunks, [&](int64_t chunk) {
        const int64_t begin = chunk * kChunkElements;
        RunRange(begin, std::min(begin + kChunkElements, elements), nullptr);
      });
    }
    return RunSegments(parallel_for);
  }

 private:
  // Sums of one segment, for every parameter output: high parts, then low parts.
  using Sums = std::array<std::vector<double>, kMaxParameters>;

  Shape StridesOf(const BoundArgument& argument) const {
    return argument.tensor ? argument.strides : Shape(evaluation_.inputs[0].shape.size(), 0);
  }

  void AddOutput(const OutputDescription& output, std::byte* to) {
    switch (output.quantity) {
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
        parameter_outputs_.push_back({output.index, to, broadcasts_[output.index],
                                      static_cast<int64_t>(output.bytes / element_size_)});
        break;
    }
  }

  template <class Byte>
  static Byte* At(Byte* base, int64_t bytes) {
    return base == nullptr ? nullptr : base + bytes;
  }

  struct Buffers {
    std::array<double, kBlock> arguments[kMaxParameters];
    std::array<double, kBlock> terms[kMaxParameters];
    alignas(64) std::byte x[kBlock * sizeof(double)];
    alignas(64) std::byte upstream[kBlock * sizeof(double)];
  };

  // Whether a kernel can run over any range without buffers.
  bool IsPlain() const {
    return !varying_ && evaluation_.inputs[0].data.is_whole() &&
           (!evaluation_.upstream || evaluation_.upstream->data.is_whole());
  }

  // The kernel's operands from element `begin` on; arguments that are plain numbers are set.
  // `buffers` may be null where IsPlain().
  MapOperands OperandsAt(int64_t begin, int64_t count, Buffers* buffers) const {
    const auto offset = begin * static_cast<int64_t>(element_size_);
    const auto bytes = static_cast<size_t>(count) * element_size_;
    MapOperands operands;
    operands.x = evaluation_.inputs[0].data.Read(static_cast<size_t>(offset), bytes,
                                                 buffers ? buffers->x : nullptr);
    if (evaluation_.upstream) {
      operands.upstream = evaluation_.upstream->data.Read(static_cast<size_t>(offset), bytes,
                                                          buffers ? buffers->upstream : nullptr);
    }
    operands.value = At(value_, offset);
    operands.gradient = At(gradient_, offset);
    operands.second_derivative = At(second_derivative_, offset);
    for (size_t k = 0; k < evaluation_.arguments.size(); ++k) {
      operands.parameters[k] = &evaluation_.arguments[k].number;
    }
    operands.count = static_cast<size_t>(count);
    operands.streamed = streamed_;
    return operands;
  }

  // Computes [begin, end); adds the parameters' terms to `sums` where there are any.
  void RunRange(int64_t begin, int64_t end, Sums* sums) const {
    if (sums == nullptr && IsPlain()) {
      return kernels_.uniform[type_](OperandsAt(begin, end - begin, nullptr));
    }
    const auto buffers = std::make_unique_for_overwrite<Buffers>();
    for (int64_t block = begin; block < end; block += kBlock) {
      const int64_t count = std::min(kBlock, end - block);
      MapOperands operands = OperandsAt(block, count, buffers.get());
      for (size_t k = 0; k < evaluation_.arguments.size(); ++k) {
        double* const values = buffers->arguments[k].data();
        double* const terms = buffers->terms[k].data();
        if (varying_) {
          Expand(k, block, count, values);
          operands.parameters[k] = values;
        }
        if (sums != nullptr) operands.parameter_terms[k] = terms;
      }
      (varying_ ? kernels_.varying : kernels_.uniform)[type_](operands);
      if (sums != nullptr) AddTerms(block, operands, *sums);
    }
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
    if (!argument.tensor) {
      std::fill_n(to, count, argument.number);
      return;
    }
    const TensorView& tensor = *argument.tensor;
    const auto load = evaluation_.arrays->load[static_cast<size_t>(tensor.type)];
    broadcasts_[k].ForEachRun(begin, count, [&](const Broadcast::Run& run) {
      const std::byte* const from =
          tensor.data.data() + run.offset * static_cast<int64_t>(SizeOf(tensor.type));
      load(from, to + run.begin, static_cast<size_t>(run.step == 0 ? 1 : run.count));
      if (run.step == 0) std::fill_n(to + run.begin, run.count, to[run.begin]);
    });
  }

  void AddTerms(int64_t begin, const MapOperands& operands, Sums& sums) const {
    const ArrayKernels& arrays = *evaluation_.arrays;
    for (const ParameterOutput& output : parameter_outputs_) {
      const double* const terms = operands.parameter_terms[output.parameter];
      if (!output.summed()) {
        arrays.store[type_](terms, output.to + begin * static_cast<int64_t>(element_size_),
                            operands.count);
        continue;
      }
      double* const high = sums[output.parameter].data();
      double* const low = high + output.count;
      output.broadcast.ForEachRun(
          begin, static_cast<int64_t>(operands.count), [&](const Broadcast::Run& run) {
            const double* const from = terms + run.begin;
            const auto count = static_cast<size_t>(run.count);
            if (run.step == 1) return arrays.add(from, high + run.offset, low + run.offset, count);
            const DoubleDouble sum = arrays.sum(from, count);
            arrays.add(&sum.hi, high + run.offset, low + run.offset, 1);
            low[run.offset] += sum.lo;
          });
    }
  }

  absl::Status RunSegments(ParallelFor parallel_for) {
    const int64_t elements = evaluation_.elements;
    int64_t largest = 1;
    for (const ParameterOutput& output : parameter_outputs_) {
      if (output.summed()) largest = std::max(largest, output.count);
    }
    const int64_t most = std::max(kMinSegmentElements, kElementsPerSum * largest);
    const int64_t wanted = std::clamp<int64_t>(elements / most, 1, kMaxSegments);
    const int64_t blocks = (elements + kBlock - 1) / kBlock;
    const int64_t segment = std::max<int64_t>((blocks + wanted - 1) / wanted, 1) * kBlock;
    std::vector<Sums> sums(
        static_cast<size_t>(std::max<int64_t>((elements + segment - 1) / segment, 1)));
    absl::Status status = parallel_for(static_cast<int64_t>(sums.size()), [&](int64_t i) {
      Sums& mine = sums[static_cast<size_t>(i)];
      for (const ParameterOutput& output : parameter_outputs_) {
        if (output.summed()) mine[output.parameter].assign(output.count * 2, 0.0);
      }
      RunRange(i * segment, std::min((i + 1) * segment, elements), &mine);
    });
    if (status.ok()) StoreSums(sums);
    return status;
  }

  // Adds the segments' sums in order, and rounds them once.
  void StoreSums(std::vector<Sums>& sums) const {
    const ArrayKernels& arrays = *evaluation_.arrays;
    for (const ParameterOutput& output : parameter_outputs_) {
      if (!output.summed()) continue;
      const auto count = static_cast<size_t>(output.count);
      double* const high = sums[0][output.parameter].data();
      double* const low = high + count;
      for (size_t i = 1; i < sums.size(); ++i) {
        const double* const next = sums[i][output.parameter].data();
        arrays.add(next, high, low, count);
        for (size_t p = 0; p < count; ++p) low[p] += next[count + p];
      }
      for (size_t p = 0; p < count; ++p) high[p] += low[p];
      arrays.store[type_](high, output.to, count);
    }
  }

  const Evaluation& evaluation_;
  const bool streamed_;
  const MapKernels& kernels_;
  const size_t type_;
  const size_t element_size_;
  bool varying_ = false;
  std::vector<Broadcast> broadcasts_;  // by parameter
  std::byte* value_ = nullptr;
  std::byte* gradient_ = nullptr;
  std::byte* second_derivative_ = nullptr;
  std::vector<ParameterOutput> parameter_outputs_;
};

}  // namespace

absl::Status RunElementwise(const Evaluation& evaluation, absl::Span<std::byte* const> outputs,
                            bool streamed, ParallelFor parallel_for) {
  return ElementwiseRun(evaluation, outputs, streamed).Run(parallel_for);
}

}  // namespace rectifier
