// Rectifiers that are flat on one side of a kink, and the other plain pieces of lines and
// parabolas.

#if defined(RECTIFIER_CORE_ACTIVATIONS_PIECEWISE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_ACTIVATIONS_PIECEWISE_INL_H_
#undef RECTIFIER_CORE_ACTIVATIONS_PIECEWISE_INL_H_
#else
#define RECTIFIER_CORE_ACTIVATIONS_PIECEWISE_INL_H_
#endif

#include <array>

#include "core/functions/lines-inl.h"
#include "core/spec.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

template <class N>
struct Identity {
  static constexpr Spec kSpec = {
      .name = "identity",
      .aliases = {"linear", "Identity", "eltwise_linear"},
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
      .source_checked = true,
      .conventions = "identity(-0) = -0.",
      .special_values = {{-kInfinity, -kInfinity, 1}, {-0.0, -0.0, 1}, {kInfinity, kInfinity, 1}},
  };

  Double x, alpha, beta;

  HWY_INLINE Identity(Double x, Double alpha, Double beta) : x(x), alpha(alpha), beta(beta) {}
  HWY_INLINE N Value() const { return Line<N>(alpha, x, beta); }
  HWY_INLINE N Derivative() const { return alpha; }
  HWY_INLINE N SecondDerivative() const { return 0.0; }
  HWY_INLINE std::array<N, 2> ByParameters() const { return {N(x), N(1.0)}; }
};

template <class N>
struct AbsoluteValue {
  static constexpr Spec kSpec = {
      .name = "abs",
      .aliases = {"Abs", "absolute", "eltwise_abs"},
      .summary = "The absolute value of x.",
      .formula = "Abs(x)",
      .variants = {{"jax", "abs_jax"}},
      .source = "ONNX Abs; oneDNN eltwise_abs",
      .source_checked = true,
      .conventions = "The derivative at 0 is 0, and so is the second one. abs(-0) = +0.",
      .special_values = {{-kInfinity, kInfinity, -1},
                         {-0.0, 0, 0},
                         {0, 0, 0},
                         {kInfinity, kInfinity, 1}},
  };
  static constexpr bool kIsExact = true;

  Double x;

  HWY_INLINE explicit AbsoluteValue(Double x) : x(x) {}
  HWY_INLINE N Value() const { return Abs(x); }
  HWY_INLINE N Derivative() const { return Select(x == 0.0, 0.0, WithSign(1.0, x)); }
  HWY_INLINE N SecondDerivative() const { return 0.0; }
};

template <class N>
struct AbsoluteValueJax : AbsoluteValue<N> {
  static constexpr Spec kSpec = {
      .name = "abs_jax",
      .summary = "The absolute value of x with JAX's derivative at 0.",
      .formula = "Piecewise((x, x >= 0), (-x, True))",
      .source = "jax.numpy.abs",
      .source_checked = true,
      .conventions = "The derivative at 0 is 1. abs_jax(-0) = +0.",
      .special_values = {{-kInfinity, kInfinity, -1},
                         {-0.0, 0, 1},
                         {0, 0, 1},
                         {kInfinity, kInfinity, 1}},
  };

  HWY_INLINE explicit AbsoluteValueJax(Double x) : AbsoluteValue<N>(x) {}
  HWY_INLINE N Derivative() const { return Select(this->x >= 0.0, 1.0, -1.0); }
};

template <class N>
struct Relu {
  static constexpr Spec kSpec = {
      .name = "relu",
      .aliases = {"ReLU", "Relu", "ramp", "rectifier", "positive_part", "eltwise_relu"},
      .summary = "The rectified linear unit, max(x, 0).",
      .formula = "Piecewise((x, x > 0), (0, True))",
      .source = "Nair and Hinton, ICML 2010; Fukushima 1969; jax.nn.relu",
      .source_checked = true,
      .conventions = "relu'(0) = 0. relu(-0) = +0.",
      .special_values = {{-kInfinity, 0, 0}, {-0.0, 0, 0}, {0, 0, 0}, {kInfinity, kInfinity, 1}},
  };
  static constexpr bool kIsExact = true;

  Double x;
  Mask positive;

  HWY_INLINE explicit Relu(Double x) : x(x), positive(x > 0.0) {}
  HWY_INLINE N Value() const { return SelectOrZero(positive, x); }
  HWY_INLINE N Derivative() const { return SelectOrZero(positive, 1.0); }
  HWY_INLINE N SecondDerivative() const { return 0.0; }
};

