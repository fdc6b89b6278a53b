// Activations along an axis that give exact zeros: hardmax, sparsemax and entmax; maxout
// and crelu.

#if defined(RECTIFIER_CORE_ACTIVATIONS_SPARSE_ROWS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_ACTIVATIONS_SPARSE_ROWS_INL_H_
#undef RECTIFIER_CORE_ACTIVATIONS_SPARSE_ROWS_INL_H_
#else
#define RECTIFIER_CORE_ACTIVATIONS_SPARSE_ROWS_INL_H_
#endif

#include "core/activations/row_parameters.h"
#include "core/simd/row_exponential-inl.h"
#include "core/simd/rows-inl.h"
#include "core/spec.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

struct Hardmax {
  static constexpr Spec kSpec = {
      .name = "hardmax",
      .aliases = {"Hardmax", "one_hot_argmax"},
      .summary = "1 for the first of the largest elements along an axis, 0 for the others.",
      .formula = "first_largest(i, x)",
      .parameters = {kAlongAxes, kKeepMask},
      .source = "ONNX Hardmax",
      .source_checked = true,
      .conventions =
          "The gradient is 0. A row of -infinity alone, or with every element left out, "
          "gives 0.",
  };

  template <class Rows>
  static HWY_INLINE void Evaluate(const Rows& rows) {
    const Real first = FirstOfLargest(rows, LargestOfRow(rows));
    const Real nan = NaNOfRow(rows);
    for (size_t i = 0; i < rows.Steps(); ++i) {
      const Real y = SelectOrZero(rows.Index(i) == first, 1.0);
      if (rows.WantsValue()) rows.WriteValue(i, y + nan);
      if (rows.WantsGradient()) rows.WriteGradient(i, nan);
    }
  }
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

  template <class Rows>
  static HWY_INLINE void Evaluate(const Rows& rows) {
    const Real nan = NaNOfRow(rows);
    const Real first =
        Larger(FirstOfLargest(rows, LargestOfRow(rows)), 0.0);  // of a row of -infinity
    // The element itself, with its own sign of zero.
    if (rows.WantsValue()) rows.WriteRowValue(Select(IsNaN(nan), nan, rows.ElementAt(first)));
    if (!rows.WantsGradient()) return;
    const Real g = rows.RowUpstream();
    for (size_t i = 0; i < rows.Steps(); ++i) {
      const Real gradient = SelectOrZero(rows.Index(i) == first, g);
      rows.WriteGradient(i, Select(IsNaN(nan), nan, gradient));
    }
  }
};

struct CRelu {
  static constexpr Spec kSpec = {
      .name = "crelu",
      .aliases = {"CReLU", "concat_relu", "concatenated_relu"},
      .summary = "ReLU of x and of -x, side by side: twice the length along an axis.",
      .formula = "Max(0, x[i]) if i < len(x) else Max(0, -x[i - len(x)])",
      .parameters = {kAlongAxis},
      .source = "Shang, Sohn, Almeida and Lee, ICML 2016, arXiv:1603.05201; tf.nn.crelu",
      .source_checked = true,
      .conventions = "The derivative at 0 is 0 in both halves.",
      .row_shape = RowShape::kTwice,
  };

  // A row is one element: its output 0 is that of x, its output 1 that of -x.
  template <class Rows>
  static HWY_INLINE void Evaluate(const Rows& rows) {
    const Real x = rows.X(0);
    const Mask above = x > 0.0, below = x < 0.0, nan = IsNaN(x);
    if (rows.WantsValue()) {
      rows.WriteValue(0, SelectOrZero(above | nan, x));
      rows.WriteValue(1, SelectOrZero(below | nan, -x));
    }
    if (!rows.WantsGradient()) return;
    const Real gradient = Select(below, -rows.Upstream(1), SelectOrZero(above, rows.Upstream(0)));
    rows.WriteGradient(0, Select(nan, x, gradient));
  }
};

// ln(w) for w in (0, 1], to a relative error of the result of about 2^-56.
HWY_INLINE Extended LogOfFraction(Extended w) {
  const Real estimate = -Log1p((1.0 - w.hi) / w.hi);
  const Extended e = RowExp(Extended(estimate));
  return Extended(estimate) + (w - e) / e;
}

// w^beta and w^(beta - 1), for beta = 1 / (alpha - 1).
struct EntmaxPowers {
  Extended p;
  Extended slope;

  // Whether no exponential is needed: alpha is 2 or 1.5.
  static bool IsExact(double alpha) { return alpha == 2 || alpha == 1.5; }

