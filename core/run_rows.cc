// Evaluations along an axis. Kernels see contiguous rows: where the axis is not the last, a few
// neighbouring rows are gathered at a time, so that whole cache lines are used, and scattered back.
#include <algorithm>
#include <cstring>
#include <variant>
#include <vector>

#include "core/run.h"

namespace rectifier {
namespace {

constexpr int64_t kRowsGathered = 16;

class RowsRun {
 public:
  RowsRun(const Evaluation& evaluation, absl::Span<std::byte* const> outputs)
      : evaluation_(evaluation),
        kernel_(std::get<RowKernels>(evaluation.activation->kernels)
                    .row[static_cast<size_t>(evaluation.type)]),
        element_size_(static_cast<int64_t>(SizeOf(evaluation.type))),
        reduces_(evaluation.activation->spec->row_shape != RowShape::kKeep) {
    for (size_t i = 0; i < outputs.size(); ++i) {
      (evaluation.outputs[i].quantity == Quantity::kValue ? value_ : gradient_) = outputs[i];
    }
  }

  absl::Status Run(ParallelFor parallel_for) const {
    // A batch is a group of neighbouring rows within one outer index.
    const int64_t width = std::min(evaluation_.inner, kRowsGathered);
    if (width == 0) return absl::OkStatus();
    const int64_t batches_per_outer = (evaluation_.inner + width - 1) / width;
    const int64_t batches = evaluation_.outer * batches_per_outer;
    const int64_t batch_elements = std::max<int64_t>(evaluation_.length * width, 1);
    const int64_t per_chunk = std::max<int64_t>(kChunkElements / batch_elements, 1);
    return parallel_for((batches + per_chunk - 1) / per_chunk, [&](int64_t chunk) {
      Buffers buffers(*this, width);
      const int64_t end = std::min((chunk + 1) * per_chunk, batches);
      for (int64_t batch = chunk * per_chunk; batch < end; ++batch) {
        const int64_t column = batch % batches_per_outer * width;
        RunBatch(batch / batches_per_outer, column, std::min(width, evaluation_.inner - column),
                 buffers);
      }
    });
  }

 private:
  // What one thread needs for a batch of rows.
  struct Buffers {
    Buffers(const RowsRun& run, int64_t width)
        : scratch(static_cast<size_t>(run.evaluation_.length)) {
      if (run.evaluation_.inner == 1) return;  // rows lie contiguous
      const auto bytes = static_cast<size_t>(width * run.evaluation_.length * run.element_size_);
      x.resize(bytes);
      if (run.evaluation_.upstream && !run.reduces_) upstream.resize(bytes);
      if (run.value_ && !run.reduces_) value.resize(bytes);
      if (run.gradient_) gradient.resize(bytes);
    }
    std::vector<double> scratch;
    std::vector<std::byte> x, upstream, value, gradient;
  };

  // Rows `column` .. `column + width` of one outer index.
  void RunBatch(int64_t outer, int64_t column, int64_t width, Buffers& buffers) const {
    const int64_t row_bytes = evaluation_.length * element_size_;
    const int64_t block = (outer * evaluation_.length * evaluation_.inner + column) * element_size_;
    const int64_t single = (outer * evaluation_.inner + column) * element_size_;
    const bool gathered = evaluation_.inner != 1;
    const std::byte* x = evaluation_.inputs[0].data.data() + block;
    const std::byte* upstream = nullptr;
    if (evaluation_.upstream) {
      upstream = evaluation_.upstream->data.data() + (reduces_ ? single : block);
    }
    std::byte* value = value_ ? value_ + (reduces_ ? single : block) : nullptr;
    std::byte* gradient = gradient_ ? gradient_ + block : nullptr;
    std::byte* const value_out = value;
    std::byte* const gradient_out = gradient;
    if (gathered) {
      Gather(x, width, buffers.x.data());
      x = buffers.x.data();
      if (!reduces_ && upstream) {
        Gather(upstream, width, buffers.upstream.data());
        upstream = buffers.upstream.data();
      }
      if (!reduces_ && value) value = buffers.value.data();
      if (gradient) gradient = buffers.gradient.data();
    }
    const int64_t single_step = reduces_ ? element_size_ : row_bytes;
    for (int64_t row = 0; row < width; ++row) {
      RowOperands operands;
      operands.x = x + row * row_bytes;
      if (upstream) operands.upstream = upstream + row * single_step;
      if (value) operands.value = value + row * single_step;
      if (gradient) operands.gradient = gradient + row * row_bytes;
      operands.scratch = buffers.scratch.data();
      operands.count = static_cast<size_t>(evaluation_.length);
      kernel_(operands);
    }
    if (gathered) {
      if (!reduces_ && value) Scatter(value, width, value_out);
      if (gradient) Scatter(gradient, width, gradient_out);
    }
  }

  // Copies `width` columns of [length, inner] to rows of [width, length].
  void Gather(const std::byte* from, int64_t width, std::byte* to) const {
    ForEachElement(width, [&](int64_t column, int64_t row, int64_t size) {
      std::memcpy(to + row, from + column, static_cast<size_t>(size));
    });
  }
  void Scatter(const std::byte* from, int64_t width, std::byte* to) const {
    ForEachElement(width, [&](int64_t column, int64_t row, int64_t size) {
      std::memcpy(to + column, from + row, static_cast<size_t>(size));
    });
  }

  // Calls f with the byte offset of each element among the columns and among the rows.
  template <class F>
  void ForEachElement(int64_t width, const F& f) const {
    Visit(evaluation_.type, [&]<class T>(std::type_identity<T>) {
      constexpr auto kSize = static_cast<int64_t>(sizeof(T));
      for (int64_t i = 0; i < evaluation_.length; ++i) {
        for (int64_t w = 0; w < width; ++w) {
          f((i * evaluation_.inner + w) * kSize, (w * evaluation_.length + i) * kSize, kSize);
        }
      }
    });
  }

  const Evaluation& evaluation_;
  const RowKernel kernel_;
  const int64_t element_size_;
  const bool reduces_;  // one element of value and upstream per row
  std::byte* value_ = nullptr;
  std::byte* gradient_ = nullptr;
};

}  // namespace

absl::Status RunRows(const Evaluation& evaluation, absl::Span<std::byte* const> outputs,
                     ParallelFor parallel_for) {
  return RowsRun(evaluation, outputs).Run(parallel_for);
}

}  // namespace rectifier
