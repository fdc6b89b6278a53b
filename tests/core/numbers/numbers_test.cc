// The arithmetic of core/numbers against Arb, on every CPU target: nothing may be further off than
// core/numbers/bounds.h says, and every target has the same bits.
#include <climits>
#include <cmath>
#include <random>
#include <span>
#include <string>
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

constexpr int kExact = INT_MIN;  // a bound for results without any error

// The numbers that are drawn for an operation.
struct Operands {
  int digits;     // 53 of doubles, 24 of floats
  int exponents;  // first parts have sizes from 2^-exponents to 2^exponents
  bool a_is_pair = false;
  bool b_is_pair = false;
  bool ordered = false;  // |a| >= 2 |b|
  bool positive = false;
};

struct Case {
  std::string name;
  Operation operation;
  Operands operands;
  Ball (*exact)(const Ball& a, const Ball& b);
  Ball (*size)(const Ball& a, const Ball& b);  // what the bound is relative to
  int bound;
};

class Numbers {
 public:
  Numbers(const Operands& operands, int count) : operands_(operands) {
    for (int i = 0; i < count; ++i) {
      double x = Number();
      // Every third pair of numbers cancels, or nearly.
      double y = i % 3 == 0 ? Cut(-x * (1 + std::exp2(-Uniform(0, 60)))) : Number();
      if (operands.ordered) y = Cut(std::copysign(x, y) * std::exp2(-Uniform(1, 60)));
      if (operands.positive) {
        x = std::abs(x);
        y = std::abs(y);
      }
      a.push_back(x, operands.a_is_pair ? Low(x) : 0);
      b.push_back(y, operands.b_is_pair ? Low(y) : 0);
    }
  }

  NumberArray a, b;

 private:
  double Uniform(double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(generator_);
  }
  double Cut(double x) const { return operands_.digits == 24 ? static_cast<float>(x) : x; }
  double Number() {
    const double size =
        Uniform(1, 2) * std::exp2(Uniform(-operands_.exponents, operands_.exponents));
    return Cut(Uniform(-1, 1) < 0 ? -size : size);
  }
  double Low(double high) { return Cut(high * std::ldexp(Uniform(-1, 1), 1 - operands_.digits)); }

  Operands operands_;
  std::mt19937_64 generator_{20240229};
};

Ball Whole(const NumberArray& numbers, size_t i) {
  return Plus(Ball(numbers.hi[i]), Ball(numbers.lo[i]));
}

class NumbersTest : public testing::TestWithParam<Case> {};

TEST_P(NumbersTest, KeepsItsBoundOnEveryTargetWithTheSameBits) {
  const Case& c = GetParam();
  const Numbers numbers(c.operands, 2000);
  std::vector<Ball> exact, sizes;
  for (size_t i = 0; i < numbers.a.size(); ++i) {
    const Ball a = Whole(numbers.a, i), b = Whole(numbers.b, i);
    exact.push_back(c.exact(a, b));
    sizes.push_back(c.size(a, b));
  }
  ASSERT_FALSE(TargetsHere().empty());
  const NumberArray first = ComputeOn(TargetsHere()[0], c.operation, numbers.a, numbers.b);
  for (int64_t target : TargetsHere()) {
    const NumberArray result = ComputeOn(target, c.operation, numbers.a, numbers.b);
    const WorstError worst = WorstErrorOf(result, exact, sizes);
    EXPECT_LE(std::log2(worst.error), c.bound)
        << hwy::TargetName(target) << " at a = " << numbers.a.hi[worst.index] << " + "
        << numbers.a.lo[worst.index] << ", b = " << numbers.b.hi[worst.index] << " + "
        << numbers.b.lo[worst.index];
    EXPECT_EQ(result.hi, first.hi) << hwy::TargetName(target);
    EXPECT_EQ(result.lo, first.lo) << hwy::TargetName(target);
  }
}

