// How rows lie in a tensor, whichever axes they run along.
//
// The tensor is cut into items, one for each index of the dimensions before the first axis. Within
// an item some dimensions belong to the rows (the axes), the others tell the rows apart; both are
// walked in the tensor's order. Along one axis, or along neighbouring ones, an item is
// [length, inner]: element i of row r lies at i * inner + r.
#ifndef RECTIFIER_CORE_ROW_LAYOUT_H_
#define RECTIFIER_CORE_ROW_LAYOUT_H_

#include <cstdint>

#include "absl/container/inlined_vector.h"
#include "absl/types/span.h"

namespace rectifier {

// The places of a few nested dimensions in a tensor, outermost first.
class Walk {
 public:
  // `step`: how far one index of the dimension moves, in elements of the tensor.
  void AddInside(int64_t size, int64_t step) {
    dimensions_.push_back({size, step});
    count_ *= size;
  }

  int64_t count() const { return count_; }
  size_t rank() const { return dimensions_.size(); }

  // Where place `index` lies, from where the walk starts.
  int64_t Offset(int64_t index) const;

  // How many places from `index` on follow one another without a gap: at least 1.
  int64_t Neighbours(int64_t index) const;

 private:
  struct Dimension {
    int64_t size;
    int64_t step;
  };
  absl::InlinedVector<Dimension, 4> dimensions_;
  int64_t count_ = 1;
};

struct RowLayout {
  // The layout [items, length, inner].
  static RowLayout Plain(int64_t items, int64_t length, int64_t inner);

  int64_t items = 1;
  Walk elements;  // of a row
  Walk rows;      // of an item

  // Whether an item is [length, inner].
  bool is_plain() const { return elements.rank() <= 1 && rows.rank() <= 1; }
  int64_t length() const { return elements.count(); }
  int64_t inner() const { return rows.count(); }
};

// Rows of a tensor of this shape along `axes`, which are different and count from the front.
RowLayout LayOutRows(absl::Span<const int64_t> shape, absl::Span<const int64_t> axes);

}  // namespace rectifier

#endif  // RECTIFIER_CORE_ROW_LAYOUT_H_
