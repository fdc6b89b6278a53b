#include "core/functions/philox.h"

#include <cmath>
#include <cstdint>
#include <vector>

#include "gtest/gtest.h"

namespace rectifier {
namespace {

using Words = std::array<uint32_t, 4>;

// Random123's tests/kat_vectors, "philox4x32 10".
static_assert(Philox({0, 0, 0, 0}, {0, 0}) ==
              Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});

TEST(PhiloxTest, GivesTheKnownAnswersOfRandom123) {
  EXPECT_EQ(Philox({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}),
            (Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(Philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(UniformTest, IsTheUpper53OfTheLower64Bits) {
  EXPECT_EQ(Uniform(0, 0), static_cast<double>(0xe169c58d6627e8d5 >> 11) * 0x1p-53);
}

TEST(UniformTest, EveryBitOfSeedAndIndexCounts) {
  for (int bit = 0; bit < 64; ++bit) {
    EXPECT_NE(Uniform(uint64_t{1} << bit, 5), Uniform(0, 5)) << bit;
    EXPECT_NE(Uniform(5, uint64_t{1} << bit), Uniform(5, 0)) << bit;
  }
}

TEST(UniformTest, FillsTheUnitIntervalEvenly) {
  constexpr int kDraws = 1 << 18;
  constexpr int kBins = 64;
  std::vector<int> bins(kBins);
  double sum = 0, products = 0, last = Uniform(11, 0);
  for (uint64_t i = 1; i <= kDraws; ++i) {
    const double u = Uniform(11, i);
    ASSERT_TRUE(0 <= u && u < 1) << i;
    ++bins[static_cast<size_t>(u * kBins)];
    sum += u;
    products += (u - 0.5) * (last - 0.5);
    last = u;
  }
  const double n = kDraws;
  EXPECT_NEAR(sum / n, 0.5, 5 * std::sqrt(1 / (12 * n)));  // five standard deviations
  EXPECT_NEAR(products / n, 0, 5 / (12 * std::sqrt(n)));   // neighbours are not correlated
  double chi_squared = 0;
  for (int count : bins) {
    const double expected = n / kBins;
    chi_squared += (count - expected) * (count - expected) / expected;
  }
  EXPECT_NEAR(chi_squared, kBins - 1, 5 * std::sqrt(2.0 * (kBins - 1)));
}

}  // namespace
}  // namespace rectifier
