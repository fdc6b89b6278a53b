// Evaluations along axes, cut into blocks of neighbouring rows. Where these are not the last ones,
// a tile of whole cache lines is copied out, evaluated, and copied back: passes over the tensor
// itself would leap from page to page, and find each line gone from the cache when they come back.
// A parameter's gradient is summed by row within a block, and over blocks, in their order; how the
// rows are cut into blocks depends on the shape alone.
#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "core/broadcast.h"
#include "core/run.h"

namespace rectifier {
namespace {

constexpr int64_t kCacheLine = 64;
constexpr int64_t kMostLines = 16;
constexpr int64_t kTileBytes = int64_t{1} << 15;  // four tiles fit the second level of cache

// A sum of terms in their order, with the errors of the sums beside it.
class Total {
 public:
  void Add(const std::vector<DoubleDouble>& terms) {
    for (const DoubleDouble& term : terms) Add(term);
  }
  DoubleDouble sum() const { return sum_; }

 private:
  void Add(const DoubleDouble& term) {
    if (std::exchange(empty_, false)) {  // 0 + -0 would be 0
      sum_ = term;
      return;
    }
    const double high = sum_.hi + term.hi;
    const double shadow = high - sum_.hi;
    sum_.lo += ((sum_.hi - (high - shadow)) + (term.hi - shadow)) + term.lo;
    sum_.hi = high;
  }

  bool empty_ = true;
  DoubleDouble sum_;
};

class RowsRun final : public WindowedRun {
 public:
  explicit RowsRun(const Evaluation& evaluation)
      : WindowedRun(evaluation),
        evaluation_(evaluation),
        kernels_(std::get<RowKernels>(evaluation.activation->kernels)),
        element_size_(static_cast<int64_t>(SizeOf(evaluation.type))),
        shape_(evaluation.activation->spec->row_shape),
        input_(evaluation.rows),
        output_(keeps() ? input_ : RowLayout::Plain(input_.items, doubles() ? 2 : 1, inner())) {
    for (size_t i = 0; i < evaluation.arguments.size(); ++i) {
      parameters_[i] = evaluation.arguments[i].number;
      if (evaluation.arguments[i].tensor) mask_.emplace(evaluation, evaluation.arguments[i]);
      if (evaluation.arguments[i].draws) draws_ = evaluation.arguments[i].draws;
    }
    const bool sums = std::any_of(
        evaluation.outputs.begin(), evaluation.outputs.end(),
        [](const auto& output) { return output.quantity == Quantity::kParameterGradient; });
    SetItems({.count = input_.items,
              .input_elements = length() * inner(),
              .output_elements = output_length() * inner(),
              .quantum = sums && contiguous() ? BlockWidth() : 1});
  }

  absl::Status Run(const Window& window, ParallelFor parallel_for) override {
    Place(window);
    const int64_t per_item = contiguous() ? 1 : (inner() + BlockWidth() - 1) / BlockWidth();
    const int64_t rows_outside = contiguous() ? BlockWidth() : 1;
    const int64_t blocks = (window.count + rows_outside - 1) / rows_outside * per_item;
    std::vector<DoubleDouble> sums(parameter_gradient_ ? static_cast<size_t>(blocks) : 0);
    absl::Status status = parallel_for(blocks, [&](int64_t i) {
      DoubleDouble* const sum = parameter_gradient_ ? &sums[static_cast<size_t>(i)] : nullptr;
      if (contiguous()) {
        const int64_t row = i * rows_outside;
        return RunBlock(row, 0, std::min(rows_outside, window.count - row), sum);
      }
      const int64_t column = i % per_item * BlockWidth();
      RunBlock(i / per_item, column, std::min(BlockWidth(), inner() - column), sum);
    });
    total_.Add(sums);
    if (status.ok() && parameter_gradient_ && window.first + window.count == items().count) {
      StoreTotal();
    }
    return status;
  }

 private:
  // A mask, to be laid out as the kernels want it.
  struct Mask {
    Mask(const Evaluation& evaluation, const BoundArgument& argument)
        : tensor(*argument.tensor),
          load(evaluation.arrays->load[static_cast<size_t>(tensor.type)]),
          broadcast(evaluation.inputs[0].shape, argument.strides) {}

