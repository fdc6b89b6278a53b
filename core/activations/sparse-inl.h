// Activations along an axis that select: hardmax, maxout and crelu.

#if defined(RECTIFIER_CORE_ACTIVATIONS_SPARSE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_ACTIVATIONS_SPARSE_INL_H_
#undef RECTIFIER_CORE_ACTIVATIONS_SPARSE_INL_H_
#else
#define RECTIFIER_CORE_ACTIVATIONS_SPARSE_INL_H_
#endif

#include "core/activations/row_parameters.h"
#include "core/loops/rows-inl.h"
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
    const Double first = FirstOfLargest(rows, LargestOfRow(rows));
    const Double nan = NaNOfRow(rows);
    for (size_t i = 0; i < rows.Steps(); ++i) {
      const Double y = SelectOrZero(rows.Index(i) == first, 1.0);
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
    const Double nan = NaNOfRow(rows);
    const Double first =
        Larger(FirstOfLargest(rows, LargestOfRow(rows)), 0.0);  // of a row of -infinity
    // The element itself, with its own sign of zero.
    if (rows.WantsValue()) rows.WriteRowValue(Select(IsNaN(nan), nan, rows.ElementAt(first)));
    if (!rows.WantsGradient()) return;
    const Double g = rows.RowUpstream();
    for (size_t i = 0; i < rows.Steps(); ++i) {
      const Double gradient = SelectOrZero(rows.Index(i) == first, g);
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
    const Double x = rows.X(0);
    const Mask above = x > 0.0, below = x < 0.0, nan = IsNaN(x);
    if (rows.WantsValue()) {
      rows.WriteValue(0, SelectOrZero(above | nan, x));
      rows.WriteValue(1, SelectOrZero(below | nan, -x));
    }
    if (!rows.WantsGradient()) return;
    const Double gradient = Select(below, -rows.Upstream(1), SelectOrZero(above, rows.Upstream(0)));
    rows.WriteGradient(0, Select(nan, x, gradient));
  }
};

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_ACTIVATIONS_SPARSE_INL_H_
