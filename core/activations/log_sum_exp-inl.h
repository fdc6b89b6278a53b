// log_softmax, and the logarithms of sums and means of exponentials along an axis.

#if defined(RECTIFIER_CORE_ACTIVATIONS_LOG_SUM_EXP_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_ACTIVATIONS_LOG_SUM_EXP_INL_H_
#undef RECTIFIER_CORE_ACTIVATIONS_LOG_SUM_EXP_INL_H_
#else
#define RECTIFIER_CORE_ACTIVATIONS_LOG_SUM_EXP_INL_H_
#endif

#include "core/activations/row_parameters.h"
#include "core/activations/softmax-inl.h"
#include "core/functions/row_exponential-inl.h"
#include "core/loops/rows-inl.h"
#include "core/spec.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

// What is left of the sum of exponentials beside the largest, which is 1: ln(1 + rest) is accurate
// next to 0 as well.
template <class Rows>
struct RestOfRow {
  using N = typename Rows::Number;

  N rest;
  N log;       // ln(1 + rest)
  N by_total;  // 1 / (1 + rest)

  HWY_INLINE explicit RestOfRow(N rest)
      : rest(rest), log(RowLog1p(rest)), by_total(N(1.0) / (rest + N(1.0))) {}
};

struct LogSoftmax {
  static constexpr Spec kSpec = {
      .name = "log_softmax",
      .aliases = {"logsoftmax", "LogSoftmax"},
      .summary = "The logarithm of softmax.",
      .formula = "x[i]/temperature - log(sum(exp(t/temperature) for t in x))",
      .parameters = {kAlongAxes, kTemperature, kKeepMask, kAddedBias},
      .source = "torch.nn.LogSoftmax; jax.nn.log_softmax",
      .source_checked = true,
      .conventions =
          "What is left out gives -infinity and gradient 0, and so does a row of -infinity alone.",
      .accuracy = kRowAccuracy,
  };

  template <class Rows>
  static HWY_INLINE void Evaluate(const Rows& rows) {
    using N = typename Rows::Number;
    const typename Rows::Element largest = LargestOfRow(rows);
    const Double first = FirstOfLargest(rows, largest);
    const ShiftedRow<Rows> shifted(rows, largest);
    const bool differentiates = rows.WantsDerivatives();
    typename Rows::Sums exponentials, upstreams;  // but those of the first of the largest
    for (size_t i = 0; i < rows.Steps(); ++i) {
      const Mask other = {hn::Ne(rows.Index(i).v, first.v)};
      const N e = shifted.Weight(shifted(i));
      exponentials.Add(i, SelectOrZero(other, e));
      if (!differentiates) continue;
      rows.Save(i, e);
      upstreams.Add(i, N(SelectOrZero(other, rows.Upstream(i))));
    }
    const RestOfRow<Rows> sum(exponentials.Total());
    if (rows.WantsValue()) {
      for (size_t i = 0; i < rows.Steps(); ++i) {
        rows.WriteValue(i, Rounded(shifted(i) - sum.log));
      }
    }
    if (differentiates) Differentiate(rows, first, shifted, sum, upstreams.Total());
  }

 private:
  // g - softmax(x) sum(g). At the largest element, where softmax may be next to 1, that is
  // (1 - softmax) sum(g) less the others' g.
  template <class Rows, class N>
  static HWY_INLINE void Differentiate(const Rows& rows, Double first,
                                       const ShiftedRow<Rows>& shifted, const RestOfRow<Rows>& sum,
                                       N others) {
    const Mask something = first >= 0.0;
    const Mask nan = IsNaN(Rounded(sum.rest));
    const N all = others + N(SelectOrZero(something, rows.UpstreamAt(first)));
    const N weight = all * sum.by_total;
    const N at_largest = UnsignedZeroProduct(sum.rest, weight) - others;
    typename Rows::Sums by_temperature;
    for (size_t i = 0; i < rows.Steps(); ++i) {
      const Mask other = {hn::Ne(rows.Index(i).v, first.v)};
      const N by_t = Select(other, N(rows.Upstream(i)) - rows.Saved(i) * weight, at_largest);
      const N gradient = SelectOrZero(something | nan, by_t * shifted.by_temperature());
      if (rows.WantsGradient()) rows.WriteGradient(i, shifted.Unscaled(gradient));
      if (!rows.WantsParameterTerm()) continue;
      const N term = shifted(i) * gradient;
      by_temperature.Add(i, Select(shifted.IsOut(i), N(0.0), term));
    }
    if (!rows.WantsParameterTerm()) return;
    rows.WriteParameterTerm(shifted.Unscaled(N(0.0) - by_temperature.Total()));
  }
};

