// Sparsemax and entmax along an axis: like softmax, with exact zeros.

#if defined(RECTIFIER_CORE_ACTIVATIONS_ENTMAX_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_ACTIVATIONS_ENTMAX_INL_H_
#undef RECTIFIER_CORE_ACTIVATIONS_ENTMAX_INL_H_
#else
#define RECTIFIER_CORE_ACTIVATIONS_ENTMAX_INL_H_
#endif

#include "core/activations/row_parameters.h"
#include "core/functions/row_exponential-inl.h"
#include "core/loops/rows-inl.h"
#include "core/spec.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

// ln(w) for w in (0, 1], to a relative error of the result of about 2^-56.
HWY_INLINE NormalizedDoubleDouble LogOfFraction(NormalizedDoubleDouble w) {
  const Double estimate = -Log1p((1.0 - w.hi) / w.hi);
  const NormalizedDoubleDouble e = RowExp(NormalizedDoubleDouble(estimate));
  return NormalizedDoubleDouble(estimate) + (w - e) / e;
}

// Entmax's alpha by row, and what follows from it.
struct EntmaxAlpha {
  Double alpha;
  NormalizedDoubleDouble less_one;  // alpha - 1
  NormalizedDoubleDouble beta;      // 1 / (alpha - 1)
  Mask is_two, is_three_halves, is_steep;

  HWY_INLINE explicit EntmaxAlpha(Double given)
      : alpha(given),
        less_one(Difference<NormalizedDoubleDouble>(given, 1.0)),
        beta(NormalizedDoubleDouble(1.0) / less_one),
        is_two(given == 2.0),
        is_three_halves(given == 1.5),
        is_steep(given > 2.0) {}

  // Whether no exponential is needed.
  HWY_INLINE Mask is_exact() const { return is_two | is_three_halves; }
};

// w^beta and w^(beta - 1).
struct EntmaxPowers {
  NormalizedDoubleDouble p;
  NormalizedDoubleDouble slope;

  HWY_INLINE EntmaxPowers(NormalizedDoubleDouble w, const EntmaxAlpha& a) : p(w), slope(1.0) {
    if (Any(a.is_three_halves)) {
      p = Select(a.is_three_halves, w * w, p);
      slope = Select(a.is_three_halves, w, slope);
    }
    if (hn::AllTrue(F64(), a.is_exact().m)) return;
    const NormalizedDoubleDouble power = RowExp(LogOfFraction(w) * a.beta);
    p = Select(a.is_exact(), p, power);
    slope = Select(a.is_exact(), slope, power / w);
  }
};

// y = w^(1/(alpha-1)) with w = max(0, (alpha - 1)(x - max) - threshold), for the threshold at which
// the row sums to 1; on the support of y the gradient is s (g - sum(g s)/sum(s)), s = y^(2-alpha).
struct EntmaxKernel {
  // Nearer to the threshold than rounding errors tell apart from it.
  static constexpr double kTie = 0x1p-90;

  template <class Rows>
  static HWY_INLINE void Evaluate(const Rows& rows, const EntmaxAlpha& alpha) {
    const auto largest = LargestOfRow(rows);
    const Double nan = NaNOfRow(rows);
    const Distances<Rows> distances(rows, largest, alpha);
    const NormalizedDoubleDouble threshold =
        FindThreshold(rows, distances, alpha, High(largest) == -kInfinity);
    RowSums<NormalizedDoubleDouble, Rows::kAlong> slopes, moments;
    const Double origin = rows.WantsDerivatives() ? UpstreamAtLargest(rows, largest) : Double(0.0);
    for (size_t i = 0; i < rows.Steps(); ++i) {
      const NormalizedDoubleDouble w = distances(i) - threshold;
      const Mask support = w.hi > kTie;
      const EntmaxPowers powers(Select(support, w, NormalizedDoubleDouble(1.0)), alpha);
      if (rows.WantsValue()) rows.WriteValue(i, SelectOrZero(support, Rounded(powers.p)) + nan);
      if (!rows.WantsDerivatives()) continue;
      slopes.Add(i, SelectOrZero(support, powers.slope));
      // Outside the support the upstream is discarded, an infinity as well.
      const NormalizedDoubleDouble g = Difference<NormalizedDoubleDouble>(rows.Upstream(i), origin);
      moments.Add(i, SelectOrZero(support, powers.slope * g));
    }
    if (!rows.WantsDerivatives()) return;
    const NormalizedDoubleDouble total = slopes.Total();
    const NormalizedDoubleDouble mean =
        moments.Total() / Select(total.hi == 0.0, NormalizedDoubleDouble(1.0), total);
    Differentiate(rows, distances, threshold, alpha, origin, mean, nan);
  }

 private:
  // (alpha - 1)(x - max) at a step.
  template <class Rows>
  class Distances {
   public:
    using Element = typename Rows::Element;

    HWY_INLINE Distances(const Rows& rows, Element largest, const EntmaxAlpha& alpha)
        : rows_(rows),
          maximum_(Select(High(largest) == -kInfinity, Element(0.0), largest)),
          scale_(alpha.less_one) {}

