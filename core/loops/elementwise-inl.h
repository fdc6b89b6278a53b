// The elementwise loop: one pass over memory for every quantity asked for.
//
// An elementwise activation is a struct template over the number type N of its results, Double or
// DoubleDouble (double_double-inl.h), with
//   static constexpr Spec kSpec;
//   explicit A(Double x, Double parameter_0, ...);      // what its expressions share
//   N Value() const;                                // f(x)
//   N Derivative() const;                           // f'(x)
//   N SecondDerivative() const;                     // f''(x), where offered
//   std::array<N, n> ByParameters() const;          // df/dp for each parameter, in declared order:
//                                                   // asked for in DoubleDoubles alone
// and, where value and derivatives are multiples of what N cannot hold, such as a sixth,
//   N InUnits(N quantity) const;                    // the quantity, of a multiple
// which comes last, so that what is a tie stays one.
// A NaN in x comes out of every quantity, whatever the expressions make of it.

#if defined(RECTIFIER_CORE_LOOPS_ELEMENTWISE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_LOOPS_ELEMENTWISE_INL_H_
#undef RECTIFIER_CORE_LOOPS_ELEMENTWISE_INL_H_
#else
#define RECTIFIER_CORE_LOOPS_ELEMENTWISE_INL_H_
#endif

#include <array>
#include <cstdint>
#include <utility>

#include "core/kernel.h"
#include "core/loops/tail-inl.h"
#include "core/numbers/double_double-inl.h"
#include "core/numbers/element-inl.h"
#include "core/numbers/halfway-inl.h"
#include "hwy/cache_control.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

// What an element type is computed in.
template <class T>
using ElementwiseNumber = std::conditional_t<std::is_same_v<T, double>, DoubleDouble, Double>;

// A pass of a loop takes several vectors, whose chains of operations run side by side. One has
// operations enough in double-doubles; older targets have registers for one.
template <class T>
inline constexpr size_t kVectorsPerPass =
    std::is_same_v<T, double> || HWY_TARGET > HWY_AVX2 ? 1 : 2;
template <class T>
inline constexpr size_t kElementsPerPass = kVectorsPerPass<T>* kLanes;

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
using Parameters = std::array<Double, kParameters<A>>;

template <class A, size_t... i>
HWY_INLINE A ActivationAt(Double x, const Parameters<A>& p, std::index_sequence<i...>) {
  return A(x, p[i]...);
}

// A vector with tied lanes, which are to be computed again: what they are made of.
template <class A>
struct TiedVector {
  size_t i;         // of its first element
  uint8_t bits[8];  // by lane: whether it is tied
  Double x, upstream;
  Parameters<A> p;
};

// A derivative times the upstream. What a selection has left out counts for nothing: there infinity
// and NaN give 0 as well.
template <class A, class N>
HWY_INLINE N UpstreamTimes(N derivative, Double upstream) {
  const N product = derivative * upstream;
  if constexpr (!Selects(A::kSpec)) return product;
  const Mask counts = (Abs(upstream) < kInfinity) | (Abs(Head(derivative)) > 0.0);
  return SelectOrZero(counts, product);
}

// A quantity as it is, where its activation computes multiples.
template <class A, class N>
HWY_INLINE N InUnits(const A& at, N quantity) {
  if constexpr (requires { at.InUnits(quantity); }) {
    return at.InUnits(quantity);
  } else {
    return quantity;
  }
}

// One vector of a pass: an activation at elements i to i + kLanes, and where its quantities go.
template <template <class> class Function, class T, bool kVarying>
class ElementwiseVector {
  using N = ElementwiseNumber<T>;
  using A = Function<N>;

 public:
  HWY_INLINE ElementwiseVector(const ElementwiseOperands& o, const Parameters<A>& uniform, size_t i)
      : i_(i),
        given_(LoadWide<T>(At(o.x))),
        x_(Widened(given_)),
        p_(kVarying ? ParametersAt(o) : uniform),
        has_upstream_(o.upstream != nullptr),
        upstream_(has_upstream_ ? LoadElements<T>(At(o.upstream)) : Double(1.0)),
        at_(ActivationAt<A>(x_, p_, std::make_index_sequence<kParameters<A>>())) {}

  HWY_INLINE void PutValue(void* to, bool bypass_cache) { Put(at_.Value(), to, bypass_cache); }
  HWY_INLINE void PutGradient(void* to, bool bypass_cache) {
    Put(TimesUpstream(at_.Derivative()), to, bypass_cache);
  }
  HWY_INLINE void PutSecondDerivative(void* to, bool bypass_cache) {
    Put(TimesUpstream(at_.SecondDerivative()), to, bypass_cache);
  }
  // Unlike the other quantities these keep both their parts: they are yet to be summed.
  HWY_INLINE void PutTerms(const ElementwiseOperands& to) {
    const auto by_parameters = at_.ByParameters();
    for (size_t k = 0; k < by_parameters.size(); ++k) {
      const Sum term = Normalized(TimesUpstream(by_parameters[k]));
      Store(Select(IsNaN(x_), x_, term.hi), to.parameter_terms[k] + i_);
      Store(term.lo, to.parameter_terms_low[k] + i_);
    }
  }

