// Activations that are linear or quadratic between kinks.

#if defined(RECTIFIER_CORE_ACTIVATIONS_PIECEWISE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_ACTIVATIONS_PIECEWISE_INL_H_
#undef RECTIFIER_CORE_ACTIVATIONS_PIECEWISE_INL_H_
#else
#define RECTIFIER_CORE_ACTIVATIONS_PIECEWISE_INL_H_
#endif

#include "core/simd/map-inl.h"
#include "core/simd/twin-inl.h"
#include "core/spec.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

// a * x, where 0 times infinity is 0: the limit of a line as its slope vanishes.
template <class N>
HWY_INLINE N Line(Real a, Real x) {
  return Select(a == 0.0, N(WithSign(0.0, x)), Product<N>(a, x));
}

template <class N>
struct Identity {
  static constexpr Spec kSpec = {
      .name = "identity",
      .aliases = {"linear"},
      .summary = "The straight line alpha x + beta; by default x itself.",
      .formula = "alpha*x + beta",
      .parameters = {{.name = "alpha",
                      .aliases = {"scale", "slope"},
                      .summary = "slope",
                      .default_value = 1,
                      .learnable = true},
                     {.name = "beta",
                      .aliases = {"shift", "bias"},
                      .summary = "offset",
                      .default_value = 0,
                      .learnable = true}},
      .source = "oneDNN eltwise_linear; jax.nn.identity",
      .conventions = "identity(-0) = -0.",
      .special_values = {{-kInfinity, -kInfinity, 1}, {-0.0, -0.0, 1}, {kInfinity, kInfinity, 1}},
  };

  Real x, alpha, beta;

  HWY_INLINE Identity(Real x, Real alpha, Real beta) : x(x), alpha(alpha), beta(beta) {}
  HWY_INLINE N Value() const {
    const N line = Line<N>(alpha, x);
    // -0 + 0 would be +0; and 0 * infinity must not reach the sum.
    return Select(beta == 0.0, line, Select(alpha == 0.0, N(beta), ProductPlus<N>(alpha, x, beta)));
  }
  HWY_INLINE N Derivative() const { return alpha; }
  HWY_INLINE N SecondDerivative() const { return 0.0; }
  HWY_INLINE std::array<N, 2> ByParameters() const { return {N(x), N(1.0)}; }
};

template <class N>
struct Relu {
  static constexpr Spec kSpec = {
      .name = "relu",
      .aliases = {"ramp", "rectifier", "positive_part"},
      .summary = "The rectified linear unit, max(x, 0).",
      .formula = "Piecewise((x, x > 0), (0, True))",
      .source = "Fukushima 1969; Nair and Hinton, ICML 2010",
      .conventions = "relu'(0) = 0. relu(-0) = +0.",
      .special_values = {{-kInfinity, 0, 0}, {-0.0, 0, 0}, {0, 0, 0}, {kInfinity, kInfinity, 1}},
  };

  Real x;
  Mask positive;

  HWY_INLINE explicit Relu(Real x) : x(x), positive(x > 0.0) {}
  HWY_INLINE N Value() const { return SelectOrZero(positive, x); }
  HWY_INLINE N Derivative() const { return SelectOrZero(positive, 1.0); }
  HWY_INLINE N SecondDerivative() const { return 0.0; }
};

// x for x > 0, a x elsewhere.
template <class N>
struct TwoSlopes {
  Real x, a;
  Mask positive;

  HWY_INLINE TwoSlopes(Real x, Real a) : x(x), a(a), positive(x > 0.0) {}
  HWY_INLINE N Value() const { return Select(positive, N(x), Line<N>(a, x)); }
  HWY_INLINE N Derivative() const { return Select(positive, Real(1.0), a); }
  HWY_INLINE N SecondDerivative() const { return 0.0; }
  HWY_INLINE std::array<N, 1> ByParameters() const { return {Select(positive, 0.0, x)}; }
};

template <class N>
struct LeakyRelu : TwoSlopes<N> {
  static constexpr Spec kSpec = {
      .name = "leaky_relu",
      .aliases = {"leakyrelu", "LeakyReLU", "LeakyRelu"},
      .summary = "ReLU with a small slope for negative inputs.",
      .formula = "Piecewise((x, x > 0), (negative_slope*x, True))",
      .parameters = {{.name = "negative_slope",
                      .aliases = {"alpha", "slope"},
                      .summary = "slope for x <= 0",
                      .default_value = 0.01,
                      .learnable = true}},
      .presets = {{"pytorch", "negative_slope", 0.01},
                  {"jax", "negative_slope", 0.01},
                  {"onnx", "negative_slope", 0.01},
                  {"keras", "negative_slope", 0.2},
                  {"tensorflow", "negative_slope", 0.2}},
      .source = "Maas, Hannun and Ng, ICML 2013",
      .conventions = "The derivative at 0 is negative_slope.",
      .special_values = {{-kInfinity, -kInfinity, 0.01},
                         {-0.0, -0.0, 0.01},
                         {0, 0, 0.01},
                         {kInfinity, kInfinity, 1}},
  };
  HWY_INLINE LeakyRelu(Real x, Real negative_slope) : TwoSlopes<N>(x, negative_slope) {}
};

