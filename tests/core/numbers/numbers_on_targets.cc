#include "tests/core/numbers/numbers_on_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "tests/core/numbers/numbers_on_targets.cc"
#include "hwy/foreach_target.h"

#include "core/numbers/double_double-inl.h"
#include "core/numbers/float_float-inl.h"
#include "core/numbers/normalized_double_double-inl.h"
#include "core/numbers/rounding-inl.h"
#include "tests/core/numbers/number_array-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {
namespace {

// The square of the index in the low bits.
template <size_t n>
Float LookedUp(Float index) {
  HWY_ALIGN float table[n];
  for (size_t i = 0; i < n; ++i) table[i] = static_cast<float>(i * i);
  return Lookup(table, BitsOf(index + kFloatIntegerShift));
}

}  // namespace

// EXPRESSION of x and y, vectors of numbers of TYPE.
#define RECTIFIER_MAP(TYPE, EXPRESSION)                                                          \
  MapNumbers<TYPE>(a, b, result, []([[maybe_unused]] TYPE x, [[maybe_unused]] TYPE y) HWY_ATTR { \
    return EXPRESSION;                                                                           \
  })

void Compute(Operation operation, const NumberArray& a, const NumberArray& b, NumberArray& result) {
  switch (operation) {
    case Operation::kTwoSum:
      return RECTIFIER_MAP(Double, TwoSum(x, y));
    case Operation::kTwoProduct:
      return RECTIFIER_MAP(Double, TwoProduct(x, y));
    case Operation::kRound:
      return RECTIFIER_MAP(Double, Round(x));
    case Operation::kPow2:
      return RECTIFIER_MAP(Double, Pow2(x));
    case Operation::kLdexp:
      return RECTIFIER_MAP(Double, Ldexp(x, y));
    case Operation::kPolynomial:
      return RECTIFIER_MAP(Double, Polynomial(x, kPolynomialHigh));
    case Operation::kLongPolynomial:
      return RECTIFIER_MAP(Double, LongPolynomial(x, kPolynomialHigh));
    case Operation::kAdd:
      return RECTIFIER_MAP(DoubleDouble, x + y);
    case Operation::kAddDouble:
      return RECTIFIER_MAP(DoubleDouble, x + y.hi);
    case Operation::kSubtract:
      return RECTIFIER_MAP(DoubleDouble, x - y);
    case Operation::kMultiply:
      return RECTIFIER_MAP(DoubleDouble, x * y);
    case Operation::kMultiplyByDouble:
      return RECTIFIER_MAP(DoubleDouble, x * y.hi);
    case Operation::kDivide:
      return RECTIFIER_MAP(DoubleDouble, x / y);
    case Operation::kInverse:
      return RECTIFIER_MAP(DoubleDouble, Inverse(x));
    case Operation::kSquareRoot:
      return RECTIFIER_MAP(DoubleDouble, SquareRoot(x));
    case Operation::kDoubleDoublePolynomial:
      return RECTIFIER_MAP(DoubleDouble, Polynomial(x, kPolynomialHigh, kPolynomialLow));
    case Operation::kProduct:
      return RECTIFIER_MAP(DoubleDouble, Product<DoubleDouble>(x.hi, y.hi));
    case Operation::kRounded:
      return RECTIFIER_MAP(DoubleDouble, Rounded(x));
    case Operation::kNormalized:
      return RECTIFIER_MAP(DoubleDouble, Normalized(x));
    case Operation::kRoundedToOdd:
      return RECTIFIER_MAP(DoubleDouble, RoundedToOdd(x));
    case Operation::kBreakTie:
      return RECTIFIER_MAP(DoubleDouble, BreakTie(x, y.hi, y.lo));
    case Operation::kNormalizedAdd:
      return RECTIFIER_MAP(NormalizedDoubleDouble, x + y);
    case Operation::kNormalizedSubtract:
      return RECTIFIER_MAP(NormalizedDoubleDouble, x - y);
    case Operation::kNormalizedMultiply:
      return RECTIFIER_MAP(NormalizedDoubleDouble, x * y);
    case Operation::kNormalizedDivide:
      return RECTIFIER_MAP(NormalizedDoubleDouble, x / y);
    case Operation::kNormalizedRounded:
      return RECTIFIER_MAP(NormalizedDoubleDouble, Rounded(x));
    case Operation::kNormalizedDifference:
      return RECTIFIER_MAP(NormalizedDoubleDouble, Difference<NormalizedDoubleDouble>(x.hi, y.hi));
    case Operation::kSumOfFloats:
      return RECTIFIER_MAP(FloatFloat, SumOfFloats(x.hi, y.hi));
    case Operation::kSumOfOrdered:
      return RECTIFIER_MAP(FloatFloat, SumOfOrdered(x.hi, y.hi));
    case Operation::kProductOfFloats:
      return RECTIFIER_MAP(FloatFloat, ProductOfFloats(x.hi, y.hi));
    case Operation::kFloatAdd:
      return RECTIFIER_MAP(FloatFloat, x + y);
    case Operation::kFloatAddFloat:
      return RECTIFIER_MAP(FloatFloat, x + y.hi);
    case Operation::kFloatSubtract:
      return RECTIFIER_MAP(FloatFloat, x - y);
    case Operation::kFloatAddSmaller:
      return RECTIFIER_MAP(FloatFloat, AddSmaller(x, y));
    case Operation::kFloatAddSmallerToFloat:
      return RECTIFIER_MAP(FloatFloat, AddSmaller(x.hi, y));
    case Operation::kFloatAddSmallerFloat:
      return RECTIFIER_MAP(FloatFloat, AddSmaller(x, y.hi));
    case Operation::kFloatSubtractSmaller:
      return RECTIFIER_MAP(FloatFloat, SubtractSmaller(x.hi, y));
    case Operation::kFloatAddPositive:
      return RECTIFIER_MAP(FloatFloat, AddPositive(x, y.hi));
    case Operation::kFloatMultiply:
      return RECTIFIER_MAP(FloatFloat, x * y);
    case Operation::kFloatMultiplyByFloat:
      return RECTIFIER_MAP(FloatFloat, x * y.hi);
    case Operation::kFloatInverse:
      return RECTIFIER_MAP(FloatFloat, Inverse(x));
    case Operation::kBeyond:
      return RECTIFIER_MAP(FloatFloat, Select(Beyond(x.hi, y.hi, y.lo), Float(1.0f), Float(0.0f)));
    case Operation::kLookup16:
      return RECTIFIER_MAP(FloatFloat, LookedUp<16>(x.hi));
    case Operation::kLookup32:
      return RECTIFIER_MAP(FloatFloat, LookedUp<32>(x.hi));
  }
}

#undef RECTIFIER_MAP

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rectifier {

HWY_EXPORT(Compute);

NumberArray ComputeOn(int64_t target, Operation operation, const NumberArray& a,
                      const NumberArray& b) {
  return MapOnTarget(
      target,
      [=](const NumberArray& x, const NumberArray& y, NumberArray& result) {
        HWY_DYNAMIC_DISPATCH(Compute)(operation, x, y, result);
      },
      a, b);
}

}  // namespace rectifier
#endif  // HWY_ONCE
