// Activations with a bounded range.

#if defined(RECTIFIER_CORE_ACTIVATIONS_BOUNDED_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_ACTIVATIONS_BOUNDED_INL_H_
#undef RECTIFIER_CORE_ACTIVATIONS_BOUNDED_INL_H_
#else
#define RECTIFIER_CORE_ACTIVATIONS_BOUNDED_INL_H_
#endif

#include <limits>

#include "core/simd/functions-inl.h"
#include "core/simd/map-inl.h"
#include "core/spec.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

template <class N>
struct Sigmoid {
  static constexpr Spec kSpec = {
      .name = "sigmoid",
      .aliases = {"logistic", "Sigmoid", "expit"},
      .summary = "The logistic function 1 / (1 + e^-x).",
      .formula = "1/(1 + exp(-x))",
      .source = "Verhulst 1845",
      .special_values = {{-kInfinity, 0, 0}, {-0.0, 0.5, 0.25}, {kInfinity, 1, 0}},
  };

  Real x;
  Logistic<N> logistic;

  HWY_INLINE explicit Sigmoid(Real x) : x(x), logistic(N(x)) {}
  HWY_INLINE N Value() const { return logistic.Value(); }
  HWY_INLINE N Derivative() const { return logistic.SlopeTimes(1.0); }
  HWY_INLINE N SecondDerivative() const {
    return logistic.SlopeTimes(WithSign(logistic.HalfTanh(), -x));
  }
};

template <class N>
struct Tanh {
  static constexpr Spec kSpec = {
      .name = "tanh",
      .aliases = {"Tanh", "hyperbolic_tangent"},
      .summary = "The hyperbolic tangent.",
      .formula = "tanh(x)",
      .source = "standard function",
      .special_values = {{-kInfinity, -1, 0}, {-0.0, -0.0, 1}, {kInfinity, 1, 0}},
  };

  N value;
  Logistic<N> logistic;  // of 2x: tanh(x) = 2 s(2x) - 1

  HWY_INLINE explicit Tanh(Real x) : value(0.0), logistic(N(x + x)) {
    value = WithSign(logistic.HalfTanh(), x);
  }
  HWY_INLINE N Value() const { return value; }
  HWY_INLINE N Derivative() const { return logistic.SlopeTimes(4.0); }
  HWY_INLINE N SecondDerivative() const { return logistic.SlopeTimes(value * -8.0); }
};

template <class N>
struct Softsign {
  static constexpr Spec kSpec = {
      .name = "softsign",
      .aliases = {"soft_sign", "Softsign"},
      .summary = "x / (1 + |x|).",
      .formula = "Piecewise((x/(1 + x), x >= 0), (x/(1 - x), True))",
      .source = "Bergstra, Desjardins, Lamblin and Bengio 2009",
      .conventions = "The second derivative at 0 is -2, the limit from the right.",
      .special_values = {{-kInfinity, -1, 0}, {-0.0, -0.0, 1}, {kInfinity, 1, 0}},
  };

  Real x;
  Real size;  // |x|
  N q;        // 1 / (1 + |x|)

  HWY_INLINE explicit Softsign(Real x)
      : x(x),
        size(Smaller(Abs(x), std::numeric_limits<double>::max())),
        q(Inverse(SumOf<N>(size, 1.0))) {}
  HWY_INLINE N Value() const {
    // Far out the quotient is 1, and q a subnormal number of few digits.
    return WithSign(Select(size < 1e300, size * q, N(1.0)), x);
  }
  HWY_INLINE N Derivative() const { return q * q; }
  HWY_INLINE N SecondDerivative() const {
    const N second = (q * q) * Twice(q);
    return Select(x >= 0.0, -second, second);
  }
};

using BoundedActivations = MapFamily<Sigmoid, Tanh, Softsign>;

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_ACTIVATIONS_BOUNDED_INL_H_
