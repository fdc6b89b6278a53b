// Rectifiers with thresholds and slopes that are given or learned.

#if defined(RECTIFIER_CORE_ACTIVATIONS_GENERAL_RELU_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_ACTIVATIONS_GENERAL_RELU_INL_H_
#undef RECTIFIER_CORE_ACTIVATIONS_GENERAL_RELU_INL_H_
#else
#define RECTIFIER_CORE_ACTIVATIONS_GENERAL_RELU_INL_H_
#endif

#include <array>

#include "core/functions/cancellation-inl.h"
#include "core/functions/lines-inl.h"
#include "core/spec.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

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

  Double x, slope, cap;
  N beyond;  // x - threshold
  Mask above, inside;

  HWY_INLINE ReluGeneral(Double x, Double slope, Double cap, Double threshold)
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

  Double x, slope, cap;
  N beyond;     // x - threshold
  Mask below;   // on the line of the slope
  Mask passes;  // above the threshold, and not `below`
  Mask above;   // of those, above the cap; elsewhere the result is 0

  HWY_INLINE ReluKeras(Double x, Double slope, Double cap, Double threshold)
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

  Double x;
  Mask right, left;         // exclude each other
  Double threshold, slope;  // of the line that x is on, if any
  N beyond;                 // x - threshold

  HWY_INLINE SShapedRelu(Double x, Double left_threshold, Double left_slope, Double right_threshold,
                         Double right_slope)
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
    return InDoubleDoubleWhereLost<N>(Line<Double>(slope, Head(beyond), threshold), Abs(threshold),
                                      ExactLine, x, slope, threshold);
  }
  // The same. Next to its root the terms cancel far beyond a DoubleDouble.
  static HWY_NOINLINE DoubleDouble ExactLine(Double x, Double slope, Double threshold) {
    constexpr double kHuge = 1e290;  // where products may overflow, and the threshold hardly counts
    const DoubleDouble distance = SumOf<DoubleDouble>(x, -threshold);
    const Double near = Fma(slope, distance.hi, threshold);
    const Double rounded = Select(slope == 0.0, threshold, near);
    const Sum a = TwoProduct(slope, distance.hi), b = TwoProduct(slope, distance.lo);
    const DoubleDouble total = Total<5>({b.lo, a.lo, b.hi, a.hi, threshold});
    const DoubleDouble line = Select((Abs(rounded) < kHuge) & (Abs(x) < kHuge), total, rounded);
    return Select(threshold == 0.0, Line<DoubleDouble>(slope, x),
                  line);  // keeps the sign of a zero
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

  Double x, alpha;
  N line;
  Mask above;

  HWY_INLINE Tlu(Double x, Double alpha, Double tau)
      : x(x), alpha(alpha), line(Line<N>(alpha, x, tau)) {
    // At infinity, where x and the line may be the same infinity, their difference tells.
    const Mask at_infinity = (Abs(x) == kInfinity) & (Line<Double>(1.0 - alpha, x) > tau);
    above = (x > Rounded(line)) | at_infinity;
  }
  HWY_INLINE N Value() const { return Select(above, N(x), line); }
  HWY_INLINE N Derivative() const { return Select(above, 1.0, alpha); }
  HWY_INLINE N SecondDerivative() const { return 0.0; }
  HWY_INLINE std::array<N, 2> ByParameters() const {
    return {Select(above, 0.0, x), Select(above, Double(0.0), Double(1.0))};
  }
};

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_ACTIVATIONS_GENERAL_RELU_INL_H_
