// The elements of rows less their maximum, in units of the temperature; and what has no weight.

#if defined(RECTIFIER_CORE_ACTIVATIONS_SHIFTED_ROW_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_ACTIVATIONS_SHIFTED_ROW_INL_H_
#undef RECTIFIER_CORE_ACTIVATIONS_SHIFTED_ROW_INL_H_
#else
#define RECTIFIER_CORE_ACTIVATIONS_SHIFTED_ROW_INL_H_
#endif

#include <type_traits>

#include "core/activations/row_parameters.h"
#include "core/functions/row_exponential-inl.h"
#include "core/loops/rows-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

// The elements of each row as t = (x - max) / temperature.
template <class Rows>
class ShiftedRow {
 public:
  using N = typename Rows::Number;
  using Element = typename Rows::Element;

  HWY_INLINE ShiftedRow(const Rows& rows, Element largest)
      : rows_(rows),
        maximum_(Select(High(largest) == -kInfinity, Element(0.0), largest)),
        infinite_(Any(High(maximum_) == kInfinity)) {
    const Double temperature = rows.Parameter(kTemperatureIndex);
    const Mask small = temperature<kSmall, large = temperature> 1 / kSmall;
    extreme_ = Any(small | large);
    underflows_ = !std::is_same_v<N, Double> || extreme_ || rows.WantsParameterTerm();
    before_ = Select(large, kShrinks, 1.0);
    after_ = Select(small, 1 / kShrinks, 1.0);
    by_temperature_ = N(1.0) / N(temperature * before_ * after_);
    plain_ = !infinite_ && hn::AllTrue(F64(), (temperature == 1.0).m);
  }

  // e^t, 0 at -infinity. Where it is multiplied by t or by a number of any size, it underflows as a
  // double does.
  HWY_INLINE N Weight(N t) const {
    const N e = RowWeight(t);
    if constexpr (std::is_same_v<N, Double>) {
      const Mask deep = t < -kLargestExponent;
      if (underflows_ && Any(deep)) {
        const Double root = RowExp(t * 0.5);
        return Select(deep, root * root, e);
      }
    }
    return e;
  }

  // At a step: 0 at the maximum, so that infinity may be one.
  HWY_INLINE N operator()(size_t step) const { return Of(rows_.X(step)); }
  HWY_INLINE N Of(Element x) const {
    if (plain_) return Difference<N>(x, maximum_);
    N t = extreme_ ? Extreme(x) : Difference<N>(x, maximum_);
    t = t * by_temperature_;
    if (infinite_) t = Select(Equal(x, maximum_), N(0.0), t);
    return t;
  }

  // Where t is -infinity however high the temperature is.
  HWY_INLINE Mask IsOut(size_t step) const {
    const Element x = rows_.X(step);
    const Mask below = AndNot(Equal(x, maximum_) | IsNaN(High(x)), High(maximum_) == kInfinity);
    return (High(x) == -kInfinity) | below;
  }

  // Where an element's part in e * scale * factor is an exact 0: it has no weight or, against an
  // infinity, one that counts as 0. An e that underflows otherwise gives a 0 with a sign. In a row
  // with a NaN, of which `scale` is one, nothing is 0.
  HWY_INLINE Mask IsDiscarded(size_t step, N e, N scale, N factor) const {
    const Mask finite = Abs(High(factor)) < kInfinity;
    const Mask zero = AndNot(IsNaN(High(scale)), High(e) == 0.0);
    if (!underflows_) return zero;
    return AndNot(finite, zero) | (zero & IsOut(step));
  }

  // Whether a weight may be 0 that is not.
  HWY_INLINE bool underflows() const { return underflows_; }

  // 1 / temperature, but for a power of two, which Unscaled makes up for at the end: so nothing
  // overflows or underflows that the result does not.
  HWY_INLINE N by_temperature() const { return by_temperature_; }
  HWY_INLINE N Unscaled(N product) const {
    return extreme_ ? product * N(before_ * after_) : product;
  }

 private:
  // Beyond these temperatures and their reciprocals powers of two are taken out.
  static constexpr double kSmall = 0x1p-600;
  static constexpr double kShrinks = 0x1p-200;

  // Differences from the maximum may overflow that are no larger than the temperature; small ones
  // are not lost where the temperature is as small.
  HWY_INLINE N Extreme(Element x) const {
    return Difference<N>(Times(x, before_), Times(maximum_, before_)) * N(after_);
  }
  static HWY_INLINE Double Times(Double x, Double power) { return x * power; }
  static HWY_INLINE NormalizedDoubleDouble Times(NormalizedDoubleDouble x, Double power) {
    return {x.hi * power, x.lo * power};
  }

  const Rows& rows_;
  const Element maximum_;
  const bool infinite_;
  Double before_, after_;
  N by_temperature_;
  bool plain_, extreme_, underflows_;
};

// t * term, 0 where t is -infinity: what has no weight has no part in a sum.
HWY_INLINE Double Weighted(Double t, Double term) {
  return SelectOrZero(IsNaN(t) | (t > -kInfinity), t * term);
}
HWY_INLINE NormalizedDoubleDouble Weighted(NormalizedDoubleDouble t, NormalizedDoubleDouble term) {
  return SelectOrZero(IsNaN(t.hi) | (t.hi > -kInfinity), t * term);
}

// `term`, 0 where the weight counts as 0: what is not selected is discarded, an infinity as well.
template <class N>
HWY_INLINE N Discarding(N weight, N term) {
  return Select(High(weight) == 0.0, N(0.0), term);
}

HWY_INLINE Mask IsFinite(Double a) { return Abs(a) < kInfinity; }

// Whether no row of a group has a NaN, by a number that would be one.
HWY_INLINE bool AllFinite(Double a) { return hn::AllTrue(F64(), IsFinite(a).m); }

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_ACTIVATIONS_SHIFTED_ROW_INL_H_
