// The elementwise loop: one pass over memory for every quantity asked for.
//
// An elementwise activation is a struct template over the number type N of its results, Real or
// Twin (twin-inl.h), with
//   static constexpr Spec kSpec;
//   explicit A(Real x, Real parameter_0, ...);      // what its expressions share
//   N Value() const;                                // f(x)
//   N Derivative() const;                           // f'(x)
//   N SecondDerivative() const;                     // f''(x), where offered
//   std::array<N, n> ByParameters() const;          // df/dp for each parameter, in declared order
// A NaN in x comes out of every quantity, whatever the expressions make of it.

#if defined(RECTIFIER_CORE_SIMD_MAP_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_SIMD_MAP_INL_H_
#undef RECTIFIER_CORE_SIMD_MAP_INL_H_
#else
#define RECTIFIER_CORE_SIMD_MAP_INL_H_
#endif

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/kernel.h"
#include "core/simd/element-inl.h"
#include "core/simd/tail-inl.h"
#include "core/simd/ties-inl.h"
#include "core/simd/twin-inl.h"
#include "hwy/cache_control.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

// What an element type is computed in.
template <class T>
using NumberOf = std::conditional_t<std::is_same_v<T, double>, Twin, Real>;

template <class A>
concept HasSecondDerivative = requires(const A& at) {
  at.SecondDerivative();
};
template <class A>
concept HasParameters = requires(const A& at) {
  at.ByParameters();
};

template <class A>
inline constexpr size_t kParameters = A::kSpec.parameters.size();

template <class A>
using Parameters = std::array<Real, kParameters<A>>;

template <class A, size_t... i>
HWY_INLINE A At(Real x, const Parameters<A>& p, std::index_sequence<i...>) {
  return A(x, p[i]...);
}

// The quantities of one vector in the order in which they are stored; the parameters' terms follow.
enum Place : size_t { kValuePlace, kGradientPlace, kSecondDerivativePlace, kFirstTermPlace };

template <class A>
HWY_INLINE auto QuantityAt(const A& at, Real g, size_t place) {
  if (place == kValuePlace) return at.Value();
  if (place == kGradientPlace) return at.Derivative() * g;
  if constexpr (HasSecondDerivative<A>) {
    if (place == kSecondDerivativePlace) return at.SecondDerivative() * g;
  }
  if constexpr (HasParameters<A>) return at.ByParameters()[place - kFirstTermPlace] * g;
  return at.Value();
}

// `result`, with the lanes that may lie halfway between two numbers of a 16-bit type replaced by
// doubles on the exact result's side.
template <template <class> class Function>
HWY_NOINLINE Real Settled(Real result, Mask halfway, Real x, const Parameters<Function<Twin>>& p,
                          Real g, size_t place) {
  using A = Function<Twin>;
  const A at = At<A>(x, p, std::make_index_sequence<kParameters<A>>());
  return Select(halfway, RoundedToOdd(QuantityAt(at, g, place)), result);
}

// Whether whole vectors at this address may be streamed.
HWY_INLINE bool IsAligned(const void* p) { return reinterpret_cast<uintptr_t>(p) % 64 == 0; }

// The loop over whole vectors: `count` is a multiple of kLanes.
template <template <class> class Function, class T, bool kVarying>
HWY_NOINLINE void MapVectors(const MapOperands& o) {
  using A = Function<NumberOf<T>>;
  const auto* const x_bytes = static_cast<const char*>(o.x);
  const auto* const upstream_bytes = static_cast<const char*>(o.upstream);
  auto* const value_bytes = static_cast<char*>(o.value);
  auto* const gradient_bytes = static_cast<char*>(o.gradient);
  auto* const second_bytes = static_cast<char*>(o.second_derivative);

  const bool streamed =
      o.streamed && IsAligned(o.value) && IsAligned(o.gradient) && IsAligned(o.second_derivative);

  Parameters<A> p;
  if constexpr (!kVarying) {
    for (size_t k = 0; k < kParameters<A>; ++k) p[k] = *o.parameters[k];
  }
  for (size_t i = 0; i < o.count; i += kLanes) {
    const size_t offset = i * sizeof(T);
    const Real x = LoadElements<T>(x_bytes + offset);
    const Real g = upstream_bytes ? LoadElements<T>(upstream_bytes + offset) : Real(1.0);
    if constexpr (kVarying) {
      for (size_t k = 0; k < kParameters<A>; ++k) p[k] = Load(o.parameters[k] + i);
    }
    const Mask nan = IsNaN(x);
    const A at = At<A>(x, p, std::make_index_sequence<kParameters<A>>());
    const auto settled = [&](auto result, size_t place) HWY_ATTR {
      Real rounded = Rounded(result);
      if constexpr (kIsHalf<T>) {
        const Mask halfway = MayBeHalfway<T>(rounded);
        if (HWY_UNLIKELY(Any(halfway))) {
          rounded = Settled<Function>(rounded, halfway, x, p, g, place);
        }
      }
      return Select(nan, x, rounded);
    };
    const auto store = [&](auto result, size_t place, char* to) HWY_ATTR {
      const Real rounded = settled(result, place);
      if (streamed) return StoreElements<T, Storing::kStreamed>(rounded, to + offset);
      StoreElements<T>(rounded, to + offset);
    };
    if (value_bytes) store(at.Value(), kValuePlace, value_bytes);
    if (gradient_bytes) store(at.Derivative() * g, kGradientPlace, gradient_bytes);
    if constexpr (HasSecondDerivative<A>) {
      if (second_bytes) store(at.SecondDerivative() * g, kSecondDerivativePlace, second_bytes);
    }
    if constexpr (HasParameters<A>) {
      if (o.parameter_terms[0]) {
        const auto by_parameters = at.ByParameters();
        for (size_t k = 0; k < kParameters<A>; ++k) {
          Store(settled(by_parameters[k] * g, kFirstTermPlace + k), o.parameter_terms[k] + i);
        }
      }
    }
  }
}

HWY_INLINE void MapTail(const MapOperands& o, size_t begin, size_t element_size, bool varying,
                        MapKernel vectors) {
  Tail tail(begin, o.count);
  MapOperands padded = {.x = tail.In(o.x, element_size),
                        .upstream = tail.In(o.upstream, element_size),
                        .value = tail.Out(o.value, element_size),
                        .gradient = tail.Out(o.gradient, element_size),
                        .second_derivative = tail.Out(o.second_derivative, element_size),
                        .parameters = o.parameters,
                        .count = kLanes};
  for (size_t k = 0; k < kMaxParameters; ++k) {
    if (varying) padded.parameters[k] = tail.In(o.parameters[k], sizeof(double));
    padded.parameter_terms[k] = tail.Out(o.parameter_terms[k], sizeof(double));
  }
  vectors(padded);
  tail.CopyBack();
}

template <template <class> class A, class T, bool kVarying>
void Map(const MapOperands& operands) {
  MapOperands body = operands;
  body.count = operands.count / kLanes * kLanes;
  MapVectors<A, T, kVarying>(body);
  if (operands.streamed) hwy::FlushStream();
  if (body.count < operands.count) {
    MapTail(operands, body.count, sizeof(T), kVarying, &MapVectors<A, T, kVarying>);
  }
}

template <template <class> class A, bool kVarying>
constexpr std::array<MapKernel, kElementTypes> MapByType() {
  return {&Map<A, double, kVarying>, &Map<A, float, kVarying>, &Map<A, Float16, kVarying>,
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

#endif  // RECTIFIER_CORE_SIMD_MAP_INL_H_
