#include "client/cpp/client/element_type.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

namespace rectifier::client {
namespace {

// A 16-bit floating-point format: sign, exponent, significand.
struct Format {
  int precision;     // bits of the significand, the hidden one included
  int min_exponent;  // of the smallest normal number: 2^min_exponent
  int max_exponent;  // of the largest

  int stored_bits() const { return precision - 1; }
  uint16_t infinity() const {
    return static_cast<uint16_t>((max_exponent - min_exponent + 2) << stored_bits());
  }
};
constexpr Format kHalf{.precision = 11, .min_exponent = -14, .max_exponent = 15};
constexpr Format kBrain{.precision = 8, .min_exponent = -126, .max_exponent = 127};
constexpr uint16_t kSign = 0x8000;

uint16_t RoundTo(const Format& format, double value) {
  const uint16_t sign = std::signbit(value) ? kSign : 0;
  if (std::isnan(value)) return sign | format.infinity() | (format.infinity() >> 1);
  const double magnitude = std::fabs(value);
  if (magnitude >= std::ldexp(1.0, format.max_exponent + 1)) return sign | format.infinity();
  const int exponent =
      magnitude == 0 ? format.min_exponent : std::max(std::ilogb(magnitude), format.min_exponent);
  // The hidden bit of the significand carries into the exponent, as does a round up to 2^k.
  const auto significand =
      static_cast<int32_t>(std::nearbyint(std::scalbn(magnitude, format.stored_bits() - exponent)));
  const int32_t bits =
      ((exponent - format.min_exponent) * (1 << format.stored_bits())) + significand;
  return static_cast<uint16_t>(sign | bits);
}

double Widen(const Format& format, uint16_t bits) {
  const double sign = (bits & kSign) != 0 ? -1 : 1;
  const uint16_t magnitude = bits & ~kSign;
  if (magnitude > format.infinity()) return std::numeric_limits<double>::quiet_NaN();
  if (magnitude == format.infinity()) return sign * std::numeric_limits<double>::infinity();
  const int hidden = 1 << format.stored_bits();
  const int exponent = magnitude / hidden;
  const int significand = magnitude % hidden + (exponent > 0 ? hidden : 0);
  return sign * std::scalbn(significand,
                            std::max(exponent, 1) - 1 + format.min_exponent - format.stored_bits());
}

template <class T>
T Load(const std::byte* from) {
  T element;
  std::memcpy(&element, from, sizeof(element));
  return element;
}

template <class T>
void Store(T element, std::byte* to) {
  std::memcpy(to, &element, sizeof(element));
}

}  // namespace

absl::string_view Name(ElementType type) {
  switch (type) {
    case ElementType::kFloat16:
      return "float16";
    case ElementType::kBFloat16:
      return "bfloat16";
    case ElementType::kFloat32:
      return "float32";
    case ElementType::kFloat64:
      return "float64";
    case ElementType::kBool:
      break;
  }
  return "bool";
}

std::optional<ElementType> FindElementType(absl::string_view name) {
  for (ElementType type : kAllElementTypes) {
    if (Name(type) == name) return type;
  }
  return std::nullopt;
}

size_t SizeOf(ElementType type) {
  switch (type) {
    case ElementType::kFloat16:
    case ElementType::kBFloat16:
      return 2;
    case ElementType::kFloat32:
      return 4;
    case ElementType::kFloat64:
      return 8;
    case ElementType::kBool:
      break;
  }
  return 1;
}

double LoadElement(ElementType type, const std::byte* from) {
  switch (type) {
    case ElementType::kFloat16:
      return Widen(kHalf, Load<uint16_t>(from));
    case ElementType::kBFloat16:
      return Widen(kBrain, Load<uint16_t>(from));
    case ElementType::kFloat32:
      return Load<float>(from);
    case ElementType::kFloat64:
      return Load<double>(from);
    case ElementType::kBool:
      break;
  }
  return Load<uint8_t>(from);
}

void StoreElement(ElementType type, double value, std::byte* to) {
  switch (type) {
    case ElementType::kFloat16:
      return Store(RoundTo(kHalf, value), to);
    case ElementType::kBFloat16:
      return Store(RoundTo(kBrain, value), to);
    case ElementType::kFloat32:
      return Store(static_cast<float>(value), to);
    case ElementType::kFloat64:
      return Store(value, to);
    case ElementType::kBool:
      break;
  }
  Store<uint8_t>(value != 0, to);
}

}  // namespace rectifier::client
