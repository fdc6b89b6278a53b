// Smooth activations that gate x by a function of x.

#if defined(RECTIFIER_CORE_ACTIVATIONS_SELF_GATED_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_ACTIVATIONS_SELF_GATED_INL_H_
#undef RECTIFIER_CORE_ACTIVATIONS_SELF_GATED_INL_H_
#else
#define RECTIFIER_CORE_ACTIVATIONS_SELF_GATED_INL_H_
#endif

#include <limits>

#include "core/simd/map-inl.h"
#include "core/simd/math-inl.h"
#include "core/spec.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

// Beyond this argument a gate is closed or open for good: e^-1400 is far below the doubles.
inline constexpr double kGateClosed = 1400;
// Factors are bounded by this there, which keeps infinity * 0 out.
inline constexpr double kGateBound = 1e5;

HWY_INLINE Real Within(Real x, double bound) { return Smaller(Larger(x, -bound), bound); }

// A gate that is half open at 0: closed it leaves -0, open it leaves x.
inline constexpr List<SpecialValue, 8> kHalfOpenAtZero = {
    {-kInfinity, -0.0, -0.0}, {-0.0, -0.0, 0.5}, {0, 0, 0.5}, {kInfinity, kInfinity, 1}};

inline constexpr absl::string_view kRoundedTerms =
    "f64: several terms round, and derivatives are differences next to their roots.";

struct Gelu {
  static constexpr Spec kSpec = {
      .name = "gelu",
      .aliases = {"GELU", "Gelu", "gelu_erf", "gelu_python"},
      .summary = "The Gaussian error linear unit, x times the normal distribution function.",
      .formula = "x*erfc(-x/sqrt(2))/2",
      .variants = {{"jax", "gelu_tanh"}},
      .source = "Hendrycks and Gimpel, arXiv:1606.08415",
      .conventions = "The exact function, not the tanh approximation (gelu_tanh).",
      .special_values = kHalfOpenAtZero,
      .accuracy = {.value = {.f64 = 3.4},
                   .gradient = {.f64 = 4.3},
                   .second_derivative = {.f64 = 3.2},
                   .hard_spots = {{Quantity::kGradient, -0.9, -0.6, 2e-16}},
                   .note = "f64: Mills' ratio and the products round, and the gradient is a "
                           "difference next to its root."},
  };

  Real x;
  Mask positive;
  NormalTail tail;

  HWY_INLINE explicit Gelu(Real x) : x(x), positive(x > 0.0), tail(x) {}
  HWY_INLINE Real Value() const {
    const Real lost = tail.DensityTimes(tail.t * tail.mills);  // |x| Q(|x|)
    return Select(positive, x - lost, WithSign(lost, x));
  }
  HWY_INLINE Real Derivative() const {
    const Real left = tail.DensityTimes(tail.mills - tail.t);  // f'(-|x|)
    return Select(positive, 1.0 - left, left);
  }
  HWY_INLINE Real SecondDerivative() const {
    // phi(x) (2 - x^2), factored, with sqrt(2) in two parts: accurate next to its roots.
    constexpr double kRoot2 = 0x1.6a09e667f3bcdp+0;
    constexpr double kRoot2Low = -0x1.bdd3413b26456p-54;
    const Real difference = (kRoot2 - tail.t) + kRoot2Low;
    return tail.DensityTimes(difference * (tail.t + kRoot2));
  }
};

// x s(w(x)) for an odd w with a slope of one sign, where s is the logistic function.
struct LogisticGated {
  Real x;
  Real finite;  // x, bounded where the gate is closed or open for good
  Real slope;   // w'(x)
  Real curved;  // x w''(x)
  Logistic gate;

  HWY_INLINE LogisticGated(Real x, Sum w, Real slope, Real curved)
      : x(x),
        finite(Select(Abs(w.hi) > kGateClosed, Within(x, kGateBound), x)),
        slope(slope),
        curved(curved),
        gate(w.hi, w.lo) {}

  HWY_INLINE Real Value() const {
    const Real closing = gate.exponential.Times(finite / gate.denominator);
    return Select(gate.positive, x / gate.denominator, closing);
  }
  HWY_INLINE Real Derivative() const {
    // s (1 + x w' (1 - s)), as (1 + e + x w' e) / (1 + e)^2 for w > 0.
    const Real product = Within(finite * slope, kGateBound);
    const Real numerator =
        gate.denominator + Select(gate.positive, gate.exponential.Times(product), product);
    const Real quotient = numerator / (gate.denominator * gate.denominator);
    return Select(gate.positive, quotient, gate.exponential.Times(quotient));
  }
  HWY_INLINE Real SecondDerivative() const {
    // s' (2 w' + x w'' - |x| w'^2 |1 - 2s|)
    const Real pull = Abs(Within(finite * slope, kGateBound)) * slope * gate.HalfTanh();
    return gate.SlopeTimes((slope + slope) + curved - pull);
  }
};

