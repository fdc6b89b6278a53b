#include "core/row_layout.h"

#include <algorithm>
#include <cstddef>

namespace rectifier {

int64_t Walk::Offset(int64_t index) const {
  if (dimensions_.size() == 1) return index * dimensions_[0].step;  // no division in the usual case
  int64_t offset = 0;
  for (size_t i = dimensions_.size(); i-- > 0;) {
    offset += index % dimensions_[i].size * dimensions_[i].step;
    index /= dimensions_[i].size;
  }
  return offset;
}

int64_t Walk::Neighbours(int64_t index) const {
  if (dimensions_.empty() || dimensions_.back().step != 1) return 1;
  const int64_t size = dimensions_.back().size;
  return size - (dimensions_.size() == 1 ? index : index % size);
}

RowLayout RowLayout::Plain(int64_t items, int64_t length, int64_t inner) {
  RowLayout layout;
  layout.items = items;
  layout.elements.AddInside(length, inner);
  layout.rows.AddInside(inner, 1);
  return layout;
}

RowLayout LayOutRows(absl::Span<const int64_t> shape, absl::Span<const int64_t> axes) {
  // Dimensions of one kind that follow one another are one dimension; those of size 1 are none.
  struct Group {
    bool along;
    int64_t size;
  };
  absl::InlinedVector<Group, 6> groups;
  for (size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] == 1) continue;
    const bool along = std::find(axes.begin(), axes.end(), static_cast<int64_t>(i)) != axes.end();
    if (groups.empty() || groups.back().along != along) {
      groups.push_back({along, shape[i]});
    } else {
      groups.back().size *= shape[i];
    }
  }
  RowLayout layout;
  size_t first = 0;
  if (!groups.empty() && !groups[0].along) layout.items = groups[first++].size;
  for (size_t i = first; i < groups.size(); ++i) {
    int64_t step = 1;
    for (size_t inside = i + 1; inside < groups.size(); ++inside) step *= groups[inside].size;
    (groups[i].along ? layout.elements : layout.rows).AddInside(groups[i].size, step);
  }
  return layout;
}

}  // namespace rectifier
