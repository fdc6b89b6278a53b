#include "tests/core/functions/functions_on_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "tests/core/functions/functions_on_targets.cc"
#include "hwy/foreach_target.h"

#include "core/functions/exponential-inl.h"
#include "core/functions/float_float_functions-inl.h"
#include "core/functions/full_precision-inl.h"
#include "core/functions/logarithm-inl.h"
#include "core/functions/logistic-inl.h"
#include "core/functions/normal-inl.h"
#include "core/functions/row_exponential-inl.h"
#include "core/functions/trigonometry-inl.h"
#include "tests/core/numbers/number_array-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {
namespace {

template <class N>
N InDoubles(Function function, Double x) {
  switch (function) {
    case Function::kExponential:
      return Exponential<N>(x).Value();
    case Function::kExponentialLess1:
      return Exponential<N>(x).Minus1();
    case Function::kLogOnePlus:
      return LogOnePlus(N(x));
    case Function::kLogistic:
      return Logistic<N>(x).Value();
    case Function::kLogisticComplement:
      return Logistic<N>(x).Complement();
    case Function::kLogisticSlope:
      return Logistic<N>(x).SlopeTimes(1.0);
    case Function::kHalfTanh:
      return Logistic<N>(x).HalfTanh();
    case Function::kNormalTail:
      return NormalTail<N>(x).Tail();
    case Function::kNormalDensity:
      return NormalTail<N>(x).DensityTimes(1.0);
    case Function::kErf:
      return Erf(N(x), NormalTail<N>(x * Exactly<N>(kRoot2)));
    case Function::kSin:
      return Angle<N>(x, 1.0).Sin();
    case Function::kCos:
      return Angle<N>(x, 1.0).Cos();
    case Function::kOneLessCos:
      return Angle<N>(x, 1.0).OneLessCos();
    case Function::kOnePlusSin:
      return Angle<N>(x, 1.0).OnePlusSin();
    case Function::kAtan:
      return Atan<N>(x);
  }
  return N(0.0);
}

FloatFloat InFloatFloats(Function function, Float x) {
  switch (function) {
    case Function::kExponential:
      return FloatExponential(x).Value();
    case Function::kExponentialLess1:
      return FloatExponential(x).Minus1();
    case Function::kLogOnePlus:
      return LogOnePlus(FloatFloat(x));
    case Function::kLogistic:
      return FloatLogistic(x).value;
    case Function::kLogisticComplement:
      return FloatLogistic(x).Complement();
    case Function::kNormalTail: {
      const FloatNormalTail tail(x);
      return tail.mills * tail.exponential;
    }
    default:
      return FloatFloat(0.0f);
  }
}

Double InFull(Function function, Double x) {
  if (function == Function::kExponentialLess1) return FullExponential(x).Minus1();
  return function == Function::kLogOnePlus ? Log1p(x) : Double(0.0);
}

template <class N>
N InRow(Function function, Double x) {
  if (function == Function::kExponential) return RowExp(N(x));
  return function == Function::kLogOnePlus ? RowLog1p(N(x)) : N(0.0);
}

}  // namespace

void EvaluateFunction(Function function, Lanes lanes, const NumberArray& x, NumberArray& result) {
  switch (lanes) {
    case Lanes::kDoubles:
      return MapNumbers<Double>(x, result,
                                [=](Double a) HWY_ATTR { return InDoubles<Double>(function, a); });
    case Lanes::kDoubleDoubles:
      return MapNumbers<Double>(
          x, result, [=](Double a) HWY_ATTR { return InDoubles<DoubleDouble>(function, a); });
    case Lanes::kFloatFloats:
      return MapNumbers<Float>(x, result,
                               [=](Float a) HWY_ATTR { return InFloatFloats(function, a); });
    case Lanes::kFull:
      return MapNumbers<Double>(x, result, [=](Double a) HWY_ATTR { return InFull(function, a); });
    case Lanes::kRow:
      return MapNumbers<Double>(x, result,
                                [=](Double a) HWY_ATTR { return InRow<Double>(function, a); });
    case Lanes::kRowNormalized:
      return MapNumbers<Double>(
          x, result, [=](Double a) HWY_ATTR { return InRow<NormalizedDoubleDouble>(function, a); });
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rectifier {

HWY_EXPORT(EvaluateFunction);

NumberArray EvaluateOn(int64_t target, Function function, Lanes lanes,
                       const std::vector<double>& x) {
  return MapOnTarget(
      target,
      [=](const NumberArray& padded, NumberArray& result) {
        HWY_DYNAMIC_DISPATCH(EvaluateFunction)(function, lanes, padded, result);
      },
      NumberArray(x));
}

}  // namespace rectifier
#endif  // HWY_ONCE