  HWY_INLINE bool IsTied() const { return ties_.Any(); }
  HWY_INLINE TiedVector<A> Tied() const {
    TiedVector<A> tied{.i = i_, .x = x_, .upstream = upstream_, .p = p_};
    ties_.StoreBits(tied.bits);
    return tied;
  }

 private:
  HWY_INLINE void Put(N result, void* to, bool bypass_cache) {
    const Wide<T> rounded = Narrowed<T>(Rounded(InUnits(at_, result)));
    const Wide<T> stored = SelectNaN(EitherIsNaN(given_, rounded), rounded);
    if constexpr (kIsHalf<T>) {
      const RoundedHalf<T> half(stored);
      ties_.Add(half);
      StoreAt(U16(), half.half, to, bypass_cache);
    } else {
      StoreAt(hn::DFromV<Wide<T>>(), stored, to, bypass_cache);
    }
  }
  template <class D>
  HWY_INLINE void StoreAt(D d, hn::Vec<D> v, void* to, bool bypass_cache) const {
    if (bypass_cache) return StoreLanes<Storing::kBypassingCache>(d, v, At(to));
    StoreLanes(d, v, At(to));
  }
  HWY_INLINE N TimesUpstream(N quantity) const {
    return has_upstream_ ? UpstreamTimes<A>(quantity, upstream_) : quantity;
  }
  HWY_INLINE Parameters<A> ParametersAt(const ElementwiseOperands& o) const {
    Parameters<A> p;
    for (size_t k = 0; k < p.size(); ++k) p[k] = Load(o.parameters[k] + i_);
    return p;
  }
  HWY_INLINE const char* At(const void* stream) const {
    return static_cast<const char*>(stream) + i_ * sizeof(T);
  }
  HWY_INLINE char* At(void* stream) const { return static_cast<char*>(stream) + i_ * sizeof(T); }

  size_t i_;
  Wide<T> given_;  // x
  Double x_;
  Parameters<A> p_;
  bool has_upstream_;
  Double upstream_;
  A at_;
  [[no_unique_address]] Ties<T> ties_;
};

// Whether whole vectors may be stored past the caches at this address.
HWY_INLINE bool IsAligned(const void* p) { return reinterpret_cast<uintptr_t>(p) % 64 == 0; }

// Vectors that are yet to be computed again.
template <class A>
struct TiedVectors {
  static constexpr size_t kMost = 16;

  HWY_INLINE bool HasRoomFor(size_t more) const { return count + more <= kMost; }
  // Writes the vector in any case, so that nothing depends on a branch; there is room for it.
  template <class Vector>
  HWY_INLINE void AddIfTied(const Vector& vector) {
    vectors[count] = vector.Tied();
    count += vector.IsTied();
  }

  size_t count = 0;
  TiedVector<A> vectors[kMost];
};

// One pass; adds its vectors with ties to `tied`.
template <template <class> class Function, class T, bool kVarying, class A, size_t... v>
HWY_INLINE void ElementwisePass(const ElementwiseOperands& o, const Parameters<A>& uniform,
                                size_t i, bool bypass_cache, TiedVectors<A>* tied,
                                std::index_sequence<v...>) {
  using Vector = ElementwiseVector<Function, T, kVarying>;
  Vector at[] = {Vector(o, uniform, i + v * kLanes)...};
  if (o.value) (at[v].PutValue(o.value, bypass_cache), ...);
  if (o.gradient) (at[v].PutGradient(o.gradient, bypass_cache), ...);
  if constexpr (HasSecondDerivative<A>) {
    if (o.second_derivative) (at[v].PutSecondDerivative(o.second_derivative, bypass_cache), ...);
  }
  if constexpr (HasParameters<A> && std::is_same_v<T, double>) {
    if (o.parameter_terms[0]) (at[v].PutTerms(o), ...);
  }
  if constexpr (kIsHalf<T>) {
    if (HWY_LIKELY(!(at[v].IsTied() || ...))) return;
    (tied->AddIfTied(at[v]), ...);
  }
}