template <class N>
struct Prelu : TwoSlopes<N> {
  static constexpr Spec kSpec = {
      .name = "prelu",
      .aliases = {"PReLU", "PRelu", "parametric_relu"},
      .summary = "Leaky ReLU whose slope is learned: one, one per channel, or any broadcastable.",
      .formula = "Piecewise((x, x > 0), (weight*x, True))",
      .parameters = {{.name = "weight",
                      .aliases = {"slope", "alpha", "negative_slope"},
                      .summary = "slope for x <= 0",
                      .default_value = 0.25,
                      .learnable = true}},
      .presets = {{"pytorch", "weight", 0.25}, {"keras", "weight", 0}},
      .source = "He, Zhang, Ren and Sun, ICCV 2015, arXiv:1502.01852",
      .conventions = "The derivative at 0 is weight.",
      .special_values = {{-kInfinity, -kInfinity, 0.25},
                         {-0.0, -0.0, 0.25},
                         {0, 0, 0.25},
                         {kInfinity, kInfinity, 1}},
  };
  HWY_INLINE Prelu(Real x, Real weight) : TwoSlopes<N>(x, weight) {}
};

template <class N>
struct ReluN {
  static constexpr Spec kSpec = {
      .name = "relu_n",
      .aliases = {"relu6", "ReLU6", "bounded_relu", "capped_relu"},
      .summary = "ReLU capped at n; by default ReLU6.",
      .formula = "Piecewise((0, x <= 0), (n, x >= n), (x, True))",
      .parameters = {{.name = "n",
                      .aliases = {"max_value", "cap"},
                      .summary = "upper bound",
                      .default_value = 6,
                      .range = kNonNegative,
                      .learnable = true}},
      .source = "Krizhevsky 2010, Convolutional deep belief networks on CIFAR-10",
      .conventions = "The derivative at 0 and at n is 0.",
      .special_values = {{-kInfinity, 0, 0}, {-0.0, 0, 0}, {0, 0, 0}, {6, 6, 0}, {kInfinity, 6, 0}},
  };

  Real x, n;
  Mask above;

  HWY_INLINE ReluN(Real x, Real n) : x(x), n(n), above(x >= n) {}
  HWY_INLINE N Value() const { return Smaller(SelectOrZero(x > 0.0, x), n); }
  HWY_INLINE N Derivative() const { return SelectOrZero((x > 0.0) & (x < n), 1.0); }
  HWY_INLINE N SecondDerivative() const { return 0.0; }
  HWY_INLINE std::array<N, 1> ByParameters() const {
    return {SelectOrZero(above & (x > 0.0), 1.0)};
  }
};

template <class N>
struct ShiftedRelu {
  static constexpr Spec kSpec = {
      .name = "shifted_relu",
      .aliases = {"srelu"},
      .summary = "ReLU that bottoms out at c instead of 0: max(c, x).",
      .formula = "Piecewise((x, x > c), (c, True))",
      .parameters = {{.name = "c",
                      .aliases = {"shift", "floor"},
                      .summary = "lower bound",
                      .default_value = -1,
                      .learnable = true}},
      .source = "Clevert, Unterthiner and Hochreiter, ICLR 2016, arXiv:1511.07289 (SReLU there)",
      .conventions = "The derivative at c is 0.",
      .special_values =
          {{-kInfinity, -1, 0}, {-1, -1, 0}, {-0.0, -0.0, 1}, {0, 0, 1}, {kInfinity, kInfinity, 1}},
  };

  Real x, c;
  Mask above;

  HWY_INLINE ShiftedRelu(Real x, Real c) : x(x), c(c), above(x > c) {}
  HWY_INLINE N Value() const { return Select(above, x, c); }
  HWY_INLINE N Derivative() const { return SelectOrZero(above, 1.0); }
  HWY_INLINE N SecondDerivative() const { return 0.0; }
  HWY_INLINE std::array<N, 1> ByParameters() const { return {Select(above, 0.0, 1.0)}; }
};

