// Evaluations along axes, cut into blocks of neighbouring rows. Where these are not the last ones,
// a tile of whole cache lines is copied out, evaluated, and copied back: passes over the tensor
// itself would leap from page to page, and find each line gone from the cache when they come back.
// Where parameters' gradients are wanted, blocks are computed side by side, a wave of them at a
// time, and what they give is added up after each wave, in the order of the blocks.
#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>
#include <vector>

#include "core/run/parameter_sums.h"
#include "core/run/row_cut.h"
#include "core/run/row_tile.h"
#include "core/run/run.h"

namespace rectifier {
namespace {

constexpr int64_t kWaveElements = int64_t{1} << 20;  // whose terms wait to be added up

class RowsRun final : public WindowedRun {
 public:
  explicit RowsRun(const Evaluation& evaluation)
      : WindowedRun(evaluation), evaluation_(evaluation), tile_(evaluation), cut_(tile_.cut()) {
    for (size_t i = 0; i < evaluation.outputs.size(); ++i) {
      const OutputDescription& output = evaluation.outputs[i];
      if (output.quantity != Quantity::kParameterGradient) continue;
      if (evaluation.activation->spec->parameters[output.index].name == kBiasParameter) {
        bias_sums_.emplace(evaluation, i, evaluation.inputs[0].shape);
      } else {
        number_sums_.emplace(evaluation, i, evaluation.row_shape);
      }
    }
    SetItems({.count = cut_.input().items,
              .input_elements = cut_.length() * cut_.inner(),
              .output_elements = cut_.output_length() * cut_.inner()});
  }

  int64_t state_bytes() const override {
    return (bias_sums_ ? bias_sums_->bytes() : 0) + (number_sums_ ? number_sums_->bytes() : 0);
  }

  void Begin(const Window& window) override {
    Place(window);
    blocks_ = cut_.BlocksIn(window.count);
    begun_ = 0;
    at_a_time_ = std::max<int64_t>(blocks_, 1);
    if (bias_sums_ || number_sums_) {
      const int64_t terms = std::max(cut_.BlockElements(), cut_.BlockWidth());
      at_a_time_ = std::max<int64_t>(kWaveElements / terms, 1);
    }
  }

  // A step is a wave, and a chunk a block.
  std::optional<int64_t> NextStep() override {
    if (wave_) AddTerms(*wave_);
    wave_.reset();
    if (begun_ == blocks_) {
      if (window_->first + window_->count == items().count) StoreSums();
      return std::nullopt;
    }
    wave_.emplace(*this, begun_, std::min(at_a_time_, blocks_ - begun_));
    begun_ += wave_->count;
    return wave_->count;
  }

  void RunChunk(int64_t i) override { RunBlock(BlockAt(wave_->first + i), wave_->At(i)); }

 private:
  // The terms of some blocks.
  struct Wave {
    Wave(const RowsRun& run, int64_t first, int64_t count)
        : cut(run.cut_), first(first), count(count) {
      if (run.number_sums_) rows.resize(static_cast<size_t>(count * cut.BlockWidth()));
      if (!run.bias_sums_) return;
      high = RowTile::Doubles(count * cut.BlockElements());
      low = RowTile::Doubles(count * cut.BlockElements());
    }

    RowTerms At(int64_t i) {
      RowTerms terms;
      if (!rows.empty()) terms.rows = rows.data() + i * cut.BlockWidth();
      if (high) terms.high = high.get() + i * cut.BlockElements();
      if (low) terms.low = low.get() + i * cut.BlockElements();
      return terms;
    }

    const RowCut& cut;
    const int64_t first;
    const int64_t count;
    std::vector<CompensatedSum> rows;
    std::unique_ptr<double[]> high, low;
  };