    // Elements [begin, begin + count) of the input.
    void Expand(int64_t begin, int64_t count, double* to) const {
      broadcast.ForEachRun(begin, count, [&](const Broadcast::Run& run) {
        const std::byte* const from =
            tensor.data.data() + run.offset * static_cast<int64_t>(SizeOf(tensor.type));
        load(from, to + run.begin, static_cast<size_t>(run.step == 0 ? 1 : run.count));
        if (run.step == 0) std::fill_n(to + run.begin, run.count, to[run.begin]);
      });
    }

    const TensorView& tensor;
    void (*load)(const void* from, double* to, size_t count);
    Broadcast broadcast;
  };

  bool doubles() const { return shape_ == RowShape::kTwice; }
  bool keeps() const { return shape_ == RowShape::kKeep; }
  bool reduces() const { return !keeps() && !doubles(); }
  // Whether a row's elements, and those that it gives, are neighbours.
  bool contiguous() const { return inner() == 1 && !doubles(); }
  int64_t output_length() const { return output_.length(); }
  int64_t inner() const { return input_.inner(); }
  int64_t length() const { return input_.length(); }

  // Rows in a block: about kChunkElements elements.
  int64_t BlockWidth() const {
    const int64_t rows = std::max<int64_t>(kChunkElements / std::max<int64_t>(length(), 1), 1);
    if (contiguous()) return rows;
    return (rows + TileWidth() - 1) / TileWidth() * TileWidth();
  }
  // Rows in a tile: a cache line's, or several lines' of short rows.
  int64_t TileWidth() const { return TileStep() / element_size_; }
  int64_t TileStep() const {
    const int64_t line_column = kCacheLine * std::max<int64_t>(length(), 1);
    return kCacheLine * std::clamp<int64_t>(kTileBytes / line_column, 1, kMostLines);
  }

  void Place(const Window& window) {
    window_ = &window;
    in_place_ = false;
    for (size_t i = 0; i < window.outputs.size(); ++i) {
      OutputFor(evaluation_.outputs[i].quantity) = window.outputs[i];
      in_place_ |= window.outputs[i] == window.inputs[0].data() ||
                   (evaluation_.upstream && window.outputs[i] == window.upstream.data());
    }
  }

  std::byte*& OutputFor(Quantity quantity) {
    switch (quantity) {
      case Quantity::kValue:
        return value_;
      case Quantity::kParameterGradient:
        return parameter_gradient_;
      default:
        return gradient_;
    }
  }

  template <class Byte>
  Byte* At(Byte* base, int64_t element) const {
    return base == nullptr ? nullptr : base + element * element_size_;
  }

  // Rows `column` .. `column + rows` of one item, counted from the window's first; of contiguous
  // rows, from `item` on.
  void RunBlock(int64_t item, int64_t column, int64_t rows, DoubleDouble* sum) const {
    RowOperands operands;
    operands.count = static_cast<size_t>(length());
    operands.parameters = parameters_;
    // Memory that is not set: only what is written is read.
    const std::unique_ptr<double[]> scratch(
        new double[RowScratch(operands.count, static_cast<size_t>(inner()))]);
    operands.scratch = scratch.get();
    std::vector<DoubleDouble> terms(sum != nullptr ? static_cast<size_t>(rows) : 0);
    const Tile tile(*this, rows);
    const int64_t step = contiguous() ? rows : TileWidth();
    for (int64_t done = 0; done < rows; done += step) {
      if (sum != nullptr) operands.parameter_terms = terms.data() + done;
      operands.rows = static_cast<size_t>(std::min(step, rows - done));
      RunTile({item, column + done}, operands, tile);
    }
    if (sum == nullptr) return;
    Total total;
    total.Add(terms);
    *sum = total.sum();
  }

  // Where rows that lie apart are copied to, element i of row r at i * TileWidth() + r; and rows of
  // payloads that are scattered or written over, as they lie.
  struct Tile {
    Tile(const RowsRun& run, int64_t rows) {
      const int64_t step = run.contiguous() ? rows * run.element_size_ : run.TileStep();
      const auto bytes = static_cast<size_t>(run.length() * step);
      const auto output_bytes = static_cast<size_t>(run.output_length() * step);
      const bool copied = !run.contiguous();
      const Window& window = *run.window_;
      if (copied || !run.MayRead(window.inputs[0])) x = Room(bytes);
      if (run.evaluation_.upstream && (copied || !run.MayRead(window.upstream))) {
        upstream = Room(output_bytes);
      }
      if (!copied) return;
      if (run.value_ && !run.reduces()) value = Room(output_bytes);
      if (run.gradient_) gradient = Room(bytes);
    }
    // Memory that is not set: only what is written is read, and paid for.
    static std::unique_ptr<std::byte[]> Room(size_t bytes) {
      return std::unique_ptr<std::byte[]>(new std::byte[bytes]);
    }
    std::unique_ptr<std::byte[]> x, upstream, value, gradient;
  };