  HWY_INLINE EntmaxPowers(Extended w, double alpha) {
    if (alpha == 2) {
      p = w;
      slope = Extended(1.0);
    } else if (alpha == 1.5) {
      p = w * w;
      slope = w;
    } else {
      const Extended beta = Extended(1.0) / Difference<Extended>(alpha, 1.0);
      p = RowExp(LogOfFraction(w) * beta);
      slope = p / w;
    }
  }
};

// y = w^(1/(alpha-1)) with w = max(0, (alpha - 1)(x - max) - threshold), for the threshold at which
// the row sums to 1; on the support of y the gradient is s (g - sum(g s)/sum(s)), s = y^(2-alpha).
struct EntmaxKernel {
  // Nearer to the threshold than rounding errors tell apart from it.
  static constexpr double kTie = 0x1p-90;

  template <class Rows>
  static HWY_INLINE void Evaluate(const Rows& rows, double alpha) {
    const Real largest = LargestOfRow(rows);
    const Real nan = NaNOfRow(rows);
    const Distances<Rows> distances(rows, largest, alpha);
    const Extended threshold = FindThreshold(rows, distances, alpha);
    RowSums<Extended, Rows::kAlong> slopes, moments;
    const Real origin = rows.WantsDerivatives() ? UpstreamAtLargest(rows, largest) : Real(0.0);
    for (size_t i = 0; i < rows.Steps(); ++i) {
      const Extended w = distances(i) - threshold;
      const Mask support = w.hi > kTie;
      const EntmaxPowers powers(Select(support, w, Extended(1.0)), alpha);
      if (rows.WantsValue()) rows.WriteValue(i, SelectOrZero(support, Rounded(powers.p)) + nan);
      if (!rows.WantsDerivatives()) continue;
      const Extended slope = SelectOrZero(support, powers.slope);
      slopes.Add(i, slope);
      moments.Add(i, slope * Difference<Extended>(rows.Upstream(i), origin));
    }
    if (!rows.WantsDerivatives()) return;
    const Extended total = slopes.Total();
    const Extended mean = moments.Total() / Select(total.hi == 0.0, Extended(1.0), total);
    Differentiate(rows, distances, threshold, alpha, origin, mean, nan);
  }

 private:
  // (alpha - 1)(x - max) at a step.
  template <class Rows>
  class Distances {
   public:
    HWY_INLINE Distances(const Rows& rows, Real largest, double alpha)
        : rows_(rows),
          maximum_(Select(largest == -kInfinity, 0.0, largest)),
          scale_(Difference<Extended>(alpha, 1.0)) {}

    HWY_INLINE Extended operator()(size_t step) const {
      const Real x = rows_.X(step);
      const Extended distance = Difference<Extended>(x, maximum_) * scale_;
      return Select(x == maximum_, Extended(0.0), distance);
    }

   private:
    const Rows& rows_;
    const Real maximum_;
    const Extended scale_;
  };

  // Newton's method on the norm of w, sum(w^beta)^(1/beta), which is convex in the threshold and
  // nearly linear; it rises from -1 to where the norm is 1. Each row stops by itself.
  template <class Rows>
  static HWY_INLINE Extended FindThreshold(const Rows& rows, const Distances<Rows>& distances,
                                           double alpha) {
    // The product of excess and slope falls at least fourfold with each step: 64 always suffice.
    constexpr int kMostSteps = 64;
    const double negligible = EntmaxPowers::IsExact(alpha) ? 0x1p-60 : 0x1p-48;
    Extended threshold(-1.0);
    Mask done = Real(0.0) > Real(0.0);
    for (int step = 0; step < kMostSteps; ++step) {
      RowSums<Extended, Rows::kAlong> powers, slopes;
      for (size_t i = 0; i < rows.Steps(); ++i) {
        const Extended w = distances(i) - threshold;
        const Mask support = w.hi > kTie;
        const EntmaxPowers at(Select(support, w, Extended(1.0)), alpha);
        powers.Add(i, SelectOrZero(support, at.p));
        slopes.Add(i, SelectOrZero(support, at.slope));
      }
      const Extended move = Move(powers.Total(), slopes.Total(), alpha);
      threshold = Select(done, threshold, threshold + move);
      // A row without elements, or with NaNs, stops at once.
      done = done | Mask{hn::Not((Abs(move.hi) > negligible).m)};
      if (hn::AllTrue(F64(), done.m)) break;
    }
    return threshold;
  }

  // w (1 - ln(w)).
  static HWY_INLINE Extended EntropyOf(Extended w) {
    return w * (Extended(1.0) - LogOfFraction(w));
  }