template <class N>
struct ReluN {
  static constexpr Spec kSpec = {
      .name = "relu_n",
      .aliases = {"relu6", "ReLU6", "Relu6", "bounded_relu", "capped_relu"},
      .summary = "ReLU capped at n; by default ReLU6.",
      .formula = "Piecewise((0, x <= 0), (n, x >= n), (x, True))",
      .parameters = {{.name = "n",
                      .aliases = {"max_value", "cap"},
                      .summary = "upper bound",
                      .default_value = 6,
                      .range = kNonNegativeBound,
                      .learnable = true}},
      .source = "Krizhevsky 2010, Convolutional deep belief networks on CIFAR-10; jax.nn.relu6",
      .source_checked = true,
      .conventions = "The derivative at 0 and at n is 0.",
      .special_values = {{-kInfinity, 0, 0}, {-0.0, 0, 0}, {0, 0, 0}, {6, 6, 0}, {kInfinity, 6, 0}},
  };
  static constexpr bool kIsExact = true;

  Double x, n;
  Mask above;

  HWY_INLINE ReluN(Double x, Double n) : x(x), n(n), above(Reaches(x, n)) {}
  HWY_INLINE N Value() const { return Smaller(SelectOrZero(x > 0.0, x), n); }
  HWY_INLINE N Derivative() const { return SelectOrZero(AndNot(above, x > 0.0), 1.0); }
  HWY_INLINE N SecondDerivative() const { return 0.0; }
  HWY_INLINE std::array<N, 1> ByParameters() const {
    return {SelectOrZero(above & (x > 0.0), 1.0)};
  }
};

template <class N>
struct ShiftedRelu {
  static constexpr Spec kSpec = {
      .name = "shifted_relu",
      .summary = "ReLU that bottoms out at c instead of 0: max(c, x).",
      .formula = "Piecewise((x, x > c), (c, True))",
      .parameters = {{.name = "c",
                      .aliases = {"shift", "floor"},
                      .summary = "lower bound",
                      .default_value = -1,
                      .range = kLowerBound,
                      .learnable = true}},
      .source = "Clevert, Unterthiner and Hochreiter, ICLR 2016, arXiv:1511.07289 (SReLU there)",
      .source_checked = true,
      .conventions =
          "The derivative at c is 0. \"SReLU\" names this and s_shaped_relu, hence neither here.",
      .special_values =
          {{-kInfinity, -1, 0}, {-1, -1, 0}, {-0.0, -0.0, 1}, {0, 0, 1}, {kInfinity, kInfinity, 1}},
  };
  static constexpr bool kIsExact = true;

  Double x, c;
  Mask above;

  HWY_INLINE ShiftedRelu(Double x, Double c) : x(x), c(c), above(Exceeds(x, c)) {}
  HWY_INLINE N Value() const { return Select(above, x, c); }
  HWY_INLINE N Derivative() const { return SelectOrZero(above, 1.0); }
  HWY_INLINE N SecondDerivative() const { return 0.0; }
  HWY_INLINE std::array<N, 1> ByParameters() const { return {Select(above, 0.0, 1.0)}; }
};

template <class N>
struct ThresholdedRelu {
  static constexpr Spec kSpec = {
      .name = "thresholded_relu",
      .aliases = {"threshold", "Threshold", "trelu", "thresholdrelu", "ThresholdedRelu",
                  "ThresholdedReLU"},
      .summary = "x above a threshold, a constant elsewhere.",
      .formula = "Piecewise((x, x > theta), (fill, True))",
      .parameters = {{.name = "theta",
                      .aliases = {"threshold", "alpha"},
                      .summary = "threshold",
                      .default_value = 1,
                      .range = kAnyBound,
                      .learnable = true},
                     {.name = "fill",
                      .aliases = {"value", "default_value"},
                      .summary = "result at and below the threshold",
                      .default_value = 0,
                      .learnable = true}},
      .presets = {{"onnx", "theta", 1}, {"onnx", "fill", 0}, {"keras", "theta", 1}},
      .source =
          "ONNX ThresholdedRelu; paddle thresholded_relu; Konda, Memisevic and Krueger, "
          "arXiv:1402.3337",
      .source_checked = true,
      .conventions =
          "At theta the result is fill and the derivative 0. The gradient by theta is 0, "
          "as it is almost everywhere.",
      .special_values = {{-kInfinity, 0, 0}, {-0.0, 0, 0}, {1, 0, 0}, {kInfinity, kInfinity, 1}},
  };
  static constexpr bool kIsExact = true;

  Double x, fill;
  Mask above;