  // Where a tile begins: with row `column` of an item, which counts from the window's first.
  struct Corner {
    int64_t item;
    int64_t column;
  };

  // Evaluates operands.rows rows from `corner` on.
  void RunTile(const Corner& corner, RowOperands& operands, const Tile& tile) const {
    std::unique_ptr<double[]> mask, noise;
    // Masks and draws go by the index in the whole.
    const Corner in_whole = {window_->first + corner.item, corner.column};
    operands.mask_pitch = contiguous() ? 1 : operands.rows;
    const auto pitch = static_cast<int64_t>(operands.mask_pitch);
    if (mask_) {
      mask.reset(new double[operands.count * operands.rows]);
      operands.mask = mask.get();
      ForEachRun(input_, in_whole, operands, pitch, [&](int64_t begin, int64_t count, int64_t at) {
        mask_->Expand(begin, count, mask.get() + at);
      });
    }
    if (draws_) {
      const size_t elements = operands.count * operands.rows;
      noise.reset(new double[2 * elements]);
      operands.noise = noise.get();
      operands.noise_low = noise.get() + elements;
      ForEachRun(input_, in_whole, operands, pitch, [&](int64_t begin, int64_t count, int64_t at) {
        evaluation_.arrays->gumbel(draws_->seed, draws_->offset + static_cast<uint64_t>(begin),
                                   noise.get() + at, noise.get() + elements + at,
                                   static_cast<size_t>(count));
      });
    }
    operands.pitch = static_cast<size_t>(contiguous() ? 1 : TileWidth());
    operands.x = Gather(window_->inputs[0], input_, corner, operands, tile.x.get());
    if (evaluation_.upstream) {
      operands.upstream = Gather(window_->upstream, output_, corner, operands, tile.upstream.get());
    }
    operands.value = tile.value ? tile.value.get() : At(value_, FirstOf(output_, corner));
    operands.gradient =
        tile.gradient ? tile.gradient.get() : At(gradient_, FirstOf(input_, corner));
    ComputeTile(operands);
    if (tile.value) Scatter(tile.value.get(), output_, corner, operands, value_);
    if (tile.gradient) Scatter(tile.gradient.get(), input_, corner, operands, gradient_);
  }

  // The parameter's terms come in double-doubles, whatever the element type is.
  void ComputeTile(const RowOperands& operands) const {
    const auto kernel = [this](ElementType type) {
      return kernels_.row[static_cast<size_t>(type)];
    };
    const ElementType type = evaluation_.type;
    if (operands.parameter_terms == nullptr || type == ElementType::kFloat64) {
      return kernel(type)(operands);
    }
    const std::unique_ptr<double[]> x = Widened(operands.x, length(), operands);
    std::unique_ptr<double[]> upstream;
    RowOperands terms = operands, others = operands;
    terms.x = x.get();
    if (operands.upstream != nullptr) {
      upstream = Widened(operands.upstream, output_length(), operands);
      terms.upstream = upstream.get();
    }
    terms.value = terms.gradient = nullptr;
    kernel(ElementType::kFloat64)(terms);
    others.parameter_terms = nullptr;
    if (others.value != nullptr || others.gradient != nullptr) kernel(type)(others);
  }

  // `length` elements of each of operands.rows rows, laid out as they are, as float64.
  std::unique_ptr<double[]> Widened(const void* tensor, int64_t length,
                                    const RowOperands& operands) const {
    const auto load = evaluation_.arrays->load[static_cast<size_t>(evaluation_.type)];
    const auto* const from = static_cast<const std::byte*>(tensor);
    // Memory that is not set: only what is written is read.
    if (contiguous()) {
      const size_t count = operands.rows * static_cast<size_t>(length);
      std::unique_ptr<double[]> wide(new double[count]);
      load(from, wide.get(), count);
      return wide;
    }
    const auto pitch = static_cast<int64_t>(operands.pitch);
    std::unique_ptr<double[]> wide(new double[static_cast<size_t>(length * pitch)]);
    for (int64_t i = 0; i < length; ++i) {
      load(from + i * pitch * element_size_, wide.get() + i * pitch, operands.rows);
    }
    return wide;
  }