template <class N>
struct ThresholdedRelu {
  static constexpr Spec kSpec = {
      .name = "thresholded_relu",
      .aliases = {"threshold", "trelu", "ThresholdedRelu", "ThresholdedReLU"},
      .summary = "x above a threshold, a constant elsewhere.",
      .formula = "Piecewise((x, x > theta), (fill, True))",
      .parameters = {{.name = "theta",
                      .aliases = {"threshold", "alpha"},
                      .summary = "threshold",
                      .default_value = 1,
                      .learnable = true},
                     {.name = "fill",
                      .aliases = {"value", "default_value"},
                      .summary = "result at and below the threshold",
                      .default_value = 0,
                      .learnable = true}},
      .presets = {{"onnx", "theta", 1}, {"keras", "theta", 1}},
      .source = "Konda, Memisevic and Krueger, arXiv:1402.3337; ONNX ThresholdedRelu",
      .conventions =
          "At theta the result is fill and the derivative 0. The gradient by theta is 0, "
          "as it is almost everywhere.",
      .special_values = {{-kInfinity, 0, 0}, {-0.0, 0, 0}, {1, 0, 0}, {kInfinity, kInfinity, 1}},
  };

  Real x, fill;
  Mask above;

  HWY_INLINE ThresholdedRelu(Real x, Real theta, Real fill) : x(x), fill(fill), above(x > theta) {}
  HWY_INLINE N Value() const { return Select(above, x, fill); }
  HWY_INLINE N Derivative() const { return SelectOrZero(above, 1.0); }
  HWY_INLINE N SecondDerivative() const { return 0.0; }
  HWY_INLINE std::array<N, 2> ByParameters() const {
    return {N(0.0), Select(above, Real(0.0), Real(1.0))};
  }
};

template <class N>
struct Step {
  static constexpr Spec kSpec = {
      .name = "step",
      .aliases = {"heaviside", "binary_step"},
      .summary = "The Heaviside step: 1 above a threshold, 0 elsewhere.",
      .formula = "Piecewise((1, x > theta), (0, True))",
      .parameters = {{.name = "theta",
                      .aliases = {"threshold"},
                      .summary = "threshold",
                      .default_value = 0,
                      .learnable = true}},
      .source = "Heaviside; mlx.nn.step",
      .conventions = "step(theta) = 0. Every derivative is 0, as it is almost everywhere.",
      .special_values = {{-kInfinity, 0, 0}, {-0.0, 0, 0}, {0, 0, 0}, {kInfinity, 1, 0}},
  };

  Mask above;

  HWY_INLINE Step(Real x, Real theta) : above(x > theta) {}
  HWY_INLINE N Value() const { return SelectOrZero(above, 1.0); }
  HWY_INLINE N Derivative() const { return 0.0; }
  HWY_INLINE N SecondDerivative() const { return 0.0; }
  HWY_INLINE std::array<N, 1> ByParameters() const { return {N(0.0)}; }
};

template <class N>
struct HardTanh {
  static constexpr Spec kSpec = {
      .name = "hard_tanh",
      .aliases = {"hardtanh", "Hardtanh", "clip", "clamp", "Clip"},
      .summary = "x clamped between two bounds.",
      .formula = "Piecewise((max_val, x >= max_val), (min_val, x <= min_val), (x, True))",
      .parameters = {{.name = "min_val",
                      .aliases = {"min", "min_value"},
                      .summary = "lower bound",
                      .default_value = -1,
                      .learnable = true},
                     {.name = "max_val",
                      .aliases = {"max", "max_value"},
                      .summary = "upper bound; it wins where the bounds cross",
                      .default_value = 1,
                      .learnable = true}},
      .source = "Collobert 2004; learnable bounds: PACT, arXiv:1805.06085",
      .conventions = "The derivative at either bound is 0.",
      .special_values =
          {{-kInfinity, -1, 0}, {-1, -1, 0}, {-0.0, -0.0, 1}, {1, 1, 0}, {kInfinity, 1, 0}},
  };

  Real x, low, high;
  Mask above, below;

  HWY_INLINE HardTanh(Real x, Real low, Real high)
      : x(x), low(low), high(high), above(x >= high), below(x <= low) {}
  HWY_INLINE N Value() const { return Select(above, high, Select(below, low, x)); }
  HWY_INLINE N Derivative() const { return Select(above | below, 0.0, 1.0); }
  HWY_INLINE N SecondDerivative() const { return 0.0; }
  HWY_INLINE std::array<N, 2> ByParameters() const {
    return {Select(above, 0.0, SelectOrZero(below, 1.0)), SelectOrZero(above, 1.0)};
  }
};

inline constexpr Parameter kRampSlope = {.name = "alpha",
                                         .aliases = {"slope"},
                                         .summary = "slope of the ramp",
                                         .default_value = 1.0 / 6,
                                         .range = kPositive,
                                         .learnable = true};
