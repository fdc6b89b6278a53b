// Hard gates, clamps and shrinks: linear or quadratic between kinks, bounded or flat around 0.

#if defined(RECTIFIER_CORE_ACTIVATIONS_HARD_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_ACTIVATIONS_HARD_INL_H_
#undef RECTIFIER_CORE_ACTIVATIONS_HARD_INL_H_
#else
#define RECTIFIER_CORE_ACTIVATIONS_HARD_INL_H_
#endif

#include "core/simd/lines-inl.h"
#include "core/simd/map_family-inl.h"
#include "core/spec.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

// What a derivative is at the bounds of a clamp: 0, or that of the line between them.
enum class AtBounds { kFlat, kInside };

// x between two bounds; the upper one wins where they cross.
template <class N, AtBounds kAtBounds = AtBounds::kFlat>
struct Clamp {
  Real x, low, high;
  Mask above, below;

  HWY_INLINE Clamp(Real x, Real low, Real high) : x(x), low(low), high(high) {
    constexpr bool kFlat = kAtBounds == AtBounds::kFlat;
    above = (kFlat ? Reaches(x, high) : x > high) | (low > high);
    below = kFlat ? FallsTo(x, low) : x < low;
  }
  HWY_INLINE N Value() const { return Select(above, high, Select(below, low, x)); }
  HWY_INLINE N Derivative() const { return Select(above | below, 0.0, 1.0); }
  HWY_INLINE N SecondDerivative() const { return 0.0; }
  HWY_INLINE std::array<N, 2> ByParameters() const {
    return {Select(above, 0.0, SelectOrZero(below, 1.0)), SelectOrZero(above, 1.0)};
  }
};

inline constexpr Parameter kMinimum = {.name = "min_val",
                                       .aliases = {"min", "min_value", "clip_value_min"},
                                       .summary = "lower bound",
                                       .default_value = -1,
                                       .range = kAnyBound,
                                       .learnable = true};
inline constexpr Parameter kMaximum = {.name = "max_val",
                                       .aliases = {"max", "max_value", "clip_value_max"},
                                       .summary = "upper bound; it wins where the bounds cross",
                                       .default_value = 1,
                                       .range = kAnyBound,
                                       .learnable = true};

template <class N>
struct HardTanh : Clamp<N> {
  static constexpr Spec kSpec = {
      .name = "hard_tanh",
      .aliases = {"hardtanh", "Hardtanh", "HardTanh", "clip_v2", "eltwise_clip_v2"},
      .summary = "x clamped between two bounds.",
      .formula =
          "Piecewise((max_val, (x >= max_val) | (min_val > max_val)), (min_val, x <= min_val), "
          "(x, True))",
      .parameters = {kMinimum, kMaximum},
      .presets = {{"pytorch", "min_val", -1},
                  {"pytorch", "max_val", 1},
                  {"jax", "min_val", -1},
                  {"jax", "max_val", 1},
                  {"keras", "min_val", -1},
                  {"keras", "max_val", 1}},
      .variants = {{"jax", "hard_tanh_jax"}, {"keras", "hard_tanh_jax"}},
      .source =
          "Collobert et al., JMLR 12 (2011); learnable bounds: PACT, arXiv:1805.06085; "
          "torch.nn.Hardtanh; oneDNN eltwise_clip_v2",
      .source_checked = true,
      .conventions =
          "The derivative at either bound is 0. An infinite bound is none: the derivative at that "
          "infinity is 1.",
      .special_values =
          {{-kInfinity, -1, 0}, {-1, -1, 0}, {-0.0, -0.0, 1}, {1, 1, 0}, {kInfinity, 1, 0}},
  };
  HWY_INLINE HardTanh(Real x, Real low, Real high) : Clamp<N>(x, low, high) {}
};

