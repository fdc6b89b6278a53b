// Elements of tensors to numbers and back (element-inl.h, partial-inl.h, rounding-inl.h), on any
// CPU target.
#ifndef RECTIFIER_TESTS_CORE_NUMBERS_ELEMENTS_ON_TARGETS_H_
#define RECTIFIER_TESTS_CORE_NUMBERS_ELEMENTS_ON_TARGETS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/element_type.h"
#include "tests/core/numbers/number_array.h"

namespace rectifier {

// Elements as unsigned integers; those of narrower types are in the low bits.
using ElementBits = std::vector<uint64_t>;

// LoadElements, from an address that is not aligned.
std::vector<double> LoadedOn(int64_t target, ElementType type, const ElementBits& elements);

// StoreElements, to an address that is not aligned.
ElementBits StoredOn(int64_t target, ElementType type, const std::vector<double>& numbers);
// The same with `given` beside each number: where that is a NaN, so is the element.
ElementBits StoredBesideOn(int64_t target, ElementType type, const std::vector<double>& numbers,
                           const std::vector<double>& given);

// Whether RoundedHalf or RoundedFloat hold each number to be next to a tie between two elements of
// a type narrower than float64; 1 or 0.
std::vector<double> HalfwayOn(int64_t target, ElementType type, const std::vector<double>& numbers);

// LoadSome of the first `count` of `elements`, as many as a vector has lanes at most. Nothing
// beyond them is in memory that may be read.
std::vector<double> LoadedSomeOn(int64_t target, ElementType type, const ElementBits& elements,
                                 size_t count, double past_end);
// `elements`, over the first `count` of which StoreSome has written `numbers`.
ElementBits StoredSomeOn(int64_t target, ElementType type, const std::vector<double>& numbers,
                         size_t count, const ElementBits& elements);

// How many doubles a vector has.
size_t LanesOn(int64_t target);

}  // namespace rectifier

#endif  // RECTIFIER_TESTS_CORE_NUMBERS_ELEMENTS_ON_TARGETS_H_