// The loop over whole passes from element `begin` on, to the end or until there is no more room in
// `tied`: computing ties again here, however seldom, would cost the loop the registers that hold
// its constants. `count` is a multiple of kElementsPerPass. Returns the next element.
template <template <class> class Function, class T, bool kVarying>
HWY_NOINLINE size_t ElementwiseUntilTied(const ElementwiseOperands& operands, size_t begin,
                                         TiedVectors<Function<ElementwiseNumber<T>>>* tied) {
  using A = Function<ElementwiseNumber<T>>;
  const ElementwiseOperands o = operands;  // which no store can change, as far as the compiler sees
  const bool bypass_cache = o.bypass_cache && IsAligned(o.value) && IsAligned(o.gradient) &&
                            IsAligned(o.second_derivative);
  Parameters<A> uniform;
  if constexpr (!kVarying) {
    for (size_t k = 0; k < uniform.size(); ++k) uniform[k] = *o.parameters[k];
  }
  for (size_t i = begin; i < o.count;) {
    ElementwisePass<Function, T, kVarying, A>(o, uniform, i, bypass_cache, tied,
                                              std::make_index_sequence<kVectorsPerPass<T>>());
    i += kElementsPerPass<T>;
    if (kIsHalf<T> && HWY_UNLIKELY(!tied->HasRoomFor(kVectorsPerPass<T>))) return i;
  }
  return o.count;
}

// Computes the tied lanes' results again, in double-doubles, and puts them in their places.
template <template <class> class Function, class T>
HWY_NOINLINE void RecomputeTied(const ElementwiseOperands& o,
                                const TiedVector<Function<ElementwiseNumber<T>>>& tied) {
  using A = Function<DoubleDouble>;
  const A at = ActivationAt<A>(tied.x, tied.p, std::make_index_sequence<kParameters<A>>());
  const auto put = [&](DoubleDouble result, void* stream) HWY_ATTR {
    char exact[kLanes * sizeof(T)];
    StoreElements<T>(Select(IsNaN(tied.x), tied.x, RoundedToOdd(InUnits(at, result))), exact);
    char* const to = static_cast<char*>(stream) + tied.i * sizeof(T);
    const auto mask = hn::LoadMaskBits(U16(), tied.bits);
    const VU16 others = LoadLanes(U16(), to);
    StoreLanes(U16(), hn::IfThenElse(mask, LoadLanes(U16(), exact), others), to);
  };
  if (o.value) put(at.Value(), o.value);
  if (o.gradient) put(UpstreamTimes<A>(at.Derivative(), tied.upstream), o.gradient);
  if constexpr (HasSecondDerivative<A>) {
    if (o.second_derivative) {
      put(UpstreamTimes<A>(at.SecondDerivative(), tied.upstream), o.second_derivative);
    }
  }
}

// `count` is a multiple of kElementsPerPass.
template <template <class> class Function, class T, bool kVarying>
void ElementwiseVectors(const ElementwiseOperands& o) {
  for (size_t i = 0; i < o.count;) {
    TiedVectors<Function<ElementwiseNumber<T>>> tied;
    i = ElementwiseUntilTied<Function, T, kVarying>(o, i, &tied);
    if (o.bypass_cache) hwy::FlushStream();  // before anything else is stored there
    if constexpr (kIsHalf<T>) {
      for (size_t k = 0; k < tied.count; ++k) RecomputeTied<Function, T>(o, tied.vectors[k]);
    }
  }
}

template <size_t kWidth>
HWY_INLINE void ElementwiseTail(const ElementwiseOperands& o, size_t begin, size_t element_size,
                                bool varying, ElementwiseKernel vectors) {
  Tail<kWidth> tail(begin, o.count);
  ElementwiseOperands padded = {.x = tail.In(o.x, element_size),
                                .upstream = tail.In(o.upstream, element_size),
                                .value = tail.Out(o.value, element_size),
                                .gradient = tail.Out(o.gradient, element_size),
                                .second_derivative = tail.Out(o.second_derivative, element_size),
                                .parameters = o.parameters,
                                .count = kWidth};
  for (size_t k = 0; k < kMaxParameters; ++k) {
    if (varying) padded.parameters[k] = tail.In(o.parameters[k], sizeof(double));
    padded.parameter_terms[k] = tail.Out(o.parameter_terms[k], sizeof(double));
    padded.parameter_terms_low[k] = tail.Out(o.parameter_terms_low[k], sizeof(double));
  }
  vectors(padded);
  tail.CopyBack();
}

template <template <class> class A, class T, bool kVarying>
void Elementwise(const ElementwiseOperands& operands) {
  constexpr size_t kWidth = kElementsPerPass<T>;
  ElementwiseOperands body = operands;
  body.count = operands.count / kWidth * kWidth;
  ElementwiseVectors<A, T, kVarying>(body);
  if (body.count < operands.count) {
    ElementwiseTail<kWidth>(operands, body.count, sizeof(T), kVarying,
                            &ElementwiseVectors<A, T, kVarying>);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_LOOPS_ELEMENTWISE_INL_H_
