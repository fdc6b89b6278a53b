// References of whole lines against Arb at single points.
#include "tests/numerics/prove/reference.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <random>

#include "gtest/gtest.h"
#include "tests/numerics/prove/fixture.h"
#include "tests/numerics/prove/format.h"

namespace rectifier::prove {
namespace {

// The inputs of one sign and exponent.
Line SegmentOf(double x) {
  const uint32_t bits = std::bit_cast<uint32_t>(static_cast<float>(x)) >> 23 << 23;
  const double first = std::bit_cast<float>(bits);
  return {first, std::bit_cast<float>(bits + 1) - first, size_t{1} << 23};
}

const Expression& ExpressionOf(const std::string& activation, const std::string& quantity) {
  return Formulas().at(activation).expressions.at(quantity);
}

void ExpectProven(const Line& line, const Reference& reference, size_t i, PointOracle* oracle) {
  const double x = line.at(reference.begin + i);
  const PointResult exact = oracle->At(x);
  const double nearest = arf_get_d(exact.middle.get(), ARF_RND_NEAR);
  if (std::abs(nearest) > 0x1p128) {
    EXPECT_GE(std::abs(ReferenceAt(reference, i)), 0x1p128) << x;
    return;
  }
  EXPECT_LE(std::abs(ReferenceAt(reference, i) - nearest),
            reference.error + 0x1p-52 * std::abs(nearest) + 0x1p-200)
      << "at x = " << x << ", in a part of " << reference.count << " with " << reference.terms;
}

void ExpectAllProven(const std::string& activation, const std::string& quantity) {
  const Subject subject = SubjectOf(activation);
  const Expression& expression = ExpressionOf(activation, quantity);
  Planner planner(&expression, subject.arguments);
  PointOracle oracle(&expression, subject.arguments);
  std::mt19937 generator(20240229);
  for (double place : {-200.0, -95.0, -12.0, -3.0, -1.3, -0.6, -1e-3, -1e-40, 1e-30, 0.3, 1.5, 2.5,
                       7.0, 20.0, 100.0, 1e6, 1e30}) {
    const Line line = SegmentOf(place);
    std::vector<Reference> references;
    planner.Plan(line, &references);
    size_t covered = 0;
    for (const Reference& reference : references) {
      ASSERT_EQ(reference.begin, covered);
      covered += reference.count;
    }
    ASSERT_EQ(covered, line.count);
    for (int k = 0; k < 40; ++k) {
      const Reference& reference = references[generator() % references.size()];
      ExpectProven(line, reference, generator() % reference.count, &oracle);
    }
  }
}

TEST(ReferenceTest, LiesWithinItsErrorOfTheExactResult) {
  for (const char* activation : {"gelu", "mish", "softplus", "hard_swish", "squareplus", "tanh"}) {
    for (const auto& [quantity, expression] : Formulas().at(activation).expressions) {
      SCOPED_TRACE(std::string(activation) + " " + quantity);
      ExpectAllProven(activation, quantity);
    }
  }
}

TEST(ReferenceTest, NeedsFewEvaluationsForAPlateau) {
  const Expression& gelu = ExpressionOf("gelu", "value");
  Planner planner(&gelu, {});
  std::vector<Reference> references;
  planner.Plan(SegmentOf(-1e30), &references);
  ASSERT_EQ(references.size(), 1);
  EXPECT_LT(references[0].coefficients[0], 0) << "-0 is demanded where gelu underflows";
  EXPECT_EQ(references[0].sign_from, 0);
}

// Finds the reference at x, planning its segment.
double PlannedAt(const Expression& expression, absl::Span<const double> arguments, double x) {
  const Line line = SegmentOf(x);
  Planner planner(&expression, arguments);
  std::vector<Reference> references;
  planner.Plan(line, &references);
  const auto index = static_cast<size_t>((x - line.first) / line.step);
  for (const Reference& reference : references) {
    if (index - reference.begin < reference.count) {
      return ReferenceAt(reference, index - reference.begin);
    }
  }
  return std::nan("");
}

TEST(ReferenceTest, KinksBelongToTheBranchThatHoldsThem) {
  const Subject subject = SubjectOf("hard_sigmoid");  // its knee, -3, is met to the nearest double
  const Expression& gradient = ExpressionOf("hard_sigmoid", "gradient");
  const double alpha = subject.arguments[0];
  EXPECT_EQ(PlannedAt(gradient, subject.arguments, std::nextafter(-3.0f, -4.0f)), 0);
  EXPECT_EQ(PlannedAt(gradient, subject.arguments, -3), 0);
  EXPECT_NEAR(PlannedAt(gradient, subject.arguments, std::nextafter(-3.0f, 0.0f)), alpha, 1e-15);
  const Expression& relu = ExpressionOf("relu", "gradient");
  EXPECT_EQ(PlannedAt(relu, {}, 0), 0);
  EXPECT_EQ(PlannedAt(relu, {}, 0x1p-149), 1);
}

}  // namespace
}  // namespace rectifier::prove
