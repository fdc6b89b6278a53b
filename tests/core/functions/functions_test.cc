// The functions of core/functions against Arb, on every CPU target: none may be further off than
// core/functions/bounds.h says.
#include <algorithm>
#include <cmath>
#include <random>
#include <string>

#include "arb.h"
#include "arb_hypgeom.h"
#include "core/functions/bounds.h"
#include "gtest/gtest.h"
#include "hwy/targets.h"
#include "tests/core/functions/functions_on_targets.h"
#include "tests/core/numbers/number_errors.h"
#include "tests/numerics/prove/ball.h"

namespace rectifier {
namespace {

using prove::Ball;

constexpr slong kPrecision = 400;

// f(x), good to kPrecision bits or so, also next to its roots.
Ball Exact(Function function, double number) {
  const Ball x(number);
  Ball minus_x, result, other;
  arb_neg(minus_x.get(), x.get());
  const auto logistic = [&](const Ball& u) {  // 1/(1 + e^-u)
    Ball e;
    arb_neg(e.get(), u.get());
    arb_exp(e.get(), e.get(), kPrecision);
    arb_add_ui(e.get(), e.get(), 1, kPrecision);
    arb_inv(e.get(), e.get(), kPrecision);
    return e;
  };
  switch (function) {
    case Function::kExponential:
      arb_exp(result.get(), x.get(), kPrecision);
      return result;
    case Function::kExponentialLess1:
      arb_expm1(result.get(), x.get(), kPrecision);
      return result;
    case Function::kLogOnePlus:
      arb_log1p(result.get(), x.get(), kPrecision);
      return result;
    case Function::kLogistic:
      return logistic(x);
    case Function::kLogisticComplement:
      return logistic(minus_x);
    case Function::kLogisticSlope:
      arb_mul(result.get(), logistic(x).get(), logistic(minus_x).get(), kPrecision);
      return result;
    case Function::kHalfTanh:
      arb_abs(result.get(), x.get());
      arb_mul_2exp_si(result.get(), result.get(), -1);
      arb_tanh(result.get(), result.get(), kPrecision);
      return result;
    case Function::kNormalTail:  // erfc(|x|/sqrt(2))/2
      arb_set_ui(other.get(), 2);
      arb_rsqrt(other.get(), other.get(), kPrecision);
      arb_abs(result.get(), x.get());
      arb_mul(result.get(), result.get(), other.get(), kPrecision);
      arb_hypgeom_erfc(result.get(), result.get(), kPrecision);
      arb_mul_2exp_si(result.get(), result.get(), -1);
      return result;
    case Function::kNormalDensity:  // e^(-x^2/2)/sqrt(2 pi)
      arb_sqr(result.get(), x.get(), kPrecision);
      arb_mul_2exp_si(result.get(), result.get(), -1);
      arb_neg(result.get(), result.get());
      arb_exp(result.get(), result.get(), kPrecision);
      arb_const_pi(other.get(), kPrecision);
      arb_mul_2exp_si(other.get(), other.get(), 1);
      arb_rsqrt(other.get(), other.get(), kPrecision);
      arb_mul(result.get(), result.get(), other.get(), kPrecision);
      return result;
    case Function::kErf:
      arb_hypgeom_erf(result.get(), x.get(), kPrecision);
      return result;
    case Function::kSin:
      arb_sin(result.get(), x.get(), kPrecision + 1100);
      return result;
    case Function::kCos:
      arb_cos(result.get(), x.get(), kPrecision + 1100);
      return result;
    case Function::kOneLessCos:
      arb_cos(result.get(), x.get(), kPrecision + 1100);
      arb_sub_ui(result.get(), result.get(), 1, kPrecision + 1100);
      arb_neg(result.get(), result.get());
      return result;
    case Function::kOnePlusSin:
      arb_sin(result.get(), x.get(), kPrecision + 1100);
      arb_add_ui(result.get(), result.get(), 1, kPrecision + 1100);
      return result;
    case Function::kAtan:
      arb_atan(result.get(), x.get(), kPrecision);
      return result;
  }
  return result;
}

struct Case {
  std::string name;
  Function function;
  Lanes lanes;
  int bound;  // the largest relative error, as a power of two
  double low;
  double high;
};

bool IsOfFloats(const Case& c) { return c.lanes == Lanes::kFloatFloats; }

// Numbers of the range: spread evenly, near zero by exponents, and its ends.
std::vector<double> Inputs(const Case& c) {
  std::mt19937_64 generator(20240229);
  std::uniform_real_distribution<double> evenly(c.low, c.high);
  std::uniform_real_distribution<double> exponents(-60, 0);
  std::vector<double> inputs = {c.low, c.high};
  const double far = std::max(std::abs(c.low), std::abs(c.high));
  for (int i = 0; i < 4000; ++i) {
    inputs.push_back(evenly(generator));
    const double size = far * std::exp2(exponents(generator));
    for (double x : {size, -size}) {
      if (c.low <= x && x <= c.high) inputs.push_back(x);
    }
  }
  if (IsOfFloats(c)) {
    for (double& x : inputs) x = static_cast<float>(x);
  }
  return inputs;
}

class FunctionsTest : public testing::TestWithParam<Case> {};

TEST_P(FunctionsTest, KeepsItsBoundOnEveryTarget) {
  const Case& c = GetParam();
  const std::vector<double> x = Inputs(c);
  std::vector<Ball> exact;
  for (double number : x) exact.push_back(Exact(c.function, number));
  ASSERT_FALSE(TargetsHere().empty());
  for (int64_t target : TargetsHere()) {
    const WorstError worst = WorstErrorOf(EvaluateOn(target, c.function, c.lanes, x), exact, exact);
    EXPECT_LE(std::log2(worst.error), c.bound)
        << hwy::TargetName(target) << " at x = " << x[worst.index];
  }
}

std::vector<Case> Cases() {
  using enum Function;
  return {
      {"Exponential", kExponential, Lanes::kDoubles, bounds::kExponential, -180, 180},
      {"ExponentialFar", kExponential, Lanes::kDoubles, bounds::kExponentialFar, -700, 700},
      {"ExponentialLess1", kExponentialLess1, Lanes::kDoubles, bounds::kExponentialLess1, -700,
       700},
      {"LogOnePlus", kLogOnePlus, Lanes::kDoubles, bounds::kLogOnePlus, 0, 1},
      {"Logistic", kLogistic, Lanes::kDoubles, bounds::kLogistic, -180, 180},
      {"LogisticComplement", kLogisticComplement, Lanes::kDoubles, bounds::kLogistic, -180, 180},
      {"LogisticSlope", kLogisticSlope, Lanes::kDoubles, bounds::kLogistic, -180, 180},
      {"HalfTanh", kHalfTanh, Lanes::kDoubles, bounds::kHalfTanh, -700, 700},
      {"NormalTail", kNormalTail, Lanes::kDoubles, bounds::kNormalTail, -20, 20},
      {"NormalDensity", kNormalDensity, Lanes::kDoubles, bounds::kNormalDensity, -20, 20},
      {"Erf", kErf, Lanes::kDoubles, bounds::kErf, -10, 10},
      {"Sin", kSin, Lanes::kDoubles, bounds::kSinCos, -1e5, 1e5},
      {"SinFar", kSin, Lanes::kDoubles, bounds::kSinCos, -1e300, 1e300},
      {"Cos", kCos, Lanes::kDoubles, bounds::kSinCos, -1e5, 1e5},
      {"OneLessCos", kOneLessCos, Lanes::kDoubles, bounds::kSinCos, -1e5, 1e5},
      {"OnePlusSin", kOnePlusSin, Lanes::kDoubles, bounds::kSinCos, -1e5, 1e5},
      {"Atan", kAtan, Lanes::kDoubles, bounds::kAtan, -100, 100},
      {"AtanFar", kAtan, Lanes::kDoubles, bounds::kAtan, -1e300, 1e300},
      {"DoubleDoubleExponential", kExponential, Lanes::kDoubleDoubles, bounds::kDoubleDouble, -180,
       180},
      {"DoubleDoubleExponentialFar", kExponential, Lanes::kDoubleDoubles, bounds::kDoubleDouble,
       -600, 700},
      {"DoubleDoubleExponentialLess1", kExponentialLess1, Lanes::kDoubleDoubles,
       bounds::kDoubleDouble, -1300, 700},
      {"DoubleDoubleLogOnePlus", kLogOnePlus, Lanes::kDoubleDoubles, bounds::kDoubleDouble, 0, 1},
      {"DoubleDoubleLogistic", kLogistic, Lanes::kDoubleDoubles, bounds::kDoubleDouble, -600, 700},
      {"DoubleDoubleLogisticComplement", kLogisticComplement, Lanes::kDoubleDoubles,
       bounds::kDoubleDouble, -700, 600},
      {"DoubleDoubleLogisticSlope", kLogisticSlope, Lanes::kDoubleDoubles, bounds::kDoubleDouble,
       -600, 600},
      {"DoubleDoubleHalfTanh", kHalfTanh, Lanes::kDoubleDoubles, bounds::kDoubleDouble, -700, 700},
      {"DoubleDoubleNormalTail", kNormalTail, Lanes::kDoubleDoubles,
       bounds::kDoubleDoubleNormalTail, -30, 30},
      {"DoubleDoubleNormalDensity", kNormalDensity, Lanes::kDoubleDoubles,
       bounds::kDoubleDoubleNormalTail, -30, 30},
      {"DoubleDoubleErf", kErf, Lanes::kDoubleDoubles, bounds::kDoubleDouble, -10, 10},
      {"DoubleDoubleSin", kSin, Lanes::kDoubleDoubles, bounds::kDoubleDouble, -1e5, 1e5},
      {"DoubleDoubleSinFar", kSin, Lanes::kDoubleDoubles, bounds::kDoubleDouble, -1e300, 1e300},
      {"DoubleDoubleCos", kCos, Lanes::kDoubleDoubles, bounds::kDoubleDouble, -1e5, 1e5},
      {"DoubleDoubleOneLessCos", kOneLessCos, Lanes::kDoubleDoubles, bounds::kDoubleDouble, -1e5,
       1e5},
      {"DoubleDoubleOnePlusSin", kOnePlusSin, Lanes::kDoubleDoubles, bounds::kDoubleDouble, -1e5,
       1e5},
      {"DoubleDoubleAtan", kAtan, Lanes::kDoubleDoubles, bounds::kDoubleDouble, -100, 100},
      {"DoubleDoubleAtanFar", kAtan, Lanes::kDoubleDoubles, bounds::kDoubleDouble, -1e300, 1e300},
      {"FloatExponential", kExponential, Lanes::kFloatFloats, bounds::kFloatExponential, -70, 70},
      {"FloatExponentialLess1", kExponentialLess1, Lanes::kFloatFloats,
       bounds::kFloatExponentialLess1, -70, 0},
      {"FloatLogOnePlus", kLogOnePlus, Lanes::kFloatFloats, bounds::kFloatLogOnePlus, 0, 1},
      {"FloatLogistic", kLogistic, Lanes::kFloatFloats, bounds::kFloatLogistic, -70, 70},
      {"FloatLogisticComplement", kLogisticComplement, Lanes::kFloatFloats, bounds::kFloatLogistic,
       -70, 70},
      {"FloatNormalTail", kNormalTail, Lanes::kFloatFloats, bounds::kFloatNormalTail, 0, 11.75},
      {"FullExponentialLess1", kExponentialLess1, Lanes::kFull, bounds::kFullExponentialLess1, -700,
       700},
      {"FullLog1p", kLogOnePlus, Lanes::kFull, bounds::kFullLog1p, 0, 10},
      {"FullLog1pFar", kLogOnePlus, Lanes::kFull, bounds::kFullLog1p, 0, 1e300},
      {"RowExponential", kExponential, Lanes::kRow, bounds::kRowExponential, -88, 0},
      {"RowExponentialFar", kExponential, Lanes::kRow, bounds::kRowExponentialFar, -700, 0},
      {"RowLog1p", kLogOnePlus, Lanes::kRow, bounds::kFullLog1p, 0, 1e9},
      {"RowNormalizedExponential", kExponential, Lanes::kRowNormalized,
       bounds::kRowNormalizedExponential, -600, 0},
      {"RowNormalizedLog1p", kLogOnePlus, Lanes::kRowNormalized, bounds::kRowNormalizedLog1p, 0, 3},
      {"RowNormalizedLog1pFar", kLogOnePlus, Lanes::kRowNormalized, bounds::kRowNormalizedLog1p, 0,
       1e9},
  };
}

INSTANTIATE_TEST_SUITE_P(All, FunctionsTest, testing::ValuesIn(Cases()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace rectifier
