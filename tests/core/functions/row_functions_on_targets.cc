// What rows are computed in has some names of its own for what activations have too: hence a file.
#include "tests/core/functions/functions_on_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "tests/core/functions/row_functions_on_targets.cc"
#include "hwy/foreach_target.h"

#include "core/functions/full_precision-inl.h"
#include "core/functions/row_exponential-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {
namespace {

Double InFull(Function function, Double x) {
  if (function == Function::kExponentialLess1) return FullExponential(x).Minus1();
  return function == Function::kLogOnePlus ? Log1p(x) : Double(0.0);
}

template <class N>
N InRow(Function function, Double x) {
  if (function == Function::kExponential) return RowExp(N(x));
  return function == Function::kLogOnePlus ? RowLog1p(N(x)) : N(0.0);
}

void StoreParts(Double a, double* hi, double* lo) {
  Store(a, hi);
  Store(0.0, lo);
}
void StoreParts(NormalizedDoubleDouble a, double* hi, double* lo) {
  Store(a.hi, hi);
  Store(a.lo, lo);
}

}  // namespace

// One number at a time, in all lanes.
void EvaluateRows(Function function, Lanes lanes, const double* x, double* hi, double* lo,
                  size_t count) {
  HWY_ALIGN double highs[kLanes];
  HWY_ALIGN double lows[kLanes];
  for (size_t i = 0; i < count; ++i) {
    switch (lanes) {
      case Lanes::kFull:
        StoreParts(InFull(function, x[i]), highs, lows);
        break;
      case Lanes::kRow:
        StoreParts(InRow<Double>(function, x[i]), highs, lows);
        break;
      case Lanes::kRowNormalized:
        StoreParts(InRow<NormalizedDoubleDouble>(function, x[i]), highs, lows);
        break;
      default:  // functions_on_targets.cc
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

HWY_EXPORT(EvaluateRows);

void EvaluateRowsOnBest(Function function, Lanes lanes, const double* x, double* hi, double* lo,
                        size_t count) {
  HWY_DYNAMIC_DISPATCH(EvaluateRows)(function, lanes, x, hi, lo, count);
}

}  // namespace rectifier
#endif  // HWY_ONCE
