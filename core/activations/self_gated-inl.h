// Smooth activations that gate x by a function of x.

#if defined(RECTIFIER_CORE_ACTIVATIONS_SELF_GATED_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_ACTIVATIONS_SELF_GATED_INL_H_
#undef RECTIFIER_CORE_ACTIVATIONS_SELF_GATED_INL_H_
#else
#define RECTIFIER_CORE_ACTIVATIONS_SELF_GATED_INL_H_
#endif

#include <array>
#include <limits>

#include "core/activations/float32-inl.h"
#include "core/activations/tanh_gated-inl.h"
#include "core/functions/lines-inl.h"
#include "core/functions/logistic-inl.h"
#include "core/functions/normal-inl.h"
#include "core/functions/roots-inl.h"
#include "core/functions/within-inl.h"
#include "core/numbers/rounding-inl.h"
#include "core/spec.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

template <class N>
struct Gelu {
  static constexpr Spec kSpec = {
      .name = "gelu",
      .aliases = {"GELU", "Gelu", "gelu_erf", "gelu_python"},
      .summary = "The Gaussian error linear unit, x times the normal distribution function.",
      .formula = "x*erfc(-x/sqrt(2))/2",
      .variants = {{"jax", "gelu_tanh"}},
      .exact_names = {"gelu_erf", "gelu_python"},
      .source = "Hendrycks and Gimpel, arXiv:1606.08415; torch.nn.GELU",
      .source_checked = true,
      .conventions = "The exact function, not the tanh approximation (gelu_tanh).",
      .special_values = kHalfOpenAtZero,
  };
  using Float32Kernel = GeluFloat32;

  Double x;
  Mask positive;
  NormalTail<N> tail;

  HWY_INLINE explicit Gelu(Double x) : x(x), positive(x > 0.0), tail(x) {}
  HWY_INLINE N Value() const {
    const N lost = tail.DensityTimes(tail.t * tail.mills);  // |x| Q(|x|)
    return BreakTie(Select(positive, x - lost, WithSign(lost, x)), x * 0.5, 1.0);
  }
  HWY_INLINE N Derivative() const {
    const N left = tail.DensityTimes(tail.mills - tail.t);  // f'(-|x|)
    const N slope =
        AtRoots(DoubleDouble(x), Select(positive, 1.0 - left, left), coefficients::kGelu1);
    return BreakTie(slope, 0.5, x);
  }
  HWY_INLINE N SecondDerivative() const {
    return AtRoots(DoubleDouble(x), tail.DensityTimes(2.0 - tail.t * tail.t), coefficients::kGelu2);
  }
};

// GELU between two bounds.
template <class N>
struct GeluClipped {
  static constexpr Spec kSpec = {
      .name = "gelu_clipped",
      .aliases = {"gelu_10", "ClippedGELU"},
      .summary = "GELU clamped between two bounds.",
      .formula =
          "Piecewise((max, x*erfc(-x/sqrt(2))/2 >= max), (min, x*erfc(-x/sqrt(2))/2 <= min), "
          "(x*erfc(-x/sqrt(2))/2, True))",
      .parameters = {{.name = "min",
                      .aliases = {"min_val"},
                      .summary = "lower bound",
                      .default_value = -10,
                      .range = {.high = -0.2, .low_open = false},  // below the values of GELU's dip
                      .learnable = true},
                     {.name = "max",
                      .aliases = {"max_val"},
                      .summary = "upper bound; it wins where the bounds cross",
                      .default_value = 10,
                      .range = kPositiveBound,
                      .learnable = true}},
      .source = "Wu et al., arXiv:2004.09602; transformers ClippedGELUActivation",
      .source_checked = true,
      .conventions = "At a bound the derivatives are 0.",
      .special_values = {{-kInfinity, -0.0, -0.0}, {-0.0, -0.0, 0.5}, {kInfinity, 10, 0}},
  };

  Double low, high;
  Gelu<N> gelu;
  N value;
  Mask above, below;

  HWY_INLINE GeluClipped(Double x, Double low, Double high)
      : low(low),
        high(high),
        gelu(x),
        value(gelu.Value()),
        above(Reaches(Rounded(value), high)),
        below(FallsTo(Rounded(value), low)) {}
  HWY_INLINE N Value() const { return Select(above, N(high), Select(below, N(low), value)); }
  HWY_INLINE N Derivative() const { return Select(above | below, N(0.0), gelu.Derivative()); }
  HWY_INLINE N SecondDerivative() const {
    return Select(above | below, N(0.0), gelu.SecondDerivative());
  }
  HWY_INLINE std::array<N, 2> ByParameters() const {
    return {Select(above, N(0.0), SelectOrZero(below, N(1.0))), SelectOrZero(above, N(1.0))};
  }
};

// x s(w(x)) for an odd w with a slope of one sign, where s is the logistic function.
template <class N>
struct LogisticGated {
  Double open;     // x
  Double closing;  // x, bounded where the gate is closed for good
  N slope;         // w'(x), and so below where the gate is closed or open for good
  N product;       // x w'(x)
  N curved;        // x w''(x)
  Logistic<N> gate;

