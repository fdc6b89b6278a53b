// Smooth rectifiers of one exponential or one root.

#if defined(RECTIFIER_CORE_ACTIVATIONS_EXPONENTIAL_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_ACTIVATIONS_EXPONENTIAL_INL_H_
#undef RECTIFIER_CORE_ACTIVATIONS_EXPONENTIAL_INL_H_
#else
#define RECTIFIER_CORE_ACTIVATIONS_EXPONENTIAL_INL_H_
#endif

#include "core/simd/functions-inl.h"
#include "core/simd/map-inl.h"
#include "core/spec.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

template <class N>
struct Softplus {
  static constexpr Spec kSpec = {
      .name = "softplus",
      .aliases = {"soft_relu", "smooth_relu", "SmoothReLU", "Softplus"},
      .summary = "The smooth ramp ln(1 + e^(beta x)) / beta, with sharpness beta.",
      .formula = "log(1 + exp(beta*x))/beta",
      .parameters = {{.name = "beta",
                      .aliases = {"sharpness", "k"},
                      .summary = "sharpness: the larger, the nearer to ReLU",
                      .default_value = 1,
                      .range = kModeratePositive,
                      .learnable = true}},
      .source = "Dugas et al., NIPS 2000",
      .conventions =
          "No threshold beyond which the result is taken as x: it would be wrong in f64.",
      .special_values = {{-kInfinity, 0, 0}, {kInfinity, kInfinity, 1}},
  };

  Real x, beta;
  N u;  // beta x
  Logistic<N> logistic;

  HWY_INLINE Softplus(Real x, Real beta) : x(x), beta(beta), u(Product<N>(beta, x)), logistic(u) {}
  HWY_INLINE N Value() const {
    // Below -45, ln(1 + e) is e to more digits than there are.
    const N inverse = Inverse(N(beta));
    const N tail = logistic.exponential.Times(inverse);
    const N log = Select(Abs(Head(u)) > 45.0, tail, logistic.Log() * inverse);
    return Select(logistic.positive, log + x, log);
  }
  HWY_INLINE N Derivative() const { return logistic.Value(); }
  HWY_INLINE N SecondDerivative() const { return logistic.SlopeTimes(beta); }
  HWY_INLINE std::array<N, 1> ByParameters() const {
    // -H(s)/beta^2 with the binary entropy H(s) = ln(1 + e) + |u| e/(1 + e): no cancellation.
    const N inverse = Inverse(N(beta));
    const N factor = inverse * inverse;
    const N size = Within(Abs(u), kGateClosed);
    const N far = logistic.exponential.Times((size + 1.0) * factor);
    const N near = (logistic.Log() + logistic.exponential.Times(size * logistic.inverse)) * factor;
    return {-Select(Head(size) > 45.0, far, near)};
  }
};

// sqrt(x^2 + b) for x >= 0, with the square kept within the doubles.
template <class N>
HWY_INLINE N RootOfSquareAnd(Real x, Real b) {
  const Real down = Select(x > 0x1p500, Real(0x1p-600), Real(1.0));
  const Real scale = Select((x < 0x1p-400) & (b < 0x1p-800), 0x1p500, down);
  const Real scaled = x * scale;
  const N square = ProductPlus<N>(scaled, scaled, (b * scale) * scale);
  return TimesPowerOfTwo(SquareRoot(square), 1.0 / scale);
}

template <class N>
struct Squareplus {
  static constexpr Spec kSpec = {
      .name = "squareplus",
      .summary = "The algebraic smooth ramp (x + sqrt(x^2 + b)) / 2.",
      .formula = "(x + sqrt(x**2 + b))/2",
      .parameters = {{.name = "b",
                      .summary = "size of the bend; 0 would be ReLU",
                      .default_value = 4,
                      .range = kPositive,
                      .learnable = true}},
      .presets = {{"jax", "b", 4}, {"keras", "b", 4}},
      .source = "Barron, arXiv:2112.11687",
      .special_values = {{-kInfinity, 0, 0}, {-0.0, 1, 0.5}, {kInfinity, kInfinity, 1}},
  };

  Real b;
  Real size;  // |x|
  N root;     // sqrt(x^2 + b)
  Mask negative;

