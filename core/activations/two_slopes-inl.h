// Rectifiers with a slope of their own, given, learned or drawn, to the left of 0.

#if defined(RECTIFIER_CORE_ACTIVATIONS_TWO_SLOPES_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_ACTIVATIONS_TWO_SLOPES_INL_H_
#undef RECTIFIER_CORE_ACTIVATIONS_TWO_SLOPES_INL_H_
#else
#define RECTIFIER_CORE_ACTIVATIONS_TWO_SLOPES_INL_H_
#endif

#include <array>

#include "core/functions/cancellation-inl.h"
#include "core/functions/lines-inl.h"
#include "core/spec.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

// What a derivative is at a kink at 0: that of the line to its left, of the one to its right, or 0.
enum class AtZero { kLeft, kRight, kFlat };

// x for x > 0, a x elsewhere.
template <class N, AtZero kAtZero = AtZero::kLeft>
struct TwoSlopes {
  Double x, a;
  Mask positive;

  HWY_INLINE TwoSlopes(Double x, Double a) : x(x), a(a), positive(x > 0.0) {}
  HWY_INLINE N Value() const { return Select(positive, N(x), Line<N>(a, x)); }
  HWY_INLINE N Derivative() const {
    const Double slope = Select(positive, 1.0, a);
    if constexpr (kAtZero == AtZero::kLeft) {
      return slope;
    } else {
      return Select(x == 0.0, kAtZero == AtZero::kRight ? 1.0 : 0.0, slope);
    }
  }
  HWY_INLINE N SecondDerivative() const { return 0.0; }
  HWY_INLINE std::array<N, 1> ByParameters() const { return {Select(positive, 0.0, x)}; }
};

inline constexpr Parameter kNegativeSlope = {.name = "negative_slope",
                                             .aliases = {"alpha", "slope"},
                                             .summary = "slope for x <= 0",
                                             .default_value = 0.01,
                                             .learnable = true};

template <class N>
struct LeakyRelu : TwoSlopes<N> {
  static constexpr Spec kSpec = {
      .name = "leaky_relu",
      .aliases = {"leakyrelu", "LeakyReLU", "LeakyRelu"},
      .summary = "ReLU with a small slope for negative inputs.",
      .formula = "Piecewise((x, x > 0), (negative_slope*x, True))",
      .parameters = {kNegativeSlope},
      .presets = {{"pytorch", "negative_slope", 0.01},
                  {"jax", "negative_slope", 0.01},
                  {"onnx", "negative_slope", 0.01f},
                  {"keras", "negative_slope", 0.2},
                  {"tensorflow", "negative_slope", 0.2},
                  {"keras", "negative_slope", 0.3, {"LeakyReLU"}},
                  {"tensorflow", "negative_slope", 0.3, {"LeakyReLU"}}},
      .variants = {{"jax", "leaky_relu_jax"}},
      .source = "Maas, Hannun and Ng, ICML 2013; torch.nn.LeakyReLU",
      .source_checked = true,
      .conventions =
          "The derivative at 0 is negative_slope. Keras's function defaults to the slope 0.2, "
          "its layer LeakyReLU to 0.3, and so does that name under its preset.",
      .special_values = {{-kInfinity, -kInfinity, 0.01},
                         {-0.0, -0.0, 0.01},
                         {0, 0, 0.01},
                         {kInfinity, kInfinity, 1}},
  };
  HWY_INLINE LeakyRelu(Double x, Double negative_slope) : TwoSlopes<N>(x, negative_slope) {}
};

template <class N>
struct LeakyReluJax : TwoSlopes<N, AtZero::kRight> {
  static constexpr Spec kSpec = {
      .name = "leaky_relu_jax",
      .summary = "Leaky ReLU with JAX's derivative at 0.",
      .formula = "Piecewise((x, x >= 0), (negative_slope*x, True))",
      .parameters = {kNegativeSlope},
      .source = "jax.nn.leaky_relu",
      .source_checked = true,
      .conventions = "The derivative at 0 is 1.",
      .special_values = {{-kInfinity, -kInfinity, 0.01},
                         {-0.0, -0.0, 1},
                         {0, 0, 1},
                         {kInfinity, kInfinity, 1}},
  };
  HWY_INLINE LeakyReluJax(Double x, Double negative_slope)
      : TwoSlopes<N, AtZero::kRight>(x, negative_slope) {}
};

inline constexpr Parameter kWeight = {.name = "weight",
                                      .aliases = {"slope", "alpha", "negative_slope"},
                                      .summary = "slope for x <= 0",
                                      .default_value = 0.25,
                                      .learnable = true};

