#include "core/element_type.h"

#include <bit>
#include <cmath>
#include <cstring>

namespace rectifier {
namespace {

// A binary floating-point format narrower than double.
struct Format {
  int significand_bits;  // with the hidden one
  int least_exponent;    // of the smallest normal number, as a power of two
  double overflow;       // from here on the nearest value is infinity
};
constexpr Format kFloat16Format = {11, -14, 65520};
constexpr Format kBFloat16Format = {8, -126, 0x1.ffp127};

// The value of `format` nearest to `value`, ties to even.
double RoundTo(const Format& format, double value) {
  if (!std::isfinite(value) || value == 0) return value;
  if (std::abs(value) >= format.overflow) return std::copysign(HUGE_VAL, value);
  const int exponent = std::max(std::ilogb(value), format.least_exponent);
  const int spacing = exponent - (format.significand_bits - 1);
  return std::ldexp(std::nearbyint(std::ldexp(value, -spacing)), spacing);
}

uint16_t UpperHalf(float value) {
  return static_cast<uint16_t>(std::bit_cast<uint32_t>(value) >> 16);
}

uint16_t EncodeFloat16(double value) {
  const uint16_t sign = std::signbit(value) ? 0x8000 : 0;
  if (std::isnan(value)) return sign | 0x7e00;
  const double magnitude = std::abs(RoundTo(kFloat16Format, value));
  if (std::isinf(magnitude)) return sign | 0x7c00;
  if (magnitude < 0x1p-14) return sign | static_cast<uint16_t>(magnitude * 0x1p24);
  const int exponent = std::ilogb(magnitude);
  const auto fraction = static_cast<uint16_t>((std::ldexp(magnitude, -exponent) - 1) * 1024);
  return static_cast<uint16_t>(sign | ((exponent + 15) << 10) | fraction);
}

uint16_t EncodeBFloat16(double value) {
  if (std::isnan(value)) return std::signbit(value) ? 0xffc0 : 0x7fc0;
  return UpperHalf(static_cast<float>(RoundTo(kBFloat16Format, value)));
}

double DecodeFloat16(uint16_t bits) {
  const double sign = (bits & 0x8000) ? -1 : 1;
  const int exponent = (bits >> 10) & 31;
  const int fraction = bits & 1023;
  if (exponent == 31) return fraction ? std::copysign(NAN, sign) : sign * HUGE_VAL;
  if (exponent == 0) return sign * fraction * 0x1p-24;
  return sign * std::ldexp(1024 + fraction, exponent - 25);
}

template <class T>
void Put(T value, void* to) {
  std::memcpy(to, &value, sizeof(value));
}

template <class T>
T Get(const void* from) {
  T value;
  std::memcpy(&value, from, sizeof(value));
  return value;
}

}  // namespace

absl::string_view Name(ElementType type) {
  switch (type) {
    case ElementType::kFloat64:
      return "float64";
    case ElementType::kFloat32:
      return "float32";
    case ElementType::kFloat16:
      return "float16";
    case ElementType::kBFloat16:
      return "bfloat16";
    case ElementType::kBool:
      break;
  }
  return "bool";
}

void StoreElement(ElementType type, double value, void* to) {
  switch (type) {
    case ElementType::kFloat64:
      return Put(value, to);
    case ElementType::kFloat32:
      return Put(static_cast<float>(value), to);
    case ElementType::kFloat16:
      return Put(EncodeFloat16(value), to);
    case ElementType::kBFloat16:
      return Put(EncodeBFloat16(value), to);
    case ElementType::kBool:
      break;
  }
  Put<uint8_t>(value != 0, to);
}

double LoadElement(ElementType type, const void* from) {
  switch (type) {
    case ElementType::kFloat64:
      return Get<double>(from);
    case ElementType::kFloat32:
      return Get<float>(from);
    case ElementType::kFloat16:
      return DecodeFloat16(Get<uint16_t>(from));
    case ElementType::kBFloat16:
      return std::bit_cast<float>(static_cast<uint32_t>(Get<uint16_t>(from)) << 16);
    case ElementType::kBool:
      break;
  }
  return Get<uint8_t>(from);
}

}  // namespace rectifier
