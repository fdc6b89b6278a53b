// Elements that a fast loop could not decide, and a slow one is to compute again. The fast loop
// stores a bit for each element of a block, and no more: a branch there, or anything to remember,
// would cost it the registers of its constants.

#if defined(RECTIFIER_CORE_LOOPS_UNDECIDED_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_LOOPS_UNDECIDED_INL_H_
#undef RECTIFIER_CORE_LOOPS_UNDECIDED_INL_H_
#else
#define RECTIFIER_CORE_LOOPS_UNDECIDED_INL_H_
#endif

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "core/kernel.h"
#include "core/numbers/double-inl.h"
#include "hwy/cache_control.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

// How many elements a loop takes before what it left undecided is computed; of whole passes.
inline constexpr size_t kBlock = 4096;

// A bit for each element of a block, as the masks of vectors with the tag D are stored.
template <class D>
class UndecidedBits {
 public:
  // The mask of the vector from element i on.
  HWY_INLINE void Put(size_t i, hn::Mask<D> undecided) {
    hn::StoreMaskBits(D(), undecided, bytes_ + i / kVector * kBytes);
  }

  // Calls use(i) for each undecided element i < count, in increasing order.
  template <class Use>
  HWY_INLINE void ForEach(size_t count, const Use& use) const {
    const size_t end = count / kVector * kBytes;
    for (size_t begin = 0; begin < end; begin += 8) {
      uint64_t bits = 0;
      std::memcpy(&bits, bytes_ + begin, std::min<size_t>(8, end - begin));
      for (; bits != 0; bits &= bits - 1) {
        const auto bit = static_cast<size_t>(std::countr_zero(bits));
        const size_t byte = begin + bit / 8;
        use(byte / kBytes * kVector + byte % kBytes * 8 + bit % 8);
      }
    }
  }

 private:
  static constexpr size_t kVector = hn::MaxLanes(D());
  static constexpr size_t kBytes = (kVector + 7) / 8;

  uint8_t bytes_[kBlock / kVector * kBytes + 8];
};

// A block of a loop's operands: elements begin .. begin + count, of type T. Inputs that outputs lie
// over are copied, for they are needed again.
template <class T>
class Block {
 public:
  Block(const ElementwiseOperands& o, size_t begin, size_t count, bool varying) : operands_(o) {
    operands_.x = At(o.x, begin);
    operands_.upstream = At(o.upstream, begin);
    operands_.value = At(o.value, begin);
    operands_.gradient = At(o.gradient, begin);
    operands_.second_derivative = At(o.second_derivative, begin);
    for (const double*& parameter : operands_.parameters) {
      if (varying && parameter != nullptr) parameter += begin;
    }
    operands_.count = count;
    Keep(&operands_.x, x_);
    Keep(&operands_.upstream, upstream_);
  }
  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;

  const ElementwiseOperands& operands() const { return operands_; }

 private:
  template <class Void>
  static Void* At(Void* stream, size_t begin) {
    using Byte = std::conditional_t<std::is_const_v<Void>, const char, char>;
    return stream == nullptr ? nullptr : static_cast<Byte*>(stream) + begin * sizeof(T);
  }
  bool IsOver(const void* output, const void* input) const {
    const auto to = reinterpret_cast<uintptr_t>(output), from = reinterpret_cast<uintptr_t>(input);
    const size_t bytes = operands_.count * sizeof(T);
    return output != nullptr && to < from + bytes && from < to + bytes;
  }
  void Keep(const void** input, char* copy) const {
    if (*input == nullptr) return;
    if (!IsOver(operands_.value, *input) && !IsOver(operands_.gradient, *input) &&
        !IsOver(operands_.second_derivative, *input)) {
      return;
    }
    std::memcpy(copy, *input, operands_.count * sizeof(T));
    *input = copy;
  }

  ElementwiseOperands operands_;
  alignas(64) char x_[kBlock * sizeof(T)];
  alignas(64) char upstream_[kBlock * sizeof(T)];
};

// Undecided elements of type T, until there are enough of them to fill vectors: where they are, and
// what they are made of.
template <class T>
class Pending {
 public:
  static constexpr size_t kRoom = 256;

  bool IsFull() const { return count_ == kRoom; }
  size_t count() const { return count_; }
  size_t index(size_t k) const { return index_[k]; }
  const void* x() const { return x_; }
  const void* upstream() const { return upstream_; }

  // Element i of a block whose first is element `begin` of the whole.
  HWY_INLINE void Add(const ElementwiseOperands& block, size_t begin, size_t i) {
    Copy(block.x, i, x_);
    if (block.upstream != nullptr) Copy(block.upstream, i, upstream_);
    index_[count_++] = begin + i;
  }
  // The last vector is filled up with copies of the last element.
  void FillUp(size_t width) {
    for (size_t k = count_; k % width != 0; ++k) {
      std::memcpy(x_ + k * sizeof(T), x_ + (count_ - 1) * sizeof(T), sizeof(T));
      std::memcpy(upstream_ + k * sizeof(T), upstream_ + (count_ - 1) * sizeof(T), sizeof(T));
    }
  }
  // Puts results k, k + 1, ... k + count into their places.
  HWY_INLINE void Scatter(const void* results, size_t k, size_t count, void* stream) const {
    for (size_t i = 0; i < count; ++i) {
      std::memcpy(static_cast<char*>(stream) + index_[k + i] * sizeof(T),
                  static_cast<const char*>(results) + i * sizeof(T), sizeof(T));
    }
  }
  void Clear() { count_ = 0; }

 private:
  HWY_INLINE void Copy(const void* stream, size_t i, char* to) {
    std::memcpy(to + count_ * sizeof(T), static_cast<const char*>(stream) + i * sizeof(T),
                sizeof(T));
  }

  size_t count_ = 0;
  size_t index_[kRoom];
  alignas(64) char x_[kRoom * sizeof(T)];
  alignas(64) char upstream_[kRoom * sizeof(T)];
};

// Runs `loop` over the blocks of elements of type T, which marks what it leaves undecided, and
// hands that to `compute`, a vector or more at a time.
template <class T, class Lanes, class Loop, class Compute>
HWY_INLINE void ForEachBlock(const ElementwiseOperands& o, bool varying, const Loop& loop,
                             const Compute& compute) {
  Pending<T> pending;
  const auto settle = [&]() HWY_ATTR {
    if (o.bypass_cache) hwy::FlushStream();  // before anything else is stored there
    compute(&pending);
    pending.Clear();
  };
  for (size_t begin = 0; begin < o.count; begin += kBlock) {
    const Block<T> block(o, begin, std::min(kBlock, o.count - begin), varying);
    UndecidedBits<Lanes> undecided;
    loop(block.operands(), &undecided);
    undecided.ForEach(block.operands().count, [&](size_t i) HWY_ATTR {
      pending.Add(block.operands(), begin, i);
      if (HWY_UNLIKELY(pending.IsFull())) settle();
    });
  }
  if (pending.count() > 0) settle();
  if (o.bypass_cache) hwy::FlushStream();
}

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_LOOPS_UNDECIDED_INL_H_
