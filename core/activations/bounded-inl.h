// Activations with a bounded range.

#if defined(RECTIFIER_CORE_ACTIVATIONS_BOUNDED_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_ACTIVATIONS_BOUNDED_INL_H_
#undef RECTIFIER_CORE_ACTIVATIONS_BOUNDED_INL_H_
#else
#define RECTIFIER_CORE_ACTIVATIONS_BOUNDED_INL_H_
#endif

#include <array>
#include <limits>

#include "core/activations/float32-inl.h"
#include "core/functions/cancellation-inl.h"
#include "core/functions/exponential-inl.h"
#include "core/functions/logistic-inl.h"
#include "core/functions/normal-inl.h"
#include "core/functions/trigonometry-inl.h"
#include "core/functions/within-inl.h"
#include "core/numbers/rounding-inl.h"
#include "core/spec.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

template <class N>
struct Sigmoid {
  static constexpr Spec kSpec = {
      .name = "sigmoid",
      .aliases = {"logistic", "Sigmoid", "expit"},
      .summary = "The logistic function 1 / (1 + e^-x).",
      .formula = "1/(1 + exp(-x))",
      .source = "Verhulst 1845; torch.nn.Sigmoid",
      .source_checked = true,
      .special_values = {{-kInfinity, 0, 0}, {-0.0, 0.5, 0.25}, {kInfinity, 1, 0}},
  };
  using Float32Kernel = SigmoidFloat32;

  Double x;
  Logistic<N> logistic;

  HWY_INLINE explicit Sigmoid(Double x) : x(x), logistic(N(x)) {}
  HWY_INLINE N Value() const { return logistic.Value(); }
  HWY_INLINE N Derivative() const {  // 1/4 - x^2/16 + ...
    return BreakTie(logistic.SlopeTimes(1.0), 0.25, SelectOrZero(Abs(x) > 0.0, Double(-1.0)));
  }
  HWY_INLINE N SecondDerivative() const {
    const N result = logistic.SlopeTimes(WithSign(logistic.HalfTanh(), -x));
    return BreakTie(result, x * -0.125, x);
  }
};

template <class N>
struct Tanh {
  static constexpr Spec kSpec = {
      .name = "tanh",
      .aliases = {"Tanh", "hyperbolic_tangent"},
      .summary = "The hyperbolic tangent.",
      .formula = "tanh(x)",
      .source = "standard function; torch.nn.Tanh",
      .source_checked = true,
      .special_values = {{-kInfinity, -1, 0}, {-0.0, -0.0, 1}, {kInfinity, 1, 0}},
  };
  using Float32Kernel = TanhFloat32;

  N value;
  Logistic<N> logistic;  // of 2x: tanh(x) = 2 s(2x) - 1

  HWY_INLINE explicit Tanh(Double x) : value(0.0), logistic(N(x + x)) {
    value = WithSign(logistic.HalfTanh(), x);
  }
  HWY_INLINE N Value() const { return value; }
  HWY_INLINE N Derivative() const { return logistic.SlopeTimes(4.0); }
  HWY_INLINE N SecondDerivative() const { return logistic.SlopeTimes(value * -8.0); }
};

template <class N>
struct Softsign {
  static constexpr Spec kSpec = {
      .name = "softsign",
      .aliases = {"soft_sign", "Softsign"},
      .summary = "x / (1 + |x|).",
      .formula = "Piecewise((x/(1 + x), x >= 0), (x/(1 - x), True))",
      .source = "Bergstra, Desjardins, Lamblin and Bengio 2009; torch.nn.Softsign",
      .source_checked = true,
      .conventions = "The second derivative at 0 is -2, the limit from the right.",
      .special_values = {{-kInfinity, -1, 0}, {-0.0, -0.0, 1}, {kInfinity, 1, 0}},
  };

  Double x;
  Double size;  // |x|
  N q;          // 1 / (1 + |x|)
  Double down;  // a power of two, so that powers of q / down do not underflow
  N raised;     // q / down