template <class N>
struct HardTanhJax : Clamp<N, AtBounds::kInside> {
  static constexpr Spec kSpec = {
      .name = "hard_tanh_jax",
      .summary =
          "x clamped between two bounds, with the derivative that hard_tanh has there in JAX and "
          "in Keras.",
      .formula =
          "Piecewise((max_val, (x > max_val) | (min_val > max_val)), (min_val, x < min_val), "
          "(x, True))",
      .parameters = {kMinimum, kMaximum},
      .source = "jax.nn.hard_tanh; keras.activations.hard_tanh",
      .source_checked = true,
      .conventions = "The derivative at either bound is 1, and the gradients by the bounds are 0.",
      .special_values =
          {{-kInfinity, -1, 0}, {-1, -1, 1}, {-0.0, -0.0, 1}, {1, 1, 1}, {kInfinity, 1, 0}},
  };
  HWY_INLINE HardTanhJax(Real x, Real low, Real high) : Clamp<N, AtBounds::kInside>(x, low, high) {}
};

inline constexpr Parameter kOptionalMinimum = {.name = "min_val",
                                               .aliases = kMinimum.aliases,
                                               .summary = "lower bound; by default there is none",
                                               .default_value = -kInfinity,
                                               .range = kAnyBound,
                                               .learnable = true};
inline constexpr Parameter kOptionalMaximum = {.name = "max_val",
                                               .aliases = kMaximum.aliases,
                                               .summary =
                                                   "upper bound, which wins where the "
                                                   "bounds cross; by default there is none",
                                               .default_value = kInfinity,
                                               .range = kAnyBound,
                                               .learnable = true};

template <class N>
struct Clip : Clamp<N, AtBounds::kInside> {
  static constexpr Spec kSpec = {
      .name = "clip",
      .aliases = {"clamp", "Clip", "Clamp", "clip_by_value"},
      .summary = "x clamped between two bounds, either of which may be absent.",
      .formula =
          "Piecewise((max_val, (x > max_val) | (min_val > max_val)), (min_val, x < min_val), "
          "(x, True))",
      .parameters = {kOptionalMinimum, kOptionalMaximum},
      .variants = {{"jax", "clip_jax"}, {"jax", "hard_tanh", {"clamp", "Clamp"}}},
      .source = "torch.clamp; tf.clip_by_value; keras.ops.clip; ONNX Clip",
      .source_checked = true,
      .conventions =
          "The derivative at either bound is 1, and the gradients by the bounds are 0 there, as in "
          "PyTorch. jnp.clip shares them out in halves (clip_jax); jax.lax.clamp has the "
          "derivative "
          "0 there, as hard_tanh does, but no gradient by the bound.",
      .special_values = {{-kInfinity, -kInfinity, 1}, {-0.0, -0.0, 1}, {kInfinity, kInfinity, 1}},
  };
  HWY_INLINE Clip(Real x, Real low, Real high) : Clamp<N, AtBounds::kInside>(x, low, high) {}
};

// The smaller of an upper bound and the larger of x and a lower one, each of which halves the
// derivative between equals.
template <class N>
struct ClipJax {
  static constexpr Spec kSpec = {
      .name = "clip_jax",
      .summary = "x clamped between two bounds, with the derivatives that JAX's clip has there.",
      .formula =
          "Piecewise((max_val, (x > max_val) | (min_val > max_val)), "
          "(min_val/2 + max_val/2, (x < min_val) & (min_val >= max_val)), (min_val, x < min_val), "
          "(x/4 + min_val/4 + max_val/2, (x <= min_val) & (x >= max_val)), "
          "(x/2 + min_val/2, x <= min_val), (x/2 + max_val/2, x >= max_val), (x, True))",
      .parameters = {kOptionalMinimum, kOptionalMaximum},
      .source = "jax.numpy.clip: minimum(maximum(x, min_val), max_val)",
      .source_checked = true,
      .conventions =
          "At a bound the derivatives by x and by the bound are 1/2 each, as between equals in "
          "JAX's minimum and maximum.",
      .special_values = {{-kInfinity, -kInfinity, 1}, {-0.0, -0.0, 1}, {kInfinity, kInfinity, 1}},
  };

  Real x, low, high;
  Real of_larger;   // the derivative of max(x, low) by x
  Real of_smaller;  // that of min(max(x, low), high) by the former