  // Room that rows which lie apart are copied to, and rows of payloads that are scattered or
  // written over, as they lie.
  struct Copies {
    Copies(const RowsRun& run, int64_t rows) {
      const RowCut& cut = run.cut_;
      const int64_t step = cut.contiguous() ? rows * cut.element_size() : cut.TileStep();
      const auto bytes = static_cast<size_t>(cut.length() * step);
      const auto output_bytes = static_cast<size_t>(cut.output_length() * step);
      const bool copied = !cut.contiguous();
      const Window& window = *run.window_;
      if (copied || !run.MayRead(window.inputs[0])) x = Room(bytes);
      if (run.evaluation_.upstream && (copied || !run.MayRead(window.upstream))) {
        upstream = Room(output_bytes);
      }
      if (!copied) return;
      if (run.value_ && !cut.reduces()) value = Room(output_bytes);
      if (run.gradient_) gradient = Room(bytes);
    }
    // The memory is not set, because only what is written is read, and paid for.
    static std::unique_ptr<std::byte[]> Room(size_t bytes) {
      return std::make_unique_for_overwrite<std::byte[]>(bytes);
    }
    std::unique_ptr<std::byte[]> x, upstream, value, gradient;
  };

  void Place(const Window& window) {
    window_ = &window;
    in_place_ = false;
    for (size_t i = 0; i < window.outputs.size(); ++i) {
      const Quantity quantity = evaluation_.outputs[i].quantity;
      if (quantity == Quantity::kValue) value_ = window.outputs[i];
      if (quantity == Quantity::kGradient) gradient_ = window.outputs[i];
      in_place_ |= window.outputs[i] == window.inputs[0].data() ||
                   (evaluation_.upstream && window.outputs[i] == window.upstream.data());
    }
  }

  RowBlock BlockAt(int64_t i) const { return cut_.BlockAt(i, window_->count); }
  // The block as it is counted in the whole, instead of from the window's first item.
  RowBlock InTheWhole(RowBlock block) const {
    block.item += window_->first;
    return block;
  }

  template <class Byte>
  Byte* At(Byte* base, int64_t element) const {
    return base == nullptr ? nullptr : base + element * cut_.element_size();
  }

  void RunBlock(const RowBlock& block, const RowTerms& terms) const {
    RowOperands operands = tile_.Operands();
    const auto scratch = RowTile::Doubles(
        static_cast<int64_t>(RowScratch(operands.count, static_cast<size_t>(cut_.inner()))));
    operands.scratch = scratch.get();
    const Copies copies(*this, block.rows);
    cut_.ForEachTile(block, [&](int64_t done, const RowBlock& tile) {
      RowTerms mine = terms;
      if (mine.rows) mine.rows += done;
      if (mine.high) mine.high += done * cut_.length();
      if (mine.low) mine.low += done * cut_.length();
      operands.rows = static_cast<size_t>(tile.rows);
      RunTile(tile, operands, copies, mine);
    });
  }

  void RunTile(const RowBlock& tile, RowOperands& operands, const Copies& copies,
               const RowTerms& terms) const {
    operands.x = Gather(window_->inputs[0], cut_.input(), tile, copies.x.get());
    if (evaluation_.upstream) {
      operands.upstream = Gather(window_->upstream, cut_.output(), tile, copies.upstream.get());
    }
    operands.value =
        copies.value ? copies.value.get() : At(value_, RowCut::FirstOf(cut_.output(), tile));
    operands.gradient = copies.gradient ? copies.gradient.get()
                                        : At(gradient_, RowCut::FirstOf(cut_.input(), tile));
    tile_.Compute(InTheWhole(tile), operands, terms);
    if (copies.value) Scatter(copies.value.get(), cut_.output(), tile, value_);
    if (copies.gradient) Scatter(copies.gradient.get(), cut_.input(), tile, gradient_);
  }