// temperature * ln(sum(e^(x/temperature))), with an extra 0 in the row where `kExtraZero`, of the
// mean instead of the sum where `kMean`. The gradient is softmax.
template <bool kExtraZero, bool kMean>
struct LogOfSum {
  template <class Rows>
  static HWY_INLINE void Evaluate(const Rows& rows) {
    using N = typename Rows::Number;
    using Element = typename Rows::Element;
    const Element largest_of_row = LargestOfRow(rows);
    // -0 and 0 are equally large, and which of them is found goes by the vector length.
    Element largest = Select(High(largest_of_row) == 0.0, Element(0.0), largest_of_row);
    Double first = FirstOfLargest(rows, largest);
    if (kExtraZero) {
      const Mask above = High(largest) > 0.0;
      first = Select(above, first, -1.0);
      largest = Select(above, largest, Element(0.0));
    }
    const ShiftedRow<Rows> shifted(rows, largest);
    // The sum of the exponentials but the largest, of e^t - 1, and of t e^t.
    typename Rows::Sums exponentials, excesses, moments;
    for (size_t i = 0; i < rows.Steps(); ++i) {
      const Mask other = {hn::Ne(rows.Index(i).v, first.v)};
      const N t = shifted(i);
      const N e = shifted.Weight(t);
      rows.Save(i, e);
      exponentials.Add(i, SelectOrZero(other, e));
      if (kMean) excesses.Add(i, SelectOrZero(rows.Holds(i), Excess(t, e)));
      if (rows.WantsParameterTerm()) moments.Add(i, Weighted(t, e));
    }
    N rest = exponentials.Total(), moment = moments.Total();
    if (kExtraZero) AddZero(first, shifted, rest, moment);
    const RestOfRow<Rows> sum(rest);
    const N logarithm = kMean ? LogOfMean(excesses.Total(), sum) : sum.log;
    if (rows.WantsValue()) WriteValue(rows, largest, logarithm);
    const Mask something = (High(largest_of_row) > -kInfinity) | IsNaN(Rounded(sum.rest));
    const N g = rows.WantsDerivatives() ? N(rows.RowUpstream()) : N(0.0);
    if (rows.WantsParameterTerm()) {
      N term = logarithm - moment * sum.by_total;
      if constexpr (kMean) term = -Divergence(rows, shifted, sum, logarithm);
      rows.WriteParameterTerm(SelectOrZero(something, term * g));
    }
    if (!rows.WantsGradient()) return;
    for (size_t i = 0; i < rows.Steps(); ++i) {
      const N e = rows.Saved(i);
      const Mask zero = shifted.IsDiscarded(i, e, sum.by_total, g);
      const N gradient = Select(zero, N(0.0), e * sum.by_total * g);
      rows.WriteGradient(i, SelectOrZero(something, gradient));
    }
  }

 private:
  // e^t - 1, given e = e^t.
  template <class N>
  static HWY_INLINE N Excess(N t, N e) {
    const Double r = Rounded(t);
    const N near = t + N(r * r * Polynomial(r, coefficients::kExpm1Rest));
    return Select(r > -0.0625, near, e - N(1.0));  // farther out no digit that counts cancels
  }

  // The extra element, unless it is the largest and hence no part of the rest.
  template <class Rows, class N>
  static HWY_INLINE void AddZero(Double first, const ShiftedRow<Rows>& shifted, N& rest,
                                 N& moment) {
    const N t = shifted.Of(typename Rows::Element(0.0));
    const Mask smaller = first >= 0.0;
    const N e = SelectOrZero(smaller, shifted.Weight(t));
    rest = rest + e;
    moment = moment + SelectOrZero(smaller, Weighted(t, e));
  }

  // ln(total / n) = -ln(1 + (n - total) / total), where n - total does not cancel.
  template <class Rows, class N>
  static HWY_INLINE N LogOfMean(N excess, const RestOfRow<Rows>& sum) {
    return -RowLog1p(-excess * sum.by_total);
  }

  template <class Rows, class N>
  static HWY_INLINE void WriteValue(const Rows& rows, typename Rows::Element largest, N logarithm) {
    const N scaled = logarithm * N(rows.Parameter(kTemperatureIndex));
    const Mask finite = Abs(High(largest)) < kInfinity;
    rows.WriteRowValue(Select(finite | IsNaN(Rounded(logarithm)),
                              Rounded(N(SelectOrZero(finite, largest)) + scaled), High(largest)));
  }