  HWY_INLINE ClipJax(Real x, Real low, Real high)
      : x(x),
        low(low),
        high(high),
        of_larger(Share(x, low)),
        of_smaller(Share(high, Select(x > low, x, low))) {}
  HWY_INLINE N Value() const {
    const Real larger = Select(low >= x, low, x);
    return Select((low > high) | (larger >= high), high, larger);
  }
  HWY_INLINE N Derivative() const { return of_larger * of_smaller; }
  HWY_INLINE N SecondDerivative() const { return 0.0; }
  HWY_INLINE std::array<N, 2> ByParameters() const {
    return {N((Real(1.0) - of_larger) * of_smaller), N(Real(1.0) - of_smaller)};
  }

 private:
  // Of the larger of two numbers by the first: 1, 0, or 1/2 where they are equal. Infinities that
  // stand for absent bounds take no share.
  static HWY_INLINE Real Share(Real a, Real b) {
    const Mask equal = (a == b) & (Abs(a) < kInfinity);
    return Select(equal, 0.5, SelectOrZero(a >= b, 1.0));
  }
};

inline constexpr Parameter kRampSlope = {.name = "alpha",
                                         .aliases = {"slope"},
                                         .summary = "slope of the ramp",
                                         .default_value = 1.0 / 6,
                                         .range = kPositive,
                                         .learnable = true,
                                         .reciprocal = true};
inline constexpr Parameter kRampOffset = {.name = "beta",
                                          .aliases = {"offset"},
                                          .summary = "value of the ramp at 0",
                                          .default_value = 0.5,
                                          .learnable = true};

// The line alpha x + beta between its knees. A knee is the double nearest to where the line meets 0
// or 1.
struct HardGate {
  Slope slope;
  Mask above, inside;

  HWY_INLINE HardGate(Real x, Real alpha, Real beta) : slope(alpha) {
    const Real upper_knee = slope.Knee(SumOf<Twin>(1.0, -beta));
    above = x >= upper_knee;
    inside = (x > slope.Knee(-beta)) & (x < upper_knee);
  }
  // What is computed slope.unit times as large on the ramp.
  template <class N>
  HWY_INLINE N InUnits(N multiple) const {
    return Select(inside, slope.InUnits(multiple), multiple);
  }
};

template <class N>
struct HardSigmoid {
  static constexpr Spec kSpec = {
      .name = "hard_sigmoid",
      .aliases = {"hardsigmoid", "Hardsigmoid", "HardSigmoid", "eltwise_hardsigmoid"},
      .summary = "The logistic function as a ramp: alpha x + beta clamped to [0, 1].",
      .formula =
          "Piecewise((0, x <= -beta/alpha), (1, x >= (1 - beta)/alpha), "
          "(alpha*x + beta, True))",
      .parameters = {kRampSlope, kRampOffset},
      .presets = {{"pytorch", "alpha", 1.0 / 6},
                  {"jax", "alpha", 1.0 / 6},
                  {"keras", "alpha", 1.0 / 6},
                  {"onnx", "alpha", 0.2f},
                  {"onnx", "beta", 0.5}},
      .source =
          "Howard et al., arXiv:1905.02244; slope 1/2: Courbariaux, Bengio and David, "
          "arXiv:1511.00363; torch.nn.Hardsigmoid; ONNX HardSigmoid",
      .source_checked = true,
      .conventions =
          "The derivative is 0 where the ramp meets 0 and 1. An alpha that is the double nearest "
          "to "
          "one over a whole number up to 1000 means that fraction: by default a sixth, so that the "
          "ramp begins at -3 and ends at 3. ONNX's slope is the float32 nearest to a fifth.",
      .special_values = {{-kInfinity, 0, 0}, {-0.0, 0.5, 1.0 / 6}, {kInfinity, 1, 0}},
  };

  Real x, beta;
  HardGate gate;

  HWY_INLINE HardSigmoid(Real x, Real alpha, Real beta) : x(x), beta(beta), gate(x, alpha, beta) {}
  HWY_INLINE N Value() const {
    const N ramp = SelectOrZero(gate.inside, gate.slope.template Line<N>(1, x, beta));
    return Select(gate.above, N(1.0), ramp);
  }
  HWY_INLINE N Derivative() const { return SelectOrZero(gate.inside, gate.slope.steepness); }
  HWY_INLINE N InUnits(N multiple) const { return gate.InUnits(multiple); }
  HWY_INLINE N SecondDerivative() const { return 0.0; }
  HWY_INLINE std::array<N, 2> ByParameters() const {
    return {SelectOrZero(gate.inside, x), SelectOrZero(gate.inside, 1.0)};
  }
};

