// Smooth rectifiers of one exponential or one root.

#if defined(RECTIFIER_CORE_ACTIVATIONS_EXPONENTIAL_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_ACTIVATIONS_EXPONENTIAL_INL_H_
#undef RECTIFIER_CORE_ACTIVATIONS_EXPONENTIAL_INL_H_
#else
#define RECTIFIER_CORE_ACTIVATIONS_EXPONENTIAL_INL_H_
#endif

#include "core/simd/map-inl.h"
#include "core/simd/math-inl.h"
#include "core/spec.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

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
                      .range = kPositive,
                      .learnable = true}},
      .source = "Dugas et al., NIPS 2000",
      .conventions =
          "No threshold beyond which the result is taken as x: it would be wrong in f64.",
      .special_values = {{-kInfinity, 0, 0}, {kInfinity, kInfinity, 1}},
      .accuracy = {.value = {.f64 = 1.9},
                   .gradient = {.f64 = 2.2},
                   .second_derivative = {.f64 = 3.9},
                   .parameter_gradient = {.f64 = 2.9},
                   .note = "f64: several roundings."},
  };

  Real x, beta;
  Sum u;  // beta x
  Logistic logistic;

  HWY_INLINE Softplus(Real x, Real beta)
      : x(x), beta(beta), u(TwoProduct(beta, x)), logistic(u.hi, u.lo) {}
  HWY_INLINE Real Value() const {
    // Below -40, ln(1 + e) is e to more digits than there are.
    const Real tail = logistic.exponential.Times(1.0 / beta);
    const Real log = Select(u.hi < -40.0, tail, logistic.Log() / beta);
    return Select(logistic.positive, x + log, log);
  }
  HWY_INLINE Real Derivative() const { return logistic.Value(); }
  HWY_INLINE Real SecondDerivative() const { return logistic.SlopeTimes(beta); }
  HWY_INLINE std::array<Real, 1> ByParameters() const {
    // -H(s)/beta^2 with the binary entropy H(s) = ln(1 + e) + |u| e/(1 + e): no cancellation.
    const Real size = Smaller(Abs(u.hi), 1400.0);
    const Real entropy = logistic.Log() + logistic.exponential.Times(size / logistic.denominator);
    return {-(entropy / beta) / beta};
  }
};

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
      .accuracy = {.value = {.f64 = 2.8},
                   .gradient = {.f64 = 4.2},
                   .second_derivative = {.f64 = 5.6},
                   .parameter_gradient = {.f64 = 2.1},
                   .note = "f64: several roundings."},
  };

  Real b;
  Real size;  // |x|
  Real root;  // sqrt(x^2 + b)
  Mask negative;

  HWY_INLINE Squareplus(Real x, Real b)
      : b(b), size(Abs(x)), root(Root(Abs(x), b)), negative(x < 0.0) {}
  HWY_INLINE Real Value() const {
    const Real sum = root + size;
    return Select(negative, b / (sum + sum), sum * 0.5);
  }
  HWY_INLINE Real Derivative() const {
    const Real rest = (b / root) / ((root + size) * 2.0);  // 1 - f'(|x|)
    return Select(negative, rest, 1.0 - rest);
  }
  HWY_INLINE Real SecondDerivative() const { return (b / root) / root / (root + root); }
  HWY_INLINE std::array<Real, 1> ByParameters() const { return {0.25 / root}; }

 private:
  // sqrt(x^2 + b), with the square kept within the doubles.
  static HWY_INLINE Real Root(Real x, Real b) {
    const Real down = Select(x > 0x1p500, 0x1p-600, 1.0);
    const Real scale = Select((x < 0x1p-400) & (b < 0x1p-800), 0x1p500, down);
    const Real scaled = x * scale;
    return Sqrt(Fma(scaled, scaled, (b * scale) * scale)) / scale;
  }
};

