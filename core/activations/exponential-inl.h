// Smooth rectifiers of one exponential or one root.

#if defined(RECTIFIER_CORE_ACTIVATIONS_EXPONENTIAL_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_ACTIVATIONS_EXPONENTIAL_INL_H_
#undef RECTIFIER_CORE_ACTIVATIONS_EXPONENTIAL_INL_H_
#else
#define RECTIFIER_CORE_ACTIVATIONS_EXPONENTIAL_INL_H_
#endif

#include <array>

#include "core/activations/bounded-inl.h"
#include "core/activations/elu-inl.h"
#include "core/activations/float32-inl.h"
#include "core/functions/cancellation-inl.h"
#include "core/functions/exponential-inl.h"
#include "core/functions/fitted-inl.h"
#include "core/functions/logistic-inl.h"
#include "core/functions/within-inl.h"
#include "core/numbers/rounding-inl.h"
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
      .formula = "Piecewise((x, beta*x > threshold), (log(1 + exp(beta*x))/beta, True))",
      .parameters = {{.name = "beta",
                      .aliases = {"sharpness", "k"},
                      .summary = "sharpness: the larger, the nearer to ReLU",
                      .default_value = 1,
                      .range = kModeratePositive,
                      .learnable = true},
                     {.name = "threshold",
                      .summary = "of beta x, above which the result is x; by default there is none",
                      .default_value = kInfinity,
                      .range = kUpperBound}},
      .presets = {{"pytorch", "beta", 1}, {"pytorch", "threshold", 20}},
      .source = "Dugas et al., NIPS 2000; torch.nn.Softplus",
      .source_checked = true,
      .conventions =
          "PyTorch takes x for the result where beta x is above 20, which is wrong in f64: so does "
          "its preset, by default there is no threshold. At the threshold the smooth branch holds; "
          "above it the derivative is 1 and the others are 0.",
      .special_values = {{-kInfinity, 0, 0}, {kInfinity, kInfinity, 1}},
  };
  using Float32Kernel = SoftplusFloat32;

  Double x, beta;
  Mask line;  // above the threshold
  N width;    // 1/beta
  N u;        // beta x
  Logistic<N> logistic;

  HWY_INLINE Softplus(Double x, Double beta, Double threshold)
      : x(x), beta(beta), width(Inverse(N(beta))), u(Product<N>(beta, x)), logistic(u) {
    line = Head(u) > threshold;
  }
  HWY_INLINE N Value() const {
    N log = logistic.Log() * width;
    if constexpr (kIsDoubleDouble<N>) {
      // Below -45, ln(1 + e) is e to more digits than there are, and e may underflow.
      log = Select(Abs(Head(u)) > 45.0, logistic.exponential.Times(width), log);
    }
    return Select(line, N(x), Select(logistic.positive, log + x, log));
  }
  HWY_INLINE N Derivative() const { return Select(line, N(1.0), logistic.Value()); }
  HWY_INLINE N SecondDerivative() const { return Select(line, N(0.0), logistic.SlopeTimes(beta)); }
  HWY_INLINE std::array<N, 2> ByParameters() const {
    // -H(s)/beta^2 with the binary entropy H(s) = ln(1 + e) + |u| e/(1 + e): no cancellation.
    const N factor = width * width;
    const N size = Within(Abs(u), kGateClosed);
    const N far = logistic.exponential.Times((size + 1.0) * factor);
    const N near = (logistic.Log() + logistic.exponential.Times(size * logistic.inverse)) * factor;
    return {Select(line, N(0.0), -Select(Head(size) > 45.0, far, near)), N(0.0)};
  }
};

inline constexpr Constant kLn2 = {0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56};

// ln(cosh(h)) where |h| is at most 1/2: elsewhere unspecified.
template <class N>
HWY_INLINE N LogCoshNearZero(Double h) {
  using namespace coefficients;  // NOLINT: three names of one polynomial
  const N square = Product<N>(h, h);
  return square * Fitted(square, kLogCoshShort, kLogCoshDoubleDouble, kLogCoshDoubleDoubleLow);
}

template <class N>
struct ShiftedSoftplus {
  static constexpr Spec kSpec = {
      .name = "shifted_softplus",
      .aliases = {"ssp", "ShiftedSoftplus"},
      .summary = "Softplus moved down by ln 2, so that it passes through 0.",
      .formula = "log(1 + exp(x)) - log(2)",
      .source = "Schuett et al., NIPS 2017, arXiv:1706.08566 (SchNet); schnetpack shifted_softplus",
      .source_checked = true,
      .special_values = {{-kInfinity, -0.6931471805599453, 0},
                         {-0.0, -0.0, 0.5},
                         {0, 0, 0.5},
                         {kInfinity, kInfinity, 1}},
  };

  Double x;
  Logistic<N> logistic;

