// Rows: reading and writing one contiguous row of any element type in double lanes.
//
// A row activation is a struct with
//   static constexpr Spec kSpec;
//   template <class T> static void Row(const RowOperands&);

#if defined(RECTIFIER_CORE_SIMD_ROWS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_SIMD_ROWS_INL_H_
#undef RECTIFIER_CORE_SIMD_ROWS_INL_H_
#else
#define RECTIFIER_CORE_SIMD_ROWS_INL_H_
#endif

#include <algorithm>
#include <cstring>
#include <vector>

#include "core/kernel.h"
#include "core/simd/element-inl.h"
#include "core/simd/sum-inl.h"
#include "core/spec.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

// One tensor's row. Vectors start at multiples of kLanes; the last may be partial.
template <class T>
class RowReader {
 public:
  HWY_INLINE RowReader(const void* row, size_t count)
      : row_(static_cast<const char*>(row)), count_(count) {}

  // Elements i .. i + kLanes; `past_end` in the lanes beyond the row.
  HWY_INLINE Real Read(size_t i, double past_end) const {
    if (i + kLanes <= count_) return LoadElements<T>(row_ + i * sizeof(T));
    char bytes[kLanes * sizeof(T)] = {};
    std::memcpy(bytes, row_ + i * sizeof(T), (count_ - i) * sizeof(T));
    double lanes[kLanes];
    Store(LoadElements<T>(bytes), lanes);
    std::fill(lanes + (count_ - i), lanes + kLanes, past_end);
    return Load(lanes);
  }

 private:
  const char* row_;
  size_t count_;
};

template <class T>
class RowWriter {
 public:
  HWY_INLINE RowWriter(void* row, size_t count) : row_(static_cast<char*>(row)), count_(count) {}

  HWY_INLINE void Write(size_t i, Real values) const {
    char* const to = row_ + i * sizeof(T);
    if (i + kLanes <= count_) return StoreElements<T>(values, to);
    char bytes[kLanes * sizeof(T)];
    StoreElements<T>(values, bytes);
    std::memcpy(to, bytes, (count_ - i) * sizeof(T));
  }

 private:
  char* row_;
  size_t count_;
};

// The upstream of a row: its own row, or ones.
template <class T>
class UpstreamReader {
 public:
  HWY_INLINE UpstreamReader(const void* row, size_t count)
      : reader_(row, count), present_(row != nullptr) {}
  HWY_INLINE Real Read(size_t i, double past_end) const {
    return present_ ? reader_.Read(i, past_end) : Real(1.0);
  }
  // Element `i`, which need not start a vector.
  double At(size_t i) const {
    double lanes[kLanes];
    Store(Read(i / kLanes * kLanes, 0), lanes);
    return lanes[i % kLanes];
  }

 private:
  RowReader<T> reader_;
  bool present_;
};

template <class T>
HWY_INLINE void FillRow(void* row, size_t count, double value) {
  const RowWriter<T> writer(row, count);
  for (size_t i = 0; i < count; i += kLanes) writer.Write(i, value);
}

// Calls f(i) for the start of each vector of the row.
template <class F>
HWY_INLINE void ForEachVector(size_t count, const F& f) {
  for (size_t i = 0; i < count; i += kLanes) f(i);
}

// The largest element of a row and where it first stands.
struct RowMaximum {
  double value = -kInfinity;
  size_t index = 0;  // the row's length where there is none
  bool has_nan = false;
};

template <class T>
HWY_INLINE RowMaximum FindMaximum(const void* row, size_t count) {
  RowMaximum maximum;
  const double lowest = maximum.value;
  const RowReader<T> x(row, count);
  Real largest = lowest;
  Real nans = 0.0;
  for (size_t i = 0; i < count; i += kLanes) {
    const Real v = x.Read(i, lowest);
    largest = Larger(v, largest);
    nans = Select(IsNaN(v), v, nans);
  }
  double lanes[kLanes];
  Store(largest, lanes);
  maximum.value = *std::max_element(lanes, lanes + kLanes);
  maximum.has_nan = !hn::AllFalse(F64(), IsNaN(nans).m);
  for (maximum.index = 0; maximum.index < count; maximum.index += kLanes) {
    const Mask found = x.Read(maximum.index, lowest) == maximum.value;
    const intptr_t lane = hn::FindFirstTrue(F64(), found.m);
    if (lane >= 0) {
      maximum.index += static_cast<size_t>(lane);
      break;
    }
  }
  maximum.index = std::min(maximum.index, count);
  return maximum;
}

// The catalogue's row for one row activation.
template <class R>
Activation RowActivation() {
  Activation activation;
  activation.spec = &R::kSpec;
  activation.quantities = {Quantity::kValue, Quantity::kGradient};
  activation.kernels = RowKernels{.row = {&R::template Row<double>, &R::template Row<float>,
                                          &R::template Row<Float16>, &R::template Row<BFloat16>}};
  return activation;
}

template <class... R>
struct RowFamily {
  static std::vector<Activation> Activations() { return {RowActivation<R>()...}; }
};

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_SIMD_ROWS_INL_H_