  // A tile's rows of a payload, where they lie or, copied, in `room`.
  const std::byte* Gather(const Payload& payload, const RowLayout& layout, const RowBlock& tile,
                          std::byte* room) const {
    const int64_t size = cut_.element_size();
    if (cut_.contiguous() || (layout.is_plain() && layout.length() == 1)) {  // side by side
      const int64_t offset = RowCut::FirstOf(layout, tile) * size;
      if (MayRead(payload)) return payload.data() + offset;
      payload.CopyTo(static_cast<size_t>(offset),
                     static_cast<size_t>(layout.length() * tile.rows * size), room);
      return room;
    }
    const bool whole = payload.is_whole();
    cut_.ForEachRun(layout, tile, [&](int64_t begin, int64_t count, int64_t at) {
      const auto offset = static_cast<size_t>(begin * size);
      const auto bytes = static_cast<size_t>(count * size);
      if (whole) {
        Copy(payload.data() + offset, bytes, room + at * size);
      } else {
        payload.CopyTo(offset, bytes, room + at * size);
      }
    });
    return room;
  }

  // Copies rows back from a tile to the tensor that begins at `to`.
  void Scatter(const std::byte* from, const RowLayout& layout, const RowBlock& tile,
               std::byte* to) const {
    const int64_t size = cut_.element_size();
    cut_.ForEachRun(layout, tile, [&](int64_t begin, int64_t count, int64_t at) {
      Copy(from + at * size, static_cast<size_t>(count * size), to + begin * size);
    });
  }

  // Lines of a cache's length are what tiles are made of.
  static void Copy(const std::byte* from, size_t bytes, std::byte* to) {
    if (bytes == RowCut::kCacheLine) {
      std::memcpy(to, from, RowCut::kCacheLine);
    } else {
      std::memcpy(to, from, bytes);
    }
  }

  // Whether kernels may read a payload where it lies, again and again: it is in one piece, and no
  // output is written over it.
  bool MayRead(const Payload& payload) const { return payload.is_whole() && !in_place_; }

  void StoreSums() const {
    if (bias_sums_) bias_sums_->Store(window_->outputs);
    if (number_sums_) number_sums_->Store(window_->outputs);
  }

  // Adds up a wave's terms: those of numbers in the order of the rows, those of a bias by block,
  // tile and line.
  void AddTerms(Wave& wave) {
    for (int64_t i = 0; i < wave.count; ++i) {
      const RowBlock block = InTheWhole(BlockAt(wave.first + i));
      const RowTerms terms = wave.At(i);
      if (number_sums_) {
        constexpr int64_t kStep = sizeof(CompensatedSum) / sizeof(double);
        number_sums_->Add(cut_.FirstRow(block), block.rows, &terms.rows->hi, &terms.rows->lo,
                          kStep);
      }
      if (!bias_sums_) continue;
      cut_.ForEachTile(block, [&](int64_t done, const RowBlock& tile) {
        cut_.ForEachRun(cut_.input(), tile, [&](int64_t begin, int64_t count, int64_t at) {
          const int64_t from = done * cut_.length() + at;
          bias_sums_->Add(begin, count, terms.high + from, terms.low + from, 1);
        });
      });
    }
  }

  const Evaluation& evaluation_;
  const RowTile tile_;
  const RowCut& cut_;
  // These are sums of parameters' gradients over the windows so far: of the bias, and of the
  // learnable number.
  std::optional<ParameterSums> bias_sums_;
  std::optional<ParameterSums> number_sums_;
  // These belong to the window that is run.
  const Window* window_ = nullptr;
  std::byte* value_ = nullptr;
  std::byte* gradient_ = nullptr;
  bool in_place_ = false;  // an output is the memory of the input or the upstream
  int64_t blocks_ = 0;
  int64_t begun_ = 0;  // blocks of waves that have begun
  int64_t at_a_time_ = 1;
  std::optional<Wave> wave_;
};

}  // namespace

std::unique_ptr<WindowedRun> MakeRowsRun(const Evaluation& evaluation) {
  return std::make_unique<RowsRun>(evaluation);
}

}  // namespace rectifier
