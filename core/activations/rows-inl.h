// Activations along an axis: softmax and its kin, from one pass of exponentials, and maxout.

#if defined(RECTIFIER_CORE_ACTIVATIONS_ROWS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_ACTIVATIONS_ROWS_INL_H_
#undef RECTIFIER_CORE_ACTIVATIONS_ROWS_INL_H_
#else
#define RECTIFIER_CORE_ACTIVATIONS_ROWS_INL_H_
#endif

#include "core/simd/math-inl.h"
#include "core/simd/rows-inl.h"
#include "core/spec.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

inline constexpr Parameter kAlongAxis = {.name = kAxisParameter,
                                         .aliases = {"dim"},
                                         .summary = "axis to work along",
                                         .type = ParameterType::kInteger,
                                         .default_value = -1};

// x - max, to twice the precision of a double; 0 at the maximum, so that infinity may be one.
HWY_INLINE Sum BelowMaximum(Real x, Real maximum) {
  const Sum difference = TwoSum(x, -maximum);
  const Mask is_maximum = x == maximum;
  const Mask finite = Abs(difference.hi) < kInfinity;
  return {Select(is_maximum, 0.0, difference.hi),
          Select(is_maximum, 0.0, SelectOrZero(finite, difference.lo))};
}

// The exponentials of a row, shifted by its maximum and left in the operands' scratch.
struct ShiftedExponentials {
  double maximum;
  size_t argmax;
  double total;     // sum of e^(x - max), an extra 0 in the row included where there is one
  double log_rest;  // ln(total), from the sum without the maximum: accurate next to 0 as well
  bool has_nan;
  bool nothing;  // every element is -infinity, or there is none

  template <class T>
  static ShiftedExponentials Of(const RowOperands& o, bool extra_zero) {
    const RowMaximum row = FindMaximum<T>(o.x, o.count);
    ShiftedExponentials result = {.maximum = row.value,
                                  .argmax = row.index,
                                  .total = 1,
                                  .log_rest = 0,
                                  .has_nan = row.has_nan,
                                  .nothing = false};
    double extra = 0;         // e^(0 - max)
    size_t omit = row.index;  // the element left out of the rest
    if (extra_zero) {
      if (row.value > 0) {
        extra = hn::GetLane(Exp(-row.value).v);
      } else {
        result.maximum = 0;
        extra = 1;
        omit = o.count;
      }
    }
    result.nothing = result.maximum == -kInfinity;
    if (result.has_nan || result.nothing) return result;

    const RowReader<T> x(o.x, o.count);
    LaneSums rest;
    const size_t omit_vector = omit / kLanes * kLanes;
    for (size_t i = 0; i < o.count; i += kLanes) {
      const Sum t = BelowMaximum(x.Read(i, -kInfinity), result.maximum);
      double lanes[kLanes];
      Store(FullExponential(t.hi, t.lo).Value(), lanes);
      std::copy_n(lanes, std::min(kLanes, o.count - i), o.scratch + i);
      if (omit < o.count && i == omit_vector) lanes[omit - i] = 0;
      rest.Add(i, Load(lanes));
    }
    if (extra_zero && omit < o.count) rest.Add(0, hn::InsertLane(Real(0.0).v, 0, extra));
    const DoubleDouble sum = rest.Total();
    const double rest_total = sum.hi + sum.lo;
    result.total = 1 + rest_total;
    result.log_rest = hn::GetLane(Log1p(rest_total).v);
    return result;
  }
};

struct Softmax {
  static constexpr Spec kSpec = {
      .name = "softmax",
      .aliases = {"Softmax"},
      .summary = "Exponentials along an axis, scaled to a sum of 1.",
      .formula = "exp(x[i])/sum(exp(t) for t in x)",
      .parameters = {kAlongAxis},
      .source = "Bridle 1990",
      .conventions = "A row of -infinity alone gives 0 and gradient 0. Infinities share the mass.",
      .accuracy =
          {.value = {.f64 = 1.9},
           .gradient = {.f64 = 2.8},
           .note = "f64: several roundings. A gradient counts in units of the largest of its row."},
  };

