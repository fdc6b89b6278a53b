// The elementwise loop for float32 in float-float lanes: values and gradients of the activations
// that are asked for most, at their usual arguments.
//
// Such an activation names, as Float32Kernel, a class with
//   static bool Takes(parameters);      // whether these arguments are the usual ones
//   explicit Float32Kernel(Float x);         // what its expressions share
//   FloatMask Outside() const;          // elements it is no good for; NaN are among them
//   FloatMask NearRoot() const;         // elements whose derivative loses its digits, if any do
//   FloatFloat Value() const;           // f(x)
//   FloatFloat Derivative() const;       // f'(x)
//   static constexpr float kValueError, kDerivativeError;  // how far these may be off, relatively
//   Float Signed(Float value) const;    // f(x) once more, with its sign where the above has not
// Elements that it leaves, and those whose rounding the errors leave undecided, are computed in
// double lanes after the loop: an element's bits depend on nothing but itself and its upstream.
// Other quantities come from double lanes.

#if defined(RECTIFIER_CORE_LOOPS_ELEMENTWISE_FLOAT32_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_LOOPS_ELEMENTWISE_FLOAT32_INL_H_
#undef RECTIFIER_CORE_LOOPS_ELEMENTWISE_FLOAT32_INL_H_
#else
#define RECTIFIER_CORE_LOOPS_ELEMENTWISE_FLOAT32_INL_H_
#endif

#include <algorithm>
#include <cstring>
#include <utility>

#include "core/functions/float_float_functions-inl.h"
#include "core/loops/elementwise-inl.h"
#include "core/loops/undecided-inl.h"
#include "core/numbers/element-inl.h"
#include "hwy/cache_control.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

inline constexpr size_t kFloatVectorsPerPass = HWY_TARGET <= HWY_AVX3   ? 4
                                               : HWY_TARGET <= HWY_AVX2 ? 2
                                                                        : 1;
inline constexpr size_t kFloatsPerPass = kFloatVectorsPerPass * kFloatLanes;

HWY_INLINE Float LoadFloats(const void* from) { return LoadLanes(Floats(), from); }

// One vector of a pass.
template <class A>
class FloatVector {
 public:
  HWY_INLINE FloatVector(const ElementwiseOperands& o, size_t i)
      : i_(i),
        x_(LoadFloats(At(o.x))),
        at_(x_),
        outside_(at_.Outside()),
        difference_(hn::Zero(FloatBits())) {
    if (o.gradient == nullptr) return;
    if constexpr (requires { at_.NearRoot(); }) outside_ = outside_ | at_.NearRoot();
    if (o.upstream != nullptr) upstream_ = LoadFloats(At(o.upstream));
  }

  HWY_INLINE void PutValue(void* to, bool bypass_cache) {
    const RoundedFloatFloat value(at_.Value(), A::kValueError);
    difference_ = hn::Or(difference_, value.difference);
    if constexpr (requires { at_.Signed(x_); }) {
      Put(at_.Signed(value.rounded), to, bypass_cache);
    } else {
      Put(value.rounded, to, bypass_cache);
    }
  }
  HWY_INLINE void PutGradient(void* to, bool has_upstream, bool bypass_cache) {
    const FloatFloat slope = at_.Derivative();
    const FloatFloat product = has_upstream ? slope * upstream_ : slope;
    const RoundedFloatFloat gradient(product, A::kDerivativeError);
    difference_ = hn::Or(difference_, gradient.difference);
    if (!has_upstream) return Put(gradient.rounded, to, bypass_cache);
    // Products that leave the normal numbers are set aside, but not those with 0.
    const FloatMask zero = upstream_ == 0.0f;
    outside_ = outside_ | AndNot(zero, Beyond(Abs(product.hi), kLeast, kMost));
    Put(Select(zero, product.hi, gradient.rounded), to, bypass_cache);
  }

  HWY_INLINE FloatMask Undecided() const {
    const auto near_tie = hn::Ne(difference_, hn::Zero(FloatBits()));
    return outside_ | FloatMask{hn::RebindMask(Floats(), near_tie)};
  }

 private:
  // Below, digits of lo * upstream would be lost.
  static constexpr float kLeast = 0x1p-100f;
  static constexpr float kMost = std::numeric_limits<float>::max();

  HWY_INLINE void Put(Float result, void* to, bool bypass_cache) const {
    if (bypass_cache) return StoreLanes<Storing::kBypassingCache>(Floats(), result.v, At(to));
    StoreLanes(Floats(), result.v, At(to));
  }
  HWY_INLINE const char* At(const void* stream) const {
    return static_cast<const char*>(stream) + i_ * sizeof(float);
  }
  HWY_INLINE char* At(void* stream) const {
    return static_cast<char*>(stream) + i_ * sizeof(float);
  }

  size_t i_;
  Float x_;
  Float upstream_ = 1.0f;
  A at_;
  FloatMask outside_;
  hn::Vec<FloatBits> difference_;
};

