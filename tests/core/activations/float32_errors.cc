#include "tests/core/activations/float32_errors.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "tests/core/activations/float32_errors.cc"
#include "hwy/foreach_target.h"

#include <bit>
#include <cmath>
#include <limits>

#include "core/activations/bounded-inl.h"
#include "core/activations/elu-inl.h"
#include "core/activations/exponential-inl.h"
#include "core/activations/self_gated-inl.h"
#include "core/activations/tanh_gated-inl.h"
#include "tests/core/numbers/number_array.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {
namespace {

constexpr double kNoThreshold = std::numeric_limits<double>::infinity();

// The lanes of one vector: results, what they say of their errors, and whether they are taken.
struct FloatResults {
  alignas(64) float hi[kFloatLanes], lo[kFloatLanes];
  float error;
  uint8_t outside[8] = {};

  void Put(FloatFloat result, float bound, FloatMask left_out) {
    hn::Store(result.hi.v, Floats(), hi);
    hn::Store(result.lo.v, Floats(), lo);
    error = bound;
    hn::StoreMaskBits(Floats(), left_out.m, outside);
  }
  bool Has(size_t lane) const { return (outside[lane / 8] >> lane % 8 & 1) == 0; }
};

// Compares results with those of double-doubles, which are good to 2^-56 at least.
void Compare(const float* x, const FloatResults& results, const double* exact, size_t lane,
             Float32Error* worst) {
  if (!results.Has(lane)) return;
  ++worst->inputs;
  const double got = double{results.hi[lane]} + results.lo[lane];
  const double off = std::abs(std::abs(got) - std::abs(*exact)) / std::abs(*exact);
  const double part = off / results.error;
  if (!(part > worst->part)) return;
  worst->part = part;
  worst->x = x[lane];
}

template <template <class> class Function, class... Parameters>
void Append(std::string name, uint32_t step, std::vector<Float32Error>* errors,
            Parameters... parameters) {
  using A = typename Function<Double>::Float32Kernel;
  Float32Error value = {name + " value"}, gradient = {name + " gradient"};
  // Where x is tiny or huge results are lines, and those of elu are x itself from 0 on.
  for (float sign : {-1.0f, 1.0f}) {
    for (uint32_t bits = std::bit_cast<uint32_t>(0x1p-40f); bits < std::bit_cast<uint32_t>(128.0f);
         bits += step * kFloatLanes) {
      alignas(64) float x[kFloatLanes];
      for (size_t i = 0; i < kFloatLanes; ++i) {
        x[i] = sign * std::bit_cast<float>(static_cast<uint32_t>(bits + i * step));
      }
      const A at{Float(hn::Load(Floats(), x))};
      FloatMask outside = at.Outside(), near_root = outside;
      if constexpr (requires { at.not_negative; }) outside = outside | at.not_negative;
      if constexpr (requires { at.NearRoot(); }) near_root = near_root | at.NearRoot();
      FloatResults values, gradients;
      values.Put(at.Value(), A::kValueError, outside);
      gradients.Put(at.Derivative(), A::kDerivativeError, near_root);
      for (size_t i = 0; i < kFloatLanes; i += kLanes) {
        double wide[kLanes], exact_values[kLanes], exact_gradients[kLanes];
        for (size_t k = 0; k < kLanes; ++k) wide[k] = x[i + k];
        const Function<DoubleDouble> exactly(Load(wide), Double(parameters)...);
        Store(Rounded(exactly.Value()), exact_values);
        Store(Rounded(exactly.Derivative()), exact_gradients);
        for (size_t k = 0; k < kLanes; ++k) {
          Compare(x, values, exact_values + k, i + k, &value);
          Compare(x, gradients, exact_gradients + k, i + k, &gradient);
        }
      }
    }
  }
  errors->insert(errors->end(), {value, gradient});
}

}  // namespace

void AppendFloat32Errors(uint32_t step, std::vector<Float32Error>* errors) {
  Append<Sigmoid>("sigmoid", step, errors);
  Append<Tanh>("tanh", step, errors);
  Append<Silu>("silu", step, errors);
  Append<Elu>("elu", step, errors, 1.0);
  Append<Softplus>("softplus", step, errors, 1.0, kNoThreshold);
  Append<Gelu>("gelu", step, errors);
  Append<Mish>("mish", step, errors);
}

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rectifier {
HWY_EXPORT(AppendFloat32Errors);
std::vector<Float32Error> Float32ErrorsOn(int64_t target, uint32_t step) {
  std::vector<Float32Error> errors;
  OnTarget(target, [&] { HWY_DYNAMIC_DISPATCH(AppendFloat32Errors)(step, &errors); });
  return errors;
}
}  // namespace rectifier
#endif
