// The loop over pairs: y = act(gate) * value, with both gradients, in one pass.
//
// A pair activation is a struct template over the number type N of its results (elementwise-inl.h),
// with
//   static constexpr Spec kSpec;
//   P(Double gate, Double value, Double parameter_0, ...);  // the parameters that are numbers
//   N Value() const;    // y
//   N ByGate() const;   // dy/dgate
//   N ByValue() const;  // dy/dvalue
// A NaN in either comes out of everything.

#if defined(RECTIFIER_CORE_LOOPS_PAIRS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_LOOPS_PAIRS_INL_H_
#undef RECTIFIER_CORE_LOOPS_PAIRS_INL_H_
#else
#define RECTIFIER_CORE_LOOPS_PAIRS_INL_H_
#endif

#include <array>
#include <utility>
#include <vector>

#include "core/kernel.h"
#include "core/loops/elementwise-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

template <class P>
inline constexpr size_t kNumbers = CountNumbers(P::kSpec);

template <class P, size_t... i>
HWY_INLINE P PairAt(Double gate, Double value, const std::array<Double, kNumbers<P>>& p,
                    std::index_sequence<i...>) {
  return P(gate, value, p[i]...);
}

template <class P>
using Numbers = std::array<Double, kNumbers<P>>;

// One vector of a pass: an activation at pairs i to i + kLanes, and where its quantities go.
template <template <class> class Function, class T>
class PairVector {
  using N = ElementwiseNumber<T>;
  using P = Function<N>;

 public:
  HWY_INLINE PairVector(const PairOperands& o, const Numbers<P>& p, size_t i)
      : PairVector(o, p, i, LoadWide<T>(At(o.gate, i)), LoadWide<T>(At(o.value, i))) {}

  HWY_INLINE void PutResult(void* to) const { Put(at_.Value(), to); }
  HWY_INLINE void PutByGate(void* to) const { Put(TimesUpstream(at_.ByGate()), to); }
  HWY_INLINE void PutByValue(void* to) const { Put(TimesUpstream(at_.ByValue()), to); }

 private:
  HWY_INLINE PairVector(const PairOperands& o, const Numbers<P>& p, size_t i, Wide<T> gate,
                        Wide<T> value)
      : i_(i),
        given_(hn::IfThenElse(hn::IsNaN(gate), gate, value)),
        has_upstream_(o.upstream != nullptr),
        upstream_(has_upstream_ ? LoadElements<T>(At(o.upstream, i)) : Double(1.0)),
        at_(PairAt<P>(Widened(gate), Widened(value), p, std::make_index_sequence<kNumbers<P>>())) {}

  static HWY_INLINE const void* At(const void* stream, size_t i) {
    return static_cast<const char*>(stream) + i * sizeof(T);
  }
  HWY_INLINE void Put(N result, void* to) const {
    StoreElements<T>(Rounded(result), given_, static_cast<char*>(to) + i_ * sizeof(T));
  }
  HWY_INLINE N TimesUpstream(N quantity) const {
    return has_upstream_ ? UpstreamTimes<P>(quantity, upstream_) : quantity;
  }

  size_t i_;
  Wide<T> given_;  // a NaN where either of the two is one
  bool has_upstream_;
  Double upstream_;
  P at_;
};

template <template <class> class Function, class T, size_t... v>
HWY_INLINE void PairPass(const PairOperands& o, const Numbers<Function<ElementwiseNumber<T>>>& p,
                         size_t i, std::index_sequence<v...>) {
  const PairVector<Function, T> at[] = {{o, p, i + v * kLanes}...};
  if (o.result) (at[v].PutResult(o.result), ...);
  if (o.gate_gradient) (at[v].PutByGate(o.gate_gradient), ...);
  if (o.value_gradient) (at[v].PutByValue(o.value_gradient), ...);
}

// `count` is a multiple of kElementsPerPass.
template <template <class> class Function, class T>
HWY_NOINLINE void PairVectors(const PairOperands& operands) {
  const PairOperands o = operands;  // which no store can change, as far as the compiler sees
  Numbers<Function<ElementwiseNumber<T>>> p;
  for (size_t k = 0; k < p.size(); ++k) p[k] = o.parameters[k];
  for (size_t i = 0; i < o.count; i += kElementsPerPass<T>) {
    PairPass<Function, T>(o, p, i, std::make_index_sequence<kVectorsPerPass<T>>());
  }
}

template <template <class> class P, class T>
void Pairs(const PairOperands& o) {
  constexpr size_t kWidth = kElementsPerPass<T>;
  PairOperands body = o;
  body.count = o.count / kWidth * kWidth;
  PairVectors<P, T>(body);
  if (body.count == o.count) return;
  Tail<kWidth> tail(body.count, o.count);
  PairVectors<P, T>({.gate = tail.In(o.gate, sizeof(T)),
                     .value = tail.In(o.value, sizeof(T)),
                     .upstream = tail.In(o.upstream, sizeof(T)),
                     .result = tail.Out(o.result, sizeof(T)),
                     .gate_gradient = tail.Out(o.gate_gradient, sizeof(T)),
                     .value_gradient = tail.Out(o.value_gradient, sizeof(T)),
                     .parameters = o.parameters,
                     .count = kWidth});
  tail.CopyBack();
}

// The catalogue's row for one pair activation.
template <template <class> class P>
Activation PairActivation() {
  Activation activation;
  activation.spec = &P<Double>::kSpec;
  activation.quantities = {Quantity::kValue, Quantity::kGradient};
  activation.kernels = PairKernels{
      .pair = {&Pairs<P, double>, &Pairs<P, float>, &Pairs<P, Float16>, &Pairs<P, BFloat16>}};
  return activation;
}

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_LOOPS_PAIRS_INL_H_
