#include "core/philox.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rectifier {
namespace {

using ::testing::ElementsAre;

// The known answers of Random123 (kat_vectors, philox4x32 with 10 rounds).
TEST(PhiloxTest, GivesTheKnownAnswersOfRandom123) {
  EXPECT_THAT(Philox4x32({0, 0, 0, 0}, {0, 0}),
              ElementsAre(0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8));
  constexpr uint32_t kOnes = 0xffffffff;
  EXPECT_THAT(Philox4x32({kOnes, kOnes, kOnes, kOnes}, {kOnes, kOnes}),
              ElementsAre(0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd));
  EXPECT_THAT(
      Philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
      ElementsAre(0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1));
}

TEST(PhiloxTest, UniformsAreSpreadEvenlyOverTheUnitInterval) {
  constexpr int kDraws = 1 << 16;
  int tenths[10] = {};
  double sum = 0;
  for (uint64_t i = 0; i < kDraws; ++i) {
    const double u = PhiloxUniform(42, i);
    ASSERT_GE(u, 0);
    ASSERT_LT(u, 1);
    sum += u;
    ++tenths[static_cast<int>(u * 10)];
  }
  EXPECT_NEAR(sum / kDraws, 0.5, 0.005);
  for (int count : tenths) EXPECT_NEAR(count, kDraws / 10, 400);
}

TEST(PhiloxTest, SeedAndIndexCountInAllTheirBits) {
  const double u = PhiloxUniform(0, 0);
  for (int bit = 0; bit < 64; ++bit) {
    EXPECT_NE(PhiloxUniform(uint64_t{1} << bit, 0), u);
    EXPECT_NE(PhiloxUniform(0, uint64_t{1} << bit), u);
  }
}

}  // namespace
}  // namespace rectifier
