// Exact results against the golden files, which Python made from the formulas as they are written.
#include "tests/numerics/prove/point.h"

#include <cmath>

#include "gtest/gtest.h"
#include "tests/numerics/conformance/golden.h"
#include "tests/numerics/prove/fixture.h"
#include "tests/numerics/prove/format.h"

namespace rectifier::prove {
namespace {

using rectifier::testing::GoldenBlock;

// Within a thousandth of a ULP, to which the golden files say how far the nearest double is off.
bool IsSame(const PointResult& ours, const rectifier::testing::Exact& golden) {
  if (!golden.defined) return !ours.defined;
  if (!ours.defined || !ours.decided) return false;
  if (std::isinf(golden.nearest)) {
    return ours.infinite || RoundTo(ElementType::kFloat64, ours.middle.get()) == golden.nearest;
  }
  if (golden.nearest == 0) return arf_cmpabs_2exp_si(ours.middle.get(), -1074) < 0;
  Exact rest;
  arf_sub(rest.get(), ours.middle.get(), Exact(golden.nearest).get(), 64, ARF_RND_NEAR);
  const double unit = UnitInTheLastPlace(ElementType::kFloat64, golden.nearest);
  arf_div(rest.get(), rest.get(), Exact(unit).get(), 64, ARF_RND_NEAR);
  return std::abs(arf_get_d(rest.get(), ARF_RND_NEAR) - golden.rest) < 1e-3;
}

void ExpectSame(const std::string& activation, const Formula& formula, const GoldenBlock& block) {
  std::vector<double> arguments;
  for (size_t i = 1; i < formula.symbols.size(); ++i) {
    arguments.push_back(block.arguments.at(formula.symbols[i]));
  }
  const std::vector<double>& inputs = block.given.at("x");
  for (const auto& [column, exact] : block.exact) {
    PointOracle oracle(&formula.expressions.at(column), arguments);
    for (size_t i = 0; i < inputs.size(); ++i) {
      const PointResult ours = oracle.At(inputs[i]);
      EXPECT_TRUE(IsSame(ours, exact[i])) << activation << " " << column << " at " << inputs[i];
      if (exact[i].nearest == 0 && std::signbit(exact[i].nearest)) {
        EXPECT_LE(ours.sign, 0) << activation << " " << column << " at " << inputs[i];
      }
    }
  }
}

TEST(PointTest, AgreesWithTheGoldenFilesEverywhere) {
  for (const auto& [activation, formula] : Formulas()) {
    for (const GoldenBlock& block : rectifier::testing::ReadGoldenBlocks(activation)) {
      ExpectSame(activation, formula, block);
    }
  }
}

TEST(PointTest, TiesAreBrokenByTinyTerms) {
  // x/2 + x^2/4 + ...: the second term is 2^-133 of the first.
  const Expression& silu = Formulas().at("silu").expressions.at("value");
  PointOracle oracle(&silu, {});
  const RoundedResult up = oracle.RoundedAt(0x1p-133, ElementType::kBFloat16);
  EXPECT_EQ(up.low, 0x1p-133);
  EXPECT_EQ(up.high, 0x1p-133);
  const RoundedResult down = oracle.RoundedAt(-0x1p-133, ElementType::kBFloat16);
  EXPECT_TRUE(down.Is(-0.0));
  EXPECT_FALSE(down.Is(0.0));
}

TEST(PointTest, LimitsAreReadOffFarOut) {
  const auto at = [](const char* quantity, double x) {
    PointOracle oracle(&Formulas().at("gelu").expressions.at(quantity), {});
    return oracle.At(x);
  };
  EXPECT_TRUE(at("value", kInfinity).infinite);
  EXPECT_EQ(at("value", -kInfinity).sign, -1);
  EXPECT_TRUE(arf_is_zero(at("value", -kInfinity).middle.get()));
  EXPECT_TRUE(arf_is_one(at("gradient", kInfinity).middle.get()));
}

TEST(PointTest, ExactTiesOfFractionsGoToEven) {
  // x (x + 3)/6: no ball around 1/6 tells that 123 * 126/6 = 2583 is halfway between two numbers.
  const std::vector<std::string> symbols = {"x"};
  const auto expression = ParseExpression("$x $x 3 + * 1/6 *", symbols);
  ASSERT_TRUE(expression.ok()) << expression.status();
  PointOracle oracle(&*expression, {});
  const RoundedResult whole = oracle.RoundedAt(3, ElementType::kFloat16);
  EXPECT_TRUE(whole.exact.decided);
  EXPECT_EQ(whole.low, 3);
  const RoundedResult tie = oracle.RoundedAt(123, ElementType::kFloat16);
  EXPECT_TRUE(tie.exact.decided);
  EXPECT_EQ(tie.low, 2584) << "2582 is odd in the last place";
  EXPECT_EQ(tie.high, 2584);
}

}  // namespace
}  // namespace rectifier::prove