template <class N>
struct HardSwish {
  static constexpr Spec kSpec = {
      .name = "hard_swish",
      .aliases = {"hardswish", "Hardswish", "HardSwish", "hard_silu", "HardSiLU", "hswish",
                  "eltwise_hardswish"},
      .summary = "Swish with a ramp for the logistic function: x hard_sigmoid(x).",
      .formula =
          "Piecewise((0, x <= -beta/alpha), (x, x >= (1 - beta)/alpha), "
          "(x*(alpha*x + beta), True))",
      .parameters = {kRampSlope, kRampOffset},
      .presets = {{"pytorch", "alpha", 1.0 / 6},
                  {"jax", "alpha", 1.0 / 6},
                  {"keras", "alpha", 1.0 / 6},
                  {"onnx", "alpha", 1.0 / 6}},
      .source = "Howard et al., Searching for MobileNetV3, arXiv:1905.02244; torch.nn.Hardswish",
      .source_checked = true,
      .conventions =
          "The derivative is 0 where the ramp meets 0, 1 where it meets 1 (PyTorch 1.13 has "
          "-1/2 at the former, the derivative from within), and the second one 0 at both. A zero "
          "has the sign of x. An alpha that is the double nearest to one over a whole number up to "
          "1000 means that fraction: by default a sixth, so that the function is x (x + 3)/6 "
          "between -3 and 3.",
      .special_values = {{-kInfinity, -0.0, 0},
                         {-8, -0.0, 0},
                         {-0.0, -0.0, 0.5},
                         {0, 0, 0.5},
                         {kInfinity, kInfinity, 1}},
  };

  Real x, beta;
  HardGate gate;

  HWY_INLINE HardSwish(Real x, Real alpha, Real beta) : x(x), beta(beta), gate(x, alpha, beta) {}
  HWY_INLINE N Value() const {
    const Real outside = Select(gate.above, x, WithSign(0.0, x));
    return Select(gate.inside, gate.slope.template Line<N>(1, x, beta) * x, N(outside));
  }
  HWY_INLINE N Derivative() const {
    return Select(gate.inside, gate.slope.template Line<N>(2, x, beta),
                  N(SelectOrZero(gate.above, 1.0)));
  }
  HWY_INLINE N SecondDerivative() const {
    return SelectOrZero(gate.inside, Twice(gate.slope.steepness));
  }
  HWY_INLINE N InUnits(N multiple) const { return gate.InUnits(multiple); }
  HWY_INLINE std::array<N, 2> ByParameters() const {
    return {SelectOrZero(gate.inside, Product<N>(x, x)), SelectOrZero(gate.inside, x)};
  }
};

template <class N>
struct SparseSigmoid {
  static constexpr Spec kSpec = {
      .name = "sparse_sigmoid",
      .aliases = {"sparsesigmoid", "SparseSigmoid"},
      .summary = "The derivative of sparse_plus: (x + 1)/2 clamped to [0, 1].",
      .formula = "Piecewise((0, x <= -1), (1, x >= 1), ((x + 1)/2, True))",
      .variants = {{"jax", "sparse_sigmoid_jax"}},
      .source = "keras.activations.sparse_sigmoid; Blondel, Martins and Niculae, arXiv:1901.02324",
      .source_checked = true,
      .conventions = "The derivative at -1 and 1 is 0.",
      .special_values =
          {{-kInfinity, 0, 0}, {-1, 0, 0}, {0, 0.5, 0.5}, {1, 1, 0}, {kInfinity, 1, 0}},
  };

  Real x;
  Mask inside;

