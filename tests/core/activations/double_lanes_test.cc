// What double lanes say of a float32 result against double-doubles: were one of them off by more
// than bounds::kDoubleLanes, a result next to a tie would be rounded to the wrong side unnoticed.
// Of one CPU target, because the bits are the same on all.
#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "core/activations/bounded-inl.h"
#include "core/activations/clamps-inl.h"
#include "core/activations/elu-inl.h"
#include "core/activations/exponential-inl.h"
#include "core/activations/general_relu-inl.h"
#include "core/activations/hard_gates-inl.h"
#include "core/activations/parametric_elu-inl.h"
#include "core/activations/periodic-inl.h"
#include "core/activations/piecewise-inl.h"
#include "core/activations/self_gated-inl.h"
#include "core/activations/shrinks-inl.h"
#include "core/activations/tanh_gated-inl.h"
#include "core/activations/two_slopes-inl.h"
#include "core/loops/elementwise-inl.h"
#include "gtest/gtest.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {
namespace {

// Floats of either sign: over the exponents, and evenly where activations bend.
std::vector<double> Inputs() {
  std::mt19937_64 generator(20261130);
  std::uniform_real_distribution<double> exponents(-60, 12), evenly(-20, 20);
  std::vector<double> inputs;
  for (int i = 0; i < 4000; ++i) {
    const double size = std::exp2(exponents(generator));
    for (double x : {size, -size, evenly(generator), evenly(generator) / 8}) {
      inputs.push_back(static_cast<float>(x));
    }
  }
  inputs.resize(inputs.size() / kLanes * kLanes);
  return inputs;
}

struct Worst {
  double error = 0;
  double x = 0;
};

void Compare(const double* x, Double result, DoubleDouble exact, Worst* worst) {
  double got[kLanes], want[kLanes];
  Store(result, got);
  Store(Rounded(exact), want);
  for (size_t i = 0; i < kLanes; ++i) {
    // Beyond these the result is 0 or infinity, whatever it is exactly.
    if (!(std::abs(want[i]) > 0x1p-151) || !(std::abs(want[i]) < 0x1p129)) continue;
    const double error = std::abs(got[i] - want[i]) / std::abs(want[i]);
    if (!(error > worst->error)) continue;
    *worst = {error, x[i]};
  }
}

template <template <class> class Function>
void Check(const std::vector<double>& x, const std::vector<double>& arguments) {
  using A = Function<Double>;
  using Exact = Function<DoubleDouble>;
  Parameters<A> p;
  std::string name(A::kSpec.name);
  for (size_t k = 0; k < p.size(); ++k) {
    p[k] = arguments[k];
    name += " " + std::to_string(arguments[k]);
  }
  Worst value, gradient, second;
  for (size_t i = 0; i < x.size(); i += kLanes) {
    const auto indices = std::make_index_sequence<kParameters<A>>();
    const A at = ActivationAt<A>(Load(&x[i]), p, indices);
    const Exact exact = ActivationAt<Exact>(Load(&x[i]), p, indices);
    Compare(&x[i], InUnits(at, at.Value()), InUnits(exact, exact.Value()), &value);
    Compare(&x[i], InUnits(at, at.Derivative()), InUnits(exact, exact.Derivative()), &gradient);
    if constexpr (HasSecondDerivative<A>) {
      Compare(&x[i], InUnits(at, at.SecondDerivative()), InUnits(exact, exact.SecondDerivative()),
              &second);
    }
  }
  for (const auto& [quantity, worst] : {std::pair("value", value), std::pair("gradient", gradient),
                                        std::pair("second derivative", second)}) {
    EXPECT_LT(worst.error, bounds::PowerOfTwo(DoubleLanesBound<A>()))
        << quantity << " of " << name << " at " << std::hexfloat << worst.x << ": 2^"
        << std::defaultfloat << std::log2(worst.error);
  }
}

// At default arguments, and with each argument smaller and larger where its range has room.
template <template <class> class Function>
void CheckAll(const std::vector<double>& x) {
  using A = Function<Double>;
  std::vector<double> defaults;
  for (const Parameter& parameter : A::kSpec.parameters)
    defaults.push_back(parameter.default_value);
  Check<Function>(x, defaults);
  for (size_t k = 0; k < defaults.size(); ++k) {
    for (double factor : {0.37, 2.9}) {
      std::vector<double> arguments = defaults;
      arguments[k] = defaults[k] == 0 ? factor - 1 : defaults[k] * factor;
      const Range& range = A::kSpec.parameters[k].range;
      if (arguments[k] > range.low && arguments[k] < range.high) Check<Function>(x, arguments);
    }
  }
}

template <template <class> class... Functions>
void CheckEach() {
  const std::vector<double> x = Inputs();
  (CheckAll<Functions>(x), ...);
}

TEST(DoubleLanesTest, RectifiersAreWithinTheBound) {
  CheckEach<Identity, SparsePlus, LeakyRelu, LeakyReluJax, Prelu, PreluKeras, RRelu, ReluGeneral,
            ReluKeras, SShapedRelu, Tlu, HardSigmoid, HardSwish, SparseSigmoid, SparseSigmoidJax,
            SoftShrink, Shrink>();
}
TEST(DoubleLanesTest, ExponentialAndAlgebraicRectifiersAreWithinTheBound) {
  CheckEach<Softplus, ShiftedSoftplus, LogCosh, Squareplus, Elu, EluTensorflow, Celu, Selu,
            SeluTensorflow, Pelu, Xielu, Isrlu, ExponentialFunction, LogSigmoid>();
}
TEST(DoubleLanesTest, BoundedActivationsAreWithinTheBound) {
  CheckEach<Sigmoid, Tanh, ScaledTanh, Softsign, Isru, ErrorFunction, Laplace, Arctan, Gaussian>();
}
TEST(DoubleLanesTest, SelfGatedActivationsAreWithinTheBound) {
  CheckEach<Gelu, GeluTanh, GeluMlxApprox, GeluClipped, QuickGelu, Silu, Swish, Mish, Lisht,
            TanhShrink, Telu, Serf>();
}
TEST(DoubleLanesTest, PeriodicActivationsAreWithinTheBound) { CheckEach<Sine, Snake, Gcu>(); }

// Every quantity, times an upstream of 24 bits: a double-double needs no second part for it.
template <template <class> class Function>
void CheckExact(const std::vector<double>& x) {
  using Exact = Function<DoubleDouble>;
  static_assert(Exact::kIsExact);
  Parameters<Exact> p;
  for (size_t k = 0; k < p.size(); ++k) p[k] = Exact::kSpec.parameters[k].default_value;
  const Double upstream(0x1.fffffep0);
  Double low(0.0);
  for (size_t i = 0; i < x.size(); i += kLanes) {
    const auto indices = std::make_index_sequence<kParameters<Exact>>();
    const Exact at = ActivationAt<Exact>(Load(&x[i]), p, indices);
    low = low + Abs(Normalized(at.Value()).lo);
    low = low + Abs(Normalized(at.Derivative() * upstream).lo);
    low = low + Abs(Normalized(at.SecondDerivative() * upstream).lo);
  }
  EXPECT_FALSE(Any(low > 0.0)) << std::string(Exact::kSpec.name);
}
template <template <class> class... Functions>
void CheckEachExact() {
  const std::vector<double> x = Inputs();
  (CheckExact<Functions>(x), ...);
}

TEST(DoubleLanesTest, HoldExactlyWhatSaysSo) {
  CheckEachExact<AbsoluteValue, AbsoluteValueJax, Relu, ReluN, ShiftedRelu, ThresholdedRelu, Step,
                 ReluSquared, HardTanh, HardTanhJax, Clip, ClipJax, HardShrink>();
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();