template <class N>
struct Prelu : TwoSlopes<N> {
  static constexpr Spec kSpec = {
      .name = "prelu",
      .aliases = {"PReLU", "PRelu", "parametric_relu"},
      .summary = "Leaky ReLU whose slope is learned: one, one per channel, or any broadcastable.",
      .formula = "Piecewise((x, x > 0), (weight*x, True))",
      .parameters = {kWeight},
      .presets = {{"pytorch", "weight", 0.25},
                  {"pytorch", "weight", TensorAxis{1}},
                  {"keras", "weight", 0}},
      .variants = {{"keras", "prelu_keras"}},
      .source = "He, Zhang, Ren and Sun, ICCV 2015, arXiv:1502.01852; torch.nn.PReLU",
      .source_checked = true,
      .conventions =
          "The derivative at 0 is weight. A weight of shape [C] runs along axis 1 under PyTorch's "
          "preset, by NumPy's rules under the others and without one.",
      .special_values = {{-kInfinity, -kInfinity, 0.25},
                         {-0.0, -0.0, 0.25},
                         {0, 0, 0.25},
                         {kInfinity, kInfinity, 1}},
  };
  HWY_INLINE Prelu(Double x, Double weight) : TwoSlopes<N>(x, weight) {}
};

template <class N>
struct PreluKeras : TwoSlopes<N, AtZero::kFlat> {
  static constexpr Spec kSpec = {
      .name = "prelu_keras",
      .summary = "Parametric ReLU with the derivative that Keras's has at 0.",
      .formula = "Piecewise((x, x > 0), (weight*x, x < 0), (0, True))",
      .parameters = {kWeight},
      .presets = {{"keras", "weight", 0}},
      .source = "keras.layers.PReLU: relu(x) - weight relu(-x)",
      .source_checked = true,
      .conventions = "The derivative at 0 is 0.",
      .special_values = {{-kInfinity, -kInfinity, 0.25},
                         {-0.0, -0.0, 0},
                         {0, 0, 0},
                         {kInfinity, kInfinity, 1}},
  };
  HWY_INLINE PreluKeras(Double x, Double weight) : TwoSlopes<N, AtZero::kFlat>(x, weight) {}
};

template <class N>
struct RRelu {
  static constexpr Spec kSpec = {
      .name = "rrelu",
      .aliases = {"RReLU", "randomized_relu", "randomized_leaky_relu"},
      .summary = "Leaky ReLU whose slope is drawn for each element, uniformly from [lower, upper).",
      .formula = "Piecewise((x, x > 0), ((lower + (upper - lower)*u)*x, True))",
      .parameters = {{.name = "lower",
                      .summary = "least slope for x <= 0",
                      .default_value = 1.0 / 8,
                      .at_most = "upper",
                      .learnable = true},
                     {.name = "upper",
                      .summary = "bound of the slopes for x <= 0",
                      .default_value = 1.0 / 3,
                      .learnable = true},
                     {.name = "seed",
                      .summary = "of the draws, for training; without it the slope is the mean",
                      .type = ParameterType::kSeed,
                      .default_value = 0.5,
                      .range = kCount},
                     {.name = kOffsetParameter,
                      .summary =
                          "added to the elements' indices: where this piece of a tensor lies",
                      .type = ParameterType::kInteger,
                      .default_value = 0,
                      .range = kCount}},
      .presets = {{"pytorch", "lower", 1.0 / 8},
                  {"pytorch", "upper", 1.0 / 3},
                  {"tensorflow", "lower", 1.0 / 8},
                  {"tensorflow", "upper", 1.0 / 3}},
      .source = "Xu, Wang, Chen and Li, arXiv:1505.00853; torch.nn.RReLU",
      .source_checked = true,
      .conventions =
          "The slope of element i is lower + (upper - lower) u, with u the draw of Philox4x32-10 "
          "under seed at counter offset + i, 53 bits in [0, 1): the same wherever and however "
          "often it is computed. Without a seed u is 1/2, as in PyTorch's evaluation. The "
          "derivative at 0 is the slope.",
      .special_values = {{-kInfinity, -kInfinity, 11.0 / 48},
                         {-0.0, -0.0, 11.0 / 48},
                         {0, 0, 11.0 / 48},
                         {kInfinity, kInfinity, 1}},
  };

  Double x, u, v;  // v = 1 - u, exactly
  Mask positive;
  N slope;

  // The offset has gone into the draw.
  HWY_INLINE RRelu(Double x, Double lower, Double upper, Double draw, Double /*offset*/)
      : x(x), u(draw), v(1.0 - draw), positive(x > 0.0), slope(SlopeBetween(lower, upper)) {}
  HWY_INLINE N Value() const {
    return Select(positive, N(x), slope * SelectUnlessZero(Head(slope), x));
  }
  HWY_INLINE N Derivative() const { return Select(positive, N(1.0), slope); }
  HWY_INLINE N SecondDerivative() const { return 0.0; }
  HWY_INLINE std::array<N, 4> ByParameters() const {
    return {Select(positive, N(0.0), Line<N>(v, x)), Select(positive, N(0.0), Line<N>(u, x)),
            N(0.0), N(0.0)};
  }

 private:
  HWY_INLINE N SlopeBetween(Double lower, Double upper) const {
    const Double part = upper * u;
    return InDoubleDoubleWhereLost<N>(Fma(lower, v, part), Abs(part), SumOfProducts, lower, v,
                                      upper, u);
  }
  static HWY_NOINLINE DoubleDouble SumOfProducts(Double lower, Double v, Double upper, Double u) {
    const Sum a = TwoProduct(lower, v), b = TwoProduct(upper, u);
    return Total<4>({a.lo, b.lo, a.hi, b.hi});
  }
};

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_ACTIVATIONS_TWO_SLOPES_INL_H_