// One pass; marks what is left to double lanes.
template <class A, size_t... v>
HWY_INLINE void FloatPass(const ElementwiseOperands& o, size_t i, bool bypass_cache,
                          UndecidedBits<Floats>* undecided, std::index_sequence<v...>) {
  FloatVector<A> at[] = {FloatVector<A>(o, i + v * kFloatLanes)...};
  if (o.value) (at[v].PutValue(o.value, bypass_cache), ...);
  if (o.gradient) (at[v].PutGradient(o.gradient, o.upstream != nullptr, bypass_cache), ...);
  (undecided->Put(i + v * kFloatLanes, at[v].Undecided().m), ...);
}

template <class A>
HWY_NOINLINE void ElementwiseFloatLoop(const ElementwiseOperands& operands,
                                       UndecidedBits<Floats>* undecided) {
  const ElementwiseOperands o = operands;  // which no store can change, as far as the compiler sees
  const bool bypass_cache = o.bypass_cache && IsAligned(o.value) && IsAligned(o.gradient);
  for (size_t i = 0; i < o.count; i += kFloatsPerPass) {
    FloatPass<A>(o, i, bypass_cache, undecided, std::make_index_sequence<kFloatVectorsPerPass>());
  }
}

// Computes pending elements in double lanes, and puts them in their places.
template <template <class> class Function>
HWY_NOINLINE void ComputeInDoubles(const ElementwiseOperands& o, Pending<float>* pending) {
  constexpr size_t kWidth = kElementsPerPass<float>;
  static_assert(Pending<float>::kRoom % kWidth == 0);
  pending->FillUp(kWidth);
  float value[Pending<float>::kRoom], gradient[Pending<float>::kRoom];
  ElementwiseVectors<Function, float, false>(
      {.x = pending->x(),
       .upstream = o.upstream ? pending->upstream() : nullptr,
       .value = o.value ? value : nullptr,
       .gradient = o.gradient ? gradient : nullptr,
       .parameters = o.parameters,
       .count = (pending->count() + kWidth - 1) / kWidth * kWidth});
  if (o.value) pending->Scatter(value, 0, pending->count(), o.value);
  if (o.gradient) pending->Scatter(gradient, 0, pending->count(), o.gradient);
}

// Values and gradients. `count` is a multiple of kFloatsPerPass.
template <template <class> class Function>
void ElementwiseFloatVectors(const ElementwiseOperands& o) {
  using A = typename Function<Double>::Float32Kernel;
  ForEachBlock<float, Floats>(
      o, false,
      [](const ElementwiseOperands& block, UndecidedBits<Floats>* undecided)
          HWY_ATTR { ElementwiseFloatLoop<A>(block, undecided); },
      [&](Pending<float>* pending) HWY_ATTR { ComputeInDoubles<Function>(o, pending); });
}

template <template <class> class Function>
void ElementwiseFloats(const ElementwiseOperands& operands) {
  ElementwiseOperands body = operands;
  body.count = operands.count / kFloatsPerPass * kFloatsPerPass;
  ElementwiseFloatVectors<Function>(body);
  if (body.count < operands.count) {
    ElementwiseTail<kFloatsPerPass>(operands, body.count, sizeof(float), false,
                                    &ElementwiseFloatVectors<Function>);
  }
}

// Second derivatives too, in blocks: they wait until the block's inputs, whose memory they may be
// given, have been read.
template <template <class> class Function>
void ElementwiseFloatBlocks(const ElementwiseOperands& operands) {
  constexpr size_t kBlock = 1024;
  float second[kBlock];
  const auto at = [](auto* stream, size_t i) {
    using Byte = std::conditional_t<std::is_const_v<std::remove_pointer_t<decltype(stream)>>,
                                    const char, char>;
    return stream ? static_cast<Byte*>(stream) + i * sizeof(float) : nullptr;
  };
  for (size_t i = 0; i < operands.count; i += kBlock) {
    const ElementwiseOperands inputs = {.x = at(operands.x, i),
                                        .upstream = at(operands.upstream, i),
                                        .parameters = operands.parameters,
                                        .count = std::min(kBlock, operands.count - i)};
    ElementwiseOperands block = inputs, others = inputs;
    block.value = at(operands.value, i);
    block.gradient = at(operands.gradient, i);
    others.second_derivative = second;
    Elementwise<Function, float, false>(others);
    ElementwiseFloats<Function>(block);
    std::memcpy(at(operands.second_derivative, i), second, inputs.count * sizeof(float));
  }
}

// The kernel for float32 with one number for each parameter.
template <template <class> class Function>
void ElementwiseFloat32(const ElementwiseOperands& o) {
  using A = typename Function<Double>::Float32Kernel;
  const bool is_for_floats = (o.value || o.gradient) && A::Takes(o.parameters);
  if (!is_for_floats) return Elementwise<Function, float, false>(o);
  if (o.second_derivative) return ElementwiseFloatBlocks<Function>(o);
  ElementwiseFloats<Function>(o);
}

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_LOOPS_ELEMENTWISE_FLOAT32_INL_H_