  HWY_INLINE Squareplus(Real x, Real b)
      : b(b), size(Abs(x)), root(RootOfSquareAnd<N>(Abs(x), b)), negative(x < 0.0) {}
  HWY_INLINE N Value() const {
    const N sum = root + size;
    return Select(negative, b / Twice(sum), Half(sum));
  }
  HWY_INLINE N Derivative() const {
    const N rest = (b / root) / Twice(root + size);  // 1 - f'(|x|)
    return Select(negative, rest, 1.0 - rest);
  }
  HWY_INLINE N SecondDerivative() const { return (b / root) / root / Twice(root); }
  HWY_INLINE std::array<N, 1> ByParameters() const { return {0.25 / root}; }
};

template <class N>
struct Elu {
  static constexpr Spec kSpec = {
      .name = "elu",
      .aliases = {"Elu", "ELU"},
      .summary = "x above 0, alpha (e^x - 1) below.",
      .formula = "Piecewise((x, x > 0), (alpha*(exp(x) - 1), True))",
      .parameters = {{.name = "alpha",
                      .summary = "minus the limit for x -> -infinity",
                      .default_value = 1,
                      .range = kModerate,
                      .learnable = true}},
      .source = "Clevert, Unterthiner and Hochreiter, ICLR 2016, arXiv:1511.07289",
      .conventions = "The derivative at 0 is alpha.",
      .special_values = {{-kInfinity, -1, 0}, {-0.0, -0.0, 1}, {kInfinity, kInfinity, 1}},
      .accuracy = {.gradient = {.f64 = 0.8}, .second_derivative = {.f64 = 0.8}},
  };

  Real x, alpha;
  Mask positive;
  Exponential<N> exponential;

  HWY_INLINE Elu(Real x, Real alpha)
      : x(x), alpha(alpha), positive(x > 0.0), exponential(Smaller(x, 0.0)) {}
  HWY_INLINE N Expm1() const { return Select(x == 0.0, N(x), exponential.Minus1()); }
  HWY_INLINE N Value() const { return Select(positive, N(x), alpha * Expm1()); }
  HWY_INLINE N Derivative() const { return Select(positive, N(1.0), exponential.Times(alpha)); }
  HWY_INLINE N SecondDerivative() const {
    return Select(positive, N(0.0), exponential.Times(alpha));
  }
  HWY_INLINE std::array<N, 1> ByParameters() const { return {Select(positive, N(0.0), Expm1())}; }
};

template <class N>
struct Celu {
  static constexpr Spec kSpec = {
      .name = "celu",
      .aliases = {"Celu", "CELU"},
      .summary = "ELU made continuously differentiable: alpha (e^(x/alpha) - 1) below 0.",
      .formula = "Piecewise((x, x > 0), (alpha*(exp(x/alpha) - 1), True))",
      .parameters = {{.name = "alpha",
                      .summary = "minus the limit for x -> -infinity",
                      .default_value = 1,
                      .range = kModeratePositive,
                      .learnable = true}},
      .source = "Barron, arXiv:1704.07483",
      .conventions = "The second derivative at 0 is 1/alpha.",
      .special_values = {{-kInfinity, -1, 0}, {-0.0, -0.0, 1}, {kInfinity, kInfinity, 1}},
  };

  Real x, alpha;
  Mask positive;
  N t;  // min(x, 0) / alpha
  Exponential<N> exponential;

  HWY_INLINE Celu(Real x, Real alpha)
      : x(x),
        alpha(alpha),
        positive(x > 0.0),
        t(Within(Smaller(x, 0.0) / N(alpha), kGateClosed)),
        exponential(t) {}
  HWY_INLINE N Value() const {
    // Next to 0 the quotient x/alpha may underflow, and x is the result.
    const N below = Select(Abs(Head(t)) < 1e-40, N(x), alpha * exponential.Minus1());
    return Select(positive, N(x), below);
  }
  HWY_INLINE N Derivative() const { return Select(positive, N(1.0), exponential.Value()); }
  HWY_INLINE N SecondDerivative() const {
    return Select(positive, N(0.0), exponential.Times(1.0 / N(alpha)));
  }
  HWY_INLINE std::array<N, 1> ByParameters() const {
    // e^t - 1 - t e^t cancels near 0, where it is -t^2/2 - t^3/3 - ...
    using namespace coefficients;  // NOLINT: three names of one polynomial
    const N near = -(t * t) * Fitted(t, kExpSlopeShort, kExpSlopeTwin, kExpSlopeTwinLow);
    const N far = exponential.Minus1() - exponential.Times(t);
    return {Select(positive, N(0.0), Select(Head(t) > -0.5, near, far))};
  }
};

