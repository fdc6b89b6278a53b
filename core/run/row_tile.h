// The kernels of an activation along an axis, and its arguments as they meet a tile of rows.
//
// Where something is added to x, the sum is a plane of doubles and one of their low parts: the
// kernel's operands are then planes, and its results are rounded to the element type at the end.
#ifndef RECTIFIER_CORE_RUN_ROW_TILE_H_
#define RECTIFIER_CORE_RUN_ROW_TILE_H_

#include <array>
#include <cstddef>
#include <memory>
#include <optional>

#include "core/evaluation.h"
#include "core/kernel.h"
#include "core/run/broadcast_tensor.h"
#include "core/run/row_cut.h"

namespace rectifier {

// Where terms of parameters' gradients go: one of each row, and planes of those of the elements.
// Pointers are null where they are not wanted.
struct RowTerms {
  CompensatedSum* rows = nullptr;
  double* high = nullptr;
  double* low = nullptr;
};

class RowTile {
 public:
  explicit RowTile(const Evaluation& evaluation);

  const RowCut& cut() const { return cut_; }

  // What is the same in every tile.
  RowOperands Operands() const;

  // Evaluates a tile, given in the element type in `operands`: x, upstream and where outputs go.
  // `place` is where it lies in the whole.
  void Compute(const RowBlock& place, RowOperands operands, const RowTerms& terms) const;

  // The memory is not set, because only what is written is read, and paid for.
  static std::unique_ptr<double[]> Doubles(int64_t count) {
    return std::make_unique_for_overwrite<double[]>(static_cast<size_t>(count));
  }

 private:
  using Plane = std::unique_ptr<double[]>;

  void BindArgument(size_t index);
  // Whether x has a low part.
  bool adds() const { return bias_ || draws_; }
  Plane Room(const RowBlock& place) const { return Doubles(cut_.TileElements(place.rows)); }
  void Expand(const BroadcastTensor& tensor, const RowBlock& place, double* to) const;
  void ComputeElements(const RowBlock& place, RowOperands operands, const RowTerms& terms) const;
  void ComputeSums(const RowBlock& place, const RowOperands& operands, const RowTerms& terms) const;
  void AddToX(const RowBlock& place, double* x, double* x_low) const;
  // Converts what has `length` elements in each row between the element type and doubles.
  void Widen(const void* from, const RowBlock& place, int64_t length, double* to) const;
  void Narrow(const double* from, const RowBlock& place, int64_t length, void* to) const;

  const Evaluation& evaluation_;
  const RowCut cut_;
  const RowKernels& kernels_;
  const size_t type_;
  std::array<double, kMaxRowParameters> parameters_ = {};
  std::optional<BroadcastTensor> mask_;
  std::optional<Draws> draws_;  // of noise
  std::optional<double> bias_;  // where one is given: the number, unless it is a tensor
  std::optional<BroadcastTensor> bias_tensor_;
  std::optional<BroadcastTensor> row_numbers_;  // of one parameter, by row
  size_t row_parameter_ = 0;
};

}  // namespace rectifier

#endif  // RECTIFIER_CORE_RUN_ROW_TILE_H_
