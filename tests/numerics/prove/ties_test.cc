// Ties that a lost term decides, against single points of Arb.
#include "tests/numerics/prove/ties.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>

#include "gtest/gtest.h"
#include "tests/numerics/prove/fixture.h"
#include "tests/numerics/prove/float32_sweep.h"

namespace rectifier::prove {
namespace {

constexpr float kLeast = std::numeric_limits<float>::denorm_min();

const Expression& ExpressionOf(const Subject& subject, const std::string& quantity) {
  return Formulas().at(std::string(subject.spec->name)).expressions.at(quantity);
}

// The inputs from x on.
Line LineFrom(float x, size_t count) {
  const float next = std::bit_cast<float>(std::bit_cast<uint32_t>(x) + 1);
  return {x, double{next} - double{x}, count};
}

TEST(TiesTest, ALostTermDecidesWhichNeighbourIsRight) {
  // silu(x) = x/2 + x^2/4 - ...: above 1.5 and 2.5 units at 3 and 5, above -1.5 units at -3.
  const Subject subject = SubjectOf("silu");
  TieBreaker ties(&ExpressionOf(subject, "value"), subject.arguments);
  const auto judge = [&](float x, float result, bool many) {
    ties.Start(LineFrom(x, 1));
    return ties.Judge(0, double{x} / 2, result, many);
  };
  for (bool many : {false, true}) {
    EXPECT_EQ(judge(3 * kLeast, 2 * kLeast, many), Judgement::kRight);
    EXPECT_EQ(judge(3 * kLeast, kLeast, many), Judgement::kWrong);
    EXPECT_EQ(judge(5 * kLeast, 3 * kLeast, many), Judgement::kRight);
    EXPECT_EQ(judge(5 * kLeast, 2 * kLeast, many), Judgement::kWrong) << "2 is even";
    EXPECT_EQ(judge(-3 * kLeast, -kLeast, many), Judgement::kRight);
    EXPECT_EQ(judge(-3 * kLeast, -2 * kLeast, many), Judgement::kWrong) << "-2 is even";
  }
}

TEST(TiesTest, ExactTiesGoToEven) {
  const Subject subject = SubjectOf("sparse_sigmoid");  // (x + 1)/2
  TieBreaker ties(&ExpressionOf(subject, "value"), subject.arguments);
  const float below = 0.5f + 0x1p-24f;
  for (bool many : {false, true}) {
    ties.Start(LineFrom(0x1p-24f, 1));  // halfway between 1/2 and 1/2 + 2^-24
    EXPECT_EQ(ties.Judge(0, 0.5 + 0x1p-25, 0.5f, many), Judgement::kRight);
    EXPECT_EQ(ties.Judge(0, 0.5 + 0x1p-25, below, many), Judgement::kWrong);
    ties.Start(LineFrom(0x3p-24f, 1));
    EXPECT_EQ(ties.Judge(0, 0.5 + 0x3p-25, below, many), Judgement::kWrong);
    EXPECT_EQ(ties.Judge(0, 0.5 + 0x3p-25, 0.5f + 0x1p-23f, many), Judgement::kRight);
  }
}

TEST(TiesTest, TheLargestNumberAndInfinityAreNeighbours) {
  const float largest = std::numeric_limits<float>::max();
  const float infinity = std::numeric_limits<float>::infinity();
  const double tie = 0x1.ffffffp+127;
  const LeadingTerms above = {.slope = 1, .rest = 1e-9, .sign = 1};
  const LeadingTerms below = {.slope = 1, .rest = 1e-9, .sign = -1};
  EXPECT_EQ(IsNearest(above, tie, tie, infinity), true);
  EXPECT_EQ(IsNearest(above, tie, tie, largest), false);
  EXPECT_EQ(IsNearest(below, tie, tie, infinity), false);
  EXPECT_EQ(IsNearest(below, tie, tie, largest), true);
  EXPECT_EQ(IsNearest({.slope = 1}, tie, tie, infinity), true) << "infinity is the even one";
  EXPECT_EQ(IsNearest({.slope = 1}, -tie, -tie, -infinity), true);
}

// The terms of a whole piece must judge as single points do.
TEST(TiesTest, LeadingTermsAgreeWithPoints) {
  struct Place {
    const char* activation;
    const char* quantity;
    float x;
    Assignments arguments = {};
  };
  for (const Place& place :
       {Place{"isru", "second_derivative", 0x1p-40f},
        Place{"isru", "second_derivative", -0x1p-100f}, Place{"gcu", "second_derivative", 0x1p-60f},
        Place{"isrlu", "second_derivative", -0x1p-30f}, Place{"silu", "value", 0x1p-127f},
        Place{"gelu", "value", -0x1p-126f}, Place{"hard_swish", "value", 0x1p-126f},
        Place{"hard_sigmoid", "value", 0x1p-5f, {{"alpha", 0.17}}},  // a sixth has no short terms
        Place{"sigmoid", "second_derivative", 0x1p-127f}}) {
    SCOPED_TRACE(std::string(place.activation) + " " + place.quantity);
    const Subject subject = SubjectOf(place.activation, place.arguments);
    const Expression& expression = ExpressionOf(subject, place.quantity);
    TieBreaker ties(&expression, subject.arguments);
    PointOracle oracle(&expression, subject.arguments);
    const Line piece = LineFrom(place.x, size_t{1} << 16);
    const auto terms = ties.LeadingTermsOf(piece);
    ASSERT_TRUE(terms.has_value());
    std::mt19937 generator(20240229);
    int judged = 0;
    for (int k = 0; k < 2000; ++k) {
      const double x = piece.at(generator() % piece.count);
      const RoundedResult exact = oracle.RoundedAt(x, ElementType::kFloat32);
      const double reference = arf_get_d(exact.exact.middle.get(), ARF_RND_NEAR);
      const auto result = static_cast<float>(exact.low);
      for (float candidate :
           {result, std::nextafter(result, 1.0f), std::nextafter(result, -1.0f)}) {
        const auto is_nearest = IsNearest(*terms, x, reference, candidate);
        if (!is_nearest.has_value()) continue;
        ++judged;
        EXPECT_EQ(*is_nearest, candidate == result) << x;
      }
    }
    EXPECT_GT(judged, 5000);
  }
}

// Where the rest is too small for a ball of 2^14 bits beside the line.
TEST(TiesTest, AnAsymptoteDecidesWhatNoPrecisionDoes) {
  struct Place {
    const char* activation;
    const char* quantity;
    float x;  // a result halfway between two numbers, but for the rest
    float nearest;
    float other;
  };
  for (const Place& place :
       {Place{"tanh_shrink", "value", 16777218, 16777218, 16777216},  // x - 1 + 2 e^(-2 x)
        Place{"tanh_shrink", "value", 16777220, 16777220, 16777218},
        Place{"tanh_shrink", "value", -16777218, -16777218, -16777216},
        Place{"xielu", "d/alpha_n", -16777220, 16777220, 16777218},  // -1 - x + e^x
        Place{"xielu", "d/alpha_n", -16777218, 16777218, 16777216}}) {
    SCOPED_TRACE(std::string(place.activation) + " at " + std::to_string(place.x));
    const Subject subject = SubjectOf(place.activation);
    TieBreaker ties(&ExpressionOf(subject, place.quantity), subject.arguments);
    const double tie = (double{place.nearest} + double{place.other}) / 2;
    const auto judge = [&](float result) {
      ties.Start(LineFrom(place.x, 1024));
      return ties.Judge(0, tie, result, true);
    };
    EXPECT_EQ(judge(place.nearest), Judgement::kRight);
    EXPECT_EQ(judge(place.other), Judgement::kWrong);
  }
}

TEST(TiesTest, PiecesWithoutTiesHaveNoTerms) {
  const Subject subject = SubjectOf("silu");
  TieBreaker ties(&ExpressionOf(subject, "value"), subject.arguments);
  EXPECT_FALSE(ties.LeadingTermsOf(LineFrom(1.0f, 1 << 16)).has_value());
  EXPECT_FALSE(ties.LeadingTermsOf(LineFrom(0x1p-10f, 1 << 16)).has_value());
}

}  // namespace
}  // namespace rectifier::prove
