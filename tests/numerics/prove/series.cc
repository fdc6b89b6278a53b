#include "tests/numerics/prove/series.h"

#include <algorithm>

#include "arb_hypgeom.h"
#include "tests/numerics/prove/scalar.h"

namespace rectifier::prove {
namespace {

// result = initial +- sum of a[i] b[k - i] for i in [first, last]; `initial` may be null.
void Convolve(arb_t result, arb_srcptr initial, bool subtract, const Series& a, const Series& b,
              size_t k, size_t first, size_t last, slong precision) {
  last = std::min(last, a.size() - 1);
  if (k >= b.size()) first = std::max(first, k - (b.size() - 1));
  const slong terms = first > last ? 0 : static_cast<slong>(last - first + 1);
  const bool any = terms > 0;
  arb_dot(result, initial, subtract ? 1 : 0, any ? a[first] : nullptr, 1,
          any ? b[k - first] : nullptr, -1, terms, precision);
}

// da/dt, and c + the integral of a from 0. Lengths are cut as those of other functions.
Series Slope(const Series& a, slong precision) {
  Series slope(std::max<size_t>(a.size(), 2) - 1);
  for (size_t k = 1; k < a.size(); ++k) arb_mul_ui(slope[k - 1], a[k], k, precision);
  return slope;
}

// The function of `a` whose leading coefficient and slope by `a` are given.
Series Integrate(arb_srcptr leading, const Series& slope_by_a, const Series& a, Working working) {
  if (a.size() == 1 || working.length == 1) return Series::Constant(leading);
  const Working shorter = {working.length - 1, working.precision};
  const Series slope = Multiply(slope_by_a, Slope(a, working.precision), shorter);
  Series result(slope.size() + 1);
  arb_set(result[0], leading);
  for (size_t k = 0; k < slope.size(); ++k) {
    arb_div_ui(result[k + 1], slope[k], k + 1, working.precision);
  }
  return result;
}

size_t FullLength(const Series& a, Working working) { return a.size() == 1 ? 1 : working.length; }

Series WithConstant(const Series& a, slong constant, slong precision) {
  Series result(a);
  arb_add_si(result[0], result[0], constant, precision);
  return result;
}

Series Scale(const Series& a, slong factor, slong precision) {
  Series result(a.size());
  for (size_t k = 0; k < a.size(); ++k) arb_mul_si(result[k], a[k], factor, precision);
  return result;
}

Ball Leading(ScalarFunction function, const Series& a, slong precision) {
  Ball leading;
  Monotonic(function, leading.get(), a[0], precision);
  return leading;
}

// 2/sqrt(pi) exp(-a^2)
Series Gaussian(const Series& a, Working working) {
  const Series gaussian = Exp(Negate(Multiply(a, a, working)), working);
  Series factor(1);
  arb_const_sqrt_pi(factor[0], working.precision);
  arb_ui_div(factor[0], 2, factor[0], working.precision);
  return Multiply(gaussian, factor, working);
}

struct SinAndCos {
  Series sin;
  Series cos;
};

SinAndCos BothOf(const Series& a, Working working) {
  const size_t length = FullLength(a, working);
  SinAndCos both{Series(length), Series(length)};
  arb_sin_cos(both.sin[0], both.cos[0], a[0], working.precision);
  if (length == 1) return both;
  const Series slope = Slope(a, working.precision);
  for (size_t k = 1; k < length; ++k) {
    Convolve(both.sin[k], nullptr, false, slope, both.cos, k - 1, 0, k - 1, working.precision);
    Convolve(both.cos[k], nullptr, true, slope, both.sin, k - 1, 0, k - 1, working.precision);
    arb_div_ui(both.sin[k], both.sin[k], k, working.precision);
    arb_div_ui(both.cos[k], both.cos[k], k, working.precision);
  }
  return both;
}

Series WholePower(const Series& a, ulong exponent, Working working) {
  Series result = Series::Constant(Ball(1).get());
  for (Series square = a; exponent != 0; exponent >>= 1) {
    if ((exponent & 1) != 0) result = Multiply(result, square, working);
    if (exponent > 1) square = Multiply(square, square, working);
  }
  return result;
}

}  // namespace

Series Add(const Series& a, const Series& b, Working working) {
  const Series& longer = a.size() >= b.size() ? a : b;
  const Series& shorter = a.size() >= b.size() ? b : a;
  Series result(std::min(longer.size(), working.length));
  for (size_t k = 0; k < result.size(); ++k) {
    if (k < shorter.size()) {
      arb_add(result[k], longer[k], shorter[k], working.precision);
    } else {
      arb_set(result[k], longer[k]);
    }
  }
  return result;
}

Series Subtract(const Series& a, const Series& b, Working working) {
  return Add(a, Negate(b), working);
}

Series Multiply(const Series& a, const Series& b, Working working) {
  Series result(std::min(a.size() + b.size() - 1, working.length));
  for (size_t k = 0; k < result.size(); ++k) {
    Convolve(result[k], nullptr, false, a, b, k, 0, k, working.precision);
  }
  return result;
}

Series Negate(const Series& a) {
  Series result(a.size());
  for (size_t k = 0; k < a.size(); ++k) arb_neg(result[k], a[k]);
  return result;
}

Series Inverse(const Series& a, Working working) {
  Series result(FullLength(a, working));
  arb_inv(result[0], a[0], working.precision);
  Ball sum;
  for (size_t k = 1; k < result.size(); ++k) {
    Convolve(sum.get(), nullptr, true, a, result, k, 1, k, working.precision);
    arb_mul(result[k], sum.get(), result[0], working.precision);
  }
  return result;
}

Series Sqrt(const Series& a, Working working) {
  Series result(FullLength(a, working));
  arb_sqrt(result[0], a[0], working.precision);
  Ball half_inverse;
  if (result.size() > 1) {
    arb_mul_2exp_si(half_inverse.get(), result[0], 1);
    arb_inv(half_inverse.get(), half_inverse.get(), working.precision);
  }
  for (size_t k = 1; k < result.size(); ++k) {
    const arb_srcptr own = k < a.size() ? a[k] : nullptr;
    Ball sum;
    Convolve(sum.get(), own, true, result, result, k, 1, k - 1, working.precision);
    arb_mul(result[k], sum.get(), half_inverse.get(), working.precision);
  }
  return result;
}

Series Exp(const Series& a, Working working) {
  Series result(FullLength(a, working));
  Monotonic(ScalarExp, result[0], a[0], working.precision);
  if (result.size() == 1) return result;
  const Series slope = Slope(a, working.precision);
  for (size_t k = 1; k < result.size(); ++k) {
    Convolve(result[k], nullptr, false, slope, result, k - 1, 0, k - 1, working.precision);
    arb_div_ui(result[k], result[k], k, working.precision);
  }
  return result;
}

Series Log(const Series& a, Working working) {
  const Ball leading = Leading(arb_log, a, working.precision);
  if (FullLength(a, working) == 1) return Series::Constant(leading.get());
  return Integrate(leading.get(), Inverse(a, working), a, working);
}

Series Erf(const Series& a, Working working) {
  const Ball leading = Leading(arb_hypgeom_erf, a, working.precision);
  if (FullLength(a, working) == 1) return Series::Constant(leading.get());
  return Integrate(leading.get(), Gaussian(a, working), a, working);
}

Series Erfc(const Series& a, Working working) {
  const Ball leading = Leading(arb_hypgeom_erfc, a, working.precision);
  if (FullLength(a, working) == 1) return Series::Constant(leading.get());
  return Integrate(leading.get(), Negate(Gaussian(a, working)), a, working);
}

Series Sin(const Series& a, Working working) { return BothOf(a, working).sin; }
Series Cos(const Series& a, Working working) { return BothOf(a, working).cos; }

Series Atan(const Series& a, Working working) {
  const Ball leading = Leading(arb_atan, a, working.precision);
  if (FullLength(a, working) == 1) return Series::Constant(leading.get());
  const Series square = WithConstant(Multiply(a, a, working), 1, working.precision);
  return Integrate(leading.get(), Inverse(square, working), a, working);
}

Series Sinh(const Series& a, Working working) {
  Series result = Subtract(Exp(a, working), Exp(Negate(a), working), working);
  for (size_t k = 0; k < result.size(); ++k) arb_mul_2exp_si(result[k], result[k], -1);
  return result;
}

Series Cosh(const Series& a, Working working) {
  Series result = Add(Exp(a, working), Exp(Negate(a), working), working);
  for (size_t k = 0; k < result.size(); ++k) arb_mul_2exp_si(result[k], result[k], -1);
  return result;
}

Series Tanh(const Series& a, Working working) {
  const Ball leading = Leading(ScalarTanh, a, working.precision);
  if (FullLength(a, working) == 1) return Series::Constant(leading.get());
  const Series twice = Scale(a, 2, working.precision);
  const Series slope =
      Multiply(Logistic(twice, working), Logistic(Negate(twice), working), working);
  return Integrate(leading.get(), Scale(slope, 4, working.precision), a, working);
}

Series Logistic(const Series& a, Working working) {
  if (FullLength(a, working) == 1) {
    return Series::Constant(Leading(ScalarLogistic, a, working.precision).get());
  }
  const bool negative = arb_is_negative(a[0]) != 0;
  const Series decaying = Exp(negative ? a : Negate(a), working);
  const Series inverse = Inverse(WithConstant(decaying, 1, working.precision), working);
  return negative ? Multiply(decaying, inverse, working) : inverse;
}

Series Softplus(const Series& a, Working working) {
  const Ball leading = Leading(ScalarSoftplus, a, working.precision);
  if (FullLength(a, working) == 1) return Series::Constant(leading.get());
  return Integrate(leading.get(), Logistic(a, working), a, working);
}

Series RootSum(const Series& u, const Series& b, Working working) {
  const Series root = Sqrt(Add(Multiply(u, u, working), b, working), working);
  if (!arb_is_negative(u[0])) return Add(u, root, working);
  return Multiply(b, Inverse(Subtract(root, u, working), working), working);
}

Series RootShare(const Series& u, const Series& b, Working working) {
  const Series root = Sqrt(Add(Multiply(u, u, working), b, working), working);
  return Multiply(RootSum(u, b, working), Inverse(root, working), working);
}

Series Power(const Series& a, const fmpq_t q, Working working) {
  const fmpz* const denominator = fmpq_denref(q);
  const fmpz* const numerator = fmpq_numref(q);
  const bool whole = fmpz_is_one(denominator) != 0;
  const bool half = fmpz_equal_ui(denominator, 2) != 0;
  if ((!whole && !half) || fmpz_bits(numerator) > 20) {
    Series exponent(1);
    arb_set_fmpq(exponent[0], q, working.precision);
    return Exp(Multiply(Log(a, working), exponent, working), working);
  }
  const slong count = fmpz_get_si(numerator);
  const Series power = WholePower(half ? Sqrt(a, working) : a,
                                  static_cast<ulong>(count < 0 ? -count : count), working);
  return count < 0 ? Inverse(power, working) : power;
}

}  // namespace rectifier::prove
