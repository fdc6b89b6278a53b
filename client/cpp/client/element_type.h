// The element types of tensors, and the conversions between them and double.
#ifndef RECTIFIER_CLIENT_CPP_CLIENT_ELEMENT_TYPE_H_
#define RECTIFIER_CLIENT_CPP_CLIENT_ELEMENT_TYPE_H_

#include <cstddef>
#include <optional>

#include "absl/strings/string_view.h"
#include "rectifier/v1/activation.pb.h"

namespace rectifier::client {

enum class ElementType {
  kFloat16 = v1::ELEMENT_TYPE_FLOAT16,
  kBFloat16 = v1::ELEMENT_TYPE_BFLOAT16,
  kFloat32 = v1::ELEMENT_TYPE_FLOAT32,
  kFloat64 = v1::ELEMENT_TYPE_FLOAT64,
  kBool = v1::ELEMENT_TYPE_BOOL,  // one byte, 0 or 1: for masks alone
};
// The types that evaluations are computed in.
inline constexpr ElementType kAllElementTypes[] = {ElementType::kFloat16, ElementType::kBFloat16,
                                                   ElementType::kFloat32, ElementType::kFloat64};

// "float16", "bfloat16", "float32", "float64", "bool".
absl::string_view Name(ElementType type);

// The one of kAllElementTypes with that name, or nullopt.
std::optional<ElementType> FindElementType(absl::string_view name);

// Bytes of one element.
size_t SizeOf(ElementType type);

// The element at `from`, exactly; `from` need not be aligned.
double LoadElement(ElementType type, const std::byte* from);

// Stores the nearest value of `type`, ties to even, at `to`, which need not be aligned. A value out
// of range becomes infinity; a NaN stays a NaN. As a bool every number but 0 is 1.
void StoreElement(ElementType type, double value, std::byte* to);

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_CLIENT_ELEMENT_TYPE_H_
