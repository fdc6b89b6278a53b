// ELU and its variants: an exponential below 0.

#if defined(RECTIFIER_CORE_ACTIVATIONS_ELU_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_ACTIVATIONS_ELU_INL_H_
#undef RECTIFIER_CORE_ACTIVATIONS_ELU_INL_H_
#else
#define RECTIFIER_CORE_ACTIVATIONS_ELU_INL_H_
#endif

#include <array>

#include "core/activations/float32-inl.h"
#include "core/functions/cancellation-inl.h"
#include "core/functions/exponential-inl.h"
#include "core/functions/fitted-inl.h"
#include "core/functions/lines-inl.h"
#include "core/functions/logistic-inl.h"
#include "core/functions/within-inl.h"
#include "core/numbers/rounding-inl.h"
#include "core/spec.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

// kOpenAtZero: at 0 the derivative is that of the branch above it.
template <class N, bool kOpenAtZero>
struct EluOf {
  Double x, alpha;
  Mask positive;
  Exponential<N> exponential;

  HWY_INLINE EluOf(Double x, Double alpha)
      : x(x),
        alpha(alpha),
        positive(kOpenAtZero ? x >= 0.0 : x > 0.0),
        exponential(Smaller(x, 0.0), Argument::kNotPositive) {}
  HWY_INLINE N Expm1() const { return Select(x == 0.0, N(x), exponential.Minus1()); }
  HWY_INLINE N Value() const { return Select(positive, N(x), ScaledBy(N(alpha))); }
  HWY_INLINE N Derivative() const { return Select(positive, N(1.0), SlopeScaledBy(N(alpha))); }
  HWY_INLINE N SecondDerivative() const {
    return Select(positive, N(Zero(alpha)), SlopeScaledBy(N(alpha)));
  }
  // scale (e^x - 1) is scale (x + x^2/2 + ...), and scale e^x is scale (1 + x + ...), x <= 0.
  HWY_INLINE N ScaledBy(N scale) const { return BreakTie(scale * Expm1(), scale * x, Head(scale)); }
  HWY_INLINE N SlopeScaledBy(N scale) const {
    return BreakTie(exponential.Times(scale), scale, SelectOrZero(x < 0.0, -Head(scale)));
  }
  HWY_INLINE std::array<N, 1> ByParameters() const {
    return {Select(positive, N(Zero(x)), Expm1())};
  }

 private:
  // 0; at x = 0 with the sign of what is left of it.
  HWY_INLINE Double Zero(Double left) const {
    if constexpr (!kOpenAtZero) return 0.0;
    return Select(x == 0.0, WithSign(0.0, left), Double(0.0));
  }
};

inline constexpr Parameter kEluAlpha = {.name = "alpha",
                                        .summary = "minus the limit for x -> -infinity",
                                        .default_value = 1,
                                        .range = kModerate,
                                        .learnable = true};

template <class N>
struct Elu : EluOf<N, false> {
  static constexpr Spec kSpec = {
      .name = "elu",
      .aliases = {"Elu", "ELU"},
      .summary = "x above 0, alpha (e^x - 1) below.",
      .formula = "Piecewise((x, x > 0), (alpha*(exp(x) - 1), True))",
      .parameters = {kEluAlpha},
      .variants = {{"tensorflow", "elu_tensorflow"}},
      .source = "Clevert, Unterthiner and Hochreiter, ICLR 2016, arXiv:1511.07289; torch.nn.ELU",
      .source_checked = true,
      .conventions =
          "The derivative at 0 is alpha, and so is the second one: the limits from the left.",
      .special_values = {{-kInfinity, -1, 0}, {-0.0, -0.0, 1}, {kInfinity, kInfinity, 1}},
      .accuracy = {.gradient = {.f64 = 0.8}, .second_derivative = {.f64 = 0.8}},
  };
  using Float32Kernel = EluFloat32;

  HWY_INLINE Elu(Double x, Double alpha) : EluOf<N, false>(x, alpha) {}
};

