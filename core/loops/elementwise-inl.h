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
// which comes last, so that what is a tie stays one; and, where a double holds every quantity of a
// float32 input and upstream exactly,
//   static constexpr bool kIsExact = true;
// or, where doubles are further off than bounds::kDoubleLanes, by how far, as a power of two,
//   static constexpr int kDoubleLanes = -35;
// A NaN in x comes out of every quantity, whatever the expressions make of it.

#if defined(RECTIFIER_CORE_LOOPS_ELEMENTWISE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_LOOPS_ELEMENTWISE_INL_H_
#undef RECTIFIER_CORE_LOOPS_ELEMENTWISE_INL_H_
#else
#define RECTIFIER_CORE_LOOPS_ELEMENTWISE_INL_H_
#endif

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "core/kernel.h"
#include "core/loops/rounded_pass-inl.h"
#include "core/loops/tail-inl.h"
#include "core/loops/undecided-inl.h"
#include "core/numbers/double_double-inl.h"
#include "core/numbers/element-inl.h"
#include "core/numbers/rounding-inl.h"
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

// Whether results next to a tie are computed again, in double-doubles. Those of float32 need it not
// where doubles hold them exactly.
template <class A, class T>
inline constexpr bool kSettlesTies =
    !std::is_same_v<T, double> && !(std::is_same_v<T, float> && requires { A::kIsExact; });

// How far its float32 results may be off in double lanes.
template <class A>
constexpr int DoubleLanesBound() {
  if constexpr (requires { A::kDoubleLanes; }) {
    return A::kDoubleLanes;
  } else {
    return bounds::kDoubleLanes;
  }
}

