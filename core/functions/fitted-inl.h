// Polynomials that were fitted for either kind of number.

#if defined(RECTIFIER_CORE_FUNCTIONS_FITTED_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_FUNCTIONS_FITTED_INL_H_
#undef RECTIFIER_CORE_FUNCTIONS_FITTED_INL_H_
#else
#define RECTIFIER_CORE_FUNCTIONS_FITTED_INL_H_
#endif

#include "core/numbers/double_double-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

// The polynomial that the two fits of one function give: see coefficients.h.
template <size_t n, size_t m, size_t k>
HWY_INLINE Double Fitted(Double x, const double (&c)[n], const double (&)[m], const double (&)[k]) {
  return Polynomial(x, c);
}
template <size_t n, size_t m, size_t k>
HWY_INLINE DoubleDouble Fitted(DoubleDouble x, const double (&)[n], const double (&c)[m],
                               const double (&low)[k]) {
  return Polynomial(x, c, low);
}

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_FUNCTIONS_FITTED_INL_H_