  template <class T>
  static void Row(const RowOperands& o) {
    const auto e = ShiftedExponentials::Of<T>(o, /*extra_zero=*/false);
    if (e.has_nan || e.nothing) {
      const double fill = e.has_nan ? kQuietNaN : 0;
      if (o.value) FillRow<T>(o.value, o.count, fill);
      if (o.gradient) FillRow<T>(o.gradient, o.count, fill);
      return;
    }
    const RowReader<double> exponentials(o.scratch, o.count);
    const UpstreamReader<T> upstream(o.upstream, o.count);
    // The gradient y (g - sum(g y)) does not change when a constant is taken from g. Taking the one
    // at the maximum leaves the largest y the most digits, and 0 for a constant upstream.
    const double origin = upstream.At(e.argmax);
    LaneSums sums;
    if (o.gradient) {
      ForEachVector(o.count, [&](size_t i) HWY_ATTR {
        sums.Add(i, exponentials.Read(i, 0) * (upstream.Read(i, origin) - origin));
      });
    }
    const DoubleDouble sum = sums.Total();
    const Real mean = (sum.hi + sum.lo) / e.total;
    const RowWriter<T> value(o.value, o.count), gradient(o.gradient, o.count);
    ForEachVector(o.count, [&](size_t i) HWY_ATTR {
      const Real y = exponentials.Read(i, 0) / e.total;
      const Real g = upstream.Read(i, origin) - origin;
      if (o.value) value.Write(i, y);
      if (o.gradient) gradient.Write(i, y * (g - mean));
    });
  }
};

struct LogSoftmax {
  static constexpr Spec kSpec = {
      .name = "log_softmax",
      .aliases = {"logsoftmax", "LogSoftmax"},
      .summary = "The logarithm of softmax.",
      .formula = "x[i] - log(sum(exp(t) for t in x))",
      .parameters = {kAlongAxis},
      .source = "torch.nn.LogSoftmax; jax.nn.log_softmax",
      .conventions = "A row of -infinity alone gives -infinity and gradient 0.",
      .accuracy =
          {.value = {.f64 = 1.2},
           .gradient = {.f64 = 2.4},
           .note = "f64: several roundings. A gradient counts in units of the largest of its row."},
  };

  template <class T>
  static void Row(const RowOperands& o) {
    const auto e = ShiftedExponentials::Of<T>(o, /*extra_zero=*/false);
    if (e.has_nan || e.nothing) {
      if (o.value) FillRow<T>(o.value, o.count, e.has_nan ? kQuietNaN : -kInfinity);
      if (o.gradient) FillRow<T>(o.gradient, o.count, e.has_nan ? kQuietNaN : 0);
      return;
    }
    const RowReader<T> x(o.x, o.count);
    const RowReader<double> exponentials(o.scratch, o.count);
    const UpstreamReader<T> upstream(o.upstream, o.count);
    LaneSums sums;
    if (o.gradient) {
      ForEachVector(o.count, [&](size_t i) HWY_ATTR {
        const Real g = upstream.Read(i, 0);
        sums.Add(i, o.upstream || i + kLanes <= o.count ? g : FirstLanes(g, o.count - i));
      });
    }
    const DoubleDouble sum = sums.Total();
    const Real total = (sum.hi + sum.lo) / e.total;
    const RowWriter<T> value(o.value, o.count), gradient(o.gradient, o.count);
    ForEachVector(o.count, [&](size_t i) HWY_ATTR {
      const Real g = upstream.Read(i, 0);
      if (o.gradient) gradient.Write(i, g - exponentials.Read(i, 0) * total);
      const Sum t = BelowMaximum(x.Read(i, 0), e.maximum);
      if (o.value) value.Write(i, (t.hi - e.log_rest) + t.lo);
    });
  }

 private:
  static HWY_INLINE Real FirstLanes(Real v, size_t count) {
    return hn::IfThenElseZero(hn::FirstN(F64(), count), v.v);
  }
};