  HWY_INLINE explicit Softsign(Double x)
      : x(x),
        size(Smaller(Abs(x), std::numeric_limits<double>::max())),
        q(Inverse(SumOf<N>(size, 1.0))),
        down(Select(size > 1e90, Double(0x1p-300), Double(1.0))),
        raised(TimesPowerOfTwo(q, Select(size > 1e90, Double(0x1p300), Double(1.0)))) {}
  HWY_INLINE N Value() const {
    // Far out the quotient is 1, and q a subnormal number of few digits.
    return WithSign(Select(size < 1e300, size * q, N(1.0)), x);
  }
  HWY_INLINE N Derivative() const { return Lowered(raised * raised, down, down); }
  HWY_INLINE N SecondDerivative() const {
    const N second = Lowered((raised * raised) * Twice(raised), down, down * down);
    return Select(x >= 0.0, -second, second);
  }
};

template <class N>
struct ScaledTanh {
  static constexpr Spec kSpec = {
      .name = "scaled_tanh",
      .aliases = {"stanh", "STanh", "ScaledTanh"},
      .summary = "The hyperbolic tangent with scales on both sides, b tanh(a x).",
      .formula = "b*tanh(a*x)",
      .parameters = {{.name = "a",
                      .aliases = {"scale_a", "beta"},
                      .summary = "scale of the input",
                      .default_value = 0.67,
                      .range = {.low = -1e50, .high = 1e50, .low_open = false, .high_open = false},
                      .learnable = true},
                     {.name = "b",
                      .aliases = {"scale_b", "alpha"},
                      .summary = "scale of the output",
                      .default_value = 1.7159,
                      .range = kModerate,
                      .learnable = true}},
      .source = "LeCun, Bottou, Orr and Mueller 1998 (Efficient BackProp); paddle.stanh",
      .source_checked = true,
      .conventions = "LeCun et al. have a = 2/3, Paddle 0.67. ONNX calls a beta and b alpha.",
      .special_values = {{-kInfinity, -1.7159, 0}, {kInfinity, 1.7159, 0}},
  };

  Double x, a, b;
  N u;                   // a x
  Logistic<N> logistic;  // of 2u
  Double by_a;           // x, finite where a is 0
  N tanh;

  HWY_INLINE ScaledTanh(Double x, Double a, Double b)
      : x(SelectOrZero(Abs(a) > 0.0, x)),  // 0 times infinity is 0
        a(a),
        b(b),
        u(Product<N>(a, this->x)),
        logistic(Twice(u)),
        by_a(Select(Abs(a) > 0.0, this->x, Within(x, std::numeric_limits<double>::max()))) {
    tanh = WithSign(logistic.HalfTanh(), Head(u));
  }
  // b tanh(u) is b u - b u^3/3 + ...
  HWY_INLINE N Value() const {
    const N leading = Product<N>(a, b) * x;
    return BreakTie(Select(Tiny(), leading, tanh * b), leading, -Head(leading));
  }
  HWY_INLINE N Derivative() const {
    const N most = Product<N>(a, b);
    const Double rest = SelectOrZero(Abs(Head(u)) > 0.0, -Head(most));
    return BreakTie(logistic.SlopeTimes(most * 4.0), most, rest);
  }
  HWY_INLINE N SecondDerivative() const {
    const N weight = Product<N>(a, b) * a;
    return Select(Tiny(), weight * a * -2.0 * x, logistic.SlopeTimes(weight * tanh * -8.0));
  }
  HWY_INLINE std::array<N, 2> ByParameters() const {
    // Where the gate is closed for good, x is bounded: it keeps infinity * 0 out.
    const Double bounded = Select(Abs(Head(u)) > kGateClosed, Within(by_a, 1e5), by_a);
    return {logistic.SlopeTimes(Product<N>(b, bounded) * 4.0),
            BreakTie(Select(Tiny(), u, tanh), u, -Head(u))};
  }

 private:
  // Next to 0 the product a x may underflow.
  HWY_INLINE Mask Tiny() const { return Abs(Head(u)) < 1e-40; }
};

template <class N>
struct Isru {
  static constexpr Spec kSpec = {
      .name = "isru",
      .aliases = {"ISRU"},
      .summary = "The inverse square root unit x / sqrt(1 + alpha x^2).",
      .formula = "x/sqrt(1 + alpha*x**2)",
      .parameters = {{.name = "alpha",
                      .summary = "the limits are 1/alpha^(1/2) and minus that",
                      .default_value = 1,
                      .range = kModeratePositive,
                      .learnable = true}},
      .source = "Carlile et al., arXiv:1710.09967",
      .special_values = {{-kInfinity, -1, 0}, {-0.0, -0.0, 1}, {kInfinity, 1, 0}},
  };
  // Beyond it the 1 below the root does not count, and the square might overflow.
  static constexpr double kFar = 1e100;

