// Softmax, softmin and gumbel_softmax along an axis, from one pass of exponentials.

#if defined(RECTIFIER_CORE_ACTIVATIONS_ROWS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_ACTIVATIONS_ROWS_INL_H_
#undef RECTIFIER_CORE_ACTIVATIONS_ROWS_INL_H_
#else
#define RECTIFIER_CORE_ACTIVATIONS_ROWS_INL_H_
#endif

#include "core/activations/row_parameters.h"
#include "core/simd/row_exponential-inl.h"
#include "core/simd/rows-inl.h"
#include "core/spec.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

// The elements of each row as t = (x - max) / temperature.
template <class Rows>
class ShiftedRow {
 public:
  using N = typename Rows::Number;

  HWY_INLINE ShiftedRow(const Rows& rows, Real largest)
      : rows_(rows),
        maximum_(Select(largest == -kInfinity, 0.0, largest)),
        by_temperature_(N(1.0) / N(rows.Parameter(kTemperatureIndex))),
        scales_(rows.Parameter(kTemperatureIndex) != 1),
        infinite_(!hn::AllFalse(F64(), (maximum_ == kInfinity).m)) {}

  HWY_INLINE N by_temperature() const { return by_temperature_; }

  // At a step: 0 at the maximum, so that infinity may be one.
  HWY_INLINE N operator()(size_t step) const {
    if constexpr (Rows::kHasNoise) {
      // Not x + noise rounded to a double: so it is only near 0 at the maximum.
      const Real x = rows_.XBeforeNoise(step);
      return Scaled(x, Difference<N>(x, maximum_) + rows_.Noise(step));
    }
    return Of(rows_.X(step));
  }
  HWY_INLINE N Of(Real x) const { return Scaled(x, Difference<N>(x, maximum_)); }

 private:
  HWY_INLINE N Scaled(Real x, N t) const {
    if (scales_) t = t * by_temperature_;
    if (infinite_) t = Select(x == maximum_, N(0.0), t);
    return t;
  }

  const Rows& rows_;
  const Real maximum_;
  const N by_temperature_;
  const bool scales_;
  const bool infinite_;
};

// t * term, 0 where t is -infinity: what has no weight has no part in a sum.
HWY_INLINE Real Weighted(Real t, Real term) {
  return SelectOrZero(IsNaN(t) | (t > -kInfinity), t * term);
}
HWY_INLINE Extended Weighted(Extended t, Extended term) {
  return SelectOrZero(IsNaN(t.hi) | (t.hi > -kInfinity), t * term);
}

// Whether no row of a group has a NaN, by a number that would be one.
HWY_INLINE bool AllFinite(Real a) { return hn::AllTrue(F64(), (Abs(a) < kInfinity).m); }

// y = e^t / sum(e^t), and its gradient y (g - sum(g y)).
struct SoftmaxKernel {
  template <class Rows>
  static HWY_INLINE void Evaluate(const Rows& rows) {
    using N = typename Rows::Number;
    const Real largest = LargestOfRow(rows);
    const ShiftedRow<Rows> shifted(rows, largest);
    if (!rows.WantsDerivatives()) {
      typename Rows::Sums exponentials;
      for (size_t i = 0; i < rows.Steps(); ++i) {
        rows.PrefetchNext(i);
        const N e = RowExp(shifted(i));
        rows.Save(i, e);
        exponentials.Add(i, e);
      }
      return WriteValues(rows, Reciprocal(exponentials.Total(), largest));
    }
    // The gradient does not change when a constant is taken from g. Taking the one at the maximum
    // leaves the largest y the most digits, and 0 for a constant upstream.
    const Real origin = UpstreamAtLargest(rows, largest);
    typename Rows::Sums exponentials, moments;
    for (size_t i = 0; i < rows.Steps(); ++i) {
      rows.PrefetchNext(i);
      const N e = RowExp(shifted(i));
      rows.Save(i, e);
      exponentials.Add(i, e);
      moments.AddProduct(i, e, Difference<N>(rows.Upstream(i), origin));
    }
    const N by_total = Reciprocal(exponentials.Total(), largest);
    const N mean = moments.Total() * by_total;
    const N scale = by_total * shifted.by_temperature();
    if (rows.WantsParameterTerm()) {
      WriteParameterTerm(rows, shifted, scale, origin, mean);
    }
    if (AllFinite(Rounded(by_total)) && AllFinite(Rounded(mean))) {
      WriteOutputs<true>(rows, by_total, scale, origin, mean);
    } else {
      WriteOutputs<false>(rows, by_total, scale, origin, mean);
    }
  }

 private:
  // 1 / total; 0 where nothing is larger than -infinity.
  template <class N>
  static HWY_INLINE N Reciprocal(N total, Real largest) {
    const Mask nothing = (largest == -kInfinity) & Mask{hn::Not(IsNaN(Rounded(total)).m)};
    return Select(nothing, N(0.0), N(1.0) / total);
  }

  template <class Rows, class N>
  static HWY_INLINE void WriteValues(const Rows& rows, N by_total) {
    if (AllFinite(Rounded(by_total))) {
      for (size_t i = 0; i < rows.Steps(); ++i) {
        rows.template WriteValue<true>(i, Rounded(rows.Saved(i) * by_total));
      }
    } else {
      for (size_t i = 0; i < rows.Steps(); ++i) {
        rows.WriteValue(i, Rounded(rows.Saved(i) * by_total));
      }
    }
  }