struct GeluTanh : LogisticGated {
  static constexpr Spec kSpec = {
      .name = "gelu_tanh",
      .aliases = {"gelu_new", "gelu_fast", "gelu_accurate", "gelu_pytorch_tanh",
                  "gelu_python_tanh"},
      .summary = "The tanh approximation of GELU, a function of its own.",
      .formula = "x/(1 + exp(-2*sqrt(2/pi)*(x + 0.044715*x**3)))",
      .source = "Hendrycks and Gimpel, arXiv:1606.08415",
      .conventions = "Differs from gelu by up to 4.8e-4, and by most of its size in the left tail.",
      .special_values = kHalfOpenAtZero,
      .accuracy = {.value = {.f64 = 2.9},
                   .gradient = {.f64 = 5.2},
                   .second_derivative = {.f64 = 10.4, .f32 = 0.54},
                   .hard_spots = {{Quantity::kGradient, -0.9, -0.6, 2e-16},
                                  {Quantity::kSecondDerivative, -1.6, -1.2, 4e-16},
                                  {Quantity::kSecondDerivative, 1.2, 1.6, 4e-16}},
                   .note = kRoundedTerms},
  };

  HWY_INLINE explicit GeluTanh(Real x) : GeluTanh(x, Within(x, 64.0)) {}

 private:
  // w(x) = a x + b x^3 with a = 2 sqrt(2/pi), b = 0.044715 a, each in two parts, so that e^-w keeps
  // its digits in the tail.
  static constexpr double kA = 0x1.9884533d43651p+0;
  static constexpr double kALow = -0x1.cbc0d30ebfd15p-54;
  static constexpr double kB = 0x1.2444f2a4d8b4bp-4;
  static constexpr double kBLow = -0x1.6c843a29d1c70p-61;
  static constexpr double k3B = 0x1.b6676bf7450f0p-3;

  // `bounded` stands for x where the gate is closed or open for good.
  HWY_INLINE GeluTanh(Real x, Real bounded)
      : LogisticGated(x, Gate(bounded), Fma(bounded * k3B, bounded, kA),
                      (bounded * bounded) * (2.0 * k3B)) {}

  static HWY_INLINE Sum Gate(Real x) {
    const Sum square = TwoProduct(x, x);
    const Sum cubic = TwoProduct(square.hi, kB);
    const Sum slope = TwoSum(kA, cubic.hi);
    const Real slope_low = slope.lo + (cubic.lo + Fma(square.hi, kBLow, Fma(square.lo, kB, kALow)));
    const Sum w = TwoProduct(x, slope.hi);
    return {w.hi, Fma(x, slope_low, w.lo)};
  }
};

struct Silu : LogisticGated {
  static constexpr Spec kSpec = {
      .name = "silu",
      .aliases = {"SiLU", "swish1"},
      .summary = "The sigmoid linear unit x s(x), with the logistic function s.",
      .formula = "x/(1 + exp(-x))",
      .source =
          "Elfwing, Uchibe and Doya, arXiv:1702.03118; Hendrycks and Gimpel, arXiv:1606.08415",
      .special_values = kHalfOpenAtZero,
      .accuracy = {.value = {.f64 = 2.3},
                   .gradient = {.f64 = 5.7},
                   .second_derivative = {.f64 = 7.9},
                   .hard_spots = {{Quantity::kGradient, -1.5, -1.1, 2e-16},
                                  {Quantity::kSecondDerivative, -2.6, -2.2, 2e-16},
                                  {Quantity::kSecondDerivative, 2.2, 2.6, 2e-16}},
                   .note = kRoundedTerms},
  };

  HWY_INLINE explicit Silu(Real x) : LogisticGated(x, {x, 0.0}, 1.0, 0.0) {}
};

// x s(beta x).
struct SwishOf : LogisticGated {
  HWY_INLINE SwishOf(Real x, Sum beta) : LogisticGated(x, Product(x, beta), beta.hi, 0.0) {}

 private:
  static HWY_INLINE Sum Product(Real x, Sum beta) {
    const Real bounded = Within(x, std::numeric_limits<double>::max());  // 0 times infinity is 0
    const Sum u = TwoProduct(bounded, beta.hi);
    return {u.hi, Select(Abs(u.hi) < kGateClosed, Fma(bounded, beta.lo, u.lo), 0.0)};
  }
};

struct QuickGelu : SwishOf {
  static constexpr Spec kSpec = {
      .name = "quick_gelu",
      .aliases = {"QuickGelu", "gelu_fast_approx"},
      .summary = "The logistic approximation of GELU, x s(1.702 x).",
      .formula = "x/(1 + exp(-1.702*x))",
      .source = "Hendrycks and Gimpel, arXiv:1606.08415",
      .special_values = kHalfOpenAtZero,
      .accuracy = {.value = {.f64 = 2.5},
                   .gradient = {.f64 = 6.5},
                   .second_derivative = {.f64 = 11.1},
                   .hard_spots = {{Quantity::kGradient, -0.9, -0.6, 2e-16},
                                  {Quantity::kSecondDerivative, -1.6, -1.2, 4e-16},
                                  {Quantity::kSecondDerivative, 1.2, 1.6, 4e-16}},
                   .note = kRoundedTerms},
  };

