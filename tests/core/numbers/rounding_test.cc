// How numbers are rounded, scaled and chosen, on every CPU target.
#include <bit>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "arb.h"
#include "core/numbers/bounds.h"
#include "gtest/gtest.h"
#include "hwy/targets.h"
#include "tests/core/numbers/number_array.h"
#include "tests/core/numbers/number_errors.h"
#include "tests/core/numbers/numbers_on_targets.h"
#include "tests/numerics/prove/ball.h"

namespace rectifier {
namespace {

using prove::Ball;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

uint64_t BitsOf(double x) { return std::bit_cast<uint64_t>(x); }

// Bit by bit, so that the signs of zeros count.
void ExpectOnEveryTarget(Operation operation, const NumberArray& a, const NumberArray& b,
                         const std::vector<double>& high) {
  for (int64_t target : TargetsHere()) {
    const NumberArray result = ComputeOn(target, operation, a, b);
    for (size_t i = 0; i < a.size(); ++i) {
      EXPECT_EQ(BitsOf(result.hi[i]), BitsOf(high[i]))
          << hwy::TargetName(target) << " at " << a.hi[i] << " + " << a.lo[i] << ", " << b.hi[i]
          << " + " << b.lo[i] << ": " << result.hi[i] << ", not " << high[i];
    }
  }
}

TEST(RoundingTest, RoundIsToTheNearestIntegerTiesToEven) {
  std::vector<double> numbers, rounded;
  for (double x = -8; x <= 8; x += 0.125) numbers.push_back(x);
  for (double x :
       {0x1p50 + 0.5, 0x1p50 + 1.5, -0x1p50 - 0.5, 0x1.fp50, 1e-300, 0.49999999999999994})
    numbers.push_back(x);
  // A zero is +0.
  for (double x : numbers) rounded.push_back(std::nearbyint(x) + 0.0);
  ExpectOnEveryTarget(Operation::kRound, NumberArray(numbers), NumberArray(numbers), rounded);
}

TEST(RoundingTest, Pow2IsExact) {
  std::vector<double> exponents, powers;
  for (int n = -1022; n <= 1023; ++n) {
    exponents.push_back(n);
    powers.push_back(std::ldexp(1, n));
  }
  ExpectOnEveryTarget(Operation::kPow2, NumberArray(exponents), NumberArray(exponents), powers);
}

// Ldexp takes two products. For numbers of 2^-969 and more the first product is normal wherever the
// result is not 0 or infinite, and so it is exact.
TEST(RoundingTest, LdexpRoundsOnceAlsoToSubnormalNumbers) {
  std::mt19937_64 generator(20240229);
  std::uniform_real_distribution<double> significands(1, 2);
  std::uniform_int_distribution<int> exponents(-969, 1000), shifts(-2044, 2046),
      below(-1080, -1020);
  std::vector<double> numbers, powers, scaled;
  for (int i = 0; i < 20000; ++i) {
    const int exponent = exponents(generator);
    const int shift = i % 2 == 0 ? shifts(generator) : below(generator) - exponent;
    if (shift < -2044) continue;
    numbers.push_back(std::ldexp(significands(generator), exponent) * (i % 3 == 0 ? -1 : 1));
    powers.push_back(shift);
    scaled.push_back(std::ldexp(numbers.back(), shift));
  }
  ExpectOnEveryTarget(Operation::kLdexp, NumberArray(numbers), NumberArray(powers), scaled);
}

TEST(RoundingTest, AProductThatLeavesTheDoublesHasNoError) {
  const NumberArray a({1e200, -1e300, 1e308, kInfinity, 0.0, kNaN, 1e155});
  const NumberArray b({1e200, 1e10, 1e308, 2.0, kInfinity, 1.0, 1e145});
  for (int64_t target : TargetsHere()) {
    const NumberArray result = ComputeOn(target, Operation::kTwoProduct, a, b);
    for (size_t i = 0; i < a.size(); ++i) {
      const double product = a.hi[i] * b.hi[i];
      EXPECT_TRUE(result.hi[i] == product || std::isnan(product));
      EXPECT_EQ(result.lo[i], 0) << hwy::TargetName(target) << " at " << a.hi[i] << ", " << b.hi[i];
    }
  }
}

// Sums of doubles whose second parts reach from an ULP down, or are as large as the first.
NumberArray Sums() {
  std::mt19937_64 generator(20240229);
  std::uniform_real_distribution<double> evenly(-1, 1), exponents(-110, 0);
  NumberArray sums;
  for (int i = 0; i < 4000; ++i) {
    const double high = evenly(generator);
    sums.push_back(high, high * std::exp2(exponents(generator)) * (i % 2 == 0 ? 1 : -1));
  }
  for (double high : {1.0, -1.0, 2.0, 1 + 0x1p-52, 1 - 0x1p-53, 0x1p-1022}) {
    for (double low : {0.0, 0x1p-52, 0x1p-53, 0x1p-54, 0x1p-55, 0x1p-106, 0x1p-160}) {
      for (double sign : {1.0, -1.0}) sums.push_back(high, sign * low * std::abs(high));
    }
  }
  return sums;
}

// Beside an infinity the second part says nothing, and one of 0 leaves a zero its sign.
NumberArray SpecialSums() {
  NumberArray sums;
  for (double low : {0.0, -0.0, 1.0, kNaN, kInfinity, -kInfinity}) {
    sums.push_back(kInfinity, low);
    sums.push_back(-kInfinity, low);
  }
  sums.push_back(-0.0, 0.0);
  sums.push_back(0.0, -0.0);
  return sums;
}

TEST(RoundingTest, RoundedAddsTheParts) {
  const NumberArray sums = Sums(), special = SpecialSums();
  std::vector<double> rounded;
  for (size_t i = 0; i < sums.size(); ++i) rounded.push_back(sums.hi[i] + sums.lo[i]);
  ExpectOnEveryTarget(Operation::kRounded, sums, sums, rounded);
  ExpectOnEveryTarget(Operation::kNormalizedRounded, sums, sums, rounded);
  for (Operation operation :
       {Operation::kRounded, Operation::kNormalized, Operation::kRoundedToOdd}) {
    ExpectOnEveryTarget(operation, special, special, special.hi);
  }
}

TEST(RoundingTest, NormalizedIsTheNearestDoubleAndWhatThatLeaves) {
  const NumberArray sums = Sums();
  for (int64_t target : TargetsHere()) {
    const NumberArray result = ComputeOn(target, Operation::kNormalized, sums, sums);
    for (size_t i = 0; i < sums.size(); ++i) {
      EXPECT_EQ(result.hi[i], sums.hi[i] + sums.lo[i]);
      const Ball exact = Plus(Ball(sums.hi[i]), Ball(sums.lo[i]));
      EXPECT_EQ(ErrorOf(exact, exact, result.hi[i], result.lo[i]), 0) << hwy::TargetName(target);
    }
  }
}

// What is exactly a double stays. Anything else is between the neighbours of a double that is odd.
bool IsRoundedToOdd(double rounded, const Ball& exact) {
  if (arb_equal(exact.get(), Ball(rounded).get())) return true;
  const Ball below(std::nextafter(rounded, -kInfinity)), above(std::nextafter(rounded, kInfinity));
  return BitsOf(rounded) % 2 == 1 && arb_lt(below.get(), exact.get()) &&
         arb_lt(exact.get(), above.get());
}

TEST(RoundingTest, RoundedToOddKeepsDoublesAndIsOddElsewhere) {
  const NumberArray sums = Sums();
  for (int64_t target : TargetsHere()) {
    const NumberArray result = ComputeOn(target, Operation::kRoundedToOdd, sums, sums);
    for (size_t i = 0; i < sums.size(); ++i) {
      EXPECT_TRUE(IsRoundedToOdd(result.hi[i], Plus(Ball(sums.hi[i]), Ball(sums.lo[i]))))
          << hwy::TargetName(target) << " at " << sums.hi[i] << " + " << sums.lo[i];
    }
  }
}

TEST(RoundingTest, BreakTieLeavesATraceOnTheSideOfTheRest) {
  constexpr double kLeading = 0.75;
  constexpr double kTrace = kLeading * 0x1p-110;
  struct Tie {
    double result_low, rest, low;
  };
  const Tie ties[] = {
      {0, 1e-9, kTrace},         {0, -1e-9, -kTrace},
      {0x1p-60, -1e-9, -kTrace},  // less than the functions are good to
      {0x1p-60, 0, 0x1p-60},      // nothing follows
      {0x1p-57, -1e-9, 0x1p-57},  // more than the leading term
  };
  for (double sign : {1.0, -1.0}) {
    NumberArray results, terms;
    for (const Tie& tie : ties) {
      results.push_back(sign * kLeading, sign * tie.result_low);
      terms.push_back(sign * kLeading, sign * tie.rest);
    }
    for (int64_t target : TargetsHere()) {
      const NumberArray broken = ComputeOn(target, Operation::kBreakTie, results, terms);
      for (size_t i = 0; i < std::size(ties); ++i) {
        EXPECT_EQ(broken.hi[i], sign * kLeading);
        EXPECT_EQ(broken.lo[i], sign * ties[i].low) << hwy::TargetName(target) << ", tie " << i;
      }
    }
  }
}

TEST(RoundingTest, DoubleDoublesAreInfiniteWhereDoublesAre) {
  const NumberArray a({kInfinity, 1e308, 1.0, -1.0, 0.0, kInfinity});
  const NumberArray b({2.0, 1e308, 0.0, 0.0, -2.0, -kInfinity});
  const auto expect = [&](Operation operation, auto exact) {
    std::vector<double> expected;
    for (size_t i = 0; i < a.size(); ++i) expected.push_back(exact(a.hi[i], b.hi[i]));
    for (int64_t target : TargetsHere()) {
      const NumberArray result = ComputeOn(target, operation, a, b);
      for (size_t i = 0; i < a.size(); ++i) {
        if (std::isnan(expected[i])) {
          EXPECT_TRUE(std::isnan(result.hi[i]));
        } else {
          EXPECT_EQ(BitsOf(result.hi[i]), BitsOf(expected[i]))
              << hwy::TargetName(target) << " at " << a.hi[i] << ", " << b.hi[i];
        }
      }
    }
  };
  for (Operation add : {Operation::kAdd, Operation::kNormalizedAdd})
    expect(add, [](double x, double y) { return x + y; });
  for (Operation multiply : {Operation::kMultiply, Operation::kNormalizedMultiply})
    expect(multiply, [](double x, double y) { return x * y; });
  expect(Operation::kNormalizedDivide, [](double x, double y) { return x / y; });
}

TEST(RoundingTest, NormalizedDoubleDoublesThatAreNotFiniteHaveNoSecondPart) {
  const NumberArray a({kInfinity, 1e308, -1e308, kNaN});
  const NumberArray b({2.0, 1e308, 1e308, 1.0});
  for (int64_t target : TargetsHere()) {
    const NumberArray product = ComputeOn(target, Operation::kNormalizedMultiply, a, b);
    EXPECT_EQ(product.lo, std::vector<double>(a.size())) << hwy::TargetName(target);
  }
}

TEST(RoundingTest, BeyondIsOutsideTheRangeOrNaN) {
  NumberArray numbers, range;
  std::vector<double> beyond;
  for (double x : {-kInfinity, -2.5, -2.0, 0.0, 3.0, 3.5, kInfinity, kNaN}) {
    numbers.push_back(x);
    range.push_back(-2, 3);
    beyond.push_back(x >= -2 && x <= 3 ? 0 : 1);
  }
  ExpectOnEveryTarget(Operation::kBeyond, numbers, range, beyond);
}

TEST(RoundingTest, LookupTakesTheLowBitsOfTheIndex) {
  std::vector<double> indices, of_16, of_32;
  for (int i = 0; i < 200; ++i) {
    indices.push_back(i);
    of_16.push_back((i % 16) * (i % 16));
    of_32.push_back((i % 32) * (i % 32));
  }
  const NumberArray index(indices);
  ExpectOnEveryTarget(Operation::kLookup16, index, index, of_16);
  ExpectOnEveryTarget(Operation::kLookup32, index, index, of_32);
}

}  // namespace
}  // namespace rectifier
