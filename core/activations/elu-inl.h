// ELU and its kin: rectifiers that are an exponential or a root below 0.

#if defined(RECTIFIER_CORE_ACTIVATIONS_ELU_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_ACTIVATIONS_ELU_INL_H_
#undef RECTIFIER_CORE_ACTIVATIONS_ELU_INL_H_
#else
#define RECTIFIER_CORE_ACTIVATIONS_ELU_INL_H_
#endif

#include "core/activations/in_floats-inl.h"
#include "core/simd/cancellation-inl.h"
#include "core/simd/functions-inl.h"
#include "core/simd/lines-inl.h"
#include "core/simd/map-inl.h"
#include "core/simd/ties-inl.h"
#include "core/spec.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

// kOpenAtZero: at 0 the derivative is that of the branch above it.
template <class N, bool kOpenAtZero>
struct EluOf {
  Real x, alpha;
  Mask positive;
  Exponential<N> exponential;

  HWY_INLINE EluOf(Real x, Real alpha)
      : x(x),
        alpha(alpha),
        positive(kOpenAtZero ? x >= 0.0 : x > 0.0),
        exponential(Smaller(x, 0.0), Argument::kNotPositive) {}
  HWY_INLINE N Expm1() const { return Select(x == 0.0, N(x), exponential.Minus1()); }
  HWY_INLINE N Value() const { return Select(positive, N(x), alpha * Expm1()); }
  HWY_INLINE N Derivative() const { return Select(positive, N(1.0), exponential.Times(alpha)); }
  HWY_INLINE N SecondDerivative() const {
    return Select(positive, N(Zero(alpha)), exponential.Times(alpha));
  }
  HWY_INLINE std::array<N, 1> ByParameters() const {
    return {Select(positive, N(Zero(x)), Expm1())};
  }

 private:
  // 0; at x = 0 with the sign of what is left of it.
  HWY_INLINE Real Zero(Real left) const {
    if constexpr (!kOpenAtZero) return 0.0;
    return Select(x == 0.0, WithSign(0.0, left), Real(0.0));
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
  using InFloats = EluInFloats;

  HWY_INLINE Elu(Real x, Real alpha) : EluOf<N, false>(x, alpha) {}
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

  HWY_INLINE EluTensorflow(Real x, Real alpha) : EluOf<N, true>(x, alpha) {}
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

  Real x, alpha;
  Mask positive;
  N steepness;  // 1/alpha
  N t;          // min(x, 0)/alpha
  Exponential<N> exponential;

  HWY_INLINE Celu(Real x, Real alpha)
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
    const N series = -square * Fitted(-size, kExpSlopeShort, kExpSlopeTwin, kExpSlopeTwinLow);
    // For t > 0 it is -e^t (e^-t - 1 + t).
    const N mirrored =
        exponential.Times(-square * Fitted(-size, kExpWideShort, kExpWideTwin, kExpWideTwinLow));
    const N near = OffTie(Select(Head(t) > 0.0, mirrored, series), Head(square) * -0.5, alpha);
    const N middle = exponential.Minus1() - exponential.Times(t);
    const N far = Select(Head(t) > 100.0, exponential.Times(1.0 - t), middle);
    return {Select(positive, N(0.0), Select(Head(size) < 0.5, near, far))};
  }
};

template <class N, bool kOpenAtZero>
struct SeluOf {
  Real scale;
  EluOf<N, kOpenAtZero> elu;

  HWY_INLINE SeluOf(Real x, Real alpha, Real scale) : scale(scale), elu(x, alpha) {}
  HWY_INLINE N Value() const {
    // 0 times infinity is 0: the limit of a line as its slope vanishes.
    const Real x = SelectOrZero(Abs(scale) > 0.0, elu.x);
    return Select(elu.positive, Product<N>(scale, x), Left() * elu.Expm1());
  }
  HWY_INLINE N Derivative() const {
    return Select(elu.positive, N(scale), elu.exponential.Times(Left()));
  }
  HWY_INLINE N SecondDerivative() const {
    return Select(elu.positive, N(0.0), elu.exponential.Times(Left()));
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

  HWY_INLINE Selu(Real x, Real alpha, Real scale) : SeluOf<N, false>(x, alpha, scale) {}
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

  HWY_INLINE SeluTensorflow(Real x, Real alpha, Real scale) : SeluOf<N, true>(x, alpha, scale) {}
};

// Widths that quantities are divided by twice: see kModerate.
inline constexpr Range kModerateWidth{
    .low = 1e-50, .high = 1e100, .low_open = false, .high_open = false};

template <class N>
struct Pelu {
  static constexpr Spec kSpec = {
      .name = "pelu",
      .aliases = {"PELU", "parametric_elu"},
      .summary = "ELU with a height alpha and a width beta, smooth at 0 for all of them.",
      .formula = "Piecewise((alpha/beta*x, x >= 0), (alpha*(exp(x/beta) - 1), True))",
      .parameters = {{.name = "alpha",
                      .aliases = {"a"},
                      .summary = "minus the limit for x -> -infinity",
                      .default_value = 1,
                      .range = kModeratePositive,
                      .learnable = true},
                     {.name = "beta",
                      .aliases = {"b"},
                      .summary = "width of the exponential part",
                      .default_value = 1,
                      .range = kModerateWidth,
                      .learnable = true}},
      .source =
          "Trottier, Giguere and Chaib-draa, arXiv:1605.09332; the authors' pelu.resnet.torch",
      .source_checked = true,
      .conventions = "The second derivative at 0 is 0, the limit from the right.",
      .special_values = {{-kInfinity, -1, 0}, {-0.0, -0.0, 1}, {kInfinity, kInfinity, 1}},
      .accuracy = {.value = {.f64 = 1.1},
                   .gradient = {.f64 = 1.1},
                   .second_derivative = {.f64 = 1.1},
                   .parameter_gradient = {.f64 = 1.1}},
  };