  // The sum of s ln(n s) for s = softmax. In a row of near numbers it is next to 0, and its terms
  // are not; with d = ln(n s), it is also the mean of d e^d - (e^d - 1), which is never negative.
  template <class Rows, class N>
  static HWY_INLINE N Divergence(const Rows& rows, const ShiftedRow<Rows>& shifted,
                                 const RestOfRow<Rows>& sum, N logarithm) {
    typename Rows::Sums counts, divergences;
    for (size_t i = 0; i < rows.Steps(); ++i) {
      counts.Add(i, N(SelectOrZero(rows.Holds(i), Double(1.0))));
    }
    const N count = counts.Total();
    for (size_t i = 0; i < rows.Steps(); ++i) {
      const N d = shifted(i) - logarithm;
      const N weight = rows.Saved(i) * sum.by_total * count;  // e^d
      const N far = Weighted(d, weight) - weight + N(1.0);
      const Double near = Rounded(d) * Rounded(d) * Polynomial(Rounded(d), kDivergence);
      const N term = Select(Abs(Rounded(d)) < 0.25, N(near), far);
      divergences.Add(i, SelectOrZero(rows.Holds(i), term));
    }
    return divergences.Total() / count;
  }

  // (d e^d - (e^d - 1)) / d^2 to an error of 2^-56 for |d| <= 1/4: the coefficients are
  // (k + 1) / (k + 2)!.
  static constexpr double kDivergence[] = {
      1.0 / 2,        1.0 / 3,         1.0 / 8,         1.0 / 30,     1.0 / 144,
      1.0 / 840,      1.0 / 5760,      1.0 / 45360,     1.0 / 403200, 1.0 / 3991680,
      1.0 / 43545600, 1.0 / 518918400, 1.0 / 6706022400};
};

struct LogSumExp : LogOfSum<false, false> {
  static constexpr Spec kSpec = {
      .name = "logsumexp",
      .aliases = {"LogSumExp", "ReduceLogSumExp", "reduce_logsumexp", "lse"},
      .summary = "The smooth maximum ln(sum(e^x)) along an axis, which is removed.",
      .formula = "temperature*log(sum(exp(t/temperature) for t in x))",
      .parameters = {kAlongAxes, kTemperature, kKeepMask, kKeepDims, kAddedBias},
      .presets = {{"onnx", "axis", "all"},
                  {"onnx", "keepdims", "true"},
                  {"jax", "axis", "all"},
                  {"keras", "axis", "all"},
                  {"tensorflow", "axis", "all"}},
      .source = "jax.nn.logsumexp; ONNX ReduceLogSumExp",
      .source_checked = true,
      .conventions =
          "-infinity where the row is empty, all -infinity or all left out, with "
          "gradient 0. The maximum as temperature goes to 0.",
      .row_shape = RowShape::kReduce,
      .accuracy = kRowAccuracy,
  };
};

struct LogMeanExp : LogOfSum<false, true> {
  static constexpr Spec kSpec = {
      .name = "logmeanexp",
      .aliases = {"LogMeanExp", "log_mean_exp"},
      .summary = "ln(mean(e^x)) along an axis, which is removed: between mean and maximum.",
      .formula = "temperature*log(sum(exp(t/temperature) for t in x)/len(x))",
      .parameters = {kAlongAxes, kTemperature, kKeepMask, kKeepDims, kAddedBias},
      .presets = {{"jax", "axis", "all"}},
      .source = "jax.nn.logmeanexp",
      .source_checked = true,
      .conventions =
          "The mean is over the elements that are not left out. -infinity where the "
          "row is empty, all -infinity or all left out, with gradient 0.",
      .row_shape = RowShape::kReduce,
      .accuracy = kRowAccuracy,
  };
};

struct Lse0 : LogOfSum<true, false> {
  static constexpr Spec kSpec = {
      .name = "lse0",
      .aliases = {"LSE0", "LSE0+", "multivariable_softplus"},
      .summary =
          "The multivariable softplus ln(1 + sum(e^x)) along an axis, which is removed: "
          "LogSumExp with a first argument of 0.",
      .formula = "temperature*log(1 + sum(exp(t/temperature) for t in x))",
      .parameters = {kAlongAxes, kTemperature, kKeepMask, kKeepDims, kAddedBias},
      .source = "Nielsen and Hadjeres, arXiv:1803.07225 (LSE0+)",
      .conventions =
          "0 where the row is empty, all -infinity or all left out, with gradient 0. "
          "1/temperature is the sharpness.",
      .row_shape = RowShape::kReduce,
      .accuracy = kRowAccuracy,
  };
};

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_ACTIVATIONS_LOG_SUM_EXP_INL_H_
