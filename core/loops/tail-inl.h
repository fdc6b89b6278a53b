// The last elements of a loop whose passes take kWidth, copied into a whole pass and back: they
// meet the same code, and so get the same bits, as the body.

#if defined(RECTIFIER_CORE_LOOPS_TAIL_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_LOOPS_TAIL_INL_H_
#undef RECTIFIER_CORE_LOOPS_TAIL_INL_H_
#else
#define RECTIFIER_CORE_LOOPS_TAIL_INL_H_
#endif

#include <cstddef>
#include <cstring>

#include "core/kernel.h"
#include "core/numbers/double-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

// Stands in for the streams of a loop from element `begin` on. A null stream stays null.
template <size_t kWidth>
class Tail {
 public:
  Tail(size_t begin, size_t count) : begin_(begin), rest_(count - begin) {}

  // A pass that starts with the stream's last elements; the others repeat the first of them.
  template <class Pointer>
  Pointer In(Pointer stream, size_t element_size) {
    if (stream == nullptr) return nullptr;
    char* const pass = slots_[used_++];
    const char* const from = Address(stream) + begin_ * element_size;
    for (size_t i = 0; i < kWidth; ++i) std::memcpy(pass + i * element_size, from, element_size);
    std::memcpy(pass, from, rest_ * element_size);
    return reinterpret_cast<Pointer>(pass);
  }

  // A pass whose first elements CopyBack() puts into the stream.
  template <class Pointer>
  Pointer Out(Pointer stream, size_t element_size) {
    if (stream == nullptr) return nullptr;
    char* const pass = slots_[used_++];
    outputs_[output_count_++] = {const_cast<char*>(Address(stream)) + begin_ * element_size, pass,
                                 rest_ * element_size};
    return reinterpret_cast<Pointer>(pass);
  }

  void CopyBack() const {
    for (size_t i = 0; i < output_count_; ++i) {
      std::memcpy(outputs_[i].to, outputs_[i].from, outputs_[i].bytes);
    }
  }

 private:
  struct Output {
    void* to;
    const void* from;
    size_t bytes;
  };
  static constexpr size_t kSlots = 5 + 3 * kMaxParameters;  // the streams of ElementwiseOperands

  static const char* Address(const void* stream) { return static_cast<const char*>(stream); }

  size_t begin_, rest_;
  size_t used_ = 0, output_count_ = 0;
  Output outputs_[kSlots];
  alignas(64) char slots_[kSlots][kWidth * sizeof(double)];
};

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_LOOPS_TAIL_INL_H_
