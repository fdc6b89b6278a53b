// Shrinks: 0 around 0, and x, or x moved towards 0, beyond.

#if defined(RECTIFIER_CORE_ACTIVATIONS_SHRINKS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_ACTIVATIONS_SHRINKS_INL_H_
#undef RECTIFIER_CORE_ACTIVATIONS_SHRINKS_INL_H_
#else
#define RECTIFIER_CORE_ACTIVATIONS_SHRINKS_INL_H_
#endif

#include <array>

#include "core/functions/lines-inl.h"
#include "core/spec.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

inline constexpr Parameter kShrinkThreshold = {.name = "lambd",
                                               .aliases = {"lambda", "threshold"},
                                               .summary = "size up to which x becomes 0",
                                               .default_value = 0.5,
                                               .range = kNonNegativeBound,
                                               .learnable = true};

// What shrinks have in common: 0 for |x| <= lambd.
struct DeadZone {
  Double x;
  Mask outside;
  Mask open;    // the zone is but a point
  Double zero;  // what stands inside; with the sign of x where the zone is but a point

  HWY_INLINE DeadZone(Double x, Double lambd)
      : x(x), outside(Abs(x) > lambd), open(lambd == 0.0), zero(SelectOrZero(open, x)) {}
  // x, moved toward 0 by `bias`, outside.
  template <class N>
  HWY_INLINE N Moved(Double bias) const {
    return Select(outside, SumOf<N>(x, -WithSignOf(x, bias)), N(zero));
  }
  // Where the zone is but a point, and the function has no jump there, it is x.
  HWY_INLINE Double Slope() const { return SelectOrZero(outside | open, 1.0); }
  HWY_INLINE Double Slope(Double jump) const {
    return SelectOrZero(outside | (open & (jump == 0.0)), 1.0);
  }
  HWY_INLINE Double ByBias() const { return SelectOrZero(outside, WithSign(1.0, -x)); }

 private:
  // `a` where x > 0, -a elsewhere.
  static HWY_INLINE Double WithSignOf(Double x, Double a) { return a * WithSign(1.0, x); }
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
  static constexpr bool kIsExact = true;

  DeadZone zone;

  HWY_INLINE HardShrink(Double x, Double lambd) : zone(x, lambd) {}
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
  Double lambd;

  HWY_INLINE SoftShrink(Double x, Double lambd) : zone(x, lambd), lambd(lambd) {}
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
  Double bias;

  HWY_INLINE Shrink(Double x, Double lambd, Double bias) : zone(x, lambd), bias(bias) {}
  HWY_INLINE N Value() const { return zone.Moved<N>(bias); }
  HWY_INLINE N Derivative() const { return zone.Slope(bias); }
  HWY_INLINE N SecondDerivative() const { return 0.0; }
  HWY_INLINE std::array<N, 2> ByParameters() const { return {N(0.0), zone.ByBias()}; }
};

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_ACTIVATIONS_SHRINKS_INL_H_
