// How an evaluation along an axis is cut: into items (see windowed_run.h), blocks of neighbouring
// rows, and tiles that kernels take. All of it depends on the shape alone.
#ifndef RECTIFIER_CORE_RUN_ROW_CUT_H_
#define RECTIFIER_CORE_RUN_ROW_CUT_H_

#include <algorithm>
#include <cstdint>

#include "core/evaluation.h"
#include "core/row_layout.h"
#include "core/run/run.h"

namespace rectifier {

// Some neighbouring rows of one item, counted from a window's first or from the whole's; of
// contiguous rows, the rows of as many items.
struct RowBlock {
  int64_t item;
  int64_t column;
  int64_t rows;
};

class RowCut {
 public:
  static constexpr int64_t kCacheLine = 64;

  explicit RowCut(const Evaluation& evaluation)
      : element_size_(static_cast<int64_t>(SizeOf(evaluation.type))),
        shape_(evaluation.activation->spec->row_shape),
        input_(evaluation.rows),
        output_(keeps() ? input_ : RowLayout::Plain(input_.items, doubles() ? 2 : 1, inner())) {}

  const RowLayout& input() const { return input_; }
  const RowLayout& output() const { return output_; }  // of the value and the upstream

  bool doubles() const { return shape_ == RowShape::kTwice; }
  bool keeps() const { return shape_ == RowShape::kKeep; }
  bool reduces() const { return !keeps() && !doubles(); }
  // Whether a row's elements, and those that it gives, are neighbours.
  bool contiguous() const { return inner() == 1 && !doubles(); }
  int64_t output_length() const { return output_.length(); }
  int64_t inner() const { return input_.inner(); }
  int64_t length() const { return input_.length(); }
  int64_t element_size() const { return element_size_; }

  // Rows in a block: about kChunkElements elements.
  int64_t BlockWidth() const {
    const int64_t rows = std::max<int64_t>(kChunkElements / std::max<int64_t>(length(), 1), 1);
    if (contiguous()) return rows;
    return (rows + TileWidth() - 1) / TileWidth() * TileWidth();
  }
  int64_t BlockElements() const { return BlockWidth() * length(); }
  // Blocks lie side by side along the inner dimensions or, of contiguous rows, the outer ones.
  int64_t BlocksPerItem() const {
    return contiguous() ? 1 : (inner() + BlockWidth() - 1) / BlockWidth();
  }
  int64_t BlocksIn(int64_t items) const {
    return (contiguous() ? (items + BlockWidth() - 1) / BlockWidth() : items) * BlocksPerItem();
  }
  // Block i of so many items.
  RowBlock BlockAt(int64_t i, int64_t items) const {
    if (contiguous()) {
      const int64_t row = i * BlockWidth();
      return {row, 0, std::min(BlockWidth(), items - row)};
    }
    const int64_t column = i % BlocksPerItem() * BlockWidth();
    return {i / BlocksPerItem(), column, std::min(BlockWidth(), inner() - column)};
  }

  // Rows in a tile: a cache line's, or several lines' of short rows. Those that lie apart are
  // copied out so that element i of row r is element i * TileWidth() + r.
  int64_t TileWidth() const { return TileStep() / element_size_; }
  int64_t TileStep() const {
    const int64_t line_column = kCacheLine * std::max<int64_t>(length(), 1);
    return kCacheLine * std::clamp<int64_t>(kTileBytes / line_column, 1, kMostLines);
  }
  // Elements of a tile of so many rows.
  int64_t TileElements(int64_t rows) const {
    return std::max<int64_t>(length(), 1) * (contiguous() ? rows : TileWidth());
  }

  // Calls run(done, tile) for each tile of a block; `done` rows of it come before.
  template <class Run>
  void ForEachTile(const RowBlock& block, const Run& run) const {
    const int64_t step = contiguous() ? block.rows : TileWidth();
    for (int64_t done = 0; done < block.rows; done += step) {
      run(done, RowBlock{block.item, block.column + done, std::min(step, block.rows - done)});
    }
  }

  // Calls run(at, count) for elements of a tile that lie side by side in it, of rows of `length`
  // elements: `at` is where.
  template <class Run>
  void ForEachLine(int64_t length, int64_t rows, const Run& run) const {
    if (contiguous()) return run(0, length * rows);
    for (int64_t i = 0; i < length; ++i) run(i * TileWidth(), rows);
  }

  // Calls run(begin, count, at) for elements of a tile that lie side by side in the tensor as well,
  // from `begin` on.
  template <class Run>
  void ForEachRun(const RowLayout& layout, const RowBlock& tile, const Run& run) const {
    if (contiguous()) return run(FirstOf(layout, tile), layout.length() * tile.rows, 0);
    const int64_t item = tile.item * layout.length() * layout.inner();
    for (int64_t i = 0; i < layout.length(); ++i) {
      const int64_t element = item + layout.elements.Offset(i);
      for (int64_t r = 0; r < tile.rows;) {
        const int64_t count = std::min(layout.rows.Neighbours(tile.column + r), tile.rows - r);
        run(element + layout.rows.Offset(tile.column + r), count, i * TileWidth() + r);
        r += count;
      }
    }
  }

  // The index of a block's first row among all rows, and of that row's first element.
  int64_t FirstRow(const RowBlock& block) const { return block.item * inner() + block.column; }
  static int64_t FirstOf(const RowLayout& layout, const RowBlock& block) {
    return block.item * layout.length() * layout.inner() + layout.rows.Offset(block.column);
  }

 private:
  static constexpr int64_t kMostLines = 16;
  static constexpr int64_t kTileBytes = int64_t{1} << 15;  // four fit the second level of cache

  const int64_t element_size_;
  const RowShape shape_;
  const RowLayout& input_;
  const RowLayout output_;
};

}  // namespace rectifier

#endif  // RECTIFIER_CORE_RUN_ROW_CUT_H_