  template <bool kNumbers, class Rows, class N>
  static HWY_INLINE void WriteOutputs(const Rows& rows, N by_total, N scale, Real origin, N mean) {
    for (size_t i = 0; i < rows.Steps(); ++i) {
      const N e = rows.Saved(i);
      if (rows.WantsValue()) rows.template WriteValue<kNumbers>(i, Rounded(e * by_total));
      if (!rows.WantsGradient()) continue;
      const N centred = Difference<N>(rows.Upstream(i), origin) - mean;
      rows.template WriteGradient<kNumbers>(i, Rounded(e * scale * centred));
    }
  }

  template <class Rows, class N>
  static HWY_INLINE void WriteParameterTerm(const Rows& rows, const ShiftedRow<Rows>& shifted,
                                            N scale, Real origin, N mean) {
    typename Rows::Sums sum;
    for (size_t i = 0; i < rows.Steps(); ++i) {
      const N centred = Difference<N>(rows.Upstream(i), origin) - mean;
      sum.Add(i, Weighted(shifted(i), rows.Saved(i) * scale * centred));
    }
    rows.WriteParameterTerm(-sum.Total());
  }
};

struct Softmax : SoftmaxKernel {
  static constexpr Spec kSpec = {
      .name = "softmax",
      .aliases = {"Softmax", "softmax2d", "Softmax2d", "Softmax2D", "safe_softmax"},
      .summary = "Exponentials along an axis, scaled to a sum of 1.",
      .formula = "exp(x[i]/temperature)/sum(exp(t/temperature) for t in x)",
      .parameters = {kAlongAxes, kTemperature, kKeepMask},
      .presets = {{"", "axis", -3, {"softmax2d", "Softmax2d", "Softmax2D"}}},
      .source = "Bridle 1990; jax.nn.softmax",
      .source_checked = true,
      .conventions =
          "A row of -infinity alone, or with every element left out, gives 0 and gradient 0. "
          "Infinities share the mass. The name softmax2d runs along axis -3.",
      .accuracy = kRowAccuracy,
  };
};

struct Softmin : SoftmaxKernel {
  static constexpr bool kNegates = true;
  static constexpr Spec kSpec = {
      .name = "softmin",
      .aliases = {"Softmin", "soft_min"},
      .summary = "Softmax of -x: the smallest element weighs most.",
      .formula = "exp(-x[i]/temperature)/sum(exp(-t/temperature) for t in x)",
      .parameters = {kAlongAxes, kTemperature, kKeepMask},
      .source = "torch.nn.Softmin",
      .source_checked = true,
      .conventions =
          "A row of +infinity alone, or with every element left out, gives 0 and gradient 0. "
          "Elements of -infinity share the mass.",
      .accuracy = kRowAccuracy,
  };
};

struct GumbelSoftmax {
  static constexpr bool kIsRandom = true;
  static constexpr Spec kSpec = {
      .name = "gumbel_softmax",
      .aliases = {"GumbelSoftmax", "concrete"},
      .summary = "Softmax of x with Gumbel noise: a differentiable draw from the classes.",
      .formula =
          "exp((x[i] - log(-log(u[i])))/temperature)"
          "/sum(exp((t - log(-log(v)))/temperature) for t, v in zip(x, u))",
      .parameters = {kAlongAxes,
                     kTemperature,
                     {.name = "hard",
                      .summary = "true: the value is 1 at the largest and 0 elsewhere, with the "
                                 "gradient of the soft value (straight through)",
                      .type = ParameterType::kWord,
                      .words = {"false", "true"}},
                     kNoiseSeed,
                     kNoiseOffset,
                     kKeepMask},
      .source =
          "Jang, Gu and Poole, arXiv:1611.01144; Maddison, Mnih and Teh, arXiv:1611.00712; "
          "torch and paddle gumbel_softmax; draws: Philox4x32-10, Salmon et al., SC 2011",
      .source_checked = true,
      .conventions =
          "u[i] is (floor(2^52 p) + 1/2)/2^52, with p the draw of Philox4x32-10 under seed at "
          "counter offset + i, 53 bits in [0, 1), and i the element's index in the input: the same "
          "wherever and however often it is computed. Without a seed u is 1/2, and the result "
          "softmax's. A row of -infinity alone, or with every element left out, gives 0 and "
          "gradient 0.",
      .accuracy = kRowAccuracy,
  };

  template <class Rows>
  static HWY_INLINE void Evaluate(const Rows& rows) {
    SoftmaxKernel::Evaluate(rows);
    if (rows.Parameter(kHardIndex) == 0 || !rows.WantsValue()) return;
    const Real first = FirstOfLargest(rows, LargestOfRow(rows));
    const Real nan = NaNOfRow(rows);
    for (size_t i = 0; i < rows.Steps(); ++i) {
      rows.WriteValue(i, SelectOrZero(rows.Index(i) == first, Real(1.0)) + nan);
    }
  }

 private:
  static constexpr size_t kHardIndex = 2;
};

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_ACTIVATIONS_ROWS_INL_H_
