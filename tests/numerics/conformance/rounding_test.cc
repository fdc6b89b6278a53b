// Ties: results that a double takes to lie halfway between two float16 or bfloat16 numbers, and
// that do not quite. Golden data cannot tell, an error of half a unit is allowed to either side.
#include <cmath>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/core_evaluate.h"

namespace rectifier::testing {
namespace {

struct Format {
  ElementType type;
  double least;  // positive number
};
constexpr Format kFormats[] = {{ElementType::kFloat16, 0x1p-24},
                               {ElementType::kBFloat16, 0x1p-133}};

class RoundingTest : public ::testing::TestWithParam<std::string> {
 protected:
  // Value and gradient on this CPU target.
  TestOutputs Evaluate(absl::string_view activation, std::vector<Argument> arguments,
                       ElementType type, const std::vector<double>& x) const {
    const TestTensor input(type, x);
    return *EvaluateInCore({.activation = activation,
                            .arguments = std::move(arguments),
                            .inputs = {input.view()},
                            .quantities = {Quantity::kValue, Quantity::kGradient}},
                           {.catalogue = *Catalogue::ForTarget(GetParam())});
  }
};

TEST_P(RoundingTest, HardSwishOfASubnormalIsMoreThanItsHalf) {
  for (const Format& format : kFormats) {
    for (const double k : {1, 3, 5, 7, 101}) {  // x/2 + x^2/6
      const std::vector<double> x = {-k * format.least, k * format.least};
      const std::vector<double> y = Evaluate("hard_swish", {}, format.type, x).at("value").values;
      EXPECT_EQ(y[0], -(k - 1) / 2 * format.least) << k << " in " << Name(format.type);
      EXPECT_EQ(y[1], (k + 1) / 2 * format.least) << k << " in " << Name(format.type);
    }
  }
}

TEST_P(RoundingTest, ASlopeNextToAFractionFallsOnItsOwnSide) {
  // Each of them, times 3 k, makes k/2 and a little more or less, which a double does not hold.
  const double below = 1.0 / 6, above = std::nextafter(below, 1);
  ASSERT_LT(std::fma(below, 3, -0.5), 0);
  ASSERT_EQ(below * 3, 0.5);
  for (const Format& format : kFormats) {
    for (const double k : {1, 3, 5, 7, 33}) {
      const std::vector<double> x = {-3 * k * format.least};
      const auto y = [&](double slope) {
        return Evaluate("leaky_relu", {{"negative_slope", slope, {}}}, format.type, x)
                   .at("value")
                   .values[0] /
               format.least;
      };
      EXPECT_EQ(y(below), -(k - 1) / 2) << k << " in " << Name(format.type);
      EXPECT_EQ(y(above), -(k + 1) / 2) << k << " in " << Name(format.type);
    }
  }
}

TEST_P(RoundingTest, ASumThatLosesATermRemembersIt) {
  // 1 + 2^-8 lies halfway between two bfloat16 numbers, 1 + 2^-11 between two of float16.
  const double ties[] = {1 + 0x1p-11, 1 + 0x1p-8};
  for (size_t i = 0; i < 2; ++i) {
    const double unit = 2 * (ties[i] - 1);
    const auto y = [&](double alpha) {
      return Evaluate("identity", {{"alpha", alpha, {}}, {"beta", ties[i], {}}}, kFormats[i].type,
                      {1})
          .at("value")
          .values[0];
    };
    EXPECT_EQ(y(0x1p-60), 1 + unit) << Name(kFormats[i].type);
    EXPECT_EQ(y(-0x1p-60), 1) << Name(kFormats[i].type);
  }
}

// Every odd multiple of the least number is a tie of silu, x/2 + x^2/4, among others that are none.
TEST_P(RoundingTest, TiesAreSettledInTheirPlaces) {
  for (const Format& format : kFormats) {
    std::vector<double> x;
    for (int k = 1; k <= 75; ++k) x.insert(x.end(), {k * format.least, -k * format.least, 1.0 * k});
    const TestTensor input(format.type, x), upstream(format.type, x);
    const EvaluationRequest request{.activation = "silu",
                                    .inputs = {input.view()},
                                    .upstream = upstream.view(),
                                    .quantities = {Quantity::kValue, Quantity::kGradient}};
    const Catalogue& catalogue = **Catalogue::ForTarget(GetParam());
    const TestOutputs apart = *EvaluateInCore(request, {.catalogue = &catalogue});
    for (size_t i = 0; i < x.size(); i += 3) {
      const double half = std::floor(x[i] / format.least / 2);
      const bool odd = x[i] / format.least / 2 != half;
      EXPECT_EQ(apart.at("value").values[i], (half + odd) * format.least) << i;
      EXPECT_EQ(apart.at("value").values[i + 1], -half * format.least) << i;
    }
    const TestOutputs bypassing =
        *EvaluateInCore(request, {.catalogue = &catalogue, .bypass_cache = true});
    const TestOutputs in_place = EvaluateInPlace(request, 0, 1);
    for (const char* quantity : {"value", "gradient"}) {
      EXPECT_EQ(apart.at(quantity).bytes, bypassing.at(quantity).bytes) << quantity;
      EXPECT_EQ(apart.at(quantity).bytes, in_place.at(quantity).bytes) << quantity;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Targets, RoundingTest, ::testing::ValuesIn(Catalogue::Targets()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace rectifier::testing