  HWY_INLINE explicit SparseSigmoid(Real x) : x(x), inside(Abs(x) < 1.0) {}
  HWY_INLINE N Value() const {
    const N ramp = Half(SumOf<N>(x, 1.0));
    return Select(x >= 1.0, N(1.0), SelectOrZero(inside, ramp));
  }
  HWY_INLINE N Derivative() const { return SelectOrZero(inside, 0.5); }
  HWY_INLINE N SecondDerivative() const { return 0.0; }
};

template <class N>
struct SparseSigmoidJax : SparseSigmoid<N> {
  static constexpr Spec kSpec = {
      .name = "sparse_sigmoid_jax",
      .summary = "Sparse sigmoid with the derivative that JAX's has where the ramp ends.",
      .formula =
          "Piecewise((0, x < -1), (1, x > 1), ((x + 1)/4, x <= -1), ((x + 3)/4, x >= 1), "
          "((x + 1)/2, True))",
      .source = "jax.nn.sparse_sigmoid: jnp.clip(x + 1, 0, 2)/2",
      .source_checked = true,
      .conventions = "The derivative at -1 and 1 is 1/4.",
      .special_values =
          {{-kInfinity, 0, 0}, {-1, 0, 0.25}, {0, 0.5, 0.5}, {1, 1, 0.25}, {kInfinity, 1, 0}},
  };

  HWY_INLINE explicit SparseSigmoidJax(Real x) : SparseSigmoid<N>(x) {}
  HWY_INLINE N Derivative() const {
    return SelectOrZero(Abs(this->x) <= 1.0, Select(this->inside, 0.5, 0.25));
  }
};

inline constexpr Parameter kShrinkThreshold = {.name = "lambd",
                                               .aliases = {"lambda", "threshold"},
                                               .summary = "size up to which x becomes 0",
                                               .default_value = 0.5,
                                               .range = kNonNegativeBound,
                                               .learnable = true};

// What shrinks have in common: 0 for |x| <= lambd.
struct DeadZone {
  Real x;
  Mask outside;
  Mask open;  // the zone is but a point
  Real zero;  // what stands inside; with the sign of x where the zone is but a point

  HWY_INLINE DeadZone(Real x, Real lambd)
      : x(x), outside(Abs(x) > lambd), open(lambd == 0.0), zero(SelectOrZero(open, x)) {}
  // x, moved toward 0 by `bias`, outside.
  template <class N>
  HWY_INLINE N Moved(Real bias) const {
    return Select(outside, SumOf<N>(x, -WithSignOf(x, bias)), N(zero));
  }
  // Where the zone is but a point, and the function has no jump there, it is x.
  HWY_INLINE Real Slope() const { return SelectOrZero(outside | open, 1.0); }
  HWY_INLINE Real Slope(Real jump) const {
    return SelectOrZero(outside | (open & (jump == 0.0)), 1.0);
  }
  HWY_INLINE Real ByBias() const { return SelectOrZero(outside, WithSign(1.0, -x)); }

 private:
  // `a` where x > 0, -a elsewhere.
  static HWY_INLINE Real WithSignOf(Real x, Real a) { return a * WithSign(1.0, x); }
};

template <class N>
struct HardShrink {
  static constexpr Spec kSpec = {
      .name = "hard_shrink",
      .aliases = {"hardshrink", "Hardshrink", "HardShrink", "hard_threshold"},
      .summary = "x, but 0 where |x| is small.",
      .formula = "Piecewise((x, (x > lambd) | (x < -lambd) | (lambd <= 0)), (0, True))",
      .parameters = {kShrinkThreshold},
      .presets = {{"pytorch", "lambd", 0.5}, {"keras", "lambd", 0.5}, {"tensorflow", "lambd", 0.5}},
      .source = "Donoho and Johnstone, Biometrika 81 (1994); torch.nn.Hardshrink",
      .source_checked = true,
      .conventions =
          "At -lambd and lambd the result and the derivative are 0. With a lambd of 0 the function "
          "is x, and the derivative 1 at 0 too. The gradient by lambd is 0, as it is almost "
          "everywhere.",
      .special_values = {{-kInfinity, -kInfinity, 1},
                         {-0.5, 0, 0},
                         {-0.0, 0, 0},
                         {0.5, 0, 0},
                         {kInfinity, kInfinity, 1}},
  };

  DeadZone zone;

