// Kernels as function pointers, without vector types: what the per-target code gives the rest.
// A kernel is the compiled loop for one activation, element type and CPU target; the quantities
// asked for are the output pointers that are not null, and all of them come from one pass.
#ifndef RECTIFIER_CORE_KERNEL_H_
#define RECTIFIER_CORE_KERNEL_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <variant>

#include "absl/strings/string_view.h"
#include "core/element_type.h"
#include "core/spec.h"

namespace rectifier {

inline constexpr size_t kMaxParameters = 4;  // of an elementwise activation
inline constexpr size_t kMaxRowParameters = 8;

// Tensors are contiguous, of `count` elements, and need not be aligned. A null pointer stands for
// what is absent or not wanted. Outputs may be the same memory as x or upstream, element for
// element.
struct ElementwiseOperands {
  const void* x = nullptr;
  const void* upstream = nullptr;
  void* value = nullptr;
  void* gradient = nullptr;
  void* second_derivative = nullptr;
  // The arguments by parameter: one number each or, in a varying kernel, one number per element.
  std::array<const double*, kMaxParameters> parameters = {};
  // The terms of each parameter's gradient, yet to be summed: upstream * dy/dp for each element, as
  // the sum of two doubles, of which the first is the nearest one. Only kernels of float64 write
  // them, because terms do not depend on the element type: the inputs of other types are widened
  // for them.
  std::array<double*, kMaxParameters> parameter_terms = {};
  std::array<double*, kMaxParameters> parameter_terms_low = {};
  size_t count = 0;
  // Stores bypass the caches where value, gradient and second derivative are aligned to 64 bytes.
  bool bypass_cache = false;
};
using ElementwiseKernel = void (*)(const ElementwiseOperands&);

struct ElementwiseKernels {
  std::array<ElementwiseKernel, kElementTypes> uniform;  // every parameter is one number
  std::array<ElementwiseKernel, kElementTypes>
      varying;  // one number per element; null without parameters
};

// Sums in twice the precision of a double: hi + lo.
struct CompensatedSum {
  // Adds the term high + low, by Knuth's TwoSum.
  constexpr void Add(double high, double low) {
    const double sum = hi + high;
    const double shadow = sum - hi;
    lo += ((hi - (sum - shadow)) + (high - shadow)) + low;
    hi = sum;
  }

  double hi = 0;
  double lo = 0;
};

// `rows` rows of `count` elements. Element i of row r is, of x, upstream and outputs alike,
// - where `pitch` is 1: element r * count + i (each row is contiguous);
// - else: element i * pitch + r (neighbouring rows of an axis that is not the last).
// A reducing activation has one element of upstream and value for each row, side by side.
struct RowOperands {
  const void* x = nullptr;
  const void* upstream = nullptr;
  const double* mask = nullptr;  // laid out as x; 0 leaves an element out
  void* value = nullptr;
  void* gradient = nullptr;
  // A kernel for sums has them, laid out as x: the second doubles of x, and of the gradient if
  // wanted.
  const double* x_low = nullptr;
  double* gradient_low = nullptr;
  // The numbers of the parameter `row_parameter`, one for each row; null where it is one number for
  // all.
  const double* row_numbers = nullptr;
  size_t row_parameter = 0;
  // The derivative by the learnable number, of which there is at most one, for each row. It is
  // asked of kernels of float64 alone, as ElementwiseOperands' terms are.
  CompensatedSum* parameter_terms = nullptr;
  double* scratch = nullptr;  // room for RowScratch(count, pitch) doubles
  size_t count = 0;
  size_t rows = 0;
  size_t pitch = 1;
  // They are indexed by parameter of the Spec; a word stands as its index.
  std::array<double, kMaxRowParameters> parameters = {};
};
using RowKernel = void (*)(const RowOperands&);

// Contiguous rows of up to so many elements are worked on side by side. The number was chosen by
// measuring softmax: longer ones fill vectors well enough by themselves.
inline constexpr size_t kLongestShortRow = 64;

// Room that a kernel may write to between its passes: two numbers for each element of as many rows
// as it works on at a time.
constexpr size_t RowScratch(size_t count, size_t pitch) {
  constexpr size_t kWidestVector = 8;
  const bool side_by_side = pitch != 1 || count <= kLongestShortRow;
  const size_t vectors = side_by_side ? count : (count + kWidestVector - 1) / kWidestVector;
  return 2 * kWidestVector * vectors;
}

struct RowKernels {
  std::array<RowKernel, kElementTypes> row = {};
  // Where something is added to x: each element is the sum of two doubles, x and x_low; upstream
  // and outputs are doubles. Null where nothing can be added.
  RowKernel sums = nullptr;

  // Adds those of `more`, which has none of these.
  void Add(const RowKernels& more) {
    for (size_t i = 0; i < row.size(); ++i) {
      if (more.row[i] != nullptr) row[i] = more.row[i];
    }
    if (more.sums != nullptr) sums = more.sums;
  }
};

struct PairOperands {
  const void* gate = nullptr;
  const void* value = nullptr;
  const void* upstream = nullptr;
  void* result = nullptr;
  void* gate_gradient = nullptr;
  void* value_gradient = nullptr;
  // Those that are numbers, in declared order.
  std::array<double, kMaxParameters> parameters = {};
  size_t count = 0;
};
using PairKernel = void (*)(const PairOperands&);

struct PairKernels {
  std::array<PairKernel, kElementTypes> pair;
};

// What the engine does with arrays of doubles between kernels. The order of every sum depends on
// `count` alone. Terms and sums are sums of two doubles, high[i] + low[i].
//
// Sums of n terms are as exact as if the additions had been done with twice the digits of a double,
// and the result been rounded to that: to n^2 2^-106 of the sum of the terms' sizes at worst.
// Source: Ogita, Rump and Oishi, SIAM J. Sci. Comput. 26 (2005), algorithm Sum2.
struct ArrayKernels {
  // The sum of terms 0 .. count.
  CompensatedSum (*sum)(const double* high, const double* low, size_t count);
  // Adds term i to sum i.
  void (*add)(const double* high, const double* low, double* sums_high, double* sums_low,
              size_t count);
  // Draws first .. first + count of the standard Gumbel distribution that belong to `seed`, to
  // 2^-56: each is the sum of two doubles.
  void (*gumbel)(uint64_t seed, uint64_t first, double* high, double* low, size_t count);
  // Widens tensors of each element type, which need not be aligned.
  std::array<void (*)(const void* from, double* to, size_t count), kStoredTypes> load;
  // Rounds the sums, once, to nearest even in each element type; a null `low` stands for zeros. A
  // zero keeps the sign of its high part, and an infinite or NaN high part is the result whatever
  // is beside it.
  std::array<void (*)(const double* high, const double* low, void* to, size_t count), kElementTypes>
      store;
};

// One row of the catalogue.
struct Activation {
  const Spec* spec = nullptr;
  absl::string_view family;  // and its heading: core/activations/catalogue.cmake
  absl::string_view heading;
  QuantitySet quantities;  // those it has code for
  std::variant<ElementwiseKernels, RowKernels, PairKernels> kernels;

  Kind kind() const { return static_cast<Kind>(kernels.index()); }
};

}  // namespace rectifier

#endif  // RECTIFIER_CORE_KERNEL_H_
