// The logistic function and its kin, of a number of either kind. Accuracy: bounds.h. A NaN gives an
// unspecified result (the loops put it back).

#if defined(RECTIFIER_CORE_FUNCTIONS_LOGISTIC_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_FUNCTIONS_LOGISTIC_INL_H_
#undef RECTIFIER_CORE_FUNCTIONS_LOGISTIC_INL_H_
#else
#define RECTIFIER_CORE_FUNCTIONS_LOGISTIC_INL_H_
#endif

#include "core/functions/exponential-inl.h"
#include "core/functions/logarithm-inl.h"
#include "core/numbers/double_double-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

// The logistic function s(u) = 1/(1 + e^-u) and its kin, all from the one exponential of -|u|.
template <class N>
struct Logistic {
  Mask positive;
  Exponential<N> exponential;
  N e;            // e^-|u|
  N denominator;  // 1 + e
  N inverse;      // 1/(1 + e)

  HWY_INLINE explicit Logistic(N u)
      : positive(Head(u) > 0.0),
        exponential(-Abs(u), Argument::kNotPositive),
        e(exponential.Value()),
        denominator(e + 1.0),
        inverse(Inverse(denominator)) {}

  // a where u > 0, a e elsewhere; and the other way round.
  HWY_INLINE N Closing(N a) const { return Select(positive, a, exponential.Times(a)); }
  HWY_INLINE N Opening(N a) const { return Select(positive, exponential.Times(a), a); }

  HWY_INLINE N Value() const { return Closing(inverse); }
  HWY_INLINE N Complement() const { return Opening(inverse); }  // s(-u)

  // a s'(u) = a e/(1 + e)^2.
  HWY_INLINE N SlopeTimes(N a) const { return exponential.Times(a * (inverse * inverse)); }

  // tanh(|u|/2) = (1 - e)/(1 + e) = |1 - 2 s(u)|.
  HWY_INLINE N HalfTanh() const { return Abs(exponential.Minus1() * inverse); }

  // ln(1 + e^-|u|).
  HWY_INLINE N Log() const { return LogOnePlus(e); }
};

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_FUNCTIONS_LOGISTIC_INL_H_
