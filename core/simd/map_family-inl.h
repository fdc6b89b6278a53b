// Rows of the catalogue from structs of elementwise activations.

#if defined(RECTIFIER_CORE_SIMD_MAP_FAMILY_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_SIMD_MAP_FAMILY_INL_H_
#undef RECTIFIER_CORE_SIMD_MAP_FAMILY_INL_H_
#else
#define RECTIFIER_CORE_SIMD_MAP_FAMILY_INL_H_
#endif

#include <array>
#include <vector>

#include "core/simd/float_map-inl.h"
#include "core/simd/map-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

template <template <class> class A, bool kVarying>
constexpr MapKernel MapOfFloats() {
  if constexpr (!kVarying && requires { typename A<Real>::InFloats; }) {
    return &MapInFloats<A>;
  } else {
    return &Map<A, float, kVarying>;
  }
}

template <template <class> class A, bool kVarying>
constexpr std::array<MapKernel, kElementTypes> MapByType() {
  return {&Map<A, double, kVarying>, MapOfFloats<A, kVarying>(), &Map<A, Float16, kVarying>,
          &Map<A, BFloat16, kVarying>};
}

// The catalogue's row for one elementwise activation.
template <template <class> class Function>
Activation MapActivation() {
  using A = Function<Real>;
  static_assert(HasParameters<A> == (kParameters<A> > 0), "every parameter has a gradient");
  Activation activation;
  activation.spec = &A::kSpec;
  activation.quantities = {Quantity::kValue, Quantity::kGradient};
  MapKernels kernels = {};
  kernels.uniform = MapByType<Function, false>();
  if constexpr (HasSecondDerivative<A>) activation.quantities.Add(Quantity::kSecondDerivative);
  if constexpr (HasParameters<A>) {
    activation.quantities.Add(Quantity::kParameterGradient);
    kernels.varying = MapByType<Function, true>();
  }
  activation.kernels = kernels;
  return activation;
}

// A family is the list of its activations, in catalogue order.
template <template <class> class... A>
struct MapFamily {
  static std::vector<Activation> Activations() { return {MapActivation<A>()...}; }
};

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_SIMD_MAP_FAMILY_INL_H_