  // The first element of the rows from `corner` on.
  static int64_t FirstOf(const RowLayout& layout, const Corner& corner) {
    return corner.item * layout.length() * layout.inner() + layout.rows.Offset(corner.column);
  }

  // operands.rows rows of a payload from `corner` on: where they lie, or copied to `room`.
  const std::byte* Gather(const Payload& payload, const RowLayout& layout, const Corner& corner,
                          const RowOperands& operands, std::byte* room) const {
    if (contiguous() || (layout.is_plain() && layout.length() == 1)) {  // side by side
      const int64_t offset = FirstOf(layout, corner) * element_size_;
      const int64_t elements = layout.length() * static_cast<int64_t>(operands.rows);
      if (MayRead(payload)) return payload.data() + offset;
      payload.CopyTo(static_cast<size_t>(offset), static_cast<size_t>(elements * element_size_),
                     room);
      return room;
    }
    const bool whole = payload.is_whole();
    ForEachRun(layout, corner, operands, TileWidth(),
               [&](int64_t begin, int64_t count, int64_t at) {
                 const auto offset = static_cast<size_t>(begin * element_size_);
                 const auto bytes = static_cast<size_t>(count * element_size_);
                 std::byte* const to = room + at * element_size_;
                 if (whole) {
                   Copy(payload.data() + offset, bytes, to);
                 } else {
                   payload.CopyTo(offset, bytes, to);
                 }
               });
    return room;
  }

  // And back from a tile to the tensor that begins at `to`.
  void Scatter(const std::byte* tile, const RowLayout& layout, const Corner& corner,
               const RowOperands& operands, std::byte* to) const {
    ForEachRun(layout, corner, operands, TileWidth(),
               [&](int64_t begin, int64_t count, int64_t at) {
                 Copy(tile + at * element_size_, static_cast<size_t>(count * element_size_),
                      to + begin * element_size_);
               });
  }

  // Lines of a cache's length are what tiles are made of.
  static void Copy(const std::byte* from, size_t bytes, std::byte* to) {
    if (bytes == kCacheLine) {
      std::memcpy(to, from, kCacheLine);
    } else {
      std::memcpy(to, from, bytes);
    }
  }

  // Whether kernels may read a payload where it lies, again and again: it is in one piece, and no
  // output is written over it.
  bool MayRead(const Payload& payload) const { return payload.is_whole() && !in_place_; }

  // Calls run(begin, count, at) for elements that lie side by side in the tensor, of operands.rows
  // rows from `corner` on; `at` is where they go in what has element i of row r at i * pitch + r.
  template <class Run>
  void ForEachRun(const RowLayout& layout, const Corner& corner, const RowOperands& operands,
                  int64_t pitch, const Run& run) const {
    const auto rows = static_cast<int64_t>(operands.rows);
    if (contiguous()) return run(FirstOf(layout, corner), layout.length() * rows, 0);
    const int64_t item = corner.item * layout.length() * layout.inner();
    for (int64_t i = 0; i < layout.length(); ++i) {
      const int64_t element = item + layout.elements.Offset(i);
      for (int64_t r = 0; r < rows;) {
        const int64_t count = std::min(layout.rows.Neighbours(corner.column + r), rows - r);
        run(element + layout.rows.Offset(corner.column + r), count, i * pitch + r);
        r += count;
      }
    }
  }

  void StoreTotal() const {
    const DoubleDouble total = total_.sum();
    const size_t type = static_cast<size_t>(evaluation_.outputs.back().type);
    evaluation_.arrays->store[type](&total.hi, &total.lo, parameter_gradient_, 1);
  }

  const Evaluation& evaluation_;
  const RowKernels& kernels_;
  const int64_t element_size_;
  const RowShape shape_;
  const RowLayout& input_;
  const RowLayout output_;  // of the value and the upstream
  std::array<double, kMaxRowParameters> parameters_ = {};
  std::optional<Mask> mask_;
  std::optional<Draws> draws_;  // of noise
  Total total_;                 // of the parameter's gradient, over the windows so far
  // Of the window that is run.
  const Window* window_ = nullptr;
  std::byte* value_ = nullptr;
  std::byte* gradient_ = nullptr;
  std::byte* parameter_gradient_ = nullptr;
  bool in_place_ = false;  // an output is the memory of the input or the upstream
};

}  // namespace

std::unique_ptr<WindowedRun> MakeRowsRun(const Evaluation& evaluation) {
  return std::make_unique<RowsRun>(evaluation);
}

}  // namespace rectifier
