// Activations that gate x by a hyperbolic tangent, or by the error function of a smooth ramp.

#if defined(RECTIFIER_CORE_ACTIVATIONS_TANH_GATED_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_ACTIVATIONS_TANH_GATED_INL_H_
#undef RECTIFIER_CORE_ACTIVATIONS_TANH_GATED_INL_H_
#else
#define RECTIFIER_CORE_ACTIVATIONS_TANH_GATED_INL_H_
#endif

#include "core/activations/float32-inl.h"
#include "core/functions/exponential-inl.h"
#include "core/functions/fitted-inl.h"
#include "core/functions/logistic-inl.h"
#include "core/functions/normal-inl.h"
#include "core/functions/roots-inl.h"
#include "core/functions/within-inl.h"
#include "core/numbers/rounding-inl.h"
#include "core/spec.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

// Where a gate is closed for good, its factors are bounded by this: it keeps infinity * 0 out.
inline constexpr double kGateBound = 1e5;

// A gate that is half open at 0: closed it leaves -0, open it leaves x.
inline constexpr List<SpecialValue, 8> kHalfOpenAtZero = {
    {-kInfinity, -0.0, -0.0}, {-0.0, -0.0, 0.5}, {0, 0, 0.5}, {kInfinity, kInfinity, 1}};

template <class N>
struct Mish {
  static constexpr Spec kSpec = {
      .name = "mish",
      .aliases = {"Mish"},
      .summary = "x tanh(softplus(x)).",
      .formula = "x*tanh(log(1 + exp(x)))",
      .source = "Misra, arXiv:1908.08681; torch.nn.Mish",
      .source_checked = true,
      .special_values = {{-kInfinity, -0.0, -0.0},
                         {-0.0, -0.0, 0.6},
                         {0, 0, 0.6},
                         {kInfinity, kInfinity, 1}},
  };
  using Float32Kernel = MishFloat32;

  // With w = e^x: tanh(softplus(x)) = (w^2 + 2 w)/d, d = w^2 + 2 w + 2, and its derivative by x is
  // 4 w (w + 1)/d^2. So
  //   y   = x w (w + 2)/d
  //   y'  = w (w^3 + 4 w^2 + (4 x + 6) w + 4 x + 4)/d^2
  //   y'' = 4 w (2 (w + 1) d + x (-2 w^3 - 3 w^2 + 2 w + 2))/d^3.
  // For x > 0 numerator and denominator are divided by the highest power of w, which leaves powers
  // of e^-x. Either way they are powers of e = e^-|x|, and no exponential overflows.
  Double x;
  Double bounded;
  Mask positive;
  Exponential<N> exponential;
  N e;
  Double square, rest;  // d = square e^2 + 2 e + rest
  N inverse;            // of d, where 1 - tanh(softplus(x)) is 2/d; for x > 0 it is 2 q^2/d

  HWY_INLINE explicit Mish(Double x)
      : x(x),
        bounded(Within(x, 1400.0)),
        positive(x > 0.0),
        exponential(-Abs(x), Argument::kNotPositive),
        e(exponential.Value()),
        square(Select(positive, 2.0, 1.0)),
        rest(Select(positive, 1.0, 2.0)),
        inverse(Inverse(Denominator())) {}

  HWY_INLINE N Value() const {
    const N ratio = (TimesPowerOfTwo(e, square) + rest) * inverse;
    const N product = Select(positive, x, bounded) * ratio;
    return Select(positive, product, exponential.Times(product));
  }
  HWY_INLINE N Derivative() const {
    // The coefficients of e^3 to e^0: those above for x <= 0, in the opposite order for x > 0.
    const Double x4 = bounded * 4.0;
    const N x4_4 = SumOf<N>(x4, 4.0);
    const N x4_6 = SumOf<N>(x4, 6.0);
    const N c3 = Select(positive, x4_4, N(1.0));
    const N c2 = Select(positive, x4_6, N(4.0));
    const N c1 = Select(positive, N(4.0), x4_6);
    const N c0 = Select(positive, N(1.0), x4_4);
    const N quotient = Fma(e, Fma(e, Fma(e, c3, c2), c1), c0) * (inverse * inverse);
    const N far = Select(positive, quotient, exponential.Times(quotient));
    return AtRoots(DoubleDouble(x), far, coefficients::kMish1);
  }
  HWY_INLINE N SecondDerivative() const {
    // What x is multiplied by: the polynomial above for x <= 0, in e^-x for x > 0.
    const N open = Fma(e, Fma(e, Twice(e) + 2.0, -3.0), -2.0);
    const N closed = Fma(e, Fma(e, Twice(e) * -1.0 - 3.0, 2.0), 2.0);
    const N bracket = Twice(Denominator()) * (e + 1.0) + bounded * Select(positive, open, closed);
    const N quotient = (bracket * 4.0) * (inverse * inverse * inverse);
    const N far = exponential.Times(Select(positive, quotient * e, quotient));
    return AtRoots(DoubleDouble(x), far, coefficients::kMish2);
  }

