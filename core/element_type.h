// The element types of tensors: size, name, and one way from the run-time tag to the static type.
#ifndef RECTIFIER_CORE_ELEMENT_TYPE_H_
#define RECTIFIER_CORE_ELEMENT_TYPE_H_

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "absl/strings/string_view.h"

namespace rectifier {

// Those with arithmetic come first; a bool, one byte that is 0 or 1, is an element of masks alone.
enum class ElementType : uint8_t { kFloat64, kFloat32, kFloat16, kBFloat16, kBool };
// Those that activations are computed in.
inline constexpr ElementType kAllElementTypes[] = {ElementType::kFloat64, ElementType::kFloat32,
                                                   ElementType::kFloat16, ElementType::kBFloat16};
inline constexpr size_t kElementTypes = 4;
// Those that tensors may hold.
inline constexpr size_t kStoredTypes = kElementTypes + 1;

// Storage of the 16-bit types; they have no arithmetic, kernels widen them.
struct Float16 {
  uint16_t bits;
};
struct BFloat16 {
  uint16_t bits;
};

// The C++ types that elements are stored as.
template <class T>
concept Element = std::same_as<T, double> || std::same_as<T, float> || std::same_as<T, Float16> ||
    std::same_as<T, BFloat16> || std::same_as<T, bool>;

// The tag of a storage type: the way back from Visit.
template <Element T>
constexpr ElementType ElementTypeOf() {
  if constexpr (std::same_as<T, double>) return ElementType::kFloat64;
  if constexpr (std::same_as<T, float>) return ElementType::kFloat32;
  if constexpr (std::same_as<T, Float16>) return ElementType::kFloat16;
  if constexpr (std::same_as<T, BFloat16>) return ElementType::kBFloat16;
  if constexpr (std::same_as<T, bool>) return ElementType::kBool;
}

// "float64", "float32", "float16", "bfloat16", "bool".
absl::string_view Name(ElementType type);

// Bytes of one element.
constexpr size_t SizeOf(ElementType type) {
  switch (type) {
    case ElementType::kFloat64:
      return 8;
    case ElementType::kFloat32:
      return 4;
    case ElementType::kFloat16:
    case ElementType::kBFloat16:
      return 2;
    case ElementType::kBool:
      break;
  }
  return 1;
}

// The nearest value of `type` to `value`, ties to even, as stored: SizeOf(type) bytes at `to`,
// which need not be aligned. A value out of range becomes infinity; a NaN stays a NaN. As a bool
// every number but 0 is 1.
void StoreElement(ElementType type, double value, void* to);

// The element at `from`, exactly; `from` need not be aligned. A bool is the number that its byte
// holds, so that one which is neither 0 nor 1 can be told.
double LoadElement(ElementType type, const void* from);

// Calls f(std::type_identity<T>()) with the storage type of `type`, one of kAllElementTypes.
template <class F>
decltype(auto) Visit(ElementType type, F&& f) {
  switch (type) {
    case ElementType::kFloat64:
      return std::forward<F>(f)(std::type_identity<double>());
    case ElementType::kFloat32:
      return std::forward<F>(f)(std::type_identity<float>());
    case ElementType::kFloat16:
      return std::forward<F>(f)(std::type_identity<Float16>());
    case ElementType::kBFloat16:
    case ElementType::kBool:
      break;
  }
  return std::forward<F>(f)(std::type_identity<BFloat16>());
}

}  // namespace rectifier

#endif  // RECTIFIER_CORE_ELEMENT_TYPE_H_
