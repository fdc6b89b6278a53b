// Short contiguous rows, turned so that each has a lane of its own: a row of a few elements would
// leave lanes empty, and wait for its own maximum and sum.

#if defined(RECTIFIER_CORE_LOOPS_SHORT_ROWS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_LOOPS_SHORT_ROWS_INL_H_
#undef RECTIFIER_CORE_LOOPS_SHORT_ROWS_INL_H_
#else
#define RECTIFIER_CORE_LOOPS_SHORT_ROWS_INL_H_
#endif

#include <cstddef>
#include <cstring>

#include "core/kernel.h"
#include "core/numbers/element-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

// kLanes by kLanes numbers of four bytes, row r at from + r * from_step, turned about the diagonal.
// The loops are unrolled so that the rows stay in registers.
HWY_INLINE void TurnSquare(const char* from, size_t from_step, char* to, size_t to_step) {
#if HWY_TARGET != HWY_SCALAR
  using D = U32;
  using D64 = hn::Repartition<uint64_t, D>;
  const D d;
  const D64 d64;
  hn::Vec<D> rows[kLanes], pairs[kLanes], turned[kLanes];
#pragma GCC unroll 8
  for (size_t r = 0; r < kLanes; ++r) rows[r] = LoadLanes(d, from + r * from_step);
  if constexpr (kLanes == 2) {
    turned[0] = hn::InterleaveLower(d, rows[0], rows[1]);
    turned[1] = hn::ConcatUpperUpper(d, rows[1], rows[0]);
  } else {
    // Within blocks of 128 bits: element pairs of rows r and r + 1, then quadruples.
#pragma GCC unroll 8
    for (size_t r = 0; r < kLanes; r += 2) {
      pairs[r] = hn::InterleaveLower(d, rows[r], rows[r + 1]);
      pairs[r + 1] = hn::InterleaveUpper(d, rows[r], rows[r + 1]);
    }
#pragma GCC unroll 8
    for (size_t r = 0; r < kLanes; r += 4) {
#pragma GCC unroll 2
      for (size_t k = 0; k < 2; ++k) {
        const auto low = hn::BitCast(d64, pairs[r + k]), high = hn::BitCast(d64, pairs[r + k + 2]);
        turned[r + 2 * k] = hn::BitCast(d, hn::InterleaveLower(d64, low, high));
        turned[r + 2 * k + 1] = hn::BitCast(d, hn::InterleaveUpper(d64, low, high));
      }
    }
    if constexpr (kLanes == 8) {
#pragma GCC unroll 8
      for (size_t r = 0; r < 4; ++r) {
        const auto upper_rows = turned[r + 4], lower_rows = turned[r];
        turned[r] = hn::ConcatLowerLower(d, upper_rows, lower_rows);
        turned[r + 4] = hn::ConcatUpperUpper(d, upper_rows, lower_rows);
      }
    }
  }
#pragma GCC unroll 8
  for (size_t r = 0; r < kLanes; ++r) StoreLanes(d, turned[r], to + r * to_step);
#else
  (void)from_step;
  (void)to_step;
  std::memcpy(to, from, sizeof(uint32_t));
#endif
}

// Rows of `count` elements to columns, element i of row r going to i * kLanes + r. kLanes rows.
template <class T>
HWY_INLINE void TurnIn(const char* rows, size_t count, char* columns) {
  size_t i = 0;
  if constexpr (sizeof(T) == 4) {
    for (; i + kLanes <= count; i += kLanes) {
      TurnSquare(rows + i * sizeof(T), count * sizeof(T), columns + i * kLanes * sizeof(T),
                 kLanes * sizeof(T));
    }
  }
  for (; i < count; ++i) {
    for (size_t r = 0; r < kLanes; ++r) {
      std::memcpy(columns + (i * kLanes + r) * sizeof(T), rows + (r * count + i) * sizeof(T),
                  sizeof(T));
    }
  }
}

