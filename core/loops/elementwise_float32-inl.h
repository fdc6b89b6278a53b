// The elementwise loop for float32 in float-float lanes: values and gradients of the activations
// that are asked for most, at their usual arguments.
//
// Such an activation names, as Float32Kernel, a class with
//   static bool Takes(parameters);      // whether these arguments are the usual ones
//   explicit Float32Kernel(Float x);         // what its expressions share
//   FloatMask Outside() const;          // elements it is no good for; NaN are among them
//   FloatMask NearRoot() const;         // elements whose derivative loses its digits, if any do
//   Float Value() const;                // f(x)
//   FloatFloat Derivative() const;       // f'(x)
// Elements that it leaves are set aside, and computed in double lanes after the loop: an element's
// bits depend on nothing but itself and its upstream. Other quantities come from double lanes.

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

// Vectors of which some elements are yet to be computed, and what those are made of.
struct SetAside {
  static constexpr size_t kMost = 16;

  struct Vector {
    size_t begin;         // of its elements
    uint8_t value[8];     // by element, a bit: set aside
    uint8_t gradient[8];  // likewise
  };

  size_t count = 0;
  Vector vectors[kMost];
  alignas(64) float x[kMost * kFloatLanes];
  alignas(64) float upstream[kMost * kFloatLanes];
};

// One vector of a pass.
template <class A>
class FloatVector {
 public:
  HWY_INLINE FloatVector(const ElementwiseOperands& o, size_t i)
      : i_(i), x_(LoadFloats(At(o.x))), at_(x_), value_aside_(at_.Outside()) {
    gradient_aside_ = value_aside_;
    if (o.gradient == nullptr) return;
    if constexpr (requires { at_.NearRoot(); }) {
      gradient_aside_ = gradient_aside_ | at_.NearRoot();
    }
    if (o.upstream != nullptr) upstream_ = LoadFloats(At(o.upstream));
  }

  HWY_INLINE void PutValue(void* to, bool bypass_cache) { Put(at_.Value(), to, bypass_cache); }
  HWY_INLINE void PutGradient(void* to, bool has_upstream, bool bypass_cache) {
    const FloatFloat slope = at_.Derivative();
    if (!has_upstream) return Put(Rounded(slope), to, bypass_cache);
    const Float product = Fma(slope.hi, upstream_, slope.lo * upstream_);
    // Products that leave the normal numbers are set aside, but not those with 0.
    const FloatMask zero = upstream_ == 0.0f;
    gradient_aside_ = gradient_aside_ | AndNot(zero, Beyond(Abs(product), kLeast, kMost));
    Put(Select(zero, slope.hi * upstream_, product), to, bypass_cache);
  }

  HWY_INLINE bool IsAside() const { return Any(gradient_aside_); }
  HWY_INLINE void Remember(SetAside* aside) const {
    SetAside::Vector& vector = aside->vectors[aside->count];
    const size_t slot = aside->count++ * kFloatLanes;
    vector.begin = i_;
    hn::StoreMaskBits(Floats(), value_aside_.m, vector.value);
    hn::StoreMaskBits(Floats(), gradient_aside_.m, vector.gradient);
    hn::StoreU(x_.v, Floats(), aside->x + slot);
    hn::StoreU(upstream_.v, Floats(), aside->upstream + slot);
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
  FloatMask value_aside_, gradient_aside_;
};

// One pass; adds its vectors with elements that it leaves to `aside`.
template <class A, size_t... v>
HWY_INLINE void FloatPass(const ElementwiseOperands& o, size_t i, bool bypass_cache,
                          SetAside* aside, std::index_sequence<v...>) {
  FloatVector<A> at[] = {FloatVector<A>(o, i + v * kFloatLanes)...};
  if (o.value) (at[v].PutValue(o.value, bypass_cache), ...);
  if (o.gradient) (at[v].PutGradient(o.gradient, o.upstream != nullptr, bypass_cache), ...);
  if (HWY_LIKELY(!(at[v].IsAside() || ...))) return;
  ((at[v].IsAside() ? at[v].Remember(aside) : void()), ...);
}

// The loop over whole passes from element `begin` on, to the end or until there is no more room in
// `aside`. Returns the next element.
template <class A>
HWY_NOINLINE size_t ElementwiseUntilSetAside(const ElementwiseOperands& operands, size_t begin,
                                             SetAside* aside) {
  const ElementwiseOperands o = operands;  // which no store can change, as far as the compiler sees
  const bool bypass_cache = o.bypass_cache && IsAligned(o.value) && IsAligned(o.gradient);
  for (size_t i = begin; i < o.count;) {
    FloatPass<A>(o, i, bypass_cache, aside, std::make_index_sequence<kFloatVectorsPerPass>());
    i += kFloatsPerPass;
    if (HWY_UNLIKELY(aside->count + kFloatVectorsPerPass > SetAside::kMost)) return i;
  }
  return o.count;
}

// Computes what is set aside in double lanes, and puts it in its places.
template <template <class> class Function>
HWY_NOINLINE void ComputeSetAside(const ElementwiseOperands& o, const SetAside& aside) {
  alignas(64) float value[SetAside::kMost * kFloatLanes];
  alignas(64) float gradient[SetAside::kMost * kFloatLanes];
  ElementwiseVectors<Function, float, false>({.x = aside.x,
                                              .upstream = o.upstream ? aside.upstream : nullptr,
                                              .value = o.value ? value : nullptr,
                                              .gradient = o.gradient ? gradient : nullptr,
                                              .parameters = o.parameters,
                                              .count = aside.count * kFloatLanes});
  const auto put = [](const float* from, const uint8_t* bits, void* stream, size_t begin) HWY_ATTR {
    char* const to = static_cast<char*>(stream) + begin * sizeof(float);
    const FloatMask mask = {hn::LoadMaskBits(Floats(), bits)};
    const Float merged = Select(mask, LoadFloats(from), LoadFloats(to));
    StoreLanes(Floats(), merged.v, to);
  };
  for (size_t k = 0; k < aside.count; ++k) {
    const SetAside::Vector& vector = aside.vectors[k];
    const size_t slot = k * kFloatLanes;
    if (o.value) put(value + slot, vector.value, o.value, vector.begin);
    if (o.gradient) put(gradient + slot, vector.gradient, o.gradient, vector.begin);
  }
}

// Values and gradients. `count` is a multiple of kFloatsPerPass.
template <template <class> class Function>
void ElementwiseFloatVectors(const ElementwiseOperands& o) {
  using A = typename Function<Double>::Float32Kernel;
  for (size_t i = 0; i < o.count;) {
    SetAside aside;
    i = ElementwiseUntilSetAside<A>(o, i, &aside);
    if (o.bypass_cache) hwy::FlushStream();  // before anything else is stored there
    if (aside.count > 0) ComputeSetAside<Function>(o, aside);
  }
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