template <class N>
struct EluTensorflow : EluOf<N, true> {
  static constexpr Spec kSpec = {
      .name = "elu_tensorflow",
      .summary = "ELU with TensorFlow's derivative at 0.",
      .formula = "Piecewise((x, x >= 0), (alpha*(exp(x) - 1), True))",
      .parameters = {kEluAlpha},
      .source = "tensorflow/core/kernels/relu_op_functor.h",
      .source_checked = true,
      .conventions = "The derivative at 0 is 1, whatever alpha is; the second one is 0.",
      .special_values = {{-kInfinity, -1, 0}, {-0.0, -0.0, 1}, {kInfinity, kInfinity, 1}},
      .accuracy = {.gradient = {.f64 = 0.8}, .second_derivative = {.f64 = 0.8}},
  };

  HWY_INLINE EluTensorflow(Double x, Double alpha) : EluOf<N, true>(x, alpha) {}
};

template <class N>
struct Celu {
  static constexpr Spec kSpec = {
      .name = "celu",
      .aliases = {"Celu", "CELU"},
      .summary = "ELU made continuously differentiable: alpha (e^(x/alpha) - 1) below 0.",
      .formula = "Piecewise((x, x > 0), (alpha*(exp(x/alpha) - 1), True))",
      .parameters = {{.name = "alpha",
                      .summary = "minus the limit for x -> -infinity; below 0 there is none",
                      .default_value = 1,
                      .range = kModerateNotZero,
                      .learnable = true}},
      .source = "Barron, arXiv:1704.07483; torch.nn.CELU",
      .source_checked = true,
      .conventions =
          "The second derivative at 0 is 1/alpha, the limit from the left. The derivative at 0 is "
          "1; "
          "Keras on TensorFlow has 2 there, the sum of both sides, which no preset follows.",
      .special_values = {{-kInfinity, -1, 0}, {-0.0, -0.0, 1}, {kInfinity, kInfinity, 1}},
  };

  Double x, alpha;
  Mask positive;
  N steepness;  // 1/alpha
  N t;          // min(x, 0)/alpha
  Exponential<N> exponential;

  HWY_INLINE Celu(Double x, Double alpha)
      : x(x),
        alpha(alpha),
        positive(x > 0.0),
        steepness(Inverse(N(alpha))),
        t(Within(Smaller(x, 0.0) * steepness, kGateClosed)),
        exponential(t) {}
  HWY_INLINE N Value() const {
    // Next to 0 x/alpha may underflow, and x is the result. Far out, for a negative alpha, e^t may
    // overflow where alpha e^t does not.
    const N near = Select(Abs(Head(t)) < 1e-40, N(x), alpha * exponential.Minus1());
    const N below = Select(Head(t) > 100.0, exponential.Times(alpha), near);
    return Select(positive, N(x), below);
  }
  HWY_INLINE N Derivative() const { return Select(positive, N(1.0), exponential.Value()); }
  HWY_INLINE N SecondDerivative() const {
    return Select(positive, N(0.0), exponential.Times(steepness));
  }
  HWY_INLINE std::array<N, 1> ByParameters() const {
    // e^t - 1 - t e^t cancels near 0, where it is -t^2/2 - t^3/3 - ...
    using namespace coefficients;  // NOLINT: three names of one polynomial
    const N square = t * t;
    const N size = Abs(t);
    const N series =
        -square * Fitted(-size, kExpSlopeShort, kExpSlopeDoubleDouble, kExpSlopeDoubleDoubleLow);
    // For t > 0 it is -e^t (e^-t - 1 + t).
    const N mirrored = exponential.Times(
        -square * Fitted(-size, kExpWideShort, kExpWideDoubleDouble, kExpWideDoubleDoubleLow));
    const N near = BreakTie(Select(Head(t) > 0.0, mirrored, series), square * -0.5, alpha);
    const N middle = exponential.Minus1() - exponential.Times(t);
    const N far = Select(Head(t) > 100.0, exponential.Times(1.0 - t), middle);
    return {Select(positive, N(0.0), Select(Head(size) < 0.5, near, far))};
  }
};