// Whether float32 results are rounded two vectors at a time. Zeros take that the longer way, which
// piecewise functions are full of.
template <class A, class T>
inline constexpr bool kRoundsWholePasses =
    std::is_same_v<T, float>&& kVectorsPerPass<T> == 2 && !Selects(A::kSpec);

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

  HWY_INLINE Double Value() const { return Rounded(InUnits(at_, at_.Value())); }
  HWY_INLINE Double Gradient() const {
    return Rounded(InUnits(at_, TimesUpstream(at_.Derivative())));
  }
  HWY_INLINE Double SecondDerivative() const {
    return Rounded(InUnits(at_, TimesUpstream(at_.SecondDerivative())));
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

  // Rounds and stores one of these.
  HWY_INLINE void Put(Double number, void* to, bool bypass_cache) {
    if constexpr (std::is_same_v<T, float> && kSettlesTies<A, T>) {
      const RoundedFloat<DoubleLanesBound<A>()> rounded(number);
      ties_.Add(rounded);
      StoreAt(F32(), OrNaN(rounded.rounded), to, bypass_cache);
    } else if constexpr (kIsHalf<T>) {
      const RoundedHalf<T> half(OrNaN(Narrowed<T>(number)));
      ties_.Add(half);
      StoreAt(U16(), half.half, to, bypass_cache);
    } else {
      StoreAt(hn::DFromV<Wide<T>>(), OrNaN(Narrowed<T>(number)), to, bypass_cache);
    }
  }
  HWY_INLINE const Ties<T>& ties() const { return ties_; }

 private:
  HWY_INLINE Wide<T> OrNaN(Wide<T> rounded) const {
    return SelectNaN(EitherIsNaN(given_, rounded), rounded);
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

// One pass; marks the elements next to a tie as undecided.
template <template <class> class Function, class T, bool kVarying, class A, class Undecided,
          size_t... v>
HWY_INLINE void ElementwisePass(const ElementwiseOperands& o, const Parameters<A>& uniform,
                                size_t i, bool bypass_cache, Undecided* undecided,
                                std::index_sequence<v...>) {
  using Vector = ElementwiseVector<Function, T, kVarying>;
  Vector at[] = {Vector(o, uniform, i + v * kLanes)...};
  if constexpr (kRoundsWholePasses<A, T>) {
    RoundedPass<T, DoubleLanesBound<A>()> pass(o.x, i);
    if (o.value) pass.Put(at[0].Value(), at[1].Value(), o.value, bypass_cache);
    if (o.gradient) pass.Put(at[0].Gradient(), at[1].Gradient(), o.gradient, bypass_cache);
    if constexpr (HasSecondDerivative<A>) {
      if (o.second_derivative) {
        pass.Put(at[0].SecondDerivative(), at[1].SecondDerivative(), o.second_derivative,
                 bypass_cache);
      }
    }
    undecided->Put(i, pass.NearTie().m);
    return;
  }
  if (o.value) (at[v].Put(at[v].Value(), o.value, bypass_cache), ...);
  if (o.gradient) (at[v].Put(at[v].Gradient(), o.gradient, bypass_cache), ...);
  if constexpr (HasSecondDerivative<A>) {
    if (o.second_derivative) {
      (at[v].Put(at[v].SecondDerivative(), o.second_derivative, bypass_cache), ...);
    }
  }
  if constexpr (HasParameters<A> && std::is_same_v<T, double>) {
    if (o.parameter_terms[0]) (at[v].PutTerms(o), ...);
  }
  if constexpr (kSettlesTies<A, T> && !kRoundsWholePasses<A, T>) {
    (undecided->Put(i + v * kLanes, at[v].ties().Lanes()), ...);
  }
}

// The loop over whole passes. `count` is a multiple of kElementsPerPass.
template <template <class> class Function, class T, bool kVarying, class Undecided>
HWY_NOINLINE void ElementwiseLoop(const ElementwiseOperands& operands, Undecided* undecided) {
  using A = Function<ElementwiseNumber<T>>;
  const ElementwiseOperands o = operands;  // which no store can change, as far as the compiler sees
  const bool bypass_cache = o.bypass_cache && IsAligned(o.value) && IsAligned(o.gradient) &&
                            IsAligned(o.second_derivative);
  Parameters<A> uniform;
  if constexpr (!kVarying) {
    for (size_t k = 0; k < uniform.size(); ++k) uniform[k] = *o.parameters[k];
  }
  for (size_t i = 0; i < o.count; i += kElementsPerPass<T>) {
    ElementwisePass<Function, T, kVarying, A>(o, uniform, i, bypass_cache, undecided,
                                              std::make_index_sequence<kVectorsPerPass<T>>());
  }
}

// Computes up to kLanes pending elements from the k-th on in double-doubles, and puts them in their
// places.
template <template <class> class Function, class T, bool kVarying>
HWY_NOINLINE void ComputeInDoubleDoubles(const ElementwiseOperands& o, const Pending<T>& pending,
                                         size_t k) {
  using A = Function<DoubleDouble>;
  const size_t count = std::min(kLanes, pending.count() - k);
  const auto load = [k](const void* elements) HWY_ATTR {
    return LoadElements<T>(static_cast<const char*>(elements) + k * sizeof(T));
  };
  Parameters<A> p;
  for (size_t parameter = 0; parameter < p.size(); ++parameter) {
    double arguments[kLanes];
    for (size_t i = 0; i < kLanes; ++i) {
      const size_t at = kVarying ? pending.index(k + std::min(i, count - 1)) : 0;
      arguments[i] = o.parameters[parameter][at];
    }
    p[parameter] = Load(arguments);
  }
  const Double x = load(pending.x());
  const A at = ActivationAt<A>(x, p, std::make_index_sequence<kParameters<A>>());
  const auto put = [&](DoubleDouble result, void* stream) HWY_ATTR {
    char exact[kLanes * sizeof(T)];
    StoreElements<T>(Select(IsNaN(x), x, RoundedToOdd(InUnits(at, result))), exact);
    pending.Scatter(exact, k, count, stream);
  };
  const auto contracted = [&](DoubleDouble quantity) HWY_ATTR {
    return o.upstream ? UpstreamTimes<A>(quantity, load(pending.upstream())) : quantity;
  };
  if (o.value) put(at.Value(), o.value);
  if (o.gradient) put(contracted(at.Derivative()), o.gradient);
  if constexpr (HasSecondDerivative<A>) {
    if (o.second_derivative) put(contracted(at.SecondDerivative()), o.second_derivative);
  }
}

// `count` is a multiple of kElementsPerPass.
template <template <class> class Function, class T, bool kVarying>
void ElementwiseVectors(const ElementwiseOperands& o) {
  using A = Function<ElementwiseNumber<T>>;
  if constexpr (kSettlesTies<A, T>) {
    using Lanes = std::conditional_t<kRoundsWholePasses<A, T>, Floats, typename Ties<T>::D>;
    ForEachBlock<T, Lanes>(
        o, kVarying,
        [](const ElementwiseOperands& block, UndecidedBits<Lanes>* undecided)
            HWY_ATTR { ElementwiseLoop<Function, T, kVarying>(block, undecided); },
        [&](Pending<T>* pending) HWY_ATTR {
          pending->FillUp(kLanes);
          for (size_t k = 0; k < pending->count(); k += kLanes) {
            ComputeInDoubleDoubles<Function, T, kVarying>(o, *pending, k);
          }
        });
  } else {
    ElementwiseLoop<Function, T, kVarying>(o, static_cast<void*>(nullptr));
    if (o.bypass_cache) hwy::FlushStream();
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