  HWY_INLINE LogisticGated(Double x, Double closing, N w, N slope, N product, N curved)
      : open(x), closing(closing), slope(slope), product(product), curved(curved), gate(w) {}

  HWY_INLINE N Value() const {
    const N value = gate.Closing(gate.inverse * Select(gate.positive, open, closing));
    return BreakTie(value, open * 0.5, Head(slope));
  }
  HWY_INLINE N Derivative() const {
    // y = x s(w) has y' = s + x w' s (1 - s). With e = e^-|w|, s is 1/(1 + e) for w > 0, so that y'
    // is (1 + e + x w' e)/(1 + e)^2; for w <= 0 it is e (1 + e + x w')/(1 + e)^2.
    const N numerator = gate.denominator + gate.Opening(product);
    return gate.Closing(numerator * (gate.inverse * gate.inverse));
  }
  HWY_INLINE N SecondDerivative() const { return gate.SlopeTimes(Bend()); }
  // With s' = s (1 - s): y'' = s' (2 w' + x w'' + x w'^2 (1 - 2 s)). As w is odd with a slope of
  // one sign, x w' and 1 - 2 s have opposite signs: this is s' (2 w' + x w'' - |x w'| w' |1 - 2
  // s|), of which this is what is in brackets.
  HWY_INLINE N Bend() const {
    const N pull = Abs(product) * slope * gate.HalfTanh();
    return Twice(slope) + curved - pull;
  }
};

// w(x) = a x + b x^3.
template <class N>
struct CubicGated : LogisticGated<N> {
  HWY_INLINE CubicGated(Double x, Constant a, Constant b)
      : CubicGated(x, Terms(Within(x, 64.0), Exactly<N>(a), Exactly<N>(b))) {}

 private:
  struct Terms {
    Double x;  // bounded where the gate is closed or open for good
    N a;
    N square;  // b x^2

    HWY_INLINE Terms(Double x, N a, N b) : x(x), a(a), square(b * Product<N>(x, x)) {}
    HWY_INLINE N Gate() const { return (a + square) * x; }
    HWY_INLINE N Slope() const { return a + square * 3.0; }
  };

  HWY_INLINE CubicGated(Double x, const Terms& terms)
      : LogisticGated<N>(x, terms.x, terms.Gate(), terms.Slope(), terms.Slope() * terms.x,
                         terms.square * 6.0) {}
};

template <class N>
struct GeluTanh : CubicGated<N> {
  static constexpr Spec kSpec = {
      .name = "gelu_tanh",
      .aliases = {"gelu_new", "gelu_fast", "gelu_accurate", "gelu_pytorch_tanh", "gelu_python_tanh",
                  "gelu_sigmoid", "gelu_approx"},
      .summary = "The tanh approximation of GELU, a function of its own.",
      .formula = "x/(1 + exp(-2*sqrt(2/pi)*(x + 0.044715*x**3)))",
      .source = "Hendrycks and Gimpel, arXiv:1606.08415; torch.nn.GELU('tanh')",
      .source_checked = true,
      .conventions = "Differs from gelu by up to 4.8e-4, and by most of its size in the left tail.",
      .special_values = kHalfOpenAtZero,
  };

  Double x;

  HWY_INLINE explicit GeluTanh(Double x)
      : CubicGated<N>(x, {0x1.9884533d43651p+0, -0x1.cbc0d30ebfd15p-54},
                      {0x1.2444f2a4d8b4bp-4, -0x1.6c843a29d1c70p-61}),
        x(x) {}
  HWY_INLINE N Derivative() const {
    return AtRoots(DoubleDouble(x), CubicGated<N>::Derivative(), coefficients::kGeluTanh1);
  }
  HWY_INLINE N SecondDerivative() const {
    return AtRoots(DoubleDouble(x), CubicGated<N>::SecondDerivative(), coefficients::kGeluTanh2);
  }
};

template <class N>
struct GeluMlxApprox : CubicGated<N> {
  static constexpr Spec kSpec = {
      .name = "gelu_mlx_approx",
      .summary = "MLX's logistic approximation of GELU, x s(1.60033 x (1 + 0.0433603 x^2)).",
      .formula = "x/(1 + exp(-1.60033*x*(1 + 0.0433603*x**2)))",
      .source = "mlx.nn.gelu_approx until April 2024 (ml-explore/mlx#989)",
      .source_checked = true,
      .special_values = kHalfOpenAtZero,
  };

  Double x;

  HWY_INLINE explicit GeluMlxApprox(Double x)
      : CubicGated<N>(x, {0x1.99af3a14cec42p+0, -0x1.172ef0ae53650p-55},
                      {0x1.1c39840f70012p-4, 0x1.a01a6b658c2d0p-58}),
        x(x) {}
  HWY_INLINE N Derivative() const {
    return AtRoots(DoubleDouble(x), CubicGated<N>::Derivative(), coefficients::kGeluMlx1);
  }
  HWY_INLINE N SecondDerivative() const {
    return AtRoots(DoubleDouble(x), CubicGated<N>::SecondDerivative(), coefficients::kGeluMlx2);
  }
};

