#include "client/cpp/client/element_type.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

namespace rectifier::client {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

uint16_t Bits(ElementType type, double value) {
  std::array<std::byte, 2> stored;
  StoreElement(type, value, stored.data());
  uint16_t bits;
  std::memcpy(&bits, stored.data(), sizeof(bits));
  return bits;
}

double Value(ElementType type, uint16_t bits) {
  std::array<std::byte, 2> stored;
  std::memcpy(stored.data(), &bits, sizeof(bits));
  return LoadElement(type, stored.data());
}

TEST(ElementTypeTest, EveryNameFindsItsType) {
  for (ElementType type : kAllElementTypes) EXPECT_EQ(FindElementType(Name(type)), type);
  EXPECT_FALSE(FindElementType("float8").has_value());
}

TEST(ElementTypeTest, EverySixteenBitPatternSurvivesARoundTrip) {
  for (ElementType type : {ElementType::kFloat16, ElementType::kBFloat16}) {
    for (int bits = 0; bits <= 0xffff; ++bits) {
      const double value = Value(type, bits);
      if (std::isnan(value)) {
        EXPECT_TRUE(std::isnan(Value(type, Bits(type, value)))) << Name(type) << " " << bits;
      } else {
        ASSERT_EQ(Bits(type, value), bits) << Name(type);
      }
    }
  }
}

TEST(ElementTypeTest, BFloat16IsTheUpperHalfOfAFloat) {
  for (float value : {1.5f, -2.25f, 3e38f, 1e-40f, 0.0f}) {
    uint32_t bits;
    std::memcpy(&bits, &value, sizeof(bits));
    bits &= 0xffff0000;
    float truncated;
    std::memcpy(&truncated, &bits, sizeof(truncated));
    EXPECT_EQ(Bits(ElementType::kBFloat16, truncated), bits >> 16);
  }
}

TEST(ElementTypeTest, RoundsTiesToEven) {
  EXPECT_EQ(Value(ElementType::kFloat16, Bits(ElementType::kFloat16, 2049)), 2048);
  EXPECT_EQ(Value(ElementType::kFloat16, Bits(ElementType::kFloat16, 2051)), 2052);
  EXPECT_EQ(Value(ElementType::kBFloat16, Bits(ElementType::kBFloat16, 257)), 256);
  EXPECT_EQ(Value(ElementType::kBFloat16, Bits(ElementType::kBFloat16, 259)), 260);
}

TEST(ElementTypeTest, RoundsOnceNotThroughFloat) {
  // The number is just above a tie in float16. As a float it is the tie, which would round down to
  // 1.
  const double above_tie = 1 + std::ldexp(1, -11) + std::ldexp(1, -40);
  EXPECT_EQ(Value(ElementType::kFloat16, Bits(ElementType::kFloat16, above_tie)),
            1 + std::ldexp(1, -10));
}

TEST(ElementTypeTest, RoundsTheLargestUpToInfinity) {
  EXPECT_EQ(Value(ElementType::kFloat16, Bits(ElementType::kFloat16, 65519)), 65504);
  EXPECT_EQ(Value(ElementType::kFloat16, Bits(ElementType::kFloat16, 65520)), kInfinity);
  EXPECT_EQ(Value(ElementType::kFloat16, Bits(ElementType::kFloat16, -1e300)), -kInfinity);
}

TEST(ElementTypeTest, KeepsSubnormalsAndTheSignOfZero) {
  const double smallest = std::ldexp(1, -24);
  EXPECT_EQ(Value(ElementType::kFloat16, Bits(ElementType::kFloat16, smallest)), smallest);
  EXPECT_EQ(Bits(ElementType::kFloat16, smallest / 2), 0);  // a tie, to even
  EXPECT_EQ(Bits(ElementType::kFloat16, -0.0), 0x8000);
}

}  // namespace
}  // namespace rectifier::client