  HWY_INLINE HardShrink(Real x, Real lambd) : zone(x, lambd) {}
  HWY_INLINE N Value() const { return Select(zone.outside, zone.x, zone.zero); }
  HWY_INLINE N Derivative() const { return zone.Slope(); }
  HWY_INLINE N SecondDerivative() const { return 0.0; }
  HWY_INLINE std::array<N, 1> ByParameters() const { return {N(0.0)}; }
};

template <class N>
struct SoftShrink {
  static constexpr Spec kSpec = {
      .name = "soft_shrink",
      .aliases = {"softshrink", "Softshrink", "SoftShrink", "soft_threshold"},
      .summary = "x moved toward 0 by lambd, and 0 where it would pass it.",
      .formula =
          "Piecewise((x - lambd, x > lambd), (x + lambd, x < -lambd), (x, lambd <= 0), (0, True))",
      .parameters = {kShrinkThreshold},
      .presets = {{"pytorch", "lambd", 0.5}, {"keras", "lambd", 0.5}, {"tensorflow", "lambd", 0.5}},
      .source = "Donoho and Johnstone, Biometrika 81 (1994); torch.nn.Softshrink",
      .source_checked = true,
      .conventions =
          "At -lambd and lambd the derivative is 0. With a lambd of 0 the function is x, and the "
          "derivative 1 at 0 too.",
      .special_values = {{-kInfinity, -kInfinity, 1},
                         {-0.5, 0, 0},
                         {-0.0, 0, 0},
                         {0.5, 0, 0},
                         {kInfinity, kInfinity, 1}},
  };

  DeadZone zone;
  Real lambd;

  HWY_INLINE SoftShrink(Real x, Real lambd) : zone(x, lambd), lambd(lambd) {}
  HWY_INLINE N Value() const { return zone.Moved<N>(lambd); }
  HWY_INLINE N Derivative() const { return zone.Slope(); }
  HWY_INLINE N SecondDerivative() const { return 0.0; }
  HWY_INLINE std::array<N, 1> ByParameters() const { return {zone.ByBias()}; }
};

template <class N>
struct Shrink {
  static constexpr Spec kSpec = {
      .name = "shrink",
      .aliases = {"Shrink"},
      .summary = "x moved toward 0 by a bias, but 0 where |x| is small.",
      .formula =
          "Piecewise((x + bias, x < -lambd), (x - bias, x > lambd), "
          "(x, (lambd <= 0) & (bias <= 0) & (bias >= 0)), (0, True))",
      .parameters = {kShrinkThreshold,
                     {.name = "bias",
                      .summary = "how far x is moved",
                      .default_value = 0,
                      .learnable = true}},
      .presets = {{"onnx", "lambd", 0.5}, {"onnx", "bias", 0}},
      .source = "ONNX Shrink",
      .source_checked = true,
      .conventions =
          "At -lambd and lambd the result and the derivative are 0. With a lambd and a bias of 0 "
          "the function is x, and the derivative 1 at 0 too; with another bias it jumps there, and "
          "the derivative at 0 is 0. The gradient by lambd is 0, as it is almost everywhere.",
      .special_values = {{-kInfinity, -kInfinity, 1},
                         {-0.5, 0, 0},
                         {-0.0, 0, 0},
                         {0.5, 0, 0},
                         {kInfinity, kInfinity, 1}},
  };

  DeadZone zone;
  Real bias;

  HWY_INLINE Shrink(Real x, Real lambd, Real bias) : zone(x, lambd), bias(bias) {}
  HWY_INLINE N Value() const { return zone.Moved<N>(bias); }
  HWY_INLINE N Derivative() const { return zone.Slope(bias); }
  HWY_INLINE N SecondDerivative() const { return 0.0; }
  HWY_INLINE std::array<N, 2> ByParameters() const { return {N(0.0), zone.ByBias()}; }
};

using HardActivations = MapFamily<HardTanh, HardTanhJax, Clip, ClipJax, HardSigmoid, HardSwish,
                                  SparseSigmoid, SparseSigmoidJax, HardShrink, SoftShrink, Shrink>;

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_ACTIVATIONS_HARD_INL_H_