  Real x, alpha, beta;
  Mask open;
  N width;  // 1/beta
  N slope;  // alpha/beta
  N t;      // min(x, 0)/beta
  Exponential<N> exponential;

  HWY_INLINE Pelu(Real x, Real alpha, Real beta)
      : x(x),
        alpha(alpha),
        beta(beta),
        open(x >= 0.0),
        width(Inverse(N(beta))),
        slope(alpha / N(beta)),
        t(Within(Smaller(x, 0.0) * width, kGateClosed)),
        exponential(t, Argument::kNotPositive) {}
  HWY_INLINE N Value() const {
    // Next to 0 x/beta may underflow.
    const Mask linear = open | (Abs(Head(t)) < 1e-40);
    return Select(linear, ProductOver(N(beta), slope), alpha * exponential.Minus1());
  }
  HWY_INLINE N Derivative() const { return Select(open, slope, exponential.Times(slope)); }
  HWY_INLINE N SecondDerivative() const {
    return Select(open, N(0.0), exponential.Times(slope * width));
  }
  HWY_INLINE std::array<N, 2> ByParameters() const {
    const Mask linear = open | (Abs(Head(t)) < 1e-40);
    return {Select(linear, N(x) / N(beta), exponential.Minus1()),
            -Select(linear, ProductOver(Product<N>(beta, beta), slope * width),
                    exponential.Times(slope * t))};
  }

 private:
  // alpha x / divisor, which is also `factor` times x. Dividing comes last, so that a quotient that
  // is a tie stays one; but where the product might overflow or lose digits no tie is at stake.
  HWY_INLINE N ProductOver(N divisor, N factor) const {
    const N product = Product<N>(alpha, x);
    const Real size = Abs(Head(product));
    return Select((size > 1e-200) & (size < 1e200), product / divisor, factor * x);
  }
};

template <class N>
struct Xielu {
  static constexpr Spec kSpec = {
      .name = "xielu",
      .aliases = {"xIELU", "XIELU"},
      .summary = "A parabola above 0 and an ELU below, with a gradient that grows with x.",
      .formula =
          "Piecewise((alpha_p*x**2 + beta*x, x > 0), "
          "(alpha_n*(exp(x) - 1 - x) + beta*x, True))",
      .parameters = {{.name = "alpha_p",
                      .summary = "curvature above 0",
                      .default_value = 0.8,
                      .range = kModerate,
                      .learnable = true},
                     {.name = "alpha_n",
                      .summary = "weight of the exponential part below 0",
                      .default_value = 0.8,
                      .range = kModerate,
                      .learnable = true},
                     {.name = "beta",
                      .summary = "slope at 0",
                      .default_value = 0.5,
                      .range = kModerate,
                      .learnable = true}},
      .source = "Huang and Schlag, arXiv:2411.13010; transformers XIELUActivation",
      .source_checked = true,
      .conventions =
          "alpha_p and alpha_n are the coefficients themselves: transformers stores "
          "softplus^-1(alpha_p) and softplus^-1(alpha_n - beta). The derivative at 0 is "
          "beta, and the second one alpha_n, the limit from the left. There is no eps: "
          "transformers takes e^x at min(x, -1e-6), for which "
          "its gradient in (-1e-6, 0] is beta - alpha_n.",
      .special_values = {{-0.0, -0.0, 0.5}, {kInfinity, kInfinity, kInfinity}},
      .accuracy = {.hard_spots = {{Quantity::kValue, -1e4, 0, 1e-17},
                                  {Quantity::kGradient, -1e4, 0, 1e-18}},
                   .note = "f64: where alpha_n > beta, value and gradient pass through zero at "
                           "places that depend on the arguments; the absolute bounds there are "
                           "for arguments of about 1."},
  };

  Real x, alpha_p, alpha_n, beta;
  Mask positive;
  Exponential<N> exponential;  // of min(x, 0)

