#include "core/element_type.h"

#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "core/catalogue.h"
#include "gtest/gtest.h"

namespace rectifier {
namespace {

uint16_t Bits16(ElementType type, double value) {
  uint16_t bits;
  StoreElement(type, value, &bits);
  return bits;
}

double Value16(ElementType type, uint16_t bits) { return LoadElement(type, &bits); }

TEST(ElementTypeTest, KnownHalves) {
  EXPECT_EQ(Bits16(ElementType::kFloat16, 1), 0x3c00);
  EXPECT_EQ(Bits16(ElementType::kFloat16, -2), 0xc000);
  EXPECT_EQ(Bits16(ElementType::kFloat16, 65504), 0x7bff);
  EXPECT_EQ(Bits16(ElementType::kFloat16, 65519.99), 0x7bff);
  EXPECT_EQ(Bits16(ElementType::kFloat16, 65520), 0x7c00);
  EXPECT_EQ(Bits16(ElementType::kFloat16, 0x1p-24), 0x0001);
  EXPECT_EQ(Bits16(ElementType::kFloat16, 0x1p-25), 0x0000);  // a tie, to even
  EXPECT_EQ(Bits16(ElementType::kFloat16, -0x1.000001p-25), 0x8001);
  EXPECT_EQ(Bits16(ElementType::kBFloat16, 1), 0x3f80);
  EXPECT_EQ(Bits16(ElementType::kBFloat16, 1 + 0x1p-8), 0x3f80);            // a tie, to even
  EXPECT_EQ(Bits16(ElementType::kBFloat16, 1 + 0x1p-8 + 0x1p-50), 0x3f81);  // not by way of float
  EXPECT_EQ(Bits16(ElementType::kBFloat16, std::numeric_limits<double>::max()), 0x7f80);
}

TEST(ElementTypeTest, EveryHalfSurvivesLoadingAndStoring) {
  for (ElementType type : {ElementType::kFloat16, ElementType::kBFloat16}) {
    for (uint32_t bits = 0; bits < 0x10000; ++bits) {
      const double value = Value16(type, static_cast<uint16_t>(bits));
      if (std::isnan(value)) {
        EXPECT_TRUE(std::isnan(Value16(type, Bits16(type, value))));
      } else {
        ASSERT_EQ(Bits16(type, value), bits) << Name(type);
      }
    }
  }
}

// The scalar conversions here and the vector conversions of every CPU target are two
// implementations of one thing.
TEST(ElementTypeTest, VectorsConvertAsScalarsDo) {
  std::vector<double> values = {0.0, -0.0, kInfinity, -kInfinity, 65519.9, 65520, 1e300, 0x1p-1074};
  for (ElementType type : {ElementType::kFloat16, ElementType::kBFloat16}) {
    for (uint32_t bits = 0; bits < 0x7f80; bits += 7) {
      const double value = Value16(type, static_cast<uint16_t>(bits));
      const double next = Value16(type, static_cast<uint16_t>(bits + 1));
      if (!std::isfinite(value) || !std::isfinite(next)) continue;
      const double middle = (value + next) / 2;
      for (double x : {value, -value, middle, std::nextafter(middle, 0.0),
                       std::nextafter(middle, kInfinity), -std::nextafter(middle, kInfinity)}) {
        values.push_back(x);
      }
    }
  }
  for (const std::string& target : Catalogue::Targets()) {
    const ArrayKernels& arrays = (*Catalogue::ForTarget(target))->arrays();
    for (ElementType type : kAllElementTypes) {
      const size_t size = SizeOf(type);
      std::vector<char> stored(values.size() * size);
      arrays.store[static_cast<size_t>(type)](values.data(), nullptr, stored.data(), values.size());
      std::vector<double> loaded(values.size());
      arrays.load[static_cast<size_t>(type)](stored.data(), loaded.data(), values.size());
      for (size_t i = 0; i < values.size(); ++i) {
        char expected[8];
        StoreElement(type, values[i], expected);
        ASSERT_EQ(std::memcmp(stored.data() + i * size, expected, size), 0)
            << values[i] << " as " << Name(type) << " on " << target;
        ASSERT_EQ(loaded[i], LoadElement(type, expected)) << target;
      }
    }
  }
}

TEST(ElementTypeTest, ANaNStaysANaN) {
  for (ElementType type : kAllElementTypes) {
    char bytes[8];
    StoreElement(type, std::numeric_limits<double>::quiet_NaN(), bytes);
    EXPECT_TRUE(std::isnan(LoadElement(type, bytes))) << Name(type);
  }
}

}  // namespace
}  // namespace rectifier