  HWY_INLINE ThresholdedRelu(Double x, Double theta, Double fill)
      : x(x), fill(fill), above(Exceeds(x, theta)) {}
  HWY_INLINE N Value() const { return Select(above, x, fill); }
  HWY_INLINE N Derivative() const { return SelectOrZero(above, 1.0); }
  HWY_INLINE N SecondDerivative() const { return 0.0; }
  HWY_INLINE std::array<N, 2> ByParameters() const {
    return {N(0.0), Select(above, Double(0.0), Double(1.0))};
  }
};

template <class N>
struct Step {
  static constexpr Spec kSpec = {
      .name = "step",
      .aliases = {"heaviside", "Heaviside", "binary_step", "Step"},
      .summary = "The Heaviside step: 1 above a threshold, 0 elsewhere.",
      .formula = "Piecewise((1, x > theta), (0, True))",
      .parameters = {{.name = "theta",
                      .aliases = {"threshold"},
                      .summary = "threshold",
                      .default_value = 0,
                      .range = kAnyBound,
                      .learnable = true}},
      .source = "Heaviside 1893; mlx.nn.step",
      .source_checked = true,
      .conventions =
          "step(theta) = 0, as in MLX's code (its documentation says 1). Every derivative is 0, as "
          "it is almost everywhere.",
      .special_values = {{-kInfinity, 0, 0}, {-0.0, 0, 0}, {0, 0, 0}, {kInfinity, 1, 0}},
  };
  static constexpr bool kIsExact = true;

  Mask above;

  HWY_INLINE Step(Double x, Double theta) : above(Exceeds(x, theta)) {}
  HWY_INLINE N Value() const { return SelectOrZero(above, 1.0); }
  HWY_INLINE N Derivative() const { return 0.0; }
  HWY_INLINE N SecondDerivative() const { return 0.0; }
  HWY_INLINE std::array<N, 1> ByParameters() const { return {N(0.0)}; }
};

template <class N>
struct ReluSquared {
  static constexpr Spec kSpec = {
      .name = "relu_squared",
      .aliases = {"relu2", "squared_relu", "ReLUSquared"},
      .summary = "The square of ReLU, max(x, 0)^2.",
      .formula = "Piecewise((x**2, x > 0), (0, True))",
      .source = "So et al., Primer, arXiv:2109.08668; transformers ReLUSquaredActivation",
      .source_checked = true,
      .conventions = "The second derivative at 0 is 0.",
      .special_values = {{-kInfinity, 0, 0},
                         {-0.0, 0, 0},
                         {0, 0, 0},
                         {kInfinity, kInfinity, kInfinity}},
  };
  static constexpr bool kIsExact = true;

  Double positive_part;

  HWY_INLINE explicit ReluSquared(Double x) : positive_part(SelectOrZero(x > 0.0, x)) {}
  HWY_INLINE N Value() const { return Product<N>(positive_part, positive_part); }
  HWY_INLINE N Derivative() const { return positive_part + positive_part; }
  HWY_INLINE N SecondDerivative() const { return SelectOrZero(positive_part > 0.0, 2.0); }
};

template <class N>
struct SparsePlus {
  static constexpr Spec kSpec = {
      .name = "sparse_plus",
      .aliases = {"sparseplus", "SparsePlus"},
      .summary = "0 and x, joined by a parabola between -1 and 1.",
      .formula = "Piecewise((0, x <= -1), (x, x >= 1), ((x + 1)**2/4, True))",
      .source = "jax.nn.sparse_plus; Blondel, Martins and Niculae, arXiv:1901.02324",
      .source_checked = true,
      .conventions = "The second derivative at -1 and 1 is 0.",
      .special_values =
          {{-kInfinity, 0, 0}, {-1, 0, 0}, {0, 0.25, 0.5}, {1, 1, 1}, {kInfinity, kInfinity, 1}},
  };

  Double x;
  N beyond;  // x + 1
  Mask above, inside;

  HWY_INLINE explicit SparsePlus(Double x)
      : x(x), beyond(SumOf<N>(x, 1.0)), above(x >= 1.0), inside(Abs(x) < 1.0) {}
  HWY_INLINE N Value() const {
    const N parabola = TimesPowerOfTwo(beyond * beyond, 0.25);
    return Select(above, N(x), SelectOrZero(inside, parabola));
  }
  HWY_INLINE N Derivative() const {
    return Select(above, N(1.0), SelectOrZero(inside, Half(beyond)));
  }
  HWY_INLINE N SecondDerivative() const { return SelectOrZero(inside, 0.5); }
};

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_ACTIVATIONS_PIECEWISE_INL_H_