template <class N>
struct Silu : LogisticGated<N> {
  static constexpr Spec kSpec = {
      .name = "silu",
      .aliases = {"SiLU", "swish1"},
      .summary = "The sigmoid linear unit x s(x), with the logistic function s.",
      .formula = "x/(1 + exp(-x))",
      .source =
          "Elfwing, Uchibe and Doya, arXiv:1702.03118; Hendrycks and Gimpel, arXiv:1606.08415; "
          "torch.nn.SiLU",
      .source_checked = true,
      .special_values = kHalfOpenAtZero,
  };
  using Float32Kernel = SiluFloat32;

  Double x;

  HWY_INLINE explicit Silu(Double x) : Silu(x, Within(x, kGateBound)) {}
  HWY_INLINE N Derivative() const {
    return AtRoots(DoubleDouble(x), LogisticGated<N>::Derivative(), coefficients::kSilu1);
  }
  HWY_INLINE N SecondDerivative() const {
    return AtRoots(DoubleDouble(x), LogisticGated<N>::SecondDerivative(), coefficients::kSilu2);
  }

 private:
  HWY_INLINE Silu(Double x, Double bounded)
      : LogisticGated<N>(x, bounded, x, 1.0, bounded, 0.0), x(x) {}
};

// x s(u), u = beta x: derivatives are those of silu at u, times powers of beta.
template <class N>
struct SwishOf {
  Double x;
  N beta;
  DoubleDouble u;  // in either kind of number: roots of derivatives move with beta
  Double closing;  // x, bounded where the gate is closed for good
  LogisticGated<N> silu;

  HWY_INLINE SwishOf(Double x, DoubleDouble beta) : SwishOf(x, beta, beta * Within(x, kLargest)) {}

  HWY_INLINE N Value() const {
    const N value = silu.gate.Closing(silu.gate.inverse * Select(silu.gate.positive, x, closing));
    return BreakTie(value, x * 0.5, Head(beta));
  }
  HWY_INLINE N Derivative() const { return AtRoots(u, silu.Derivative(), coefficients::kSilu1); }
  HWY_INLINE N SecondDerivative() const {
    // beta before the exponential, so that a subnormal result is rounded once.
    return AtRoots(u, silu.gate.SlopeTimes(silu.Bend() * beta), coefficients::kSilu2, beta);
  }

 private:
  static constexpr double kLargest = std::numeric_limits<double>::max();  // 0 * infinity is 0

  HWY_INLINE SwishOf(Double x, DoubleDouble beta, DoubleDouble product)
      : x(x),
        beta(As<N>(beta)),
        u(Within(product, kGateBound)),
        closing(Select(Abs(u.hi) > kGateClosed, Within(x, kGateBound), x)),
        silu(0.0, 0.0, As<N>(u), 1.0, As<N>(u), 0.0) {}
};

template <class N>
struct QuickGelu : SwishOf<N> {
  static constexpr Spec kSpec = {
      .name = "quick_gelu",
      .aliases = {"QuickGelu", "gelu_fast_approx"},
      .summary = "The logistic approximation of GELU, x s(1.702 x).",
      .formula = "x/(1 + exp(-1.702*x))",
      .source = "Hendrycks and Gimpel, arXiv:1606.08415; transformers QuickGELUActivation",
      .source_checked = true,
      .special_values = kHalfOpenAtZero,
  };

  HWY_INLINE explicit QuickGelu(Double x)
      : SwishOf<N>(x, Exactly<DoubleDouble>({0x1.b3b645a1cac08p+0, 0x1.89374bc6a7efap-55})) {}
};

template <class N>
struct Swish : SwishOf<N> {
  static constexpr Spec kSpec = {
      .name = "swish",
      .aliases = {"Swish", "eltwise_swish"},
      .summary = "x s(beta x), with the logistic function s and a sharpness beta.",
      .formula = "x/(1 + exp(-beta*x))",
      .parameters = {{.name = "beta",
                      .aliases = {"alpha"},
                      .summary = "sharpness of the gate; 0 gives x/2",
                      .default_value = 1,
                      .range = kModerate,
                      .learnable = true}},
      .source = "Ramachandran, Zoph and Le, arXiv:1710.05941; tf.nn.silu",
      .source_checked = true,
      .special_values = kHalfOpenAtZero,
  };

  HWY_INLINE Swish(Double x, Double beta) : SwishOf<N>(x, beta) {}
  HWY_INLINE std::array<N, 1> ByParameters() const {
    // x^2 s': the square first, so that a subnormal result is rounded once, unless it overflows.
    const Double c = this->closing;
    const N twice = this->silu.gate.SlopeTimes(c) * c;
    const N once = this->silu.gate.SlopeTimes(Product<N>(c, c));
    const Double rest = -Abs(Head(this->beta));
    return {BreakTie(Select(Abs(c) < 1e150, once, twice), c * c * 0.25, rest)};
  }
};

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_ACTIVATIONS_SELF_GATED_INL_H_