 private:
  HWY_INLINE N Denominator() const { return Fma(e, TimesPowerOfTwo(e, square) + 2.0, N(rest)); }
};

// tanh(x) and its derivative, from which lisht and tanh_shrink are made.
template <class N>
struct TanhOf {
  Double x;
  Logistic<N> logistic;  // of 2x: tanh(x) = 2 s(2x) - 1
  N size;                // tanh |x|

  HWY_INLINE explicit TanhOf(Double x) : x(x), logistic(N(x + x)), size(logistic.HalfTanh()) {}
  HWY_INLINE N Slope(N a = 4.0) const { return logistic.SlopeTimes(a); }  // a/4 (1 - tanh^2)
};

template <class N>
struct Lisht {
  static constexpr Spec kSpec = {
      .name = "lisht",
      .aliases = {"LiSHT"},
      .summary = "x tanh(x).",
      .formula = "x*tanh(x)",
      .source = "Roy et al., arXiv:1901.05894; NNlib.lisht",
      .source_checked = true,
      .special_values = {{-kInfinity, kInfinity, -1}, {0, 0, 0}, {kInfinity, kInfinity, 1}},
  };

  Double size;  // |x|
  Double bounded;
  TanhOf<N> tanh;

  HWY_INLINE explicit Lisht(Double x) : size(Abs(x)), bounded(Within(size, kGateClosed)), tanh(x) {}
  HWY_INLINE N Value() const { return BreakTie(size * tanh.size, size * size, -1.0); }
  HWY_INLINE N Derivative() const {
    const N slope = WithSign(tanh.size + tanh.Slope(bounded * 4.0), tanh.x);
    return BreakTie(slope, tanh.x + tanh.x, -tanh.x);  // 2x - 4/3 x^3 + ...
  }
  HWY_INLINE N SecondDerivative() const {
    return AtRoots(DoubleDouble(tanh.x), tanh.Slope(8.0 - bounded * tanh.size * 8.0),
                   coefficients::kLisht2);
  }
};

template <class N>
struct TanhShrink {
  static constexpr Spec kSpec = {
      .name = "tanh_shrink",
      .aliases = {"tanhshrink", "Tanhshrink"},
      .summary = "x - tanh(x).",
      .formula = "x - tanh(x)",
      .source = "torch.nn.Tanhshrink",
      .source_checked = true,
      .special_values = {{-kInfinity, -kInfinity, 1}, {-0.0, -0.0, 0}, {kInfinity, kInfinity, 1}},
  };

  TanhOf<N> tanh;

  HWY_INLINE explicit TanhShrink(Double x) : tanh(x) {}
  HWY_INLINE N Value() const {
    using namespace coefficients;  // NOLINT: three names of one polynomial
    const Double x = Within(tanh.x, 1.0);
    const N square = Product<N>(x, x);
    const N near =
        (Fitted(square, kTanhShort, kTanhDoubleDouble, kTanhDoubleDoubleLow) * square) * x;
    const N far = WithSign(Abs(tanh.x) - tanh.size, tanh.x);
    return Select(Abs(tanh.x) < 0.5, near, far);
  }
  HWY_INLINE N Derivative() const { return BreakTie(tanh.size * tanh.size, tanh.x * tanh.x, -1.0); }
  HWY_INLINE N SecondDerivative() const { return WithSign(tanh.Slope(tanh.size * 8.0), tanh.x); }
};

// x g(e^x) in the far left tail, where g(y) = k y to all digits: k x e^x and its derivatives.
template <class N>
struct ExponentialTail {
  static constexpr double kBegin = -45;

  Mask inside;
  N k;
  Double bounded;  // x
  Exponential<N> exponential;

