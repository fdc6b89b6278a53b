// Hard gates: linear or quadratic between kinks, and bounded or x beyond them.

#if defined(RECTIFIER_CORE_ACTIVATIONS_HARD_GATES_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_ACTIVATIONS_HARD_GATES_INL_H_
#undef RECTIFIER_CORE_ACTIVATIONS_HARD_GATES_INL_H_
#else
#define RECTIFIER_CORE_ACTIVATIONS_HARD_GATES_INL_H_
#endif

#include <array>

#include "core/functions/lines-inl.h"
#include "core/spec.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

inline constexpr Parameter kRampSlope = {.name = "alpha",
                                         .aliases = {"slope"},
                                         .summary = "slope of the ramp",
                                         .default_value = 1.0 / 6,
                                         .range = kPositive,
                                         .learnable = true,
                                         .reciprocal = true};
inline constexpr Parameter kRampOffset = {.name = "beta",
                                          .aliases = {"offset"},
                                          .summary = "value of the ramp at 0",
                                          .default_value = 0.5,
                                          .learnable = true};

// The line alpha x + beta between its knees. A knee is the double nearest to where the line meets 0
// or 1; where that is one double for both, the line is 0 there.
struct HardGate {
  Slope slope;
  Mask above, inside;

  HWY_INLINE HardGate(Double x, Double alpha, Double beta) : slope(alpha) {
    const Double upper_knee = slope.Knee(SumOf<DoubleDouble>(1.0, -beta));
    const Mask open = x > slope.Knee(-beta);
    above = open & (x >= upper_knee);
    inside = open & (x < upper_knee);
  }
  // What is computed slope.unit times as large on the ramp.
  template <class N>
  HWY_INLINE N InUnits(N multiple) const {
    return Select(inside, slope.InUnits(multiple), multiple);
  }
};

template <class N>
struct HardSigmoid {
  static constexpr Spec kSpec = {
      .name = "hard_sigmoid",
      .aliases = {"hardsigmoid", "Hardsigmoid", "HardSigmoid", "eltwise_hardsigmoid"},
      .summary = "The logistic function as a ramp: alpha x + beta clamped to [0, 1].",
      .formula =
          "Piecewise((0, x <= -beta/alpha), (1, x >= (1 - beta)/alpha), "
          "(alpha*x + beta, True))",
      .parameters = {kRampSlope, kRampOffset},
      .presets = {{"pytorch", "alpha", 1.0 / 6},
                  {"jax", "alpha", 1.0 / 6},
                  {"keras", "alpha", 1.0 / 6},
                  {"onnx", "alpha", 0.2f},
                  {"onnx", "beta", 0.5}},
      .source =
          "Howard et al., arXiv:1905.02244; slope 1/2: Courbariaux, Bengio and David, "
          "arXiv:1511.00363; torch.nn.Hardsigmoid; ONNX HardSigmoid",
      .source_checked = true,
      .conventions =
          "The derivative is 0 where the ramp meets 0 and 1. An alpha that is the double nearest "
          "to "
          "one over a whole number up to 1000 means that fraction: by default a sixth, so that the "
          "ramp begins at -3 and ends at 3. ONNX's slope is the float32 nearest to a fifth.",
      .special_values = {{-kInfinity, 0, 0}, {-0.0, 0.5, 1.0 / 6}, {kInfinity, 1, 0}},
  };

  Double x, beta;
  HardGate gate;

  HWY_INLINE HardSigmoid(Double x, Double alpha, Double beta)
      : x(x), beta(beta), gate(x, alpha, beta) {}
  HWY_INLINE N Value() const {
    const N ramp = SelectOrZero(gate.inside, gate.slope.template Line<N>(1, x, beta));
    return Select(gate.above, N(1.0), ramp);
  }
  HWY_INLINE N Derivative() const { return SelectOrZero(gate.inside, gate.slope.steepness); }
  HWY_INLINE N InUnits(N multiple) const { return gate.InUnits(multiple); }
  HWY_INLINE N SecondDerivative() const { return 0.0; }
  HWY_INLINE std::array<N, 2> ByParameters() const {
    return {SelectOrZero(gate.inside, x), SelectOrZero(gate.inside, 1.0)};
  }
};