  HWY_INLINE Xielu(Real x, Real alpha_p, Real alpha_n, Real beta)
      : x(x),
        alpha_p(alpha_p),
        alpha_n(alpha_n),
        beta(beta),
        positive(x > 0.0),
        exponential(Smaller(x, 0.0), Argument::kNotPositive) {}
  HWY_INLINE N Value() const {
    // x (alpha_p x + beta); 0 times infinity is 0.
    const N factor = Renormalized(ProductPlus<N>(alpha_p, SelectUnlessZero(alpha_p, x), beta));
    const N above = factor * SelectUnlessZero(Head(factor), x);
    const Real rest = Select(positive, alpha_p, alpha_n);
    // Next to 0 the terms may underflow, and a sum of zeros would lose its sign.
    const Mask line = (Abs(x) < 1e-40) & (Abs(beta) > 0.0);
    const N below = Select(line, Product<N>(beta, x), Below());
    const N value = Select(positive, above, below);
    return OffTie(value, beta * x, rest);
  }
  HWY_INLINE N Derivative() const {
    const Real twice = alpha_p + alpha_p;
    const N above = ProductPlus<N>(twice, SelectUnlessZero(twice, x), beta);
    const N sum = Fma(N(alpha_n), exponential.Minus1(), N(beta));
    const N below =
        Resolved(sum, Abs(beta), [this]() HWY_ATTR { return Full().Minus1() * alpha_n + beta; });
    return Select(positive, above, below);
  }
  HWY_INLINE N SecondDerivative() const {
    return Select(positive, N(alpha_p + alpha_p), exponential.Times(alpha_n));
  }
  HWY_INLINE std::array<N, 3> ByParameters() const {
    const N bend = OffTie(Bend(exponential, x), x * x * 0.5, x);
    return {Select(positive, Product<N>(x, x), N(0.0)), Select(positive, N(0.0), bend), N(x)};
  }

 private:
  // The root of the derivative moves with the arguments, and may come as close to x as they allow.
  HWY_INLINE Exponential<Twin> Full() const {
    return Exponential<Twin>(Smaller(x, 0.0), Argument::kNotPositive, Digits::kAll);
  }
  // (e^x - 1 - x)/x^2 next to 0.
  template <class M>
  static HWY_INLINE M BendNearZero(Real x) {
    using namespace coefficients;  // NOLINT: three names of one polynomial
    const M bounded = Within(x, 0.5);
    return Fitted(bounded, kExpWideShort, kExpWideTwin, kExpWideTwinLow);
  }
  // e^x - 1 - x.
  template <class M>
  static HWY_INLINE M Bend(const Exponential<M>& exponential, Real x) {
    const M near = Product<M>(x, x) * BendNearZero<M>(x);
    return Select(x > -0.5, near, exponential.Minus1() - x);
  }
  // alpha_n (e^x - 1 - x) + beta x. Far out -x and beta x go together, or infinities would meet.
  template <class M>
  HWY_INLINE M BelowIn(const Exponential<M>& exponential) const {
    const M near = Fma(Product<M>(alpha_n, x) * BendNearZero<M>(x), M(x), Product<M>(beta, x));
    const M slope = SumOf<M>(beta, -alpha_n);
    const M far = slope * SelectUnlessZero(Head(slope), x) + alpha_n * exponential.Minus1();
    return Select(x > -0.5, near, far);
  }
  HWY_INLINE N Below() const {
    const N sum = BelowIn(exponential);
    return Resolved(sum, Abs(beta * x), [this]() HWY_ATTR { return BelowIn(Full()); });
  }
};

template <class N>
struct Isrlu {
  static constexpr Spec kSpec = {
      .name = "isrlu",
      .aliases = {"ISRLU"},
      .summary = "x above 0, x / sqrt(1 + alpha x^2) below.",
      .formula = "Piecewise((x, x >= 0), (x/sqrt(1 + alpha*x**2), True))",
      .parameters = {{.name = "alpha",
                      .summary = "1/alpha^(1/2) is minus the limit for x -> -infinity",
                      .default_value = 1,
                      .range = kModeratePositive,
                      .learnable = true}},
      .source = "Carlile et al., arXiv:1710.09967; mlpack ISRLU",
      .source_checked = true,
      .conventions = "The second derivative at 0 is 0, the limit from either side.",
      .special_values = {{-kInfinity, -1, 0}, {-0.0, -0.0, 1}, {kInfinity, kInfinity, 1}},
  };

  Real x;
  Mask open;
  Isru<N> isru;

  HWY_INLINE Isrlu(Real x, Real alpha) : x(x), open(x >= 0.0), isru(x, alpha) {}
  HWY_INLINE N Value() const { return Select(open, N(x), isru.Value()); }
  HWY_INLINE N Derivative() const { return Select(open, N(1.0), isru.Derivative()); }
  HWY_INLINE N SecondDerivative() const { return Select(open, N(0.0), isru.SecondDerivative()); }
  HWY_INLINE std::array<N, 1> ByParameters() const {
    return {Select(open, N(0.0), isru.ByParameters()[0])};
  }
};

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_ACTIVATIONS_ELU_INL_H_