Ball Apply(void (*operation)(arb_t, const arb_t, const arb_t, slong), const Ball& a,
           const Ball& b) {
  Ball result;
  operation(result.get(), a.get(), b.get(), kExactBits);
  return result;
}
Ball Minus(const Ball& a, const Ball& b) { return Apply(arb_sub, a, b); }
Ball Times(const Ball& a, const Ball& b) { return Apply(arb_mul, a, b); }
Ball Quotient(const Ball& a, const Ball& b) { return Apply(arb_div, a, b); }
Ball InverseOf(const Ball& a, const Ball&) { return Quotient(Ball(1), a); }
Ball RootOf(const Ball& a, const Ball&) {
  Ball result;
  arb_sqrt(result.get(), a.get(), kExactBits);
  return result;
}
Ball Sizes(const Ball& a, const Ball& b) {  // |a| + |b|
  Ball size_a, size_b;
  arb_abs(size_a.get(), a.get());
  arb_abs(size_b.get(), b.get());
  return Plus(size_a, size_b);
}

std::vector<Case> Cases() {
  using enum Operation;
  // Exact products, and second parts of quotients, stay within the doubles.
  const Operands doubles = {53, 450}, pairs = {53, 60, true, true},
                 pair_and_double = {53, 60, true}, positive = {53, 60, true, true, false, true};
  const Operands floats = {24, 20}, ordered_floats = {24, 20, false, false, true},
                 float_pairs = {24, 20, true, true}, pair_and_float = {24, 20, true},
                 ordered_pairs = {24, 20, true, true, true},
                 float_and_smaller_pair = {24, 20, false, true, true},
                 pair_and_smaller_float = {24, 20, true, false, true},
                 positive_floats = {24, 20, true, false, false, true};
  return {
      {"TwoSum", kTwoSum, {53, 900}, Plus, Sizes, kExact},
      {"TwoProduct", kTwoProduct, doubles, Times, Times, kExact},
      {"Product", kProduct, doubles, Times, Times, kExact},
      {"Add", kAdd, pairs, Plus, Sizes, bounds::kDoubleDoubleSum},
      {"AddDouble", kAddDouble, pair_and_double, Plus, Sizes, bounds::kDoubleDoubleSum},
      {"Subtract", kSubtract, pairs, Minus, Sizes, bounds::kDoubleDoubleSum},
      {"Multiply", kMultiply, pairs, Times, Times, bounds::kDoubleDoubleProduct},
      {"MultiplyByDouble", kMultiplyByDouble, pair_and_double, Times, Times,
       bounds::kDoubleDoubleProduct},
      {"Divide", kDivide, pairs, Quotient, Quotient, bounds::kDoubleDoubleQuotient},
      {"Inverse", kInverse, pairs, InverseOf, InverseOf, bounds::kDoubleDoubleQuotient},
      {"SquareRoot", kSquareRoot, positive, RootOf, RootOf, bounds::kDoubleDoubleRoot},
      {"NormalizedAdd", kNormalizedAdd, pairs, Plus, Sizes, bounds::kNormalizedDoubleDouble},
      {"NormalizedSubtract", kNormalizedSubtract, pairs, Minus, Sizes,
       bounds::kNormalizedDoubleDouble},
      {"NormalizedMultiply", kNormalizedMultiply, pairs, Times, Times,
       bounds::kNormalizedDoubleDouble},
      {"NormalizedDivide", kNormalizedDivide, pairs, Quotient, Quotient,
       bounds::kNormalizedDoubleDouble},
      {"NormalizedDifference", kNormalizedDifference, doubles, Minus, Sizes, kExact},
      {"SumOfFloats", kSumOfFloats, floats, Plus, Sizes, kExact},
      {"SumOfOrdered", kSumOfOrdered, ordered_floats, Plus, Sizes, kExact},
      {"ProductOfFloats", kProductOfFloats, floats, Times, Times, kExact},
      {"FloatAdd", kFloatAdd, float_pairs, Plus, Sizes, bounds::kFloatFloatSum},
      {"FloatAddFloat", kFloatAddFloat, pair_and_float, Plus, Sizes, bounds::kFloatFloatSum},
      {"FloatSubtract", kFloatSubtract, float_pairs, Minus, Sizes, bounds::kFloatFloatSum},
      {"FloatAddSmaller", kFloatAddSmaller, ordered_pairs, Plus, Sizes, bounds::kFloatFloatSum},
      {"FloatAddSmallerToFloat", kFloatAddSmallerToFloat, float_and_smaller_pair, Plus, Sizes,
       bounds::kFloatFloatSum},
      {"FloatAddSmallerFloat", kFloatAddSmallerFloat, pair_and_smaller_float, Plus, Sizes,
       bounds::kFloatFloatSum},
      {"FloatSubtractSmaller", kFloatSubtractSmaller, float_and_smaller_pair, Minus, Sizes,
       bounds::kFloatFloatSum},
      {"FloatAddPositive", kFloatAddPositive, positive_floats, Plus, Sizes, bounds::kFloatFloatSum},
      {"FloatMultiply", kFloatMultiply, float_pairs, Times, Times, bounds::kFloatFloatProduct},
      {"FloatMultiplyByFloat", kFloatMultiplyByFloat, pair_and_float, Times, Times,
       bounds::kFloatFloatProduct},
      {"FloatInverse", kFloatInverse, float_pairs, InverseOf, InverseOf,
       bounds::kFloatFloatInverse},
  };
}

