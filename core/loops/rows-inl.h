// Rows: the two ways in which rows lie on vectors, and the loop over rows of either.
//
// Along: one contiguous row; step i holds its elements i * kLanes and on. Across: kLanes
// neighbouring rows, one in each lane; step i holds element i of each. A row activation is written
// once for both: a number that belongs to a row (its maximum, a sum) is a vector with that number
// in all the lanes of the row. Sums go by the element's index alone, so that a row gives the same
// bits either way.
//
// A row activation is a struct with
//   static constexpr Spec kSpec;
//   template <class Rows> static void Evaluate(const Rows&);
// and, where it works on -x, `static constexpr bool kNegates = true`. One whose Spec has a
// learnable number calls WriteParameterTerm. Elements are Doubles or, where something was added to
// x (a bias, noise), sums of two doubles.

#if defined(RECTIFIER_CORE_LOOPS_ROWS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_LOOPS_ROWS_INL_H_
#undef RECTIFIER_CORE_LOOPS_ROWS_INL_H_
#else
#define RECTIFIER_CORE_LOOPS_ROWS_INL_H_
#endif

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <limits>
#include <type_traits>
#include <vector>

#include "core/kernel.h"
#include "core/loops/row_layouts-inl.h"
#include "core/loops/row_search-inl.h"
#include "core/loops/short_rows-inl.h"
#include "core/numbers/normalized_double_double-inl.h"
#include "core/numbers/partial-inl.h"
#include "core/numbers/row_sums-inl.h"
#include "core/spec.h"
#include "hwy/cache_control.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

// A group of rows as an activation sees it.
template <class Layout, class T, bool kNegates, bool kSums>
class RowGroup : public Layout {
 public:
  using Number = RowNumber<T>;
  using Element = std::conditional_t<kSums, NormalizedDoubleDouble, Double>;
  // Whether the elements are those of -x, so that a derivative by them has the other sign by x.
  static constexpr bool kIsNegated = kNegates;
  using Sums = RowSums<Number, Layout::kAlong>;

  HWY_INLINE RowGroup(const RowOperands& operands, size_t row)
      : Layout(operands, row), operands_(operands) {}

  HWY_INLINE bool WantsValue() const { return at_.value != nullptr; }
  HWY_INLINE bool WantsGradient() const { return at_.gradient != nullptr; }
  HWY_INLINE bool WantsParameterTerm() const { return at_.parameter_terms != nullptr; }
  HWY_INLINE bool WantsDerivatives() const { return WantsGradient() || WantsParameterTerm(); }
  // The index of a word.
  HWY_INLINE double Word(size_t index) const { return operands_.parameters[index]; }
  // A number that may be each row's own.
  HWY_INLINE Double Parameter(size_t index) const {
    const bool varies = at_.numbers != nullptr && operands_.row_parameter == index;
    return varies ? this->OwnNumber() : Double(operands_.parameters[index]);
  }

  // Elements left out, and lanes without one, are -infinity.
  HWY_INLINE Element X(size_t step) const {
    Double x = Read(at_.x, step, kNegates ? kInfinity : -kInfinity);
    if constexpr (kNegates) x = -x;
    if (at_.mask) x = Select(IsKept(step), x, -kInfinity);
    if constexpr (kSums) {
      const Double low = ReadDoubles(at_.x_low, step);
      return {x, at_.mask ? SelectOrZero(IsKept(step), low) : low};
    } else {
      return x;
    }
  }
  // As many steps as make whole vectors of contiguous floats, which need no widening to be
  // compared; `largest` becomes their largest by lane.
  HWY_INLINE size_t LargestOfFloats(Double& largest) const {
#if HWY_ARCH_X86 && HWY_TARGET != HWY_SCALAR
    if constexpr (Layout::kAlong && std::is_same_v<T, float> && !kNegates && !kSums) {
      if (at_.mask) return 0;
      using D = hn::Repartition<float, F64>;
      using Half = hn::Half<D>;
      constexpr size_t kFloats = 2 * kLanes;
      auto first = hn::Set(D(), -std::numeric_limits<float>::infinity());
      auto second = first;
      size_t i = 0;
      for (; i + 2 * kFloats <= this->count_; i += 2 * kFloats) {
        first = hn::Max(LoadLanes(D(), at_.x + i * sizeof(T)), first);
        second = hn::Max(LoadLanes(D(), at_.x + (i + kFloats) * sizeof(T)), second);
      }
      first = hn::Max(first, second);
      largest = Maximum(hn::PromoteTo(F64(), hn::LowerHalf(Half(), first)),
                        hn::PromoteTo(F64(), hn::UpperHalf(Half(), first)));
      return i / kLanes;
    }
#endif
    (void)largest;
    return 0;
  }
  // The upstream of each element, 0 where X is -infinity for the reasons above.
  HWY_INLINE Double Upstream(size_t step) const {
    const Double g = at_.upstream ? Read(at_.upstream, step, 0) : Ones(step);
    return at_.mask ? SelectOrZero(IsKept(step), g) : g;
  }
  // Asks for the next row's elements at a step: so they arrive while this row is computed.
  HWY_INLINE void PrefetchNext(size_t step) const {
    if constexpr (Layout::kAlong) {
      const size_t offset = (this->count_ + step * kLanes) * sizeof(T);
      hwy::Prefetch(at_.x + offset);
      if (at_.upstream) hwy::Prefetch(at_.upstream + offset);
    }
  }
  // The lanes that hold an element that is not left out.
  HWY_INLINE Mask Holds(size_t step) const {
    const Mask present = {hn::FirstN(F64(), this->Width(step))};
    return at_.mask ? present & IsKept(step) : present;
  }
  // The upstream of element `index` of each row; 0 where the index is negative.
  HWY_INLINE Double UpstreamAt(Double index) const {
    return at_.upstream ? ElementAt(at_.upstream, index) : Double(1.0);
  }
  HWY_INLINE Double ElementAt(Double index) const { return ElementAt(at_.x, index); }

