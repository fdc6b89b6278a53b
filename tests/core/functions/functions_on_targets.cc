#include "tests/core/functions/functions_on_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "tests/core/functions/functions_on_targets.cc"
#include "hwy/foreach_target.h"

#include "core/functions/exponential-inl.h"
#include "core/functions/float_float_functions-inl.h"
#include "core/functions/logarithm-inl.h"
#include "core/functions/logistic-inl.h"
#include "core/functions/normal-inl.h"
#include "core/functions/trigonometry-inl.h"

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

FloatFloat Float32Kernel(Function function, Float x) {
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

void StoreParts(Double a, double* hi, double* lo) {
  Store(a, hi);
  Store(0.0, lo);
}
void StoreParts(DoubleDouble a, double* hi, double* lo) {
  Store(a.hi, hi);
  Store(a.lo, lo);
}
}  // namespace

// One number at a time, in all lanes.
void EvaluateElements(Function function, Lanes lanes, const double* x, double* hi, double* lo,
                      size_t count) {
  HWY_ALIGN double highs[kLanes];
  HWY_ALIGN double lows[kLanes];
  HWY_ALIGN float float_highs[kFloatLanes];
  HWY_ALIGN float float_lows[kFloatLanes];
  for (size_t i = 0; i < count; ++i) {
    switch (lanes) {
      case Lanes::kDoubles:
        StoreParts(InDoubles<Double>(function, x[i]), highs, lows);
        break;
      case Lanes::kDoubleDoubles:
        StoreParts(InDoubles<DoubleDouble>(function, x[i]), highs, lows);
        break;
      case Lanes::kFloatFloats: {
        const FloatFloat result = Float32Kernel(function, static_cast<float>(x[i]));
        hn::Store(result.hi.v, Floats(), float_highs);
        hn::Store(result.lo.v, Floats(), float_lows);
        highs[0] = float_highs[0];
        lows[0] = float_lows[0];
        break;
      }
      default:  // row_functions_on_targets.cc
        return;
    }
    hi[i] = highs[0];
    lo[i] = lows[0];
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rectifier {

HWY_EXPORT(EvaluateElements);

void EvaluateElementsOnBest(Function function, Lanes lanes, const double* x, double* hi, double* lo,
                            size_t count) {
  HWY_DYNAMIC_DISPATCH(EvaluateElements)(function, lanes, x, hi, lo, count);
}

std::vector<int64_t> TargetsHere() { return hwy::SupportedAndGeneratedTargets(); }

Parts EvaluateOn(int64_t target, Function function, Lanes lanes, const std::vector<double>& x) {
  const bool rows = lanes == Lanes::kFull || lanes == Lanes::kRow || lanes == Lanes::kRowNormalized;
  Parts parts = {std::vector<double>(x.size()), std::vector<double>(x.size())};
  hwy::SetSupportedTargetsForTest(target);
  (rows ? EvaluateRowsOnBest : EvaluateElementsOnBest)(function, lanes, x.data(), parts.hi.data(),
                                                       parts.lo.data(), x.size());
  hwy::SetSupportedTargetsForTest(0);
  return parts;
}

}  // namespace rectifier
#endif  // HWY_ONCE