  HWY_INLINE explicit ShiftedSoftplus(Double x) : x(x), logistic(N(x)) {}
  HWY_INLINE N Value() const {
    // x/2 + ln cosh(x/2), and ln(1 + e^x) - ln 2 farther out.
    const Double half = x * 0.5;
    const N sum = Select(Abs(x) < 1e-40, N(half), LogCoshNearZero<N>(half) + half);
    const N near = BreakTie(sum, half, 1.0);
    const N far = (logistic.Log() - Exactly<N>(kLn2)) + Larger(x, 0.0);
    return Select(Abs(x) < 1.0, near, far);
  }
  HWY_INLINE N Derivative() const { return logistic.Value(); }
  HWY_INLINE N SecondDerivative() const { return logistic.SlopeTimes(1.0); }
};

template <class N>
struct LogCosh {
  static constexpr Spec kSpec = {
      .name = "logcosh",
      .aliases = {"log_cosh", "LogCosh"},
      .summary = "The logarithm of the hyperbolic cosine, a smooth absolute value.",
      .formula = "x + log(1 + exp(-2*x)) - log(2)",
      .source = "NNlib.logcosh",
      .source_checked = true,
      .special_values = {{-kInfinity, kInfinity, -1}, {0, 0, 0}, {kInfinity, kInfinity, 1}},
  };

  Double x;
  Logistic<N> logistic;  // of 2x

  HWY_INLINE explicit LogCosh(Double x) : x(x), logistic(N(x + x)) {}
  HWY_INLINE N Value() const {
    const N near = BreakTie(LogCoshNearZero<N>(x), x * 0.5 * x, -1.0);
    const N far = (logistic.Log() - Exactly<N>(kLn2)) + Abs(x);
    return Select(Abs(x) < 0.5, near, far);
  }
  HWY_INLINE N Derivative() const {  // tanh(x) = x - x^3/3 + ...
    return BreakTie(WithSign(logistic.HalfTanh(), x), x, -x);
  }
  HWY_INLINE N SecondDerivative() const { return logistic.SlopeTimes(4.0); }
};

// sqrt(x^2 + b) for x >= 0, with the square kept within the doubles.
template <class N>
HWY_INLINE N RootOfSquareAnd(Double x, Double b) {
  const Double down = Select(x > 0x1p500, Double(0x1p-600), Double(1.0));
  const Double scale = Select((x < 0x1p-400) & (b < 0x1p-800), 0x1p500, down);
  const Double scaled = x * scale;
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
      .source = "Barron, arXiv:2112.11687; jax.nn.squareplus",
      .source_checked = true,
      .special_values = {{-kInfinity, 0, 0}, {-0.0, 1, 0.5}, {kInfinity, kInfinity, 1}},
  };

  Double b;
  Double size;  // |x|
  N root;       // sqrt(x^2 + b)
  Mask negative;

  HWY_INLINE Squareplus(Double x, Double b)
      : b(b), size(Abs(x)), root(RootOfSquareAnd<N>(Abs(x), b)), negative(x < 0.0) {}
  HWY_INLINE N Value() const {
    const N half = Half(root) + size * 0.5;  // of the sum, which may overflow
    // A quarter of a subnormal b need not be a double.
    const Mask tiny = b < 0x1p-1000;
    const N other = (b * Select(tiny, Double(1.0), 0.25)) / half * Select(tiny, 0.25, Double(1.0));
    return Select(negative, other, half);
  }
  HWY_INLINE N Derivative() const {
    const N rest = (b / root * 0.25) / (Half(root) + size * 0.5);  // 1 - f'(|x|)
    return Select(negative, rest, 1.0 - rest);
  }
  HWY_INLINE N SecondDerivative() const { return (b / root) / root / Twice(root); }
  HWY_INLINE std::array<N, 1> ByParameters() const { return {0.25 / root}; }
};

template <class N>
struct ExponentialFunction {
  static constexpr Spec kSpec = {
      .name = "exponential",
      .aliases = {"exp", "Exp"},
      .summary = "e^x.",
      .formula = "exp(x)",
      .source = "keras.activations.exponential",
      .source_checked = true,
      .special_values = {{-kInfinity, 0, 0}, {-0.0, 1, 1}, {kInfinity, kInfinity, kInfinity}},
  };

  N value;

  HWY_INLINE explicit ExponentialFunction(Double x) : value(Exponential<N>(x).Value()) {}
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
      .source_checked = true,
      .special_values = {{-kInfinity, -kInfinity, 1}, {kInfinity, -0.0, 0}},
  };

  Double x;
  Logistic<N> logistic;  // of x

  HWY_INLINE explicit LogSigmoid(Double x) : x(x), logistic(N(x)) {}
  HWY_INLINE N Value() const {
    const N log = Select(Abs(x) > 45.0, logistic.e, logistic.Log());
    return Select(logistic.positive, -log, x - log);
  }
  HWY_INLINE N Derivative() const { return logistic.Complement(); }
  HWY_INLINE N SecondDerivative() const { return logistic.SlopeTimes(-1.0); }
};

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_ACTIVATIONS_EXPONENTIAL_INL_H_
