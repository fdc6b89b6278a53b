// Rectifiers with a slope of their own, given, learned or drawn, on either side of a kink.

#if defined(RECTIFIER_CORE_ACTIVATIONS_LEAKY_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_ACTIVATIONS_LEAKY_INL_H_
#undef RECTIFIER_CORE_ACTIVATIONS_LEAKY_INL_H_
#else
#define RECTIFIER_CORE_ACTIVATIONS_LEAKY_INL_H_
#endif

#include "core/simd/cancellation-inl.h"
#include "core/simd/lines-inl.h"
#include "core/simd/map_family-inl.h"
#include "core/spec.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

// What a derivative is at a kink at 0: that of the line to its left, of the one to its right, or 0.
enum class AtZero { kLeft, kRight, kFlat };

// x for x > 0, a x elsewhere.
template <class N, AtZero kAtZero = AtZero::kLeft>
struct TwoSlopes {
  Real x, a;
  Mask positive;

  HWY_INLINE TwoSlopes(Real x, Real a) : x(x), a(a), positive(x > 0.0) {}
  HWY_INLINE N Value() const { return Select(positive, N(x), Line<N>(a, x)); }
  HWY_INLINE N Derivative() const {
    const Real slope = Select(positive, 1.0, a);
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
  HWY_INLINE LeakyRelu(Real x, Real negative_slope) : TwoSlopes<N>(x, negative_slope) {}
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
  HWY_INLINE LeakyReluJax(Real x, Real negative_slope)
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
  HWY_INLINE Prelu(Real x, Real weight) : TwoSlopes<N>(x, weight) {}
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
  HWY_INLINE PreluKeras(Real x, Real weight) : TwoSlopes<N, AtZero::kFlat>(x, weight) {}
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

  Real x, u, v;  // v = 1 - u, exactly
  Mask positive;
  N slope;

  // The offset has gone into the draw.
  HWY_INLINE RRelu(Real x, Real lower, Real upper, Real draw, Real /*offset*/)
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
  HWY_INLINE N SlopeBetween(Real lower, Real upper) const {
    const Real part = upper * u;
    return InTwinWhereLost<N>(Fma(lower, v, part), Abs(part), SumOfProducts, lower, v, upper, u);
  }
  static HWY_NOINLINE Twin SumOfProducts(Real lower, Real v, Real upper, Real u) {
    const Sum a = TwoProduct(lower, v), b = TwoProduct(upper, u);
    return Total<4>({a.lo, b.lo, a.hi, b.hi});
  }
};

inline constexpr List<Parameter, 8> kGeneralRelu = {
    {.name = "negative_slope",
     .aliases = {"alpha", "slope"},
     .summary = "slope at and below the threshold",
     .default_value = 0,
     .learnable = true},
    {.name = "max_value",
     .aliases = {"cap", "n"},
     .summary = "upper bound; by default infinity, which is none",
     .default_value = kInfinity,
     .range = kUpperBound,
     .learnable = true},
    {.name = "threshold",
     .aliases = {"theta"},
     .summary = "where the line of slope 1 begins",
     .default_value = 0,
     .learnable = true}};

template <class N>
struct ReluGeneral {
  static constexpr Spec kSpec = {
      .name = "relu_general",
      .summary = "ReLU with a slope below its threshold and a cap, as Keras parametrizes it.",
      .formula =
          "Piecewise((max_value, x >= max_value), (x, x > threshold), "
          "(negative_slope*(x - threshold), True))",
      .parameters = kGeneralRelu,
      .presets = {{"keras", "negative_slope", 0}, {"keras", "threshold", 0}},
      .variants = {{"keras", "relu_keras"}},
      .source = "keras.activations.relu, but for its kinks",
      .source_checked = true,
      .conventions =
          "At the threshold the line below it holds: the result is 0, as in Keras's code (its "
          "documentation says x), and the derivative negative_slope. At max_value the derivative "
          "is 0. With max_value below the threshold, max_value wins.",
      .special_values = {{-kInfinity, 0, 0}, {-0.0, 0, 0}, {0, 0, 0}, {kInfinity, kInfinity, 1}},
  };

  Real x, slope, cap;
  N beyond;  // x - threshold
  Mask above, inside;