template <class N, bool kOpenAtZero>
struct SeluOf {
  Double scale;
  EluOf<N, kOpenAtZero> elu;

  HWY_INLINE SeluOf(Double x, Double alpha, Double scale) : scale(scale), elu(x, alpha) {}
  HWY_INLINE N Value() const {
    // 0 times infinity is 0: the limit of a line as its slope vanishes.
    const Double x = SelectOrZero(Abs(scale) > 0.0, elu.x);
    return Select(elu.positive, Product<N>(scale, x), elu.ScaledBy(Left()));
  }
  HWY_INLINE N Derivative() const {
    return Select(elu.positive, N(scale), elu.SlopeScaledBy(Left()));
  }
  HWY_INLINE N SecondDerivative() const {
    return Select(elu.positive, N(0.0), elu.SlopeScaledBy(Left()));
  }
  HWY_INLINE std::array<N, 2> ByParameters() const {
    return {scale * elu.ByParameters()[0], elu.Value()};
  }

 private:
  HWY_INLINE N Left() const { return Product<N>(scale, elu.alpha); }
};

inline constexpr Parameter kSeluAlpha = {
    .name = "alpha",
    .summary = "minus the limit for x -> -infinity, over scale",
    .default_value = 1.6732632423543772848170429916717,
    .range = kModerate,
    .learnable = true};
inline constexpr Parameter kSeluScale = {.name = "scale",
                                         .aliases = {"gamma", "lambda"},
                                         .summary = "slope for x > 0",
                                         .default_value = 1.0507009873554804934193349852946,
                                         .range = kModerate,
                                         .learnable = true};

template <class N>
struct Selu : SeluOf<N, false> {
  static constexpr Spec kSpec = {
      .name = "selu",
      .aliases = {"Selu", "SELU"},
      .summary = "ELU scaled so that activations normalize themselves.",
      .formula = "scale*Piecewise((x, x > 0), (alpha*(exp(x) - 1), True))",
      .parameters = {kSeluAlpha, kSeluScale},
      .presets = {{"onnx", "alpha", 1.67326319217681884765625},
                  {"onnx", "scale", 1.05070102214813232421875}},
      .variants = {{"tensorflow", "selu_tensorflow"}, {"keras", "selu_tensorflow"}},
      .source =
          "Klambauer, Unterthiner, Mayr and Hochreiter, NIPS 2017, arXiv:1706.02515; torch.nn.SELU",
      .source_checked = true,
      .conventions =
          "The derivative at 0 is scale * alpha, and so is the second one: the limits from the "
          "left.",
      .special_values = {{-0.0, -0.0, 1.7580993408473766},
                         {kInfinity, kInfinity, 1.0507009873554805}},
  };

  HWY_INLINE Selu(Double x, Double alpha, Double scale) : SeluOf<N, false>(x, alpha, scale) {}
};

template <class N>
struct SeluTensorflow : SeluOf<N, true> {
  static constexpr Spec kSpec = {
      .name = "selu_tensorflow",
      .summary = "SELU with TensorFlow's derivative at 0.",
      .formula = "scale*Piecewise((x, x >= 0), (alpha*(exp(x) - 1), True))",
      .parameters = {kSeluAlpha, kSeluScale},
      .source = "tensorflow/core/kernels/relu_op_functor.h",
      .source_checked = true,
      .conventions = "The derivative at 0 is scale; the second one is 0.",
      .special_values = {{-0.0, -0.0, 1.0507009873554805},
                         {kInfinity, kInfinity, 1.0507009873554805}},
  };

  HWY_INLINE SeluTensorflow(Double x, Double alpha, Double scale)
      : SeluOf<N, true>(x, alpha, scale) {}
};

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_ACTIVATIONS_ELU_INL_H_
