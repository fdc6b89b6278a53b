// Softmax, softmin and gumbel_softmax along an axis, from one pass of exponentials.

#if defined(RECTIFIER_CORE_ACTIVATIONS_SOFTMAX_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_ACTIVATIONS_SOFTMAX_INL_H_
#undef RECTIFIER_CORE_ACTIVATIONS_SOFTMAX_INL_H_
#else
#define RECTIFIER_CORE_ACTIVATIONS_SOFTMAX_INL_H_
#endif

#include <type_traits>

#include "core/activations/row_parameters.h"
#include "core/activations/shifted_row-inl.h"
#include "core/functions/row_exponential-inl.h"
#include "core/loops/rows-inl.h"
#include "core/spec.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

// y = e^t / sum(e^t), with an extra 0 in the row where `kExtraZero`, and its gradient
// y (g - sum(g y)), for which the extra element's g is 0.
template <bool kExtraZero>
struct SoftmaxKernel {
  template <class Rows>
  static HWY_INLINE void Evaluate(const Rows& rows) {
    using N = typename Rows::Number;
    using Element = typename Rows::Element;
    const Element largest_of_row = LargestOfRow(rows);
    const Mask extra_is_largest = {hn::Not((High(largest_of_row) > 0.0).m)};
    const Element largest =
        kExtraZero ? Select(extra_is_largest, Element(0.0), largest_of_row) : largest_of_row;
    const ShiftedRow<Rows> shifted(rows, largest);
    if (!rows.WantsDerivatives()) {
      typename Rows::Sums exponentials;
      for (size_t i = 0; i < rows.Steps(); ++i) {
        rows.PrefetchNext(i);
        const N e = RowExp(shifted(i));
        rows.Save(i, e);
        exponentials.Add(i, e);
      }
      N total = exponentials.Total();
      if (kExtraZero) total = total + RowExp(shifted.Of(Element(0.0)));
      return WriteValues(rows, Reciprocal(total, largest));
    }
    // The gradient does not change when a constant is taken from g. Taking the one at the maximum
    // leaves the largest y the most digits, and 0 for a constant upstream.
    Double origin = UpstreamAtLargest(rows, largest_of_row);
    if (kExtraZero) origin = Select(extra_is_largest, 0.0, origin);
    typename Rows::Sums exponentials, moments;
    for (size_t i = 0; i < rows.Steps(); ++i) {
      rows.PrefetchNext(i);
      const N e = shifted.Weight(shifted(i));
      rows.Save(i, e);
      exponentials.Add(i, e);
      moments.AddProduct(i, e, Difference<N>(rows.Upstream(i), origin));
    }
    N total = exponentials.Total(), moment = moments.Total();
    const N t = kExtraZero ? shifted.Of(Element(0.0)) : N(0.0);
    const N extra = kExtraZero ? shifted.Weight(t) : N(0.0);
    if (kExtraZero) {
      total = total + extra;
      moment = moment - UnsignedZeroProduct(extra, N(origin));
    }
    const N by_total = Reciprocal(total, largest);
    N mean = moment * by_total;
    const bool finite = AllFinite(Rounded(by_total)) && AllFinite(Rounded(mean));
    if (!finite) {
      const N selected = MomentOfSelected(rows, origin, extra) * by_total;
      mean = Select(Abs(Rounded(mean)) < kInfinity, mean, selected);
    }
    const N scale = by_total * shifted.by_temperature();
    if (rows.WantsParameterTerm()) {
      N sum = SumOfParameterTerms(rows, shifted, scale, origin, mean);
      if (kExtraZero) sum = sum + ParameterTerm(t, extra, scale, N(0.0) - N(origin) - mean);
      rows.WriteParameterTerm(shifted.Unscaled(-sum));
    }
    if (finite && !(std::is_same_v<N, Double> && shifted.underflows())) {
      WriteOutputs<true>(rows, shifted, by_total, scale, origin, mean);
    } else {
      WriteOutputs<false>(rows, shifted, by_total, scale, origin, mean);
    }
  }

 private:
  // 1 / total; 0 where nothing is larger than -infinity.
  template <class N, class Element>
  static HWY_INLINE N Reciprocal(N total, Element largest) {
    const Mask nothing = (High(largest) == -kInfinity) & Mask{hn::Not(IsNaN(Rounded(total)).m)};
    return Select(nothing, N(0.0), N(1.0) / total);
  }

