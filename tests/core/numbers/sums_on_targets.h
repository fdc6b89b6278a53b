// Sums of many terms (compensated_sum-inl.h, row_sums-inl.h), on any CPU target.
#ifndef RECTIFIER_TESTS_CORE_NUMBERS_SUMS_ON_TARGETS_H_
#define RECTIFIER_TESTS_CORE_NUMBERS_SUMS_ON_TARGETS_H_

#include <cstdint>

#include "core/kernel.h"
#include "tests/core/numbers/number_array.h"

namespace rectifier {

// What LaneSums makes of the terms.
CompensatedSum SummedOn(int64_t target, const NumberArray& terms);

// How RowSums lie on vectors: beside each other in one, or each in a vector of its own, whose lanes
// then all have the same row.
enum class Lying { kAlong, kAcross };

// What RowSums makes of the terms, in doubles or in normalized double-doubles; their largest one.
struct RowTotals {
  CompensatedSum in_doubles;
  CompensatedSum in_double_doubles;
  CompensatedSum largest;
};
RowTotals RowTotalsOn(int64_t target, Lying lying, const NumberArray& terms);

}  // namespace rectifier

#endif  // RECTIFIER_TESTS_CORE_NUMBERS_SUMS_ON_TARGETS_H_