  // `kNumbers`: there is no NaN in `a`.
  template <bool kNumbers = false>
  HWY_INLINE void WriteValue(size_t step, Double a) const {
    Write<kNumbers>(at_.value, step, a);
  }
  // Writes 0 for elements that are left out.
  template <bool kNumbers = false, class N>
  HWY_INLINE void WriteGradient(size_t step, N number) const {
    if (at_.mask) number = SelectOrZero(IsKept(step), number);
    const Double a = Rounded(number);
    Write<kNumbers>(at_.gradient, step, a);
    if constexpr (kSums) {
      if (!at_.gradient_low) return;
      const NormalizedDoubleDouble wide = number;
      const Double low = SelectOrZero(Abs(a) < kInfinity, (wide.hi - a) + wide.lo);
      Write<false>(at_.gradient_low, step, low);
    }
  }

  // Of a reducing activation: one for each row.
  HWY_INLINE Double RowUpstream() const {
    if (!at_.upstream) return 1.0;
    if constexpr (Layout::kAlong) {
      return LoadOne<T>(at_.upstream);
    } else {
      return this->Rows() == kLanes ? LoadElements<T>(at_.upstream)
                                    : LoadSome<T>(at_.upstream, this->Rows(), 0);
    }
  }
  HWY_INLINE void WriteRowValue(Double a) const {
    if (this->Rows() == kLanes) return StoreElements<T>(a, at_.value);
    StoreSome<T>(a, this->Rows(), at_.value);
  }

  HWY_INLINE void WriteParameterTerm(NormalizedDoubleDouble term) const {
    double hi[kLanes], lo[kLanes];
    Store(term.hi, hi);
    Store(term.lo, lo);
    for (size_t i = 0; i < this->Rows(); ++i) at_.parameter_terms[i] = {hi[i], lo[i]};
  }

  // A number for each element, from one pass to the next.
  HWY_INLINE void Save(size_t step, Double a) const { Store(a, operands_.scratch + step * kLanes); }
  HWY_INLINE void Save(size_t step, NormalizedDoubleDouble a) const {
    Store(a.hi, operands_.scratch + 2 * step * kLanes);
    Store(a.lo, operands_.scratch + (2 * step + 1) * kLanes);
  }
  HWY_INLINE Number Saved(size_t step) const {
    if constexpr (std::is_same_v<Number, NormalizedDoubleDouble>) {
      const double* const from = operands_.scratch + 2 * step * kLanes;
      return {Load(from), Load(from + kLanes)};
    } else {
      return Load(operands_.scratch + step * kLanes);
    }
  }

 private:
  using Layout::at_;