  Double x, alpha;
  Double size;  // |x|
  N limit;      // 1/sqrt(alpha)
  N q;          // 1/sqrt(1 + alpha x^2)
  N share;      // |x| q
  Double down;  // a power of two, so that powers of q / down do not underflow
  N raised;     // q / down

  HWY_INLINE Isru(Double x, Double alpha)
      : x(x), alpha(alpha), size(Abs(x)), limit(Inverse(SquareRoot(N(alpha)))) {
    const Mask far = size > kFar;
    const Double bounded = Within(size, kFar);
    const N near = Inverse(SquareRoot(Product<N>(bounded, bounded) * alpha + 1.0));
    q = Select(far, limit / N(size), near);
    share = Select(far, limit, near * bounded);
    const Mask small = Head(q) < 1e-60;
    down = Select(small, Double(0x1p-240), Double(1.0));
    raised = TimesPowerOfTwo(q, Select(small, Double(0x1p240), Double(1.0)));
  }
  HWY_INLINE N Value() const { return WithSign(share, x); }
  HWY_INLINE N Derivative() const { return Lowered(raised * raised * raised, down, down * down); }
  HWY_INLINE N SecondDerivative() const {
    const N square = raised * raised;
    const N result =
        Lowered(share * Product<N>(alpha, 3.0) * square * square, down * down, down * down);
    return BreakTie(WithSign(result, -x), Product<N>(x, alpha) * -3.0, x);
  }
  HWY_INLINE std::array<N, 1> ByParameters() const {
    const N result = WithSign(Half(share * share * share), -x);
    return {BreakTie(result, Product<N>(x * x, x) * -0.5, x)};
  }
};

template <class N>
struct ErrorFunction {
  static constexpr Spec kSpec = {
      .name = "erf",
      .aliases = {"Erf", "error_function"},
      .summary = "The error function.",
      .formula = "erf(x)",
      .source = "standard function; ONNX Erf",
      .source_checked = true,
      .special_values = {{-kInfinity, -1, 0}, {-0.0, -0.0, 1.1283791670955126}, {kInfinity, 1, 0}},
  };

  Double x;
  Double bounded;
  Exponential<N> exponential;  // e^(-x^2)

  HWY_INLINE explicit ErrorFunction(Double x)
      : x(x),
        bounded(Within(x, kGateClosed)),
        exponential(-Product<N>(bounded, bounded), Argument::kNotPositive) {}
  HWY_INLINE N Value() const { return Erf(N(x), NormalTail<N>(bounded * Exactly<N>(kRoot2))); }
  HWY_INLINE N Derivative() const { return exponential.Times(Twice(Exactly<N>(kInverseRootPi))); }
  HWY_INLINE N SecondDerivative() const {
    return exponential.Times(Exactly<N>(kInverseRootPi) * (bounded * -4.0));
  }
};

template <class N>
struct Laplace {
  static constexpr Spec kSpec = {
      .name = "laplace",
      .aliases = {"LaplaceActivation"},
      .summary = "The normal distribution function with mean mu and deviation sigma.",
      .formula = "erfc(-(x - mu)/(sigma*sqrt(2)))/2",
      .parameters = {{.name = "mu",
                      .summary = "mean: the value there is 1/2",
                      .default_value = 0.707107,
                      .learnable = true},
                     {.name = "sigma",
                      .summary = "standard deviation",
                      .default_value = 0.282095,
                      .range = {.low = 1e-20, .high = 1e100, .low_open = false, .high_open = false},
                      .learnable = true}},
      .source = "Ma et al., arXiv:2209.10655 (Mega); transformers LaplaceActivation",
      .source_checked = true,
      .special_values = {{-kInfinity, 0, 0}, {kInfinity, 1, 0}},
      .accuracy = {.gradient = {.f64 = 0.65},
                   .second_derivative = {.f64 = 0.75},
                   .parameter_gradient = {.f64 = 0.95}},
  };