struct Elu {
  static constexpr Spec kSpec = {
      .name = "elu",
      .aliases = {"Elu", "ELU"},
      .summary = "x above 0, alpha (e^x - 1) below.",
      .formula = "Piecewise((x, x > 0), (alpha*(exp(x) - 1), True))",
      .parameters = {{.name = "alpha",
                      .summary = "minus the limit for x -> -infinity",
                      .default_value = 1,
                      .learnable = true}},
      .source = "Clevert, Unterthiner and Hochreiter, ICLR 2016, arXiv:1511.07289",
      .conventions = "The derivative at 0 is alpha.",
      .special_values = {{-kInfinity, -1, 0}, {-0.0, -0.0, 1}, {kInfinity, kInfinity, 1}},
      .accuracy =
          {
              .value = {.f64 = 1},
              .gradient = {.f64 = 1.6},
              .second_derivative = {.f64 = 1.6},
              .parameter_gradient = {.f64 = 1},
          },
  };

  Real x, alpha;
  Mask positive;
  Exponential exponential;

  HWY_INLINE Elu(Real x, Real alpha)
      : x(x), alpha(alpha), positive(x > 0.0), exponential(Smaller(x, 0.0)) {}
  HWY_INLINE Real Expm1() const { return Select(x == 0.0, x, exponential.Minus1()); }
  HWY_INLINE Real Value() const { return Select(positive, x, alpha * Expm1()); }
  HWY_INLINE Real Derivative() const { return Select(positive, 1.0, exponential.Times(alpha)); }
  HWY_INLINE Real SecondDerivative() const {
    return Select(positive, 0.0, exponential.Times(alpha));
  }
  HWY_INLINE std::array<Real, 1> ByParameters() const { return {Select(positive, 0.0, Expm1())}; }
};

struct Celu {
  static constexpr Spec kSpec = {
      .name = "celu",
      .aliases = {"Celu", "CELU"},
      .summary = "ELU made continuously differentiable: alpha (e^(x/alpha) - 1) below 0.",
      .formula = "Piecewise((x, x > 0), (alpha*(exp(x/alpha) - 1), True))",
      .parameters = {{.name = "alpha",
                      .summary = "minus the limit for x -> -infinity",
                      .default_value = 1,
                      .range = kPositive,
                      .learnable = true}},
      .source = "Barron, arXiv:1704.07483",
      .conventions = "The second derivative at 0 is 1/alpha.",
      .special_values = {{-kInfinity, -1, 0}, {-0.0, -0.0, 1}, {kInfinity, kInfinity, 1}},
      .accuracy = {.value = {.f64 = 1.3},
                   .gradient = {.f64 = 1},
                   .second_derivative = {.f64 = 2},
                   .parameter_gradient = {.f64 = 4.8},
                   .note = "f64: the gradient by alpha is a difference."},
  };

  Real x, alpha;
  Mask positive;
  Sum t;  // min(x, 0) / alpha
  Exponential exponential;

  HWY_INLINE Celu(Real x, Real alpha)
      : x(x),
        alpha(alpha),
        positive(x > 0.0),
        t(TwoQuotient(Smaller(x, 0.0), alpha)),
        exponential(t.hi, t.lo) {}
  HWY_INLINE Real Value() const {
    // Next to 0 the quotient x/alpha may underflow, and x is the result.
    const Real below = Select(Abs(t.hi) < 1e-20, x, alpha * exponential.Minus1());
    return Select(positive, x, below);
  }
  HWY_INLINE Real Derivative() const { return Select(positive, 1.0, exponential.Value()); }
  HWY_INLINE Real SecondDerivative() const {
    return Select(positive, 0.0, exponential.Times(1.0 / alpha));
  }
  HWY_INLINE std::array<Real, 1> ByParameters() const {
    // e^t - 1 - t e^t cancels near 0, where it is -t^2/2 - t^3/3 - ...
    const Real near = -(t.hi * t.hi) * Polynomial(t.hi, coefficients::kExpSlopeRest);
    const Real far = exponential.Minus1() - exponential.Times(Larger(t.hi, -1400.0));
    return {Select(positive, 0.0, Select(t.hi > -0.5, near, far))};
  }
};