// And back.
template <class T>
HWY_INLINE void TurnOut(const char* columns, size_t count, char* rows) {
  size_t i = 0;
  if constexpr (sizeof(T) == 4) {
    for (; i + kLanes <= count; i += kLanes) {
      TurnSquare(columns + i * kLanes * sizeof(T), kLanes * sizeof(T), rows + i * sizeof(T),
                 count * sizeof(T));
    }
  }
  for (; i < count; ++i) {
    for (size_t r = 0; r < kLanes; ++r) {
      std::memcpy(rows + (r * count + i) * sizeof(T), columns + (i * kLanes + r) * sizeof(T),
                  sizeof(T));
    }
  }
}

// The operands of contiguous rows from `row` on.
template <class T, bool kReduces>
RowOperands RowsFrom(const RowOperands& o, size_t row) {
  const size_t bytes = row * o.count * sizeof(T);
  const size_t output_bytes = kReduces ? row * sizeof(T) : bytes;
  RowOperands rest = o;
  rest.rows = o.rows - row;
  rest.x = static_cast<const char*>(o.x) + bytes;
  if (o.mask) rest.mask = o.mask + row * o.count;
  if (o.x_low) rest.x_low = o.x_low + row * o.count;
  if (o.gradient_low) rest.gradient_low = o.gradient_low + row * o.count;
  if (o.row_numbers) rest.row_numbers = o.row_numbers + row;
  if (o.upstream) rest.upstream = static_cast<const char*>(o.upstream) + output_bytes;
  if (o.value) rest.value = static_cast<char*>(o.value) + output_bytes;
  if (o.gradient) rest.gradient = static_cast<char*>(o.gradient) + bytes;
  if (o.parameter_terms) rest.parameter_terms = o.parameter_terms + row;
  return rest;
}

// kLanes short rows as columns, and what they give.
template <class T, bool kReduces>
class TurnedRows {
 public:
  // Evaluates the first kLanes rows of `o` through `across`.
  void Run(const RowOperands& o, RowKernel across) {
    RowOperands turned = o;
    turned.rows = turned.pitch = kLanes;
    TurnIn<T>(static_cast<const char*>(o.x), o.count, x_);
    turned.x = x_;
    turned.mask = Turn(o.mask, o.count, mask_);
    turned.x_low = Turn(o.x_low, o.count, x_low_);
    if (o.upstream && !kReduces) {
      TurnIn<T>(static_cast<const char*>(o.upstream), o.count, upstream_);
      turned.upstream = upstream_;
    }
    if (o.value && !kReduces) turned.value = value_;
    if (o.gradient) turned.gradient = gradient_;
    if (o.gradient_low) turned.gradient_low = gradient_low_;
    across(turned);
    if (o.value && !kReduces) TurnOut<T>(value_, o.count, static_cast<char*>(o.value));
    if (o.gradient) TurnOut<T>(gradient_, o.count, static_cast<char*>(o.gradient));
    if (o.gradient_low) {
      TurnOut<double>(reinterpret_cast<const char*>(gradient_low_), o.count,
                      reinterpret_cast<char*>(o.gradient_low));
    }
  }

 private:
  static const double* Turn(const double* rows, size_t count, double* columns) {
    if (rows == nullptr) return nullptr;
    TurnIn<double>(reinterpret_cast<const char*>(rows), count, reinterpret_cast<char*>(columns));
    return columns;
  }

  static constexpr size_t kMost = kLongestShortRow * kLanes;

  alignas(64) char x_[kMost * sizeof(T)];
  alignas(64) char upstream_[kMost * sizeof(T)];
  alignas(64) char value_[kMost * sizeof(T)];
  alignas(64) char gradient_[kMost * sizeof(T)];
  alignas(64) double mask_[kMost];
  alignas(64) double x_low_[kMost];
  alignas(64) double gradient_low_[kMost];
};

// Contiguous rows of at most kLongestShortRow elements: kLanes at a time, and what is left of them
// through `along`.
template <class T, bool kReduces>
void RunShortRows(const RowOperands& o, RowKernel across, RowKernel along) {
  TurnedRows<T, kReduces> turned;
  size_t row = 0;
  for (; row + kLanes <= o.rows; row += kLanes) {
    turned.Run(RowsFrom<T, kReduces>(o, row), across);
  }
  if (row < o.rows) along(RowsFrom<T, kReduces>(o, row));
}

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_LOOPS_SHORT_ROWS_INL_H_