template <class N>
struct Selu {
  static constexpr Spec kSpec = {
      .name = "selu",
      .aliases = {"Selu", "SELU"},
      .summary = "ELU scaled so that activations normalize themselves.",
      .formula = "scale*Piecewise((x, x > 0), (alpha*(exp(x) - 1), True))",
      .parameters = {{.name = "alpha",
                      .summary = "minus the limit for x -> -infinity, over scale",
                      .default_value = 1.6732632423543772848170429916717,
                      .range = kModerate,
                      .learnable = true},
                     {.name = "scale",
                      .aliases = {"gamma", "lambda"},
                      .summary = "slope for x > 0",
                      .default_value = 1.0507009873554804934193349852946,
                      .range = kModerate,
                      .learnable = true}},
      .presets = {{"onnx", "alpha", 1.67326319217681884765625},
                  {"onnx", "scale", 1.05070102214813232421875}},
      .source = "Klambauer, Unterthiner, Mayr and Hochreiter, NIPS 2017, arXiv:1706.02515",
      .conventions = "The derivative at 0 is scale * alpha.",
      .special_values = {{-0.0, -0.0, 1.7580993408473766},
                         {kInfinity, kInfinity, 1.0507009873554805}},
  };

  Real scale;
  Elu<N> elu;

  HWY_INLINE Selu(Real x, Real alpha, Real scale) : scale(scale), elu(x, alpha) {}
  HWY_INLINE N Value() const {
    return Select(elu.positive, Product<N>(scale, elu.x), Left() * elu.Expm1());
  }
  HWY_INLINE N Derivative() const {
    return Select(elu.positive, N(scale), elu.exponential.Times(Left()));
  }
  HWY_INLINE N SecondDerivative() const {
    return Select(elu.positive, N(0.0), elu.exponential.Times(Left()));
  }
  HWY_INLINE std::array<N, 2> ByParameters() const {
    return {Select(elu.positive, N(0.0), scale * elu.Expm1()), elu.Value()};
  }

 private:
  HWY_INLINE N Left() const { return Product<N>(scale, elu.alpha); }
};

template <class N>
struct ExponentialFunction {
  static constexpr Spec kSpec = {
      .name = "exponential",
      .aliases = {"exp", "Exp"},
      .summary = "e^x.",
      .formula = "exp(x)",
      .source = "keras.activations.exponential",
      .special_values = {{-kInfinity, 0, 0}, {-0.0, 1, 1}, {kInfinity, kInfinity, kInfinity}},
  };

  N value;

  HWY_INLINE explicit ExponentialFunction(Real x) : value(Exponential<N>(x).Value()) {}
  HWY_INLINE N Value() const { return value; }
  HWY_INLINE N Derivative() const { return value; }
  HWY_INLINE N SecondDerivative() const { return value; }
};

template <class N>
struct LogSigmoid {
  static constexpr Spec kSpec = {
      .name = "log_sigmoid",
      .aliases = {"logsigmoid", "LogSigmoid"},
      .summary = "The logarithm of the logistic function, -ln(1 + e^-x).",
      .formula = "-log(1 + exp(-x))",
      .source = "torch.nn.LogSigmoid; jax.nn.log_sigmoid",
      .special_values = {{-kInfinity, -kInfinity, 1}, {kInfinity, -0.0, 0}},
  };

  Real x;
  Logistic<N> logistic;  // of x

  HWY_INLINE explicit LogSigmoid(Real x) : x(x), logistic(N(x)) {}
  HWY_INLINE N Value() const {
    const N log = Select(Abs(x) > 45.0, logistic.e, logistic.Log());
    return Select(logistic.positive, -log, x - log);
  }
  HWY_INLINE N Derivative() const { return logistic.Complement(); }
  HWY_INLINE N SecondDerivative() const { return logistic.SlopeTimes(-1.0); }
};

using ExponentialActivations =
    MapFamily<Softplus, Squareplus, Elu, Celu, Selu, ExponentialFunction, LogSigmoid>;

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_ACTIVATIONS_EXPONENTIAL_INL_H_
