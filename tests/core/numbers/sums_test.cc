// Sums of many terms, on every CPU target, against Arb: as exact as core/numbers/bounds.h says, and
// with the same bits on each.
#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "arb.h"
#include "core/kernel.h"
#include "core/numbers/bounds.h"
#include "gtest/gtest.h"
#include "hwy/targets.h"
#include "tests/core/numbers/number_errors.h"
#include "tests/core/numbers/sums_on_targets.h"
#include "tests/numerics/prove/ball.h"

namespace rectifier {
namespace {

using prove::Ball;

// Terms of many sizes, of which the second half cancels most of the first.
NumberArray Terms(size_t count) {
  std::mt19937_64 generator(count);
  std::uniform_real_distribution<double> evenly(-1, 1), exponents(-40, 40);
  NumberArray terms;
  for (size_t i = 0; i < count; ++i) {
    const bool cancels = i >= count / 2 && i - count / 2 < count / 2;
    const double high = cancels ? -terms.hi[i - count / 2] * (1 + evenly(generator) * 0x1p-40)
                                : evenly(generator) * std::exp2(exponents(generator));
    terms.push_back(high, high * evenly(generator) * 0x1p-53);
  }
  return terms;
}

struct ExactSum {
  Ball sum;
  Ball sizes;
};
ExactSum SumOf(const NumberArray& terms) {
  ExactSum exact;
  for (size_t i = 0; i < terms.size(); ++i) {
    const Ball term = Plus(Ball(terms.hi[i]), Ball(terms.lo[i]));
    Ball size;
    arb_abs(size.get(), term.get());
    exact.sum = Plus(exact.sum, term);
    exact.sizes = Plus(exact.sizes, size);
  }
  return exact;
}

double ErrorOfSum(const ExactSum& exact, const CompensatedSum& sum) {
  return ErrorOf(exact.sum, exact.sizes, sum.hi, sum.lo);
}

void ExpectSame(const CompensatedSum& a, const CompensatedSum& b) {
  EXPECT_EQ(a.hi, b.hi);
  EXPECT_EQ(a.lo, b.lo);
}

const size_t kCounts[] = {1, 2, 7, 8, 9, 16, 63, 100, 1000, 10000};

double CompensatedBound(size_t count) {
  return static_cast<double>(count * count) * std::exp2(bounds::kCompensatedSum);
}

TEST(SumsTest, CompensatedSumKeepsItsBound) {
  for (size_t count : kCounts) {
    const NumberArray terms = Terms(count);
    CompensatedSum sum;
    for (size_t i = 0; i < count; ++i) sum.Add(terms.hi[i], terms.lo[i]);
    EXPECT_LE(ErrorOfSum(SumOf(terms), sum), CompensatedBound(count)) << count;
  }
}

TEST(SumsTest, LaneSumsKeepTheirBoundWithTheSameBits) {
  for (size_t count : kCounts) {
    SCOPED_TRACE(count);
    const NumberArray terms = Terms(count);
    const ExactSum exact = SumOf(terms);
    const CompensatedSum first = SummedOn(TargetsHere()[0], terms);
    for (int64_t target : TargetsHere()) {
      SCOPED_TRACE(hwy::TargetName(target));
      const CompensatedSum sum = SummedOn(target, terms);
      EXPECT_LE(ErrorOfSum(exact, sum), CompensatedBound(count));
      ExpectSame(sum, first);
    }
  }
}

// A row's sums have the same bits however it lies on vectors. In doubles each term adds a rounding
// error of 2^-53 of the sizes; in normalized double-doubles the eight sums are compensated, and
// added up by three additions.
TEST(SumsTest, RowSumsDoNotDependOnHowRowsLie) {
  for (size_t count : kCounts) {
    SCOPED_TRACE(count);
    const NumberArray terms = Terms(count);
    NumberArray doubles = terms;
    doubles.lo.assign(count, 0);
    const ExactSum exact = SumOf(terms), exact_doubles = SumOf(doubles);
    const RowTotals first = RowTotalsOn(TargetsHere()[0], Lying::kAlong, terms);
    for (int64_t target : TargetsHere()) {
      for (Lying lying : {Lying::kAlong, Lying::kAcross}) {
        SCOPED_TRACE(hwy::TargetName(target));
        const RowTotals totals = RowTotalsOn(target, lying, terms);
        EXPECT_LE(ErrorOfSum(exact_doubles, totals.in_doubles),
                  static_cast<double>(count) * 0x1p-53);
        EXPECT_LE(ErrorOfSum(exact, totals.in_double_doubles),
                  CompensatedBound(count) + 3 * std::exp2(bounds::kNormalizedDoubleDouble));
        ExpectSame(totals.in_doubles, first.in_doubles);
        ExpectSame(totals.in_double_doubles, first.in_double_doubles);
      }
    }
  }
}

TEST(SumsTest, TheLargestIsThatOfBothParts) {
  NumberArray terms;
  for (int i = 0; i < 20; ++i) terms.push_back(i % 7, (i * 5 % 20 - 10) * 0x1p-60);
  for (int64_t target : TargetsHere()) {
    const CompensatedSum largest = RowTotalsOn(target, Lying::kAlong, terms).largest;
    double low = -1;
    for (size_t i = 6; i < terms.size(); i += 7) low = std::max(low, terms.lo[i]);
    ExpectSame(largest, {6, low});
  }
}

}  // namespace
}  // namespace rectifier