struct Selu {
  static constexpr Spec kSpec = {
      .name = "selu",
      .aliases = {"Selu", "SELU"},
      .summary = "ELU scaled so that activations normalize themselves.",
      .formula = "scale*Piecewise((x, x > 0), (alpha*(exp(x) - 1), True))",
      .parameters = {{.name = "alpha",
                      .summary = "minus the limit for x -> -infinity, over scale",
                      .default_value = 1.6732632423543772848170429916717,
                      .learnable = true},
                     {.name = "scale",
                      .aliases = {"gamma", "lambda"},
                      .summary = "slope for x > 0",
                      .default_value = 1.0507009873554804934193349852946,
                      .learnable = true}},
      .presets = {{"onnx", "alpha", 1.67326319217681884765625},
                  {"onnx", "scale", 1.05070102214813232421875}},
      .source = "Klambauer, Unterthiner, Mayr and Hochreiter, NIPS 2017, arXiv:1706.02515",
      .conventions = "The derivative at 0 is scale * alpha.",
      .special_values = {{-0.0, -0.0, 1.7580993408473766},
                         {kInfinity, kInfinity, 1.0507009873554805}},
      .accuracy = {.value = {.f64 = 1.7},
                   .gradient = {.f64 = 1.7},
                   .second_derivative = {.f64 = 1.7},
                   .parameter_gradient = {.f64 = 2}},
  };

  Real scale;
  Elu elu;

  HWY_INLINE Selu(Real x, Real alpha, Real scale) : scale(scale), elu(x, alpha) {}
  HWY_INLINE Real Value() const {
    return Select(elu.positive, scale * elu.x, (scale * elu.alpha) * elu.Expm1());
  }
  HWY_INLINE Real Derivative() const {
    return Select(elu.positive, scale, elu.exponential.Times(scale * elu.alpha));
  }
  HWY_INLINE Real SecondDerivative() const {
    return Select(elu.positive, 0.0, elu.exponential.Times(scale * elu.alpha));
  }
  HWY_INLINE std::array<Real, 2> ByParameters() const {
    return {Select(elu.positive, 0.0, scale * elu.Expm1()), elu.Value()};
  }
};

struct ExponentialFunction {
  static constexpr Spec kSpec = {
      .name = "exponential",
      .aliases = {"exp", "Exp"},
      .summary = "e^x.",
      .formula = "exp(x)",
      .source = "keras.activations.exponential",
      .special_values = {{-kInfinity, 0, 0}, {-0.0, 1, 1}, {kInfinity, kInfinity, kInfinity}},
      .accuracy = {.value = {.f64 = 1.1},
                   .gradient = {.f64 = 1.1},
                   .second_derivative = {.f64 = 1.1}},
  };

  Real value;

  HWY_INLINE explicit ExponentialFunction(Real x) : value(Exp(x)) {}
  HWY_INLINE Real Value() const { return value; }
  HWY_INLINE Real Derivative() const { return value; }
  HWY_INLINE Real SecondDerivative() const { return value; }
};

struct LogSigmoid {
  static constexpr Spec kSpec = {
      .name = "log_sigmoid",
      .aliases = {"logsigmoid", "LogSigmoid"},
      .summary = "The logarithm of the logistic function, -ln(1 + e^-x).",
      .formula = "-log(1 + exp(-x))",
      .source = "torch.nn.LogSigmoid; jax.nn.log_sigmoid",
      .special_values = {{-kInfinity, -kInfinity, 1}, {kInfinity, -0.0, 0}},
      .accuracy = {.value = {.f64 = 1.4},
                   .gradient = {.f64 = 2.2},
                   .second_derivative = {.f64 = 3.9},
                   .note = "f64: several roundings."},
  };

  Real x;
  Logistic logistic;  // of x

  HWY_INLINE explicit LogSigmoid(Real x) : x(x), logistic(x) {}
  HWY_INLINE Real Value() const {
    const Real log = logistic.Log();
    return Select(logistic.positive, -log, x - log);
  }
  HWY_INLINE Real Derivative() const { return logistic.ComplementTimes(1.0); }
  HWY_INLINE Real SecondDerivative() const { return logistic.SlopeTimes(-1.0); }
};

using ExponentialActivations =
    MapFamily<Softplus, Squareplus, Elu, Celu, Selu, ExponentialFunction, LogSigmoid>;

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_ACTIVATIONS_EXPONENTIAL_INL_H_
