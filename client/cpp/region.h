// A box of a row-major tensor, and copying it out and in.
#ifndef RECTIFIER_CLIENT_CPP_REGION_H_
#define RECTIFIER_CLIENT_CPP_REGION_H_

#include <cstddef>
#include <functional>

#include "client/cpp/tensor.h"

namespace rectifier::client {

// By dimension: the first index and how many. Lies within its tensor.
struct Region {
  Shape start;
  Shape count;
};

// All of a tensor of `shape`.
Region WholeRegion(const Shape& shape);

// Calls visit(first element, number of elements) for each contiguous run of the region within a
// tensor of `shape`, in row-major order.
void ForEachRun(const Shape& shape, const Region& region,
                const std::function<void(int64_t, int64_t)>& visit);

// The region as a tensor of the region's shape; without a copy where it is contiguous.
Tensor Gather(const Tensor& tensor, const Region& region);

// Writes `piece`, of the region's shape, into the region of a tensor of `shape` at `to`.
void Scatter(const Tensor& piece, const Region& region, const Shape& shape, std::byte* to);

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_REGION_H_