template <class N>
struct HardSwish {
  static constexpr Spec kSpec = {
      .name = "hard_swish",
      .aliases = {"hardswish", "Hardswish", "HardSwish", "hard_silu", "HardSiLU", "hswish",
                  "eltwise_hardswish"},
      .summary = "Swish with a ramp for the logistic function: x hard_sigmoid(x).",
      .formula =
          "Piecewise((0, x <= -beta/alpha), (x, x >= (1 - beta)/alpha), "
          "(x*(alpha*x + beta), True))",
      .parameters = {kRampSlope, kRampOffset},
      .presets = {{"pytorch", "alpha", 1.0 / 6},
                  {"jax", "alpha", 1.0 / 6},
                  {"keras", "alpha", 1.0 / 6},
                  {"onnx", "alpha", 1.0 / 6}},
      .source = "Howard et al., Searching for MobileNetV3, arXiv:1905.02244; torch.nn.Hardswish",
      .source_checked = true,
      .conventions =
          "The derivative is 0 where the ramp meets 0, 1 where it meets 1 (PyTorch 1.13 has "
          "-1/2 at the former, the derivative from within), and the second one 0 at both. A zero "
          "has the sign of x. An alpha that is the double nearest to one over a whole number up to "
          "1000 means that fraction: by default a sixth, so that the function is x (x + 3)/6 "
          "between -3 and 3.",
      .special_values = {{-kInfinity, -0.0, 0},
                         {-8, -0.0, 0},
                         {-0.0, -0.0, 0.5},
                         {0, 0, 0.5},
                         {kInfinity, kInfinity, 1}},
  };

  Double x, beta;
  HardGate gate;

  HWY_INLINE HardSwish(Double x, Double alpha, Double beta)
      : x(x), beta(beta), gate(x, alpha, beta) {}
  HWY_INLINE N Value() const {
    const Double outside = Select(gate.above, x, WithSign(0.0, x));
    return Select(gate.inside, gate.slope.template Line<N>(1, x, beta) * x, N(outside));
  }
  HWY_INLINE N Derivative() const {
    return Select(gate.inside, gate.slope.template Line<N>(2, x, beta),
                  N(SelectOrZero(gate.above, 1.0)));
  }
  HWY_INLINE N SecondDerivative() const {
    return SelectOrZero(gate.inside, Twice(gate.slope.steepness));
  }
  HWY_INLINE N InUnits(N multiple) const { return gate.InUnits(multiple); }
  HWY_INLINE std::array<N, 2> ByParameters() const {
    return {SelectOrZero(gate.inside, Product<N>(x, x)), SelectOrZero(gate.inside, x)};
  }
};

template <class N>
struct SparseSigmoid {
  static constexpr Spec kSpec = {
      .name = "sparse_sigmoid",
      .aliases = {"sparsesigmoid", "SparseSigmoid"},
      .summary = "The derivative of sparse_plus: (x + 1)/2 clamped to [0, 1].",
      .formula = "Piecewise((0, x <= -1), (1, x >= 1), ((x + 1)/2, True))",
      .variants = {{"jax", "sparse_sigmoid_jax"}},
      .source = "keras.activations.sparse_sigmoid; Blondel, Martins and Niculae, arXiv:1901.02324",
      .source_checked = true,
      .conventions = "The derivative at -1 and 1 is 0.",
      .special_values =
          {{-kInfinity, 0, 0}, {-1, 0, 0}, {0, 0.5, 0.5}, {1, 1, 0}, {kInfinity, 1, 0}},
  };

  Double x;
  Mask inside;

  HWY_INLINE explicit SparseSigmoid(Double x) : x(x), inside(Abs(x) < 1.0) {}
  HWY_INLINE N Value() const {
    const N ramp = Half(SumOf<N>(x, 1.0));
    return Select(x >= 1.0, N(1.0), SelectOrZero(inside, ramp));
  }
  HWY_INLINE N Derivative() const { return SelectOrZero(inside, 0.5); }
  HWY_INLINE N SecondDerivative() const { return 0.0; }
};

template <class N>
struct SparseSigmoidJax : SparseSigmoid<N> {
  static constexpr Spec kSpec = {
      .name = "sparse_sigmoid_jax",
      .summary = "Sparse sigmoid with the derivative that JAX's has where the ramp ends.",
      .formula =
          "Piecewise((0, x < -1), (1, x > 1), ((x + 1)/4, x <= -1), ((x + 3)/4, x >= 1), "
          "((x + 1)/2, True))",
      .source = "jax.nn.sparse_sigmoid: jnp.clip(x + 1, 0, 2)/2",
      .source_checked = true,
      .conventions = "The derivative at -1 and 1 is 1/4.",
      .special_values =
          {{-kInfinity, 0, 0}, {-1, 0, 0.25}, {0, 0.5, 0.5}, {1, 1, 0.25}, {kInfinity, 1, 0}},
  };

  HWY_INLINE explicit SparseSigmoidJax(Double x) : SparseSigmoid<N>(x) {}
  HWY_INLINE N Derivative() const {
    return SelectOrZero(Abs(this->x) <= 1.0, Select(this->inside, 0.5, 0.25));
  }
};

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_ACTIVATIONS_HARD_GATES_INL_H_
