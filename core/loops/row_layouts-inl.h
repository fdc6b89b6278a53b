// The two ways in which rows lie on vectors: along the lanes and across them (see rows-inl.h).

#if defined(RECTIFIER_CORE_LOOPS_ROW_LAYOUTS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_LOOPS_ROW_LAYOUTS_INL_H_
#undef RECTIFIER_CORE_LOOPS_ROW_LAYOUTS_INL_H_
#else
#define RECTIFIER_CORE_LOOPS_ROW_LAYOUTS_INL_H_
#endif

#include <algorithm>
#include <cstddef>

#include "core/kernel.h"
#include "core/numbers/partial-inl.h"
#include "core/numbers/row_sums-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

// Pointers to where a group of rows starts.
struct RowPointers {
  const char* x;
  const char* upstream;
  const char* mask;
  const char* x_low;
  const double* numbers;
  char* value;
  char* gradient;
  char* gradient_low;
  CompensatedSum* parameter_terms;

  // Row `row`: so many bytes on in x, and for each row in doubles laid out like it and in what has
  // the output's shape.
  HWY_INLINE RowPointers(const RowOperands& o, size_t row, size_t bytes, size_t double_bytes,
                         size_t output_bytes)
      : x(static_cast<const char*>(o.x) + row * bytes),
        upstream(At(static_cast<const char*>(o.upstream), row * output_bytes)),
        mask(At(reinterpret_cast<const char*>(o.mask), row * double_bytes)),
        x_low(At(reinterpret_cast<const char*>(o.x_low), row * double_bytes)),
        numbers(At(o.row_numbers, row)),
        value(At(static_cast<char*>(o.value), row * output_bytes)),
        gradient(At(static_cast<char*>(o.gradient), row * bytes)),
        gradient_low(At(reinterpret_cast<char*>(o.gradient_low), row * double_bytes)),
        parameter_terms(At(o.parameter_terms, row)) {}

 private:
  template <class Pointer>
  static HWY_INLINE Pointer At(Pointer base, size_t offset) {
    return base == nullptr ? nullptr : base + offset;
  }
};

// One contiguous row.
template <class T, bool kReduces>
class AlongLayout {
 public:
  static constexpr bool kAlong = true;

  HWY_INLINE AlongLayout(const RowOperands& o, size_t row)
      : count_(o.count),
        at_(o, row, o.count * sizeof(T), o.count * sizeof(double),
            (kReduces ? 1 : o.count) * sizeof(T)) {}

  HWY_INLINE size_t Steps() const { return (count_ + kLanes - 1) / kLanes; }
  // Lanes of a step that hold elements; kLanes or more: all.
  HWY_INLINE size_t Width(size_t step) const { return count_ - step * kLanes; }
  HWY_INLINE size_t Rows() const { return 1; }
  HWY_INLINE size_t Offset(size_t step) const { return step * kLanes; }
  // The elements' places in their rows.
  HWY_INLINE Double Index(size_t step) const {
    return Double(hn::Iota(F64(), 0)) + static_cast<double>(step * kLanes);
  }
  // The largest of what the lanes of the row hold.
  template <class Element>
  HWY_INLINE Element Largest(Element a) const {
    return LargestOfLanes(a);
  }
  // The row's own number, in all lanes.
  HWY_INLINE Double OwnNumber() const { return *at_.numbers; }
  // NaN where any lane of the row is.
  HWY_INLINE Double SpreadNaN(Double a) const {
    return hn::AllFalse(F64(), IsNaN(a).m) ? Double(0.0) : Double(kQuietNaN);
  }

 protected:
  const size_t count_;
  const RowPointers at_;
};

// kLanes neighbouring rows, or as many as are left.
template <class T, bool kReduces>
class AcrossLayout {
 public:
  static constexpr bool kAlong = false;

  HWY_INLINE AcrossLayout(const RowOperands& o, size_t row)
      : count_(o.count),
        rows_(std::min(o.rows - row, kLanes)),
        pitch_(o.pitch),
        at_(o, row, sizeof(T), sizeof(double), sizeof(T)) {}

  HWY_INLINE size_t Steps() const { return count_; }
  HWY_INLINE size_t Width(size_t) const { return rows_; }
  HWY_INLINE size_t Rows() const { return rows_; }
  HWY_INLINE size_t Offset(size_t step) const { return step * pitch_; }
  HWY_INLINE Double Index(size_t step) const { return static_cast<double>(step); }
  HWY_INLINE size_t OffsetOf(size_t i, size_t lane) const { return i * pitch_ + lane; }
  template <class Element>
  HWY_INLINE Element Largest(Element a) const {
    return a;
  }
  HWY_INLINE Double OwnNumber() const {
    return rows_ >= kLanes ? Load(at_.numbers) : LoadSome<double>(at_.numbers, rows_, 1);
  }
  HWY_INLINE Double SpreadNaN(Double a) const { return SelectOrZero(IsNaN(a), a); }

 protected:
  const size_t count_;
  const size_t rows_;
  const size_t pitch_;
  const RowPointers at_;
};

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_LOOPS_ROW_LAYOUTS_INL_H_