  HWY_INLINE explicit QuickGelu(Real x)
      : SwishOf(x, {0x1.b3b645a1cac08p+0, 0x1.89374bc6a7efap-55}) {}
};

struct Swish : SwishOf {
  static constexpr Spec kSpec = {
      .name = "swish",
      .aliases = {"Swish", "eltwise_swish"},
      .summary = "x s(beta x), with the logistic function s and a sharpness beta.",
      .formula = "x/(1 + exp(-beta*x))",
      .parameters =
          {{.name = "beta",
            .aliases = {"alpha"},
            .summary = "sharpness of the gate; 0 gives x/2",
            .default_value = 1,
            .range = {.low = -1e100, .high = 1e100, .low_open = false, .high_open = false},
            .learnable = true}},
      .source = "Ramachandran, Zoph and Le, arXiv:1710.05941",
      .special_values = kHalfOpenAtZero,
      .accuracy = {.value = {.f64 = 2.3},
                   .gradient = {.f64 = 5.7},
                   .second_derivative = {.f64 = 8},
                   .parameter_gradient = {.f64 = 3.7},
                   .hard_spots = {{Quantity::kGradient, -1.5, -1.1, 2e-16, "beta"},
                                  {Quantity::kSecondDerivative, -2.6, -2.2, 1e-15, "beta"},
                                  {Quantity::kSecondDerivative, 2.2, 2.6, 1e-15, "beta"}},
                   .note = kRoundedTerms},
  };

  HWY_INLINE Swish(Real x, Real beta) : SwishOf(x, {beta, 0.0}) {}
  HWY_INLINE std::array<Real, 1> ByParameters()
      const {  // x^2 s': the square first, so that a subnormal result is rounded once, unless it
               // overflows.
    const Real twice = gate.SlopeTimes(finite) * finite;
    return {Select(Abs(finite) < 1e150, gate.SlopeTimes(finite * finite), twice)};
  }
};

struct Mish {
  static constexpr Spec kSpec = {
      .name = "mish",
      .aliases = {"Mish"},
      .summary = "x tanh(softplus(x)).",
      .formula = "x*tanh(log(1 + exp(x)))",
      .source = "Misra, arXiv:1908.08681",
      .special_values = {{-kInfinity, -0.0, -0.0},
                         {-0.0, -0.0, 0.6},
                         {0, 0, 0.6},
                         {kInfinity, kInfinity, 1}},
      .accuracy = {.value = {.f64 = 3.1},
                   .gradient = {.f64 = 4.3},
                   .second_derivative = {.f64 = 8.2},
                   .hard_spots = {{Quantity::kGradient, -1.4, -1.0, 4e-16},
                                  {Quantity::kSecondDerivative, -2.5, -2.0, 4e-16},
                                  {Quantity::kSecondDerivative, 1.3, 1.7, 4e-16}},
                   .note = kRoundedTerms},
  };

  // With e = e^-|x|: for x <= 0 in powers of e = e^x, for x > 0 in powers of q = e = e^-x.
  Real x;
  Real bounded;
  Mask positive;
  Exponential exponential;
  Real e;
  Real d;  // 1 - tanh(softplus(x)) is 2 / (e^2 + 2e + 2), for x > 0 2 q^2 / (1 + 2q + 2q^2)

  HWY_INLINE explicit Mish(Real x)
      : x(x),
        bounded(Within(x, 1400.0)),
        positive(x > 0.0),
        exponential(-Abs(x)),
        e(exponential.Value()),
        d(Select(positive, Fma(e, Fma(2.0, e, 2.0), 1.0), Fma(e, e + 2.0, 2.0))) {}

  HWY_INLINE Real Value() const {
    const Real open = x * (Fma(2.0, e, 1.0) / d);
    const Real closed = exponential.Times(bounded * (e + 2.0) / d);
    return Select(positive, open, closed);
  }
  HWY_INLINE Real Derivative() const {
    const Real x4 = bounded * 4.0;
    const Real x4_4 = x4 + 4.0;
    const Real x4_6 = x4 + 6.0;
    const Real open = Fma(e, Fma(e, Fma(e, x4_4, x4_6), 4.0), 1.0);
    const Real closed = Fma(e, Fma(e, e + 4.0, x4_6), x4_4);
    const Real quotient = Select(positive, open, closed) / (d * d);
    return Select(positive, quotient, exponential.Times(quotient));
  }
  HWY_INLINE Real SecondDerivative() const {
    const Real open = Fma(e, Fma(e, Fma(2.0, e, 2.0), -3.0), -2.0);
    const Real closed = Fma(e, Fma(e, Fma(-2.0, e, -3.0), 2.0), 2.0);
    const Real bracket = Fma(d * 2.0, e + 1.0, bounded * Select(positive, open, closed));
    const Real quotient = (bracket * 4.0) / (d * d * d);
    return exponential.Times(Select(positive, quotient * e, quotient));
  }
};

using SelfGatedActivations = MapFamily<Gelu, GeluTanh, QuickGelu, Silu, Swish, Mish>;

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_ACTIVATIONS_SELF_GATED_INL_H_
