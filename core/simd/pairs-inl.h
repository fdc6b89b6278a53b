// The loop over pairs: y = act(gate) * value, with both gradients, in one pass.
//
// A pair activation is a struct template over the number type N of its results (map-inl.h), with
//   static constexpr Spec kSpec;
//   P(Real gate, Real value, Real parameter_0, ...);  // the parameters that are numbers
//   N Value() const;    // y
//   N ByGate() const;   // dy/dgate
//   N ByValue() const;  // dy/dvalue
// A NaN in either comes out of everything.

#if defined(RECTIFIER_CORE_SIMD_PAIRS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_SIMD_PAIRS_INL_H_
#undef RECTIFIER_CORE_SIMD_PAIRS_INL_H_
#else
#define RECTIFIER_CORE_SIMD_PAIRS_INL_H_
#endif

#include <array>
#include <utility>
#include <vector>

#include "core/kernel.h"
#include "core/simd/map-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

template <class P>
inline constexpr size_t kNumbers = CountNumbers(P::kSpec);

template <class P, size_t... i>
HWY_INLINE P PairAt(Real gate, Real value, const std::array<Real, kNumbers<P>>& p,
                    std::index_sequence<i...>) {
  return P(gate, value, p[i]...);
}

// `count` is a multiple of kLanes.
template <template <class> class Function, class T>
HWY_NOINLINE void PairVectors(const PairOperands& o) {
  using P = Function<NumberOf<T>>;
  const auto* const gate_bytes = static_cast<const char*>(o.gate);
  const auto* const value_bytes = static_cast<const char*>(o.value);
  const auto* const upstream_bytes = static_cast<const char*>(o.upstream);
  auto* const result_bytes = static_cast<char*>(o.result);
  auto* const by_gate_bytes = static_cast<char*>(o.gate_gradient);
  auto* const by_value_bytes = static_cast<char*>(o.value_gradient);
  std::array<Real, kNumbers<P>> p;
  for (size_t k = 0; k < p.size(); ++k) p[k] = o.parameters[k];

  for (size_t i = 0; i < o.count; i += kLanes) {
    const size_t offset = i * sizeof(T);
    const Real gate = LoadElements<T>(gate_bytes + offset);
    const Real value = LoadElements<T>(value_bytes + offset);
    const Real g = upstream_bytes ? LoadElements<T>(upstream_bytes + offset) : Real(1.0);
    const Mask nan = IsNaN(gate) | IsNaN(value);
    const Real given = Select(IsNaN(gate), gate, value);
    const P at = PairAt<P>(gate, value, p, std::make_index_sequence<kNumbers<P>>());
    if (result_bytes)
      StoreElements<T>(Select(nan, given, Rounded(at.Value())), result_bytes + offset);
    if (by_gate_bytes) {
      StoreElements<T>(Select(nan, given, Rounded(at.ByGate() * g)), by_gate_bytes + offset);
    }
    if (by_value_bytes) {
      StoreElements<T>(Select(nan, given, Rounded(at.ByValue() * g)), by_value_bytes + offset);
    }
  }
}

template <template <class> class P, class T>
void Pairs(const PairOperands& o) {
  PairOperands body = o;
  body.count = o.count / kLanes * kLanes;
  PairVectors<P, T>(body);
  if (body.count == o.count) return;
  Tail tail(body.count, o.count);
  PairVectors<P, T>({.gate = tail.In(o.gate, sizeof(T)),
                     .value = tail.In(o.value, sizeof(T)),
                     .upstream = tail.In(o.upstream, sizeof(T)),
                     .result = tail.Out(o.result, sizeof(T)),
                     .gate_gradient = tail.Out(o.gate_gradient, sizeof(T)),
                     .value_gradient = tail.Out(o.value_gradient, sizeof(T)),
                     .parameters = o.parameters,
                     .count = kLanes});
  tail.CopyBack();
}

// The catalogue's row for one pair activation.
template <template <class> class P>
Activation PairActivation() {
  Activation activation;
  activation.spec = &P<Real>::kSpec;
  activation.quantities = {Quantity::kValue, Quantity::kGradient};
  activation.kernels = PairKernels{
      .pair = {&Pairs<P, double>, &Pairs<P, float>, &Pairs<P, Float16>, &Pairs<P, BFloat16>}};
  return activation;
}

template <template <class> class... P>
struct PairFamily {
  static std::vector<Activation> Activations() { return {PairActivation<P>()...}; }
};

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_SIMD_PAIRS_INL_H_