  HWY_INLINE ExponentialTail(Double x, N k)
      : inside(x < kBegin), k(k), bounded(Within(x, kGateClosed)), exponential(bounded) {}
  // The derivative of this order, or `other` outside the tail.
  HWY_INLINE N Or(N other, double order) const {
    return Select(inside, exponential.Times(k * SumOf<N>(bounded, order)), other);
  }
};

template <class N>
struct Telu {
  static constexpr Spec kSpec = {
      .name = "telu",
      .aliases = {"TeLU"},
      .summary = "x tanh(e^x).",
      .formula = "x*tanh(exp(x))",
      .source = "Fernandez and Mali, arXiv:2412.20269",
      .source_checked = true,
      .special_values = {{-kInfinity, -0.0, -0.0},
                         {-0.0, -0.0, 0.7615941559557649},
                         {kInfinity, kInfinity, 1}},
  };

  Double x;
  ExponentialTail<N> tail;
  N y;                   // e^x, bounded
  Logistic<N> logistic;  // of 2y

  HWY_INLINE explicit Telu(Double x)
      : x(x), tail(x, 1.0), y(Exponential<N>(Smaller(x, 12.0)).Value()), logistic(Twice(y)) {}
  HWY_INLINE N Value() const { return tail.Or(logistic.HalfTanh() * x, 0); }
  HWY_INLINE N Derivative() const {
    const N far = logistic.HalfTanh() + logistic.SlopeTimes(y * tail.bounded * 4.0);
    return AtRoots(DoubleDouble(x), tail.Or(far, 1), coefficients::kTelu1);
  }
  HWY_INLINE N SecondDerivative() const {
    // With T = tanh(y), y = e^x: T' = y (1 - T^2), and f = x T has f' = T + x T' and f'' = 2 T' +
    // x T'' = y (1 - T^2) (2 + x (1 - 2 y T)).
    const N pull = (1.0 - Twice(y) * logistic.HalfTanh()) * tail.bounded;
    const N far = logistic.SlopeTimes((pull + 2.0) * y * 4.0);
    return AtRoots(DoubleDouble(x), tail.Or(far, 2), coefficients::kTelu2);
  }
};

template <class N>
struct Serf {
  static constexpr Spec kSpec = {
      .name = "serf",
      .aliases = {"SERF"},
      .summary = "x erf(softplus(x)).",
      .formula = "x*erf(log(1 + exp(x)))",
      .source = "Nag and Bhattacharyya, arXiv:2108.09598; e3x.nn.serf",
      .source_checked = true,
      .special_values = {{-kInfinity, -0.0, -0.0}, {kInfinity, kInfinity, 1}},
  };
  static constexpr int kDoubleLanes = -35;  // the derivative, beside its root

  Double x;
  ExponentialTail<N> tail;
  Logistic<N> logistic;
  N softplus;
  NormalTail<N> normal;  // of sqrt(2) softplus(x)

  HWY_INLINE explicit Serf(Double x)
      : x(x),
        tail(x, Twice(Exactly<N>(kInverseRootPi))),
        logistic(N(x)),
        softplus(Select(logistic.positive, N(Within(x, 64.0)), N(0.0)) + logistic.Log()),
        normal(softplus * Exactly<N>(kRoot2)) {}
  HWY_INLINE N Value() const { return tail.Or(Erf(softplus, normal) * x, 0); }
  HWY_INLINE N Derivative() const {
    const N far = Erf(softplus, normal) + Density(logistic.Value() * tail.bounded);
    return AtRoots(DoubleDouble(x), tail.Or(far, 1), coefficients::kSerf1);
  }
  HWY_INLINE N SecondDerivative() const {
    // With p = softplus(x), p' = s, the logistic function, and k = 2/sqrt(pi): E = erf(p) has E' =
    // k e^(-p^2) s, and f = x E has f'' = 2 E' + x E'' = k e^(-p^2) s (2 + x (1 - s - 2 p s)).
    const N s = logistic.Value();
    const N pull = (logistic.Complement() - Twice(softplus) * s) * tail.bounded;
    return AtRoots(DoubleDouble(x), tail.Or(Density((pull + 2.0) * s), 2), coefficients::kSerf2);
  }

 private:
  // a (2/sqrt(pi)) e^(-softplus(x)^2)
  HWY_INLINE N Density(N a) const {
    return normal.exponential.Times(a * Twice(Exactly<N>(kInverseRootPi)));
  }
};

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_ACTIVATIONS_TANH_GATED_INL_H_
