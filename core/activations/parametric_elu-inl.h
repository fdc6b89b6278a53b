// Pelu, xielu and isrlu: a line or a parabola above 0, an exponential or a root below.

#if defined(RECTIFIER_CORE_ACTIVATIONS_PARAMETRIC_ELU_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_ACTIVATIONS_PARAMETRIC_ELU_INL_H_
#undef RECTIFIER_CORE_ACTIVATIONS_PARAMETRIC_ELU_INL_H_
#else
#define RECTIFIER_CORE_ACTIVATIONS_PARAMETRIC_ELU_INL_H_
#endif

#include <array>

#include "core/activations/bounded-inl.h"
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

  Double x, alpha, beta;
  Mask open;
  N width;  // 1/beta
  N slope;  // alpha/beta
  N t;      // min(x, 0)/beta
  Exponential<N> exponential;

  HWY_INLINE Pelu(Double x, Double alpha, Double beta)
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
    const N line = ProductOver(N(beta), slope);
    const N bent = BreakTie(Select(linear, line, alpha * exponential.Minus1()), line, 1.0);
    return Select(open, line, bent);
  }
  HWY_INLINE N Derivative() const {
    return Select(open, slope, BreakTie(exponential.Times(slope), slope, -1.0));
  }
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
    const Double size = Abs(Head(product));
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

  Double x, alpha_p, alpha_n, beta;
  Mask positive;
  Exponential<N> exponential;  // of min(x, 0)

  HWY_INLINE Xielu(Double x, Double alpha_p, Double alpha_n, Double beta)
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
    const Double rest = Select(positive, alpha_p, alpha_n);
    // Next to 0 the terms may underflow, and a sum of zeros would lose its sign.
    const Mask line = (Abs(x) < 1e-40) & (Abs(alpha_n * x) < Abs(beta) * 0x1p-120);
    const N below = Select(line, Product<N>(beta, x), Below());
    const N value = Select(positive, above, below);
    return BreakTie(value, Product<N>(beta, x), rest);
  }
  HWY_INLINE N Derivative() const {
    const Double twice = alpha_p + alpha_p;
    const N above = ProductPlus<N>(twice, SelectUnlessZero(twice, x), beta);
    const Double size = Select(x > kNear, Abs(beta), Abs(Head(exponential.Times(alpha_n))));
    const N below =
        Resolved(SlopeIn(exponential), size, [this]() HWY_ATTR { return SlopeIn(Full()); });
    return Select(positive, above, below);
  }
  HWY_INLINE N SecondDerivative() const {
    return Select(positive, N(alpha_p + alpha_p), exponential.Times(alpha_n));
  }
  HWY_INLINE std::array<N, 3> ByParameters() const {
    const N bend = BreakTie(Bend(exponential, x), x * 0.5 * x, x);
    return {Select(positive, Product<N>(x, x), N(0.0)), Select(positive, N(0.0), bend), N(x)};
  }

 private:
  static constexpr double kNear = -1;

  // beta + alpha_n (e^x - 1). Far out what is left of beta and alpha_n may be less than the last
  // term.
  template <class M>
  HWY_INLINE M SlopeIn(const Exponential<M>& exponential) const {
    const M near = Fma(M(alpha_n), exponential.Minus1(), M(beta));
    const M far = SumOf<M>(beta, -alpha_n) + exponential.Times(alpha_n);
    return Select(x > kNear, near, far);
  }
  // The root of the derivative moves with the arguments, and may come as close to x as they allow.
  HWY_INLINE Exponential<DoubleDouble> Full() const {
    return Exponential<DoubleDouble>(Smaller(x, 0.0), Argument::kNotPositive, Digits::kAll);
  }
  // (e^x - 1 - x)/x^2 next to 0.
  template <class M>
  static HWY_INLINE M BendNearZero(Double x) {
    using namespace coefficients;  // NOLINT: three names of one polynomial
    const M bounded = Within(x, 0.5);
    return Fitted(bounded, kExpWideShort, kExpWideDoubleDouble, kExpWideDoubleDoubleLow);
  }
  // e^x - 1 - x.
  template <class M>
  static HWY_INLINE M Bend(const Exponential<M>& exponential, Double x) {
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

  Double x;
  Mask open;
  Isru<N> isru;

  HWY_INLINE Isrlu(Double x, Double alpha) : x(x), open(x >= 0.0), isru(x, alpha) {}
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

#endif  // RECTIFIER_CORE_ACTIVATIONS_PARAMETRIC_ELU_INL_H_