  // F (1 - F^(1-alpha)) / D for F = sum(w^beta), D = sum(w^(beta-1)).
  static HWY_INLINE Extended Move(Extended sum, Extended slopes, double alpha) {
    const Extended excess = sum - Extended(1.0);
    // A row without a finite element has no slope, and nowhere to move.
    const Extended by_slopes = SelectOrZero(slopes.hi > 0.0, Extended(1.0) / slopes);
    if (alpha == 2) return excess * by_slopes;
    const Real root = Log1p(Larger(excess.hi, 0.0)) * (1.0 - alpha);
    const Real far = sum.hi * -FullExponential(root).Minus1() * by_slopes.hi;
    // Close by, the first term is all there is, and has all the digits.
    const Extended near = excess * by_slopes * Difference<Extended>(alpha, 1.0);
    return Select(Abs(excess.hi) < 0x1p-40, near, Extended(far));
  }

  template <class Rows>
  static HWY_INLINE void Differentiate(const Rows& rows, const Distances<Rows>& distances,
                                       Extended threshold, double alpha, Real origin, Extended mean,
                                       Real nan) {
    RowSums<Extended, Rows::kAlong> by_alpha;
    const Mask something = -threshold.hi > kTie;
    const Extended at_largest = EntropyOf(Select(something, -threshold, Extended(1.0)));
    for (size_t i = 0; i < rows.Steps(); ++i) {
      const Extended w = distances(i) - threshold;
      const Mask support = w.hi > kTie;
      const Extended inside = Select(support, w, Extended(1.0));
      const EntmaxPowers powers(inside, alpha);
      const Extended centred = Difference<Extended>(rows.Upstream(i), origin) - mean;
      if (rows.WantsGradient()) {
        const Real gradient = SelectOrZero(support, Rounded(powers.slope * centred));
        rows.WriteGradient(i, gradient + nan);
      }
      if (!rows.WantsParameterTerm()) continue;
      // Slope times centred sums to 0, so a constant may be taken from what it is multiplied by.
      const Extended term = powers.slope * centred * (EntropyOf(inside) - at_largest);
      by_alpha.Add(i, SelectOrZero(support, term));
    }
    if (!rows.WantsParameterTerm()) return;
    const Extended beta = Extended(1.0) / Difference<Extended>(alpha, 1.0);
    rows.WriteParameterTerm(by_alpha.Total() * beta * beta + Extended(nan));
  }
};

struct Sparsemax {
  static constexpr Spec kSpec = {
      .name = "sparsemax",
      .aliases = {"Sparsemax", "sparse_max"},
      .summary = "The point of the simplex that is nearest to the row: like softmax, with zeros.",
      .formula = "Max(0, x[i] - threshold(2, x))",
      .parameters = {kAlongAxes, kKeepMask},
      .source = "Martins and Astudillo, ICML 2016, arXiv:1602.02068; keras.ops.sparsemax",
      .source_checked = true,
      .conventions =
          "threshold(2, x) is where the row sums to 1. The derivative is 0 at it. A row "
          "of -infinity alone, or with every element left out, gives 0.",
      .accuracy = kRowAccuracy,
  };

  template <class Rows>
  static HWY_INLINE void Evaluate(const Rows& rows) {
    EntmaxKernel::Evaluate(rows, 2);
  }
};

struct Entmax {
  static constexpr Spec kSpec = {
      .name = "entmax",
      .aliases = {"Entmax", "entmax15", "entmax_bisect", "alpha_entmax"},
      .summary = "Between softmax (alpha to 1) and sparsemax (alpha = 2), with zeros.",
      .formula = "Max(0, (alpha - 1)*x[i] - threshold(alpha, x))**(1/(alpha - 1))",
      .parameters = {kAlongAxes,
                     {.name = "alpha",
                      .summary = "the larger, the more zeros",
                      .default_value = 1.5,
                      .range = {.low = 1.01, .high = 2, .low_open = false, .high_open = false},
                      .learnable = true},
                     kKeepMask},
      .source =
          "Peters, Niculae and Martins, ACL 2019, arXiv:1905.05702; the gradient by alpha: "
          "Correia et al., EMNLP 2019, arXiv:1909.00015; the authors' entmax_bisect",
      .source_checked = true,
      .conventions =
          "threshold(alpha, x) is where the row sums to 1. The derivative is 0 at it. A "
          "row of -infinity alone, or with every element left out, gives 0.",
      .accuracy = {.value = {.f64 = 1.2},
                   .gradient = {.f64 = 0.6},
                   .parameter_gradient = {.f64 = 1.2},
                   // Of a row of equal numbers it is 0.
                   .hard_spots = {{Quantity::kParameterGradient, -1e-15, 1e-15, 1e-28}}},
  };

  template <class Rows>
  static HWY_INLINE void Evaluate(const Rows& rows) {
    EntmaxKernel::Evaluate(rows, rows.Parameter(kAlphaIndex));
  }

 private:
  static constexpr size_t kAlphaIndex = 1;
};

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_ACTIVATIONS_SPARSE_ROWS_INL_H_
