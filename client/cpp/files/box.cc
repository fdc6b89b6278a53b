#include "client/cpp/files/box.h"

#include <cstring>
#include <string>
#include <utility>

namespace rectifier::client {
namespace {

// How the box lies in memory: contiguous runs, under the outer dimensions.
struct Run {
  size_t outer_dimensions;
  int64_t length;
};

Run LongestRun(const Shape& shape, const Box& box) {
  Run run{.outer_dimensions = shape.size(), .length = 1};
  bool whole = true;  // every dimension of the run but the outermost
  while (run.outer_dimensions > 0 && whole) {
    const size_t dimension = --run.outer_dimensions;
    run.length *= box.count[dimension];
    whole = box.count[dimension] == shape[dimension];
  }
  return run;
}

}  // namespace

Box WholeBox(const Shape& shape) { return {.start = Shape(shape.size(), 0), .count = shape}; }

void ForEachRun(const Shape& shape, const Box& box,
                const std::function<void(int64_t, int64_t)>& visit) {
  if (*ElementCount(box.count) == 0) return;
  const Run run = LongestRun(shape, box);
  Shape index = box.start;
  for (;;) {
    int64_t offset = 0;
    for (size_t i = 0; i < shape.size(); ++i) offset = offset * shape[i] + index[i];
    visit(offset, run.length);
    size_t i = run.outer_dimensions;
    while (i > 0 && ++index[i - 1] == box.start[i - 1] + box.count[i - 1]) {
      index[i - 1] = box.start[i - 1];
      --i;
    }
    if (i == 0) return;
  }
}

Tensor Gather(const Tensor& tensor, const Box& box) {
  const int64_t count = *ElementCount(box.count);
  if (count == 0) return tensor.Slice(0, box.count);
  if (LongestRun(tensor.shape(), box).length == count) {
    int64_t first = 0;
    ForEachRun(tensor.shape(), box, [&](int64_t offset, int64_t) { first = offset; });
    return tensor.Slice(first, box.count);
  }
  const size_t size = SizeOf(tensor.type());
  std::string bytes;
  bytes.reserve(count * size);
  ForEachRun(tensor.shape(), box, [&](int64_t offset, int64_t length) {
    bytes.append(reinterpret_cast<const char*>(tensor.bytes().data()) + offset * size,
                 length * size);
  });
  return *Tensor::FromBytes(tensor.type(), box.count, std::move(bytes));
}

void Scatter(const Tensor& piece, const Box& box, const Shape& shape, std::byte* to) {
  const size_t size = SizeOf(piece.type());
  const std::byte* from = piece.bytes().data();
  ForEachRun(shape, box, [&](int64_t offset, int64_t length) {
    std::memcpy(to + offset * size, from, length * size);
    from += length * size;
  });
}

}  // namespace rectifier::client
