#include "core/run/broadcast.h"

#include <algorithm>

namespace rectifier {

Broadcast::Broadcast(absl::Span<const int64_t> shape, absl::Span<const int64_t> strides) {
  for (size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] == 1) continue;
    const Dimension dimension = {shape[i], strides[i]};
    if (!dimensions_.empty() && dimensions_.back().stride == dimension.stride * dimension.size) {
      dimensions_.back() = {dimensions_.back().size * dimension.size, dimension.stride};
    } else {
      dimensions_.push_back(dimension);
    }
  }
  if (dimensions_.empty()) dimensions_.push_back({1, 1});
}

bool Broadcast::repeats() const {
  return std::any_of(dimensions_.begin(), dimensions_.end(),
                     [](const Dimension& dimension) { return dimension.stride == 0; });
}

void Broadcast::ForEachRun(int64_t begin, int64_t count,
                           absl::FunctionRef<void(const Run&)> f) const {
  if (count == 0) return;
  // An odometer over the dimensions, set to `begin`.
  absl::InlinedVector<int64_t, 6> index(dimensions_.size());
  int64_t rest = begin, offset = 0;
  for (size_t i = dimensions_.size(); i-- > 0;) {
    index[i] = rest % dimensions_[i].size;
    rest /= dimensions_[i].size;
    offset += index[i] * dimensions_[i].stride;
  }
  const Dimension& innermost = dimensions_.back();
  for (int64_t done = 0; done < count;) {
    const int64_t length = std::min(innermost.size - index.back(), count - done);
    f({done, offset, innermost.stride, length});
    done += length;
    index.back() += length;
    offset += length * innermost.stride;
    for (size_t i = dimensions_.size(); i-- > 1 && index[i] == dimensions_[i].size;) {
      offset += dimensions_[i - 1].stride - index[i] * dimensions_[i].stride;
      index[i] = 0;
      ++index[i - 1];
    }
  }
}

}  // namespace rectifier