inline constexpr Parameter kRampOffset = {.name = "beta",
                                          .aliases = {"offset"},
                                          .summary = "value of the ramp at 0",
                                          .default_value = 0.5,
                                          .learnable = true};

// The line alpha x + beta between its knees. A knee is the double nearest to where the line meets 0
// or 1, so that alpha = 1/6, which no double is, has its knees at -3 and 3.
template <class N>
struct HardGate {
  N line;
  Mask above, inside;

  HWY_INLINE HardGate(Real x, Real alpha, Real beta)
      : line(ProductPlus<N>(alpha, x, beta)),
        above(x >= (1.0 - beta) / alpha),
        inside((x > -beta / alpha) & (x < (1.0 - beta) / alpha)) {
    line = Select(Head(line) < 0.0, N(0.0), Select(Head(line) > 1.0, N(1.0), line));
  }
};

template <class N>
struct HardSigmoid {
  static constexpr Spec kSpec = {
      .name = "hard_sigmoid",
      .aliases = {"hardsigmoid", "Hardsigmoid", "HardSigmoid"},
      .summary = "The logistic function as a ramp: alpha x + beta clamped to [0, 1].",
      .formula =
          "Piecewise((0, x <= -beta/alpha), (1, x >= (1 - beta)/alpha), "
          "(alpha*x + beta, True))",
      .parameters = {kRampSlope, kRampOffset},
      .presets = {{"pytorch", "alpha", 1.0 / 6}, {"onnx", "alpha", 0.2}},
      .source =
          "Courbariaux, Bengio and David, arXiv:1511.00363; slope 1/6: Howard et al., "
          "arXiv:1905.02244",
      .conventions = "The derivative is 0 where the ramp meets 0 and 1.",
      .special_values = {{-kInfinity, 0, 0}, {-0.0, 0.5, 1.0 / 6}, {kInfinity, 1, 0}},
  };

  Real x, alpha;
  HardGate<N> gate;

  HWY_INLINE HardSigmoid(Real x, Real alpha, Real beta)
      : x(x), alpha(alpha), gate(x, alpha, beta) {}
  HWY_INLINE N Value() const {
    return Select(gate.above, N(1.0), SelectOrZero(gate.inside, gate.line));
  }
  HWY_INLINE N Derivative() const { return SelectOrZero(gate.inside, alpha); }
  HWY_INLINE N SecondDerivative() const { return 0.0; }
  HWY_INLINE std::array<N, 2> ByParameters() const {
    return {SelectOrZero(gate.inside, x), SelectOrZero(gate.inside, 1.0)};
  }
};

template <class N>
struct HardSwish {
  static constexpr Spec kSpec = {
      .name = "hard_swish",
      .aliases = {"hardswish", "Hardswish", "HardSwish", "hard_silu", "hswish"},
      .summary = "Swish with a ramp for the logistic function: x hard_sigmoid(x).",
      .formula =
          "Piecewise((0, x <= -beta/alpha), (x, x >= (1 - beta)/alpha), "
          "(x*(alpha*x + beta), True))",
      .parameters = {kRampSlope, kRampOffset},
      .source = "Howard et al., Searching for MobileNetV3, arXiv:1905.02244",
      .conventions =
          "The derivative is 0 where the ramp meets 0, 1 where it meets 1. A zero has the "
          "sign of x.",
      .special_values = {{-kInfinity, -0.0, 0},
                         {-8, -0.0, 0},
                         {-0.0, -0.0, 0.5},
                         {0, 0, 0.5},
                         {kInfinity, kInfinity, 1}},
  };

  Real x, alpha, beta;
  HardGate<N> gate;

  HWY_INLINE HardSwish(Real x, Real alpha, Real beta)
      : x(x), alpha(alpha), beta(beta), gate(x, alpha, beta) {}
  HWY_INLINE N Value() const {
    return Select(gate.inside, x * gate.line, N(Select(gate.above, x, WithSign(0.0, x))));
  }
  HWY_INLINE N Derivative() const {
    return Select(gate.inside, ProductPlus<N>(alpha + alpha, x, beta),
                  N(SelectOrZero(gate.above, 1.0)));
  }
  HWY_INLINE N SecondDerivative() const { return SelectOrZero(gate.inside, alpha + alpha); }
  HWY_INLINE std::array<N, 2> ByParameters() const {
    return {SelectOrZero(gate.inside, Product<N>(x, x)), SelectOrZero(gate.inside, x)};
  }
};

using PiecewiseActivations = MapFamily<Identity, Relu, LeakyRelu, Prelu, ReluN, ShiftedRelu,
                                       ThresholdedRelu, Step, HardTanh, HardSigmoid, HardSwish>;

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_ACTIVATIONS_PIECEWISE_INL_H_
