// Clamps: x between two bounds.

#if defined(RECTIFIER_CORE_ACTIVATIONS_CLAMPS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_ACTIVATIONS_CLAMPS_INL_H_
#undef RECTIFIER_CORE_ACTIVATIONS_CLAMPS_INL_H_
#else
#define RECTIFIER_CORE_ACTIVATIONS_CLAMPS_INL_H_
#endif

#include <array>

#include "core/functions/lines-inl.h"
#include "core/spec.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

// What a derivative is at the bounds of a clamp: 0, or that of the line between them.
enum class AtBounds { kFlat, kInside };

// x between two bounds; the upper one wins where they cross.
template <class N, AtBounds kAtBounds = AtBounds::kFlat>
struct Clamp {
  static constexpr bool kIsExact = true;

  Double x, low, high;
  Mask above, below;

  HWY_INLINE Clamp(Double x, Double low, Double high) : x(x), low(low), high(high) {
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
  HWY_INLINE HardTanh(Double x, Double low, Double high) : Clamp<N>(x, low, high) {}
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
  HWY_INLINE HardTanhJax(Double x, Double low, Double high)
      : Clamp<N, AtBounds::kInside>(x, low, high) {}
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
  HWY_INLINE Clip(Double x, Double low, Double high) : Clamp<N, AtBounds::kInside>(x, low, high) {}
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
  static constexpr bool kIsExact = true;

  Double x, low, high;
  Double of_larger;   // the derivative of max(x, low) by x
  Double of_smaller;  // that of min(max(x, low), high) by the former

  HWY_INLINE ClipJax(Double x, Double low, Double high)
      : x(x),
        low(low),
        high(high),
        of_larger(Share(x, low)),
        of_smaller(Share(high, Select(x > low, x, low))) {}
  HWY_INLINE N Value() const {
    const Double larger = Select(low >= x, low, x);
    return Select((low > high) | (larger >= high), high, larger);
  }
  HWY_INLINE N Derivative() const { return of_larger * of_smaller; }
  HWY_INLINE N SecondDerivative() const { return 0.0; }
  HWY_INLINE std::array<N, 2> ByParameters() const {
    return {N((Double(1.0) - of_larger) * of_smaller), N(Double(1.0) - of_smaller)};
  }

 private:
  // Of the larger of two numbers by the first: 1, 0, or 1/2 where they are equal. Infinities that
  // stand for absent bounds take no share.
  static HWY_INLINE Double Share(Double a, Double b) {
    const Mask equal = (a == b) & (Abs(a) < kInfinity);
    return Select(equal, 0.5, SelectOrZero(a >= b, 1.0));
  }
};

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_ACTIVATIONS_CLAMPS_INL_H_