  HWY_INLINE ReluGeneral(Real x, Real slope, Real cap, Real threshold)
      : x(x),
        slope(slope),
        cap(cap),
        beyond(SumOf<N>(x, -threshold)),
        above(Reaches(x, cap)),
        inside(x > threshold) {}
  HWY_INLINE N Value() const {
    const N below = Select(slope == 0.0, N(0.0), beyond * slope);
    return Select(above, N(cap), Select(inside, N(x), below));
  }
  HWY_INLINE N Derivative() const { return Select(above, 0.0, Select(inside, 1.0, slope)); }
  HWY_INLINE N SecondDerivative() const { return 0.0; }
  HWY_INLINE std::array<N, 3> ByParameters() const {
    return {Select(above | inside, N(0.0), beyond), SelectOrZero(above, 1.0),
            Select(above | inside, 0.0, -slope)};
  }
};

// The sum that Keras computes: min(max(x where it is above the threshold, else 0; 0), cap), of
// which the outer part is there with a cap alone, and slope times what x lacks to the threshold.
template <class N>
struct ReluKeras {
  static constexpr Spec kSpec = {
      .name = "relu_keras",
      .summary = "relu_general with the kinks that Keras's relu has.",
      .formula =
          "Piecewise((negative_slope*(x - threshold), (x < threshold) | "
          "((x <= 0) & (threshold >= 0) & (max_value > 1e308))), "
          "(0, (x <= threshold) | ((x < 0) & (max_value <= 1e308))), "
          "(max_value, (max_value <= 1e308) & ((x > max_value) | ((x >= max_value) & "
          "(threshold >= 0) & (threshold <= 0) & (max_value >= 6) & (max_value <= 6)))), "
          "(x, True))",
      .parameters = kGeneralRelu,
      .source = "keras.activations.relu, Keras 3 on TensorFlow",
      .source_checked = true,
      .conventions =
          "At the threshold the result is 0, as in Keras's code (its documentation says x), and "
          "the "
          "derivative 0; but negative_slope where the threshold is 0 and there is no cap, which "
          "Keras leaves to leaky_relu. The derivative at max_value is 1; but 0 where it is 6 and "
          "the threshold 0, which Keras leaves to relu6. With a cap, what a negative threshold "
          "lets pass below 0 becomes 0. Below the threshold the line wins over the cap.",
      .special_values = {{-kInfinity, 0, 0}, {-0.0, 0, 0}, {0, 0, 0}, {kInfinity, kInfinity, 1}},
  };

  Real x, slope, cap;
  N beyond;    // x - threshold
  Mask below;  // on the line of the slope
  Mask passes,
      above;  // the threshold, not `below`; and of those the cap. Elsewhere the result is 0

  HWY_INLINE ReluKeras(Real x, Real slope, Real cap, Real threshold)
      : x(x), slope(slope), cap(cap), beyond(SumOf<N>(x, -threshold)) {
    constexpr double kLargestCap = 1e308;  // of those that are not `none`
    const Mask capped = cap <= kLargestCap, at_zero = threshold == 0.0;
    below = (x < threshold) | ((x == 0.0) & at_zero & (cap > kLargestCap));
    passes = (x > threshold) & ((x >= 0.0) | (cap > kLargestCap));
    above = passes & capped & ((x > cap) | ((x >= cap) & at_zero & (cap == 6.0)));
  }
  HWY_INLINE N Value() const {
    const N line = Select(slope == 0.0, N(0.0), beyond * slope);
    return Select(above, N(cap), Select(passes, N(x), SelectOrZero(below, line)));
  }
  HWY_INLINE N Derivative() const {
    return Select(above, 0.0, Select(passes, 1.0, SelectOrZero(below, slope)));
  }
  HWY_INLINE N SecondDerivative() const { return 0.0; }
  HWY_INLINE std::array<N, 3> ByParameters() const {
    return {SelectOrZero(below, beyond), SelectOrZero(above, 1.0), SelectOrZero(below, -slope)};
  }
};

template <class N>
struct SShapedRelu {
  static constexpr Spec kSpec = {
      .name = "s_shaped_relu",
      .aliases = {"SShapedReLU"},
      .summary = "x between two thresholds, and a line of its own slope beyond each of them.",
      .formula =
          "Piecewise((right_threshold + right_slope*(x - right_threshold), x >= right_threshold), "
          "(left_threshold + left_slope*(x - left_threshold), x <= left_threshold), (x, True))",
      .parameters = {{.name = "left_threshold",
                      .aliases = {"t_left", "tl"},
                      .summary = "where the left line ends",
                      .default_value = 0,
                      .range = kLowerBound,
                      .learnable = true},
                     {.name = "left_slope",
                      .aliases = {"a_left", "al"},
                      .summary = "slope at and below the left threshold",
                      .default_value = 0.2,
                      .learnable = true},
                     {.name = "right_threshold",
                      .aliases = {"t_right", "tr"},
                      .summary = "where the right line begins; it wins where the thresholds cross",
                      .default_value = 1,
                      .range = kUpperBound,
                      .learnable = true},
                     {.name = "right_slope",
                      .aliases = {"a_right", "ar"},
                      .summary = "slope at and above the right threshold",
                      .default_value = 1,
                      .learnable = true}},
      .source = "Jin et al., AAAI 2016, arXiv:1512.07030 (SReLU there)",
      .conventions =
          "At a threshold the outer line holds. By default a leaky ReLU, which training starts "
          "from in the paper; the slope 0.2 is ours.",
      .special_values = {{-kInfinity, -kInfinity, 0.2},
                         {-0.0, -0.0, 0.2},
                         {0, 0, 0.2},
                         {1, 1, 1},
                         {kInfinity, kInfinity, 1}},
  };