    HWY_INLINE NormalizedDoubleDouble operator()(size_t step) const {
      const Element x = rows_.X(step);
      const NormalizedDoubleDouble distance =
          Difference<NormalizedDoubleDouble>(x, maximum_) * scale_;
      return Select(Equal(x, maximum_), NormalizedDoubleDouble(0.0), distance);
    }

   private:
    const Rows& rows_;
    const Element maximum_;
    const NormalizedDoubleDouble scale_;
  };

  // Up to alpha = 2, Newton's method on the norm of w, sum(w^beta)^(1/beta), which is convex in the
  // threshold and nearly linear; it rises from -1 to where the norm is 1. Above 2, where each
  // element enters the sum with an infinite slope, Newton's method on the sum, between bounds that
  // a step must stay within and halve, or is replaced by their middle. Each row stops by itself.
  template <class Rows>
  static HWY_INLINE NormalizedDoubleDouble FindThreshold(const Rows& rows,
                                                         const Distances<Rows>& distances,
                                                         const EntmaxAlpha& alpha, Mask done) {
    // The product of excess and slope falls at least fourfold with each step: 64 always suffice.
    // So do twice as many for the steps between bounds.
    constexpr int kMostSteps = 128;
    constexpr double kClose = 0x1p-40;  // excess of a sum that Newton's method is done with
    const Double negligible =
        Select(alpha.is_exact(), 0x1p-60, Double(0x1p-48) * Smaller(alpha.less_one.hi, 1.0));
    NormalizedDoubleDouble threshold(-1.0), low(-1.0), high(0.0);
    Double last_move = kInfinity;
    for (int step = 0; step < kMostSteps; ++step) {
      RowSums<NormalizedDoubleDouble, Rows::kAlong> powers, slopes;
      for (size_t i = 0; i < rows.Steps(); ++i) {
        const NormalizedDoubleDouble w = distances(i) - threshold;
        const Mask support = w.hi > kTie;
        const EntmaxPowers at(Select(support, w, NormalizedDoubleDouble(1.0)), alpha);
        powers.Add(i, SelectOrZero(support, at.p));
        slopes.Add(i, SelectOrZero(support, at.slope));
      }
      const NormalizedDoubleDouble sum = powers.Total();
      NormalizedDoubleDouble next = threshold + Move(sum, slopes.Total(), alpha);
      const Double move = (next - threshold).hi;
      Mask moves = Abs(move) > negligible;
      if (Any(alpha.is_steep)) {
        const NormalizedDoubleDouble excess = sum - NormalizedDoubleDouble(1.0);
        low = Select(excess.hi > 0.0, threshold, low);
        high = Select(excess.hi < 0.0, threshold, high);
        const Mask within = (next.hi > low.hi) & (next.hi < high.hi);
        const Mask converging = Abs(move) <= last_move * 0.5;
        const Mask astray = moves | (Abs(excess.hi) > kClose);
        const NormalizedDoubleDouble middle = (low + high) * NormalizedDoubleDouble(0.5);
        next = Select(AndNot(within & converging, alpha.is_steep & astray), middle, next);
        // One more step than seems needed: the sum bends the more, the smaller an element is.
        moves = moves | (alpha.is_steep & (astray | (last_move > negligible)));
        last_move = Abs((next - threshold).hi);
      }
      threshold = Select(done, threshold, next);
      // A row without elements, or with NaNs, stops at once.
      done = done | Mask{hn::Not(moves.m)};
      if (hn::AllTrue(F64(), done.m)) break;
    }
    return threshold;
  }

  // w (1 - ln(w)).
  static HWY_INLINE NormalizedDoubleDouble EntropyOf(NormalizedDoubleDouble w) {
    return w * (NormalizedDoubleDouble(1.0) - LogOfFraction(w));
  }

  // F (1 - F^(1-alpha)) / D for F = sum(w^beta), D = sum(w^(beta-1)); for the sum itself
  // (F - 1) (alpha - 1) / D.
  static HWY_INLINE NormalizedDoubleDouble Move(NormalizedDoubleDouble sum,
                                                NormalizedDoubleDouble slopes,
                                                const EntmaxAlpha& a) {
    const NormalizedDoubleDouble excess = sum - NormalizedDoubleDouble(1.0);
    // A row without a finite element has no slope, and nowhere to move.
    const NormalizedDoubleDouble by_slopes =
        SelectOrZero(slopes.hi > 0.0, NormalizedDoubleDouble(1.0) / slopes);
    // Close by, the first term is all there is, and has all the digits.
    const NormalizedDoubleDouble near = excess * by_slopes * a.less_one;
    if (hn::AllTrue(F64(), a.is_two.m)) return near;
    const Double root = Log1p(Larger(excess.hi, 0.0)) * (1.0 - a.alpha);
    const Double far = sum.hi * -FullExponential(root).Minus1() * by_slopes.hi;
    const Mask is_near = (Abs(excess.hi) < 0x1p-40) | a.is_two | a.is_steep;
    return Select(is_near, near, NormalizedDoubleDouble(far));
  }