  HWY_INLINE Double Read(const char* tensor, size_t step, double past_end) const {
    const size_t width = this->Width(step);
    const char* const from = tensor + this->Offset(step) * sizeof(T);
    return width >= kLanes ? LoadElements<T>(from) : LoadSome<T>(from, width, past_end);
  }
  template <bool kNumbers>
  HWY_INLINE void Write(char* tensor, size_t step, Double a) const {
    const size_t width = this->Width(step);
    char* const to = tensor + this->Offset(step) * sizeof(T);
    if (width < kLanes) return StoreSome<T>(a, width, to);
    if constexpr (kNumbers) {
      StoreNumbers<T>(a, to);
    } else {
      StoreElements<T>(a, to);
    }
  }
  HWY_INLINE Mask IsKept(size_t step) const {
    return {hn::Ne(ReadDoubles(at_.mask, step).v, hn::Zero(F64()))};
  }
  // Of doubles laid out as x; 0 in lanes without an element.
  HWY_INLINE Double ReadDoubles(const char* doubles, size_t step) const {
    const size_t width = this->Width(step);
    const char* const from = doubles + this->Offset(step) * sizeof(double);
    return width >= kLanes ? LoadElements<double>(from) : LoadSome<double>(from, width, 0);
  }
  HWY_INLINE Double Ones(size_t step) const {
    return this->Width(step) >= kLanes ? Double(1.0) : SelectOrZero(Holds(step), 1.0);
  }
  HWY_INLINE Double ElementAt(const char* tensor, Double index) const {
    if constexpr (Layout::kAlong) {
      const double i = hn::GetLane(index.v);
      return i < 0 ? Double(0.0) : LoadOne<T>(tensor + static_cast<size_t>(i) * sizeof(T));
    } else {
      double indices[kLanes];
      Store(index, indices);
      char bytes[kLanes * sizeof(T)] = {};
      for (size_t i = 0; i < this->Rows(); ++i) {
        if (indices[i] < 0) continue;
        const size_t offset = this->OffsetOf(static_cast<size_t>(indices[i]), i) * sizeof(T);
        std::memcpy(bytes + i * sizeof(T), tensor + offset, sizeof(T));
      }
      return LoadElements<T>(bytes);
    }
  }

  const RowOperands& operands_;
};

template <class A>
inline constexpr bool kReducesRows =
    A::kSpec.row_shape == RowShape::kReduce || A::kSpec.row_shape == RowShape::kGroups;
template <class A>
inline constexpr bool kNegatesRows = requires {
  A::kNegates;
};
template <class A>
constexpr bool HasLearnableParameter() {
  for (const Parameter& parameter : A::kSpec.parameters) {
    if (parameter.learnable) return true;
  }
  return false;
}
template <class A>
constexpr bool HasBias() {
  for (const Parameter& parameter : A::kSpec.parameters) {
    if (parameter.name == kBiasParameter) return true;
  }
  return false;
}

template <class A, class T, bool kSums>
HWY_NOINLINE void RunRowsAcross(const RowOperands& operands) {
  for (size_t row = 0; row < operands.rows; row += kLanes) {
    A::Evaluate(
        RowGroup<AcrossLayout<T, kReducesRows<A>>, T, kNegatesRows<A>, kSums>(operands, row));
  }
}

template <class A, class T, bool kSums>
HWY_NOINLINE void RunRowsAlong(const RowOperands& operands) {
  for (size_t row = 0; row < operands.rows; ++row) {
    A::Evaluate(
        RowGroup<AlongLayout<T, kReducesRows<A>>, T, kNegatesRows<A>, kSums>(operands, row));
  }
}

template <class A, class T, bool kSums = false>
void RunRows(const RowOperands& operands) {
  constexpr RowKernel kAcross = &RunRowsAcross<A, T, kSums>;
  if constexpr (A::kSpec.row_shape == RowShape::kTwice) return kAcross(operands);
  if (operands.pitch != 1) return kAcross(operands);
  constexpr RowKernel kAlong = &RunRowsAlong<A, T, kSums>;
  if (operands.count <= kLongestShortRow && kLanes > 1 && operands.rows >= kLanes) {
    return RunShortRows<T, kReducesRows<A>>(operands, kAcross, kAlong);
  }
  kAlong(operands);
}

// The element types whose kernels a unit has (core/activations/units.cmake).
enum class RowTypes { kAll, kFloat64, kFloat32, kHalf };

// The catalogue's row for one row activation, with the kernels of some types.
template <class A, RowTypes kTypes = RowTypes::kAll>
Activation RowActivation() {
  Activation activation;
  activation.spec = &A::kSpec;
  activation.quantities = {Quantity::kValue, Quantity::kGradient};
  if (HasLearnableParameter<A>()) activation.quantities.Add(Quantity::kParameterGradient);
  RowKernels kernels;
  if constexpr (kTypes == RowTypes::kAll || kTypes == RowTypes::kFloat64) {
    kernels.row[static_cast<size_t>(ElementType::kFloat64)] = &RunRows<A, double>;
    if constexpr (HasBias<A>()) kernels.sums = &RunRows<A, double, true>;
  }
  if constexpr (kTypes == RowTypes::kAll || kTypes == RowTypes::kFloat32) {
    kernels.row[static_cast<size_t>(ElementType::kFloat32)] = &RunRows<A, float>;
  }
  if constexpr (kTypes == RowTypes::kAll || kTypes == RowTypes::kHalf) {
    kernels.row[static_cast<size_t>(ElementType::kFloat16)] = &RunRows<A, Float16>;
    kernels.row[static_cast<size_t>(ElementType::kBFloat16)] = &RunRows<A, BFloat16>;
  }
  activation.kernels = kernels;
  return activation;
}

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_LOOPS_ROWS_INL_H_
