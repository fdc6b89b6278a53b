// A box of a row-major tensor, and copying it out and in.
#ifndef RECTIFIER_CLIENT_CPP_FILES_BOX_H_
#define RECTIFIER_CLIENT_CPP_FILES_BOX_H_

#include <cstddef>
#include <functional>

#include "client/cpp/client/tensor.h"

namespace rectifier::client {

// It has the first index and the number of indices by dimension, and lies within its tensor.
struct Box {
  Shape start;
  Shape count;
};

// All of a tensor of `shape`.
Box WholeBox(const Shape& shape);

// Calls visit(first element, number of elements) for each contiguous run of the box within a
// tensor of `shape`, in row-major order.
void ForEachRun(const Shape& shape, const Box& box,
                const std::function<void(int64_t, int64_t)>& visit);

// The box as a tensor of the box's shape, which is no copy where the box is contiguous.
Tensor Gather(const Tensor& tensor, const Box& box);

// Writes `piece`, of the box's shape, into the box of a tensor of `shape` at `to`.
void Scatter(const Tensor& piece, const Box& box, const Shape& shape, std::byte* to);

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_FILES_BOX_H_
