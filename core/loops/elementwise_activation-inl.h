// The row of the catalogue for a struct of an elementwise activation.

#if defined(RECTIFIER_CORE_LOOPS_ELEMENTWISE_ACTIVATION_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_LOOPS_ELEMENTWISE_ACTIVATION_INL_H_
#undef RECTIFIER_CORE_LOOPS_ELEMENTWISE_ACTIVATION_INL_H_
#else
#define RECTIFIER_CORE_LOOPS_ELEMENTWISE_ACTIVATION_INL_H_
#endif

#include <array>
#include <vector>

#include "core/loops/elementwise-inl.h"
#include "core/loops/elementwise_float32-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

template <template <class> class A, bool kVarying>
constexpr ElementwiseKernel Float32KernelOf() {
  if constexpr (!kVarying && requires { typename A<Double>::Float32Kernel; }) {
    return &ElementwiseFloat32<A>;
  } else {
    return &Elementwise<A, float, kVarying>;
  }
}

template <template <class> class A, bool kVarying>
constexpr std::array<ElementwiseKernel, kElementTypes> ElementwiseByType() {
  return {&Elementwise<A, double, kVarying>, Float32KernelOf<A, kVarying>(),
          &Elementwise<A, Float16, kVarying>, &Elementwise<A, BFloat16, kVarying>};
}

// The catalogue's row for one elementwise activation.
template <template <class> class Function>
Activation ElementwiseActivation() {
  using A = Function<Double>;
  static_assert(HasParameters<A> == (kParameters<A> > 0), "every parameter has a gradient");
  Activation activation;
  activation.spec = &A::kSpec;
  activation.quantities = {Quantity::kValue, Quantity::kGradient};
  ElementwiseKernels kernels = {};
  kernels.uniform = ElementwiseByType<Function, false>();
  if constexpr (HasSecondDerivative<A>) activation.quantities.Add(Quantity::kSecondDerivative);
  if constexpr (HasParameters<A>) {
    activation.quantities.Add(Quantity::kParameterGradient);
    kernels.varying = ElementwiseByType<Function, true>();
  }
  activation.kernels = kernels;
  return activation;
}

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_LOOPS_ELEMENTWISE_ACTIVATION_INL_H_