  // The sum of e (g - origin), where an infinity of g may meet an e of 0.
  template <class Rows, class N>
  static HWY_NOINLINE N MomentOfSelected(const Rows& rows, Double origin, N extra) {
    typename Rows::Sums moments;
    for (size_t i = 0; i < rows.Steps(); ++i) {
      const N e = rows.Saved(i);
      moments.Add(i, Discarding(e, e * Difference<N>(rows.Upstream(i), origin)));
    }
    return moments.Total() - Discarding(extra, extra * N(origin));
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

  // By x: e (g - mean) / (total * temperature), yet to be unscaled.
  template <bool kNumbers, class Rows, class N>
  static HWY_INLINE N GradientAt(const Rows& rows, const ShiftedRow<Rows>& shifted, size_t i,
                                 N scale, Double origin, N mean) {
    const N e = rows.Saved(i);
    N centred = Difference<N>(rows.Upstream(i), origin) - mean;
    if (Rows::kIsNegated) centred = -centred;
    if constexpr (kNumbers && std::is_same_v<N, Double>) {
      return UnsignedZeroProduct(e * scale, centred);
    } else {
      const Mask zero = (High(centred) == 0.0) | shifted.IsDiscarded(i, e, scale, centred);
      return Select(zero, N(0.0), e * scale * centred);
    }
  }

  template <bool kNumbers, class Rows, class N>
  static HWY_INLINE void WriteOutputs(const Rows& rows, const ShiftedRow<Rows>& shifted, N by_total,
                                      N scale, Double origin, N mean) {
    for (size_t i = 0; i < rows.Steps(); ++i) {
      if (rows.WantsValue()) {
        rows.template WriteValue<kNumbers>(i, Rounded(rows.Saved(i) * by_total));
      }
      if (!rows.WantsGradient()) continue;
      const N gradient = GradientAt<kNumbers>(rows, shifted, i, scale, origin, mean);
      rows.template WriteGradient<kNumbers>(i, shifted.Unscaled(gradient));
    }
  }

  template <class Rows, class N>
  static HWY_INLINE N SumOfParameterTerms(const Rows& rows, const ShiftedRow<Rows>& shifted,
                                          N scale, Double origin, N mean) {
    typename Rows::Sums sum(-0.0);
    for (size_t i = 0; i < rows.Steps(); ++i) {
      const N centred = Difference<N>(rows.Upstream(i), origin) - mean;
      const N term = ParameterTerm(shifted(i), rows.Saved(i), scale, centred);
      sum.Add(i, Select(shifted.IsOut(i), N(-0.0), term));
    }
    return sum.Total();
  }

  // t e (g - mean) / (total * temperature), yet to be unscaled: -0, which changes no sum, where
  // that is an exact 0. One that underflows is a 0 with a sign of its own.
  template <class N>
  static HWY_INLINE N ParameterTerm(N t, N e, N scale, N centred) {
    const Mask counts = {
        hn::Not(((High(t) == 0.0) | (High(t) == -kInfinity) | (High(centred) == 0.0)).m)};
    const Mask discards = AndNot(IsFinite(High(centred)), High(e) == 0.0);
    return Select(AndNot(discards, counts), t * (e * scale * centred), N(-0.0));
  }
};

struct Softmax : SoftmaxKernel<false> {
  static constexpr Spec kSpec = {
      .name = "softmax",
      .aliases = {"Softmax", "softmax2d", "Softmax2d", "Softmax2D", "safe_softmax"},
      .summary = "Exponentials along an axis, scaled to a sum of 1.",
      .formula = "exp(x[i]/temperature)/sum(exp(t/temperature) for t in x)",
      .parameters = {kAlongAxes, kTemperature, kKeepMask, kAddedBias},
      .presets = {{"", "axis", -3, {"softmax2d", "Softmax2d", "Softmax2D"}}},
      .source = "Bridle 1990; jax.nn.softmax",
      .source_checked = true,
      .conventions =
          "A row of -infinity alone, or with every element left out, gives 0 and gradient 0. "
          "Infinities share the mass. The name softmax2d runs along axis -3.",
      .accuracy = kRowAccuracy,
  };
};

struct Softmin : SoftmaxKernel<false> {
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

struct QuietSoftmax : SoftmaxKernel<true> {
  static constexpr Spec kSpec = {
      .name = "quiet_softmax",
      .aliases = {"QuietSoftmax", "softmax1", "softmax_1", "softmax_one", "softmax_plus_one",
                  "off_by_one_softmax"},
      .summary = "Softmax with one more in the denominator: a row may choose nothing.",
      .formula = "exp(x[i]/temperature)/(1 + sum(exp(t/temperature) for t in x))",
      .parameters = {kAlongAxes, kTemperature, kKeepMask, kAddedBias},
      .source = "Miller 2023, Attention Is Off By One",
      .conventions =
          "Softmax of the row with one more element, a 0, that is not shown. A row of -infinity "
          "alone, or with every element left out, gives 0 and gradient 0. Infinities share the "
          "mass.",
      .accuracy = kRowAccuracy,
  };
};

struct GumbelSoftmax {
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
                     kKeepMask,
                     kAddedBias},
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
    SoftmaxKernel<false>::Evaluate(rows);
    if (rows.Word(kHardIndex) == 0 || !rows.WantsValue()) return;
    const Double first = FirstOfLargest(rows, LargestOfRow(rows));
    const Double nan = NaNOfRow(rows);
    for (size_t i = 0; i < rows.Steps(); ++i) {
      rows.WriteValue(i, SelectOrZero(rows.Index(i) == first, Double(1.0)) + nan);
    }
  }

 private:
  static constexpr size_t kHardIndex = 2;
};

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_ACTIVATIONS_SOFTMAX_INL_H_
