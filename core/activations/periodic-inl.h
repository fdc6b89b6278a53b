// Activations that oscillate.

#if defined(RECTIFIER_CORE_ACTIVATIONS_PERIODIC_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_ACTIVATIONS_PERIODIC_INL_H_
#undef RECTIFIER_CORE_ACTIVATIONS_PERIODIC_INL_H_
#else
#define RECTIFIER_CORE_ACTIVATIONS_PERIODIC_INL_H_
#endif

#include <array>

#include "core/functions/cancellation-inl.h"
#include "core/functions/trigonometry-inl.h"
#include "core/numbers/rounding-inl.h"
#include "core/spec.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

template <class N>
struct Sine {
  static constexpr Spec kSpec = {
      .name = "sin",
      .aliases = {"sine", "Sin", "siren"},
      .summary = "The sine of omega x.",
      .formula = "sin(omega*x)",
      .parameters = {{.name = "omega",
                      .aliases = {"omega_0", "w0", "frequency"},
                      .summary = "angular frequency",
                      .default_value = 1,
                      .range = kModerate,
                      .learnable = true}},
      .presets = {{"", "omega", 30, {"siren"}}},
      .source = "Sitzmann et al., arXiv:2006.09661 (SIREN); ONNX Sin",
      .source_checked = true,
      .conventions =
          "The name siren has omega = 30, as in the paper. At infinity there is no limit: the "
          "results are NaN.",
      .special_values = {{-0.0, -0.0, 1}, {0, 0, 1}},
  };

  Double x, omega;
  Angle<N> angle;

  HWY_INLINE Sine(Double x, Double omega)
      : x(x), omega(omega), angle(omega, SelectOrZero(Abs(omega) > 0.0, x)) {}
  // With u = omega x: u - u^3/6 + ..., omega (1 - u^2/2 + ...) and omega^2 (-u + u^3/6 - ...).
  HWY_INLINE N Value() const {
    const N u = Product<N>(omega, x);
    return BreakTie(Select(Tiny(), u, angle.Sin()), u, -Head(u));
  }
  HWY_INLINE N Derivative() const {
    return BreakTie(angle.Cos() * omega, omega, -SelectOrZero(Abs(x) > 0.0, omega));
  }
  HWY_INLINE N SecondDerivative() const {
    const N square = Product<N>(omega, omega);
    const N leading = -(square * omega * x);
    return BreakTie(Select(Tiny(), leading, -(square * angle.Sin())), leading, -Head(leading));
  }
  HWY_INLINE std::array<N, 1> ByParameters() const { return {angle.Cos() * x}; }

 private:
  // Next to 0 the product omega x may underflow.
  HWY_INLINE Mask Tiny() const { return Abs(omega * x) < 1e-40; }
};

template <class N>
struct Snake {
  static constexpr Spec kSpec = {
      .name = "snake",
      .aliases = {"Snake"},
      .summary = "x + sin^2(a x)/a: grows like x, with a ripple of frequency a.",
      .formula = "x + sin(a*x)**2/a",
      .parameters = {{.name = "a",
                      .aliases = {"frequency", "alpha"},
                      .summary = "frequency of the ripple",
                      .default_value = 1,
                      .range = kModeratePositive,
                      .learnable = true}},
      .source = "Ziyin, Hartwig and Ueda, arXiv:2006.08195; tfa.activations.snake",
      .source_checked = true,
      .conventions = "At infinity the derivatives have no limit: they are NaN.",
      .accuracy = {.hard_spots = {{Quantity::kParameterGradient, -1e308, 1e308, 1e-20}},
                   .note = "f64: the gradient by a passes through zero where tan(a x) = 2 a x; the "
                           "absolute bound there is for an a of about 1."},
  };

  Double x, a;
  Angle<N> angle;  // 2 a x

  HWY_INLINE Snake(Double x, Double a) : x(x), a(a), angle(a + a, x) {}
  HWY_INLINE N Value() const {
    // sin^2 = (1 - cos(2 a x))/2
    const N ripple = Half(angle.OneLessCos()) / a;
    return Select((x == 0.0) | (Abs(x) == kInfinity), N(x), ripple + x);
  }
  HWY_INLINE N Derivative() const { return angle.OnePlusSin(); }
  HWY_INLINE N SecondDerivative() const {
    return BreakTie(angle.Cos() * (a + a), a + a, SelectOrZero(Abs(x) > 0.0, Double(-1.0)));
  }
  HWY_INLINE std::array<N, 1> ByParameters() const {
    const N result = ByFrequency<N>();
    return {BreakTie(result, x * x, -1.0)};
  }

 private:
  // 2 sin(y)/a (x cos(y) - sin(y)/(2 a)), y = a x.
  template <class M>
  HWY_INLINE M ByFrequency() const {
    const Angle<M> y(a, x);
    const M sin = y.Sin();
    const M share = sin / M(a);
    const M half = Half(share);
    const M sum = Resolved(y.Cos() * x - half, Abs(Head(half)), [this]() HWY_ATTR {
      const Angle<DoubleDouble> y(a, x, Digits::kAll);  // the root moves with a
      return y.Cos() * x - Half(y.Sin() / DoubleDouble(a));
    });
    return Twice(share * sum);
  }
};

template <class N>
struct Gcu {
  static constexpr Spec kSpec = {
      .name = "gcu",
      .aliases = {"GCU", "growing_cosine"},
      .summary = "The growing cosine unit x cos(x).",
      .formula = "x*cos(x)",
      .source = "Noel, Trivedi and Dutta, arXiv:2108.12943",
      .source_checked = true,
      .conventions = "At infinity there is no limit: the results are NaN.",
      .special_values = {{-0.0, -0.0, 1}, {0, 0, 1}},
      .accuracy = {.hard_spots = {{Quantity::kGradient, -1e308, 1e308, 1e-22},
                                  {Quantity::kSecondDerivative, -1e308, 1e308, 1e-22}},
                   .note = "f64: the derivatives pass through zero infinitely often, and are "
                           "differences there."},
  };

  Double x;
  Angle<N> angle;

  HWY_INLINE explicit Gcu(Double x) : x(x), angle(1.0, x) {}
  HWY_INLINE N Value() const { return angle.Cos() * x; }
  HWY_INLINE N Derivative() const {
    return Resolved(SlopeOf(angle), Abs(Head(angle.Cos())),
                    [this]() HWY_ATTR { return SlopeOf(Angle<DoubleDouble>(1.0, x)); });
  }
  HWY_INLINE N SecondDerivative() const {
    const N result = Resolved(BendOf(angle), Abs(Head(angle.Sin())),
                              [this]() HWY_ATTR { return BendOf(Angle<DoubleDouble>(1.0, x)); });
    return BreakTie(result, x * -3.0, x);
  }

 private:
  template <class M>
  HWY_INLINE M SlopeOf(const Angle<M>& at) const {
    return at.Cos() - at.Sin() * x;
  }
  template <class M>
  HWY_INLINE M BendOf(const Angle<M>& at) const {
    return Twice(at.Sin()) * -1.0 - at.Cos() * x;
  }
};

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_ACTIVATIONS_PERIODIC_INL_H_