  template <class Rows>
  static HWY_INLINE void Differentiate(const Rows& rows, const Distances<Rows>& distances,
                                       NormalizedDoubleDouble threshold, const EntmaxAlpha& alpha,
                                       Double origin, NormalizedDoubleDouble mean, Double nan) {
    RowSums<NormalizedDoubleDouble, Rows::kAlong> by_alpha;
    const Mask something = -threshold.hi > kTie;
    const NormalizedDoubleDouble at_largest =
        EntropyOf(Select(something, -threshold, NormalizedDoubleDouble(1.0)));
    for (size_t i = 0; i < rows.Steps(); ++i) {
      const NormalizedDoubleDouble w = distances(i) - threshold;
      const Mask support = w.hi > kTie;
      const NormalizedDoubleDouble inside = Select(support, w, NormalizedDoubleDouble(1.0));
      const EntmaxPowers powers(inside, alpha);
      const NormalizedDoubleDouble centred =
          Difference<NormalizedDoubleDouble>(rows.Upstream(i), origin) - mean;
      if (rows.WantsGradient()) {
        const NormalizedDoubleDouble gradient = UnsignedZeroProduct(powers.slope, centred);
        rows.WriteGradient(i, Plus(SelectOrZero(support, gradient), nan));
      }
      if (!rows.WantsParameterTerm()) continue;
      // Slope times centred sums to 0, so a constant may be taken from what it is multiplied by.
      const NormalizedDoubleDouble term = powers.slope * centred * (EntropyOf(inside) - at_largest);
      by_alpha.Add(i, SelectOrZero(support, term));
    }
    if (!rows.WantsParameterTerm()) return;
    rows.WriteParameterTerm(Plus(by_alpha.Total() * alpha.beta * alpha.beta, nan));
  }

  static HWY_INLINE NormalizedDoubleDouble Plus(NormalizedDoubleDouble a, Double nan) {
    return {a.hi + nan, a.lo};
  }
};

struct Sparsemax {
  static constexpr Spec kSpec = {
      .name = "sparsemax",
      .aliases = {"Sparsemax", "sparse_max"},
      .summary = "The point of the simplex that is nearest to the row: like softmax, with zeros.",
      .formula = "Max(0, x[i] - threshold(2, x))",
      .parameters = {kAlongAxes, kKeepMask, kAddedBias},
      .source = "Martins and Astudillo, ICML 2016, arXiv:1602.02068; keras.ops.sparsemax",
      .source_checked = true,
      .conventions =
          "threshold(2, x) is where the row sums to 1. The derivative is 0 at it. A row "
          "of -infinity alone, or with every element left out, gives 0.",
      .accuracy = kRowAccuracy,
  };

  template <class Rows>
  static HWY_INLINE void Evaluate(const Rows& rows) {
    EntmaxKernel::Evaluate(rows, EntmaxAlpha(2.0));
  }
};

struct Entmax {
  static constexpr Spec kSpec = {
      .name = "entmax",
      .aliases = {"Entmax", "entmax15", "entmax_bisect", "alpha_entmax"},
      .summary = "From softmax (alpha to 1) by way of sparsemax (alpha = 2) on, with zeros.",
      .formula = "Max(0, (alpha - 1)*x[i] - threshold(alpha, x))**(1/(alpha - 1))",
      .parameters = {kAlongAxes,
                     {.name = "alpha",
                      .summary = "the larger, the more zeros",
                      .default_value = 1.5,
                      .range = {.low = 1, .high = 4, .high_open = false},
                      .learnable = true},
                     kKeepMask,
                     kAddedBias},
      .source =
          "Peters, Niculae and Martins, ACL 2019, arXiv:1905.05702; the gradient by alpha: "
          "Correia et al., EMNLP 2019, arXiv:1909.00015; the authors' entmax_bisect",
      .source_checked = true,
      .conventions =
          "threshold(alpha, x) is where the row sums to 1. The derivative is 0 at it. A "
          "row of -infinity alone, or with every element left out, gives 0.",
      .accuracy = {.value = {.f64 = 8},
                   .gradient = {.f64 = 0.6},
                   .parameter_gradient = {.f64 = 1.2},
                   // Of a row of equal numbers it is 0.
                   .hard_spots = {{Quantity::kParameterGradient, -1e-15, 1e-15, 1e-28}},
                   .note = "0.6 ULP but for elements close above the threshold, whose relative "
                           "error grows as theirs to it shrinks: measured at alpha = 1.1. The "
                           "gradient by alpha loses digits below alpha = 1 + 2^-20"},
  };

  template <class Rows>
  static HWY_INLINE void Evaluate(const Rows& rows) {
    EntmaxKernel::Evaluate(rows, EntmaxAlpha(rows.Parameter(kAlphaIndex)));
  }

 private:
  static constexpr size_t kAlphaIndex = 1;
};

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_ACTIVATIONS_ENTMAX_INL_H_
