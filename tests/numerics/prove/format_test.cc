#include "tests/numerics/prove/format.h"

#include <cmath>
#include <limits>

#include "gtest/gtest.h"

namespace rectifier::prove {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

double Round(ElementType type, double value, double tail_exponent = 0) {
  Exact exact(value);
  if (tail_exponent != 0) {
    Exact tail(1);
    arf_mul_2exp_si(tail.get(), tail.get(), static_cast<slong>(tail_exponent));
    arf_add(exact.get(), exact.get(), tail.get(), ARF_PREC_EXACT, ARF_RND_DOWN);
  }
  return RoundTo(type, exact.get());
}

TEST(FormatTest, RoundsTiesToEvenAndWhatIsBesideThemCorrectly) {
  EXPECT_EQ(Round(ElementType::kBFloat16, 1 + 0x1p-8), 1);
  EXPECT_EQ(Round(ElementType::kBFloat16, 1 + 0x1p-8, -2000), 1 + 0x1p-7);
  EXPECT_EQ(Round(ElementType::kFloat16, 0x1p-25), 0);
  EXPECT_EQ(Round(ElementType::kFloat16, 0x1p-25, -3000), 0x1p-24);
  EXPECT_EQ(Round(ElementType::kFloat16, 0x3p-25), 0x1p-23);
  EXPECT_EQ(Round(ElementType::kFloat64, 0x1p-1074), 0x1p-1074);
}

TEST(FormatTest, RoundsAcrossTheEndsOfTheRange) {
  EXPECT_EQ(Round(ElementType::kFloat16, 65519), 65504);
  EXPECT_EQ(Round(ElementType::kFloat16, 65520), kInfinity);
  EXPECT_EQ(Round(ElementType::kFloat32, -0x1.fffffefp127), -0x1.fffffep127);
  EXPECT_EQ(Round(ElementType::kFloat32, -0x1.ffffffp127), -kInfinity);
  EXPECT_TRUE(std::signbit(Round(ElementType::kBFloat16, -1e-300)));
}

TEST(FormatTest, ErrorsCountInUnitsOfTheExactResult) {
  EXPECT_EQ(UlpError(ElementType::kFloat32, 1 + 0x3p-23, Exact(1).get()), 3);
  EXPECT_EQ(UlpError(ElementType::kFloat32, 1, Exact(1 - 0x1p-24).get()), 1);
  EXPECT_EQ(UlpError(ElementType::kFloat32, 0, Exact(0x1.8p-150).get()), 0.75);
  EXPECT_EQ(UlpError(ElementType::kFloat32, kInfinity, Exact(0x1.fffffep127).get()), 1);
  EXPECT_EQ(UlpError(ElementType::kFloat32, kInfinity, Exact(1e300).get()), 0);
  EXPECT_EQ(UlpError(ElementType::kFloat32, std::nan(""), Exact(1).get()), kInfinity);
}

}  // namespace
}  // namespace rectifier::prove