  Real x;
  Mask right, left;       // exclude each other
  Real threshold, slope;  // of the line that x is on, if any
  N beyond;               // x - threshold

  HWY_INLINE SShapedRelu(Real x, Real left_threshold, Real left_slope, Real right_threshold,
                         Real right_slope)
      : x(x),
        right(Reaches(x, right_threshold)),
        left(AndNot(right, FallsTo(x, left_threshold))),
        threshold(Select(right, right_threshold, left_threshold)),
        slope(Select(right, right_slope, left_slope)),
        beyond(SumOf<N>(x, -threshold)) {}
  HWY_INLINE N Value() const { return Select(right | left, OuterLine(), N(x)); }
  HWY_INLINE N Derivative() const { return Select(right | left, slope, 1.0); }
  HWY_INLINE N SecondDerivative() const { return 0.0; }
  HWY_INLINE std::array<N, 4> ByParameters() const {
    const N by_threshold = SumOf<N>(1.0, -slope);
    return {SelectOrZero(left, by_threshold), SelectOrZero(left, beyond),
            SelectOrZero(right, by_threshold), SelectOrZero(right, beyond)};
  }

 private:
  // threshold + slope (x - threshold).
  HWY_INLINE N OuterLine() const {
    return InTwinWhereLost<N>(Line<Real>(slope, Head(beyond), threshold), Abs(threshold), ExactLine,
                              x, slope, threshold);
  }
  // The same. Next to its root the terms cancel far beyond a Twin.
  static HWY_NOINLINE Twin ExactLine(Real x, Real slope, Real threshold) {
    constexpr double kHuge = 1e290;  // where products may overflow, and the threshold hardly counts
    const Twin distance = SumOf<Twin>(x, -threshold);
    const Real near = Fma(slope, distance.hi, threshold);
    const Real rounded = Select(slope == 0.0, threshold, near);
    const Sum a = TwoProduct(slope, distance.hi), b = TwoProduct(slope, distance.lo);
    const Twin total = Total<5>({b.lo, a.lo, b.hi, a.hi, threshold});
    const Twin line = Select((Abs(rounded) < kHuge) & (Abs(x) < kHuge), total, rounded);
    return Select(threshold == 0.0, Line<Twin>(slope, x), line);  // keeps the sign of a zero
  }
};

template <class N>
struct Tlu {
  static constexpr Spec kSpec = {
      .name = "tlu",
      .aliases = {"TLU", "thresholded_linear_unit", "tlu_affine"},
      .summary = "The larger of x and a learned line; by default ReLU.",
      .formula = "Piecewise((x, x > alpha*x + tau), (alpha*x + tau, True))",
      .parameters = {{.name = "alpha",
                      .aliases = {"slope"},
                      .summary = "slope of the line",
                      .default_value = 0,
                      .learnable = true},
                     {.name = "tau",
                      .aliases = {"threshold"},
                      .summary = "value of the line at 0",
                      .default_value = 0,
                      .learnable = true}},
      .source = "tfa.layers.TLU; Singh and Krishnan, arXiv:1911.09737",
      .source_checked = true,
      .conventions = "Where the two meet the derivative is alpha.",
      .special_values = {{-kInfinity, 0, 0}, {-0.0, 0, 0}, {0, 0, 0}, {kInfinity, kInfinity, 1}},
  };

  Real x, alpha;
  N line;
  Mask above;

  HWY_INLINE Tlu(Real x, Real alpha, Real tau) : x(x), alpha(alpha), line(Line<N>(alpha, x, tau)) {
    // At infinity, where x and the line may be the same infinity, their difference tells.
    const Mask at_infinity = (Abs(x) == kInfinity) & (Line<Real>(1.0 - alpha, x) > tau);
    above = (x > Rounded(line)) | at_infinity;
  }
  HWY_INLINE N Value() const { return Select(above, N(x), line); }
  HWY_INLINE N Derivative() const { return Select(above, 1.0, alpha); }
  HWY_INLINE N SecondDerivative() const { return 0.0; }
  HWY_INLINE std::array<N, 2> ByParameters() const {
    return {Select(above, 0.0, x), Select(above, Real(0.0), Real(1.0))};
  }
};

using LeakyActivations = MapFamily<LeakyRelu, LeakyReluJax, Prelu, PreluKeras, RRelu, ReluGeneral,
                                   ReluKeras, SShapedRelu, Tlu>;

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_ACTIVATIONS_LEAKY_INL_H_