// ln(sum(e^x)), with an extra 0 in the row where `kExtraZero`.
template <bool kExtraZero>
struct LogOfSum {
  template <class T>
  static void Row(const RowOperands& o) {
    const auto e = ShiftedExponentials::Of<T>(o, kExtraZero);
    if (o.value) {
      const double result = e.has_nan ? kQuietNaN : e.maximum + e.log_rest;
      RowWriter<T>(o.value, 1).Write(0, result);
    }
    if (!o.gradient) return;
    if (e.has_nan || e.nothing) return FillRow<T>(o.gradient, o.count, e.has_nan ? kQuietNaN : 0);
    const Real g = UpstreamReader<T>(o.upstream, 1).At(0);
    const RowReader<double> exponentials(o.scratch, o.count);
    const RowWriter<T> gradient(o.gradient, o.count);
    ForEachVector(o.count, [&](size_t i) HWY_ATTR {
      gradient.Write(i, exponentials.Read(i, 0) / e.total * g);
    });
  }
};

struct LogSumExp : LogOfSum<false> {
  static constexpr Spec kSpec = {
      .name = "logsumexp",
      .aliases = {"LogSumExp", "ReduceLogSumExp", "lse"},
      .summary = "The smooth maximum ln(sum(e^x)) along an axis, which is removed.",
      .formula = "log(sum(exp(t) for t in x))",
      .parameters = {kAlongAxis},
      .source = "jax.nn.logsumexp; ONNX ReduceLogSumExp",
      .conventions = "-infinity where the row is empty or all -infinity, with gradient 0.",
      .row_shape = RowShape::kReduce,
      .accuracy = {.value = {.f64 = 0.7}, .gradient = {.f64 = 1.3}},
  };
};

struct Lse0 : LogOfSum<true> {
  static constexpr Spec kSpec = {
      .name = "lse0",
      .aliases = {"LSE0", "multivariable_softplus"},
      .summary =
          "The multivariable softplus ln(1 + sum(e^x)) along an axis, which is removed: "
          "LogSumExp with a first argument of 0.",
      .formula = "log(1 + sum(exp(t) for t in x))",
      .parameters = {kAlongAxis},
      .source = "Nielsen and Sun, arXiv:1610.09659 (LSE0+)",
      .conventions = "0 where the row is empty or all -infinity, with gradient 0.",
      .row_shape = RowShape::kReduce,
      .accuracy = {.value = {.f64 = 1}, .gradient = {.f64 = 1.5}},
  };
};

struct Maxout {
  static constexpr Spec kSpec = {
      .name = "maxout",
      .aliases = {"Maxout"},
      .summary = "The largest of each group of `pieces` consecutive elements along an axis.",
      .formula = "Max(*x)",
      .parameters = {{.name = kPiecesParameter,
                      .aliases = {"groups", "k"},
                      .summary = "elements per group; must divide the axis",
                      .type = ParameterType::kInteger,
                      .default_value = 2,
                      .range = kAtLeastOne},
                     kAlongAxis},
      .source = "Goodfellow et al., ICML 2013, arXiv:1302.4389",
      .conventions = "The gradient goes to the first of equal largest elements.",
      .row_shape = RowShape::kGroups,
  };

  template <class T>
  static void Row(const RowOperands& o) {
    const RowMaximum maximum = FindMaximum<T>(o.x, o.count);
    if (o.value) {
      // The element itself, with its own sign of zero.
      const char* const largest = static_cast<const char*>(o.x) + maximum.index * sizeof(T);
      RowWriter<T>(o.value, 1)
          .Write(0, maximum.has_nan ? Real(kQuietNaN) : RowReader<T>(largest, 1).Read(0, 0));
    }
    if (!o.gradient) return;
    const Real g = UpstreamReader<T>(o.upstream, 1).At(0);
    FillRow<T>(o.gradient, o.count, maximum.has_nan ? kQuietNaN : 0);
    if (maximum.has_nan) return;
    RowWriter<T>(static_cast<char*>(o.gradient) + maximum.index * sizeof(T), 1).Write(0, g);
  }
};

using RowActivations = RowFamily<Softmax, LogSoftmax, LogSumExp, Lse0, Maxout>;

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_ACTIVATIONS_ROWS_INL_H_