INSTANTIATE_TEST_SUITE_P(All, NumbersTest, testing::ValuesIn(Cases()),
                         [](const auto& info) { return info.param.name; });

// The polynomial of numbers_on_targets.h at each x, with the second parts `low` of the first
// coefficients; `of_sizes`: the sum of its terms' sizes.
std::vector<Ball> Polynomials(const NumberArray& x, std::span<const double> low, bool of_sizes) {
  std::vector<Ball> results;
  for (size_t k = 0; k < x.size(); ++k) {
    Ball argument = Whole(x, k), sum;
    if (of_sizes) arb_abs(argument.get(), argument.get());
    for (size_t i = kCoefficients; i-- > 0;) {
      const Ball coefficient = Plus(Ball(kPolynomialHigh[i]), Ball(i < low.size() ? low[i] : 0));
      sum = Plus(Times(sum, argument), coefficient);
    }
    results.push_back(sum);
  }
  return results;
}

void ExpectPolynomial(Operation operation, const NumberArray& x, std::span<const double> low,
                      double bound) {
  const std::vector<Ball> exact = Polynomials(x, low, false);
  const std::vector<Ball> sizes = Polynomials(x, low, true);
  for (int64_t target : TargetsHere()) {
    const WorstError worst = WorstErrorOf(ComputeOn(target, operation, x, x), exact, sizes);
    EXPECT_LE(worst.error, bound) << hwy::TargetName(target) << " at " << x.hi[worst.index];
  }
}

TEST(NumbersTest, PolynomialsKeepTheirBounds) {
  NumberArray x, small;
  for (int i = -500; i <= 500; ++i) {
    x.push_back(i / 100.0);
    small.push_back(i / 500.0 * 0x1p-8, i / 300.0 * 0x1p-61);
  }
  const double bound = static_cast<double>(kCoefficients) * std::exp2(bounds::kPolynomial);
  ExpectPolynomial(Operation::kPolynomial, x, {}, bound);
  ExpectPolynomial(Operation::kLongPolynomial, x, {}, bound);
  ExpectPolynomial(Operation::kDoubleDoublePolynomial, small, kPolynomialLow,
                   std::exp2(bounds::kDoubleDoublePolynomial));
}

TEST(NumbersTest, NormalizedNumbersHaveSmallSecondParts) {
  const Numbers numbers({53, 60, true, true}, 2000);
  for (int64_t target : TargetsHere()) {
    for (Operation operation : {Operation::kNormalizedAdd, Operation::kNormalizedSubtract,
                                Operation::kNormalizedMultiply, Operation::kNormalizedDivide}) {
      const NumberArray result = ComputeOn(target, operation, numbers.a, numbers.b);
      for (size_t i = 0; i < result.size(); ++i) {
        EXPECT_LE(std::abs(result.lo[i]),
                  std::ldexp(std::abs(result.hi[i]), bounds::kNormalizedLow))
            << hwy::TargetName(target) << " at " << numbers.a.hi[i] << ", " << numbers.b.hi[i];
      }
    }
  }
}

}  // namespace
}  // namespace rectifier
