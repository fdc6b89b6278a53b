// Rounding: results that fast arithmetic takes to lie halfway between two float32, float16 or
// bfloat16 numbers, or on the wrong side of that. Golden data cannot tell, an error of half a unit
// is allowed to either side.
#include <array>
#include <cmath>
#include <iterator>
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
                               {ElementType::kBFloat16, 0x1p-133},
                               {ElementType::kFloat32, 0x1p-149}};

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
  // 1 + 2^-8 lies halfway between two bfloat16 numbers, 1 + 2^-11 and 1 + 2^-24 between two of
  // float16 and of float32.
  const double ties[] = {1 + 0x1p-11, 1 + 0x1p-8, 1 + 0x1p-24};
  for (size_t i = 0; i < std::size(kFormats); ++i) {
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

// An argument halfway between two elements makes results of which the leading term is a tie, and
// which are less than it by a term that is too small for a double, or for two.
TEST_P(RoundingTest, AnArgumentThatIsATieIsNoneWithTheTermThatFollows) {
  struct Case {
    const char* activation;
    std::vector<Argument> others;
    const char* argument;
    int sign;  // of x
  };
  const Case cases[] = {{"elu", {}, "alpha", -1},
                        {"elu_tensorflow", {}, "alpha", -1},
                        {"selu", {{"alpha", 1.0, {}}}, "scale", -1},
                        {"pelu", {{"beta", 1.0, {}}}, "alpha", -1},
                        {"scaled_tanh", {{"a", 1.0, {}}}, "b", 1},
                        {"sin", {}, "omega", 1}};
  for (size_t i = 0; i < std::size(kFormats); ++i) {
    const double half_unit = std::array{0x1p-11, 0x1p-8, 0x1p-24}[i];
    const double tie = 1 + 3 * half_unit, below = 1 + 2 * half_unit;
    const double x = i == 0 ? 0x1p-14 : 0x1p-120;  // the least normal float16
    for (const Case& c : cases) {
      std::vector<Argument> arguments = c.others;
      arguments.push_back({c.argument, tie, {}});
      const TestOutputs y = Evaluate(c.activation, arguments, kFormats[i].type, {c.sign * x});
      EXPECT_EQ(y.at("value").values[0], c.sign * below * x) << c.activation << " in " << i;
      EXPECT_EQ(y.at("gradient").values[0], below) << c.activation << " in " << i;
    }
    // Nothing follows.
    const std::vector<Argument> slope = {{"negative_slope", tie, {}}};
    const TestOutputs line = Evaluate("leaky_relu", slope, kFormats[i].type, {-x});
    EXPECT_EQ(line.at("value").values[0], -(1 + 4 * half_unit) * x) << i;
    EXPECT_EQ(line.at("gradient").values[0], 1 + 4 * half_unit) << i;
  }
}

// A derivative near 1/4, 1/2 or x times an upstream is a tie, which a term breaks that is too small
// for two doubles.
TEST_P(RoundingTest, AnUpstreamThatMakesATieLeavesTheTermThatFollows) {
  for (size_t i = 0; i < std::size(kFormats); ++i) {
    const auto& [type, least] = kFormats[i];
    const auto gradient = [&](absl::string_view activation, double x, double upstream) {
      const TestTensor input(type, {x}), factor(type, {upstream});
      return EvaluateInCore({.activation = activation,
                             .inputs = {input.view()},
                             .upstream = factor.view(),
                             .quantities = {Quantity::kGradient}},
                            {.catalogue = *Catalogue::ForTarget(GetParam())})
          ->at("gradient")
          .values[0];
    };
    for (const double x : {least, -least, 1024 * least, -1024 * least}) {
      const int right = x > 0 ? 1 : 0;
      for (const int k : {1, 3, 5, 7, 33}) {
        EXPECT_EQ(gradient("sigmoid", x, 2 * k * least), (k - 1) / 2 * least) << k << " in " << i;
        EXPECT_EQ(gradient("gelu", x, k * least), ((k - 1) / 2 + right) * least)
            << k << " in " << i;
      }
    }
    const double half_unit = std::array{0x1p-11, 0x1p-8, 0x1p-24}[i];
    const double scale = i == 0 ? 0x1p11 : 0x1p100;
    const double upstream = (1 + 2 * half_unit) * scale, below = (3 + 4 * half_unit) * scale;
    for (const double sign : {1, -1}) {
      EXPECT_EQ(gradient("logcosh", sign * 3 * least, upstream), sign * below * least) << i;
      EXPECT_EQ(gradient("lisht", sign * 3 * least, upstream), sign * 2 * below * least) << i;
    }
  }
}

// Results of float32 that lie so close to a tie that the fast path alone rounds them to the wrong
// side, with the exact result, rounded once. They are the worst that the prover found before
// results next to a tie were computed again.
struct HardCase {
  const char* activation;
  Quantity quantity;
  float x, exact;
};
constexpr HardCase kHardCases[] = {
    {"softplus", Quantity::kValue, -0x1.65cc1cp+1f, 0x1.e5d01ep-5f},
    {"gelu", Quantity::kGradient, -0x1.a00b44p-1f, -0x1.963cecp-6f},
    {"gelu", Quantity::kValue, -0x1.9fc096p+1f, -0x1.eeab0ap-10f},
    {"tanh", Quantity::kValue, 0x1.687ba6p-7f, 0x1.6877eep-7f},
    {"silu", Quantity::kGradient, -0x1.3bf938p+0f, 0x1.44da70p-7f},
    {"serf", Quantity::kGradient, -0x1.4d8492p+0f, -0x1.f17f66p-6f},
    {"elu", Quantity::kValue, -0x1.5443b0p-6f, -0x1.50c162p-6f},
    {"mish", Quantity::kGradient, -0x1.4763c0p+0f, -0x1.617006p-6f},
    {"sigmoid", Quantity::kGradient, -0x1.bbf418p+4f, 0x1.f541c2p-41f},
    {"sigmoid", Quantity::kValue, -0x1.ec2132p+2f, 0x1.df9a8ap-12f},
    {"silu", Quantity::kValue, -0x1.bfc406p+2f, -0x1.a34232p-8f},
    {"erf", Quantity::kValue, 0x1.c40686p-126f, 0x1.fe0e60p-126f},
    {"logcosh", Quantity::kValue, 0x1.69aa1ep-11f, 0x1.fef138p-23f},
    {"tanh_shrink", Quantity::kGradient, 0x1.fac820p-8f, 0x1.f598c0p-15f},
    // -3 x + 15/2 x^3 and -3 x + 2/3 x^3, for an x of which 3 x is a tie.
    {"isru", Quantity::kSecondDerivative, 0x1.000002p-40f, -0x1.800002p-39f},
    {"isrlu", Quantity::kSecondDerivative, -0x1.000002p-40f, 0x1.800002p-39f},
    {"gcu", Quantity::kSecondDerivative, 0x1.000002p-40f, -0x1.800002p-39f},
};

TEST_P(RoundingTest, Float32NextToATieIsTheExactResultRoundedOnce) {
  for (const HardCase& hard : kHardCases) {
    // Alone, and among others, so that it meets every part of a loop.
    for (const size_t count : {1, 77}) {
      std::vector<double> x(count, 0.375);
      x[count / 2] = hard.x;
      const TestTensor input(ElementType::kFloat32, x);
      const TestOutputs outputs = *EvaluateInCore(
          {.activation = hard.activation, .inputs = {input.view()}, .quantities = {hard.quantity}},
          {.catalogue = *Catalogue::ForTarget(GetParam())});
      EXPECT_EQ(outputs.begin()->second.values[count / 2], hard.exact)
          << Name(hard.quantity) << " of " << hard.activation << " at " << std::hexfloat << hard.x;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Targets, RoundingTest, ::testing::ValuesIn(Catalogue::Targets()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace rectifier::testing