  N inverse;  // 1/sigma
  N difference;
  N z;          // (x - mu)/sigma
  Double sign;  // of z
  NormalTail<N> tail;

  HWY_INLINE Laplace(Double x, Double mu, Double sigma)
      : inverse(Inverse(N(sigma))),
        difference(SumOf<N>(x, -mu)),
        z(difference / N(sigma)),
        sign(WithSign(1.0, Head(z))),
        tail(z) {}
  HWY_INLINE N Value() const {
    const N lost = tail.Tail();
    return Select(sign > 0.0, 1.0 - lost, lost);
  }
  HWY_INLINE N Derivative() const { return tail.DensityTimes(inverse); }
  HWY_INLINE N SecondDerivative() const {
    // Next to mu the quotient z may be subnormal, and have few digits.
    const N near = tail.DensityTimes(inverse * inverse * inverse) * -difference;
    return Select(Near(), near, tail.DensityTimes(tail.t * -sign * inverse * inverse));
  }
  HWY_INLINE std::array<N, 2> ByParameters() const {
    const N near = tail.DensityTimes(inverse * inverse) * -difference;
    return {tail.DensityTimes(-inverse),
            Select(Near(), near, tail.DensityTimes(tail.t * -sign * inverse))};
  }

 private:
  HWY_INLINE Mask Near() const { return Head(tail.t) < 1.0; }
};

template <class N>
struct Arctan {
  static constexpr Spec kSpec = {
      .name = "arctan",
      .aliases = {"atan", "Atan"},
      .summary = "The inverse tangent.",
      .formula = "atan(x)",
      .source = "standard function; ONNX Atan",
      .source_checked = true,
      .special_values = {{-kInfinity, -1.5707963267948966, 0},
                         {-0.0, -0.0, 1},
                         {kInfinity, 1.5707963267948966, 0}},
  };
  static constexpr double kFar = 1e100;  // beyond it, 1 + x^2 is x^2, which might overflow

  Double x;
  Mask far;
  N size;       // |x|; where it is far, 1/|x|, raised
  N quotient;   // 1/(1 + x^2), raised twice
  Double down;  // a power of two, so that powers of what is raised do not underflow

  HWY_INLINE explicit Arctan(Double x)
      : x(x), far(Abs(x) > kFar), size(Abs(x)), down(Select(far, Double(0x1p-300), Double(1.0))) {
    const Double bounded = Within(Abs(x), kFar);
    size = Select(far, TimesPowerOfTwo(Inverse(N(Abs(x))), 0x1p300), N(bounded));
    quotient = Select(far, size * size, Inverse(ProductPlus<N>(bounded, bounded, 1.0)));
  }
  HWY_INLINE N Value() const { return Atan<N>(x); }
  HWY_INLINE N Derivative() const { return Lowered(quotient, down, down); }
  HWY_INLINE N SecondDerivative() const {
    const N twice = Twice(size);
    const N result = Select(far, quotient * twice, quotient * (quotient * twice));
    return WithSign(Lowered(result, down, down * down), -x);
  }
};

template <class N>
struct Gaussian {
  static constexpr Spec kSpec = {
      .name = "gaussian",
      .aliases = {"Gaussian"},
      .summary = "The Gaussian bell e^(-x^2).",
      .formula = "exp(-x**2)",
      .source = "Gauss 1809; mlpack GaussianFunction",
      .source_checked = true,
      .special_values = {{-kInfinity, 0, 0}, {-0.0, 1, 0}, {kInfinity, 0, -0.0}},
  };

  Double x;  // bounded
  Exponential<N> exponential;

  HWY_INLINE explicit Gaussian(Double x)
      : x(Within(x, kGateClosed)),
        exponential(-Product<N>(this->x, this->x), Argument::kNotPositive) {}
  HWY_INLINE N Value() const { return exponential.Value(); }
  HWY_INLINE N Derivative() const { return exponential.Times(x * -2.0); }
  HWY_INLINE N SecondDerivative() const {
    return exponential.Times(Renormalized(ProductPlus<N>(x, x, -0.5)) *
                             4.0);  // exact next to its roots
  }
};

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_ACTIVATIONS_BOUNDED_INL_H_
