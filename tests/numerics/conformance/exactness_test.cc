// Results that an ordinary sample of inputs does not meet: bounds at infinity, slopes that no
// double holds, roots that move with an argument, tails that underflow. The expected numbers were
// computed with mpmath from the formulas, with 60 digits.
#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/core_evaluate.h"

namespace rectifier::testing {
namespace {

using Numbers = std::vector<double>;

class ExactnessTest : public ::testing::TestWithParam<std::string> {
 protected:
  struct Call {
    absl::string_view activation;
    std::vector<Argument> arguments = {};
    absl::string_view preset = {};
    ElementType type = ElementType::kFloat64;
    double upstream = 1;
  };

  Numbers OfInputs(const char* quantity, const Call& call,
                   const std::vector<Numbers>& inputs) const {
    std::vector<TestTensor> tensors;
    tensors.reserve(inputs.size());
    EvaluationRequest request{.activation = call.activation, .arguments = call.arguments};
    request.preset = call.preset;
    for (const Numbers& input : inputs) {
      request.inputs.push_back(tensors.emplace_back(call.type, input).view());
    }
    const TestTensor upstream(call.type, Numbers(inputs[0].size(), call.upstream));
    if (call.upstream != 1) request.upstream = upstream.view();
    const Catalogue* const catalogue = *Catalogue::ForTarget(GetParam());
    request.quantities = (*catalogue->Find(call.activation))->quantities;
    return EvaluateInCore(request, {.catalogue = catalogue})->at(quantity).values;
  }
  Numbers Of(const char* quantity, const Call& call, const Numbers& x) const {
    return OfInputs(quantity, call, {x});
  }
  Numbers OfPair(const char* quantity, const Call& call, const Numbers& gate,
                 const Numbers& value) const {
    return OfInputs(quantity, call, {gate, value});
  }
};

constexpr double kLargest = std::numeric_limits<double>::max();

TEST_P(ExactnessTest, AnInfiniteBoundIsNone) {
  const Numbers x = {-kInfinity, -kLargest, -3, 0.5, 2, kLargest, kInfinity};
  const Numbers ones(x.size(), 1);
  const std::vector<Call> identities = {
      {"clip", {}, "onnx"},
      {"hard_tanh", {{"min_val", -kInfinity, {}}, {"max_val", kInfinity, {}}}},
      {"hard_tanh_jax", {{"min_val", -kInfinity, {}}, {"max_val", kInfinity, {}}}},
      {"shifted_relu", {{"c", -kInfinity, {}}}},
      {"thresholded_relu", {{"theta", -kInfinity, {}}}},
      {"s_shaped_relu", {{"left_threshold", -kInfinity, {}}, {"right_threshold", kInfinity, {}}}},
  };
  for (const Call& call : identities) {
    EXPECT_EQ(Of("value", call, x), x) << call.activation;
    EXPECT_EQ(Of("gradient", call, x), ones) << call.activation;
  }
  EXPECT_EQ(Of("d/min_val", identities[1], x), Numbers{0});
  EXPECT_EQ(Of("d/max_val", identities[1], x), Numbers{0});
  EXPECT_EQ(Of("d/c", identities[3], x), Numbers{0});
}

TEST_P(ExactnessTest, AOneSidedClampIsOpenOnTheOther) {
  const Numbers x = {-kInfinity, -kLargest, 0.5, 1, 2, kInfinity};
  const Call clip{"clip", {{"max", 1.0, {}}}, "onnx"};
  EXPECT_EQ(Of("value", clip, x), (Numbers{-kInfinity, -kLargest, 0.5, 1, 1, 1}));
  EXPECT_EQ(Of("gradient", clip, x), (Numbers{1, 1, 1, 1, 0, 0}));
  const Numbers relu = {0, 0, 0.5, 1, 2, kInfinity}, slope = {0, 0, 1, 1, 1, 1};
  for (const Call& call : {Call{"relu_n", {{"n", kInfinity, {}}}}, Call{"relu_general"},
                           Call{"relu_keras", {}, "keras"}}) {
    EXPECT_EQ(Of("value", call, x), relu) << call.activation;
    EXPECT_EQ(Of("gradient", call, x), slope) << call.activation;
  }
  EXPECT_EQ(Of("d/n", {"relu_n", {{"n", kInfinity, {}}}}, x), Numbers{0});
}

TEST_P(ExactnessTest, BoundsThatEverythingOrNothingReaches) {
  const Numbers x = {-kInfinity, -3, 0, 3, kInfinity};
  const Numbers zeros(x.size(), 0), ones(x.size(), 1);
  EXPECT_EQ(Of("value", {"step", {{"theta", -kInfinity, {}}}}, x), ones);
  EXPECT_EQ(Of("value", {"step", {{"theta", kInfinity, {}}}}, x), zeros);
  EXPECT_EQ(Of("value", {"thresholded_relu", {{"theta", kInfinity, {}}}}, x), zeros);
  for (const char* shrink : {"hard_shrink", "soft_shrink", "shrink"}) {
    EXPECT_EQ(Of("value", {shrink, {{"lambd", kInfinity, {}}}}, x), zeros) << shrink;
    EXPECT_EQ(Of("gradient", {shrink, {{"lambd", kInfinity, {}}}}, x), zeros) << shrink;
  }
  const Call unclipped{"gelu_clipped", {{"min", -kInfinity, {}}, {"max", kInfinity, {}}}};
  EXPECT_EQ(Of("value", unclipped, x), Of("value", {"gelu"}, x));
  EXPECT_EQ(Of("gradient", unclipped, x), Of("gradient", {"gelu"}, x));
  const Call unlimited{"swiglu_oai", {{"alpha", 1.0, {}}, {"limit", kInfinity, {}}}};
  EXPECT_EQ(OfPair("value", unlimited, {50, 60}, {8, 99}), (Numbers{450, 6000}));
}

TEST_P(ExactnessTest, AShrinkOfNothingIsX) {
  const Numbers x = {-2, -0.0, 0, 2}, ones(4, 1);
  for (const char* shrink : {"hard_shrink", "soft_shrink", "shrink"}) {
    const Call call{shrink, {{"lambd", 0.0, {}}}};
    EXPECT_EQ(Of("value", call, x), x) << shrink;
    EXPECT_EQ(Of("gradient", call, x), ones) << shrink;
  }
  // The function jumps at 0.
  const Call biased{"shrink", {{"lambd", 0.0, {}}, {"bias", 0.5, {}}}};
  EXPECT_EQ(Of("gradient", biased, x), (Numbers{1, 0, 0, 1}));
}

TEST_P(ExactnessTest, TheRampsRiseByASixth) {
  const double x = -2.9999999999999996;  // next to -3
  EXPECT_EQ(Of("value", {"hard_sigmoid"}, {x}), Numbers{7.4014868308343769e-17});
  EXPECT_EQ(Of("value", {"hard_swish"}, {x}), Numbers{-2.2204460492503128e-16});
  for (const char* preset : {"pytorch", "jax", "keras"}) {
    EXPECT_EQ(Of("value", {"hard_sigmoid", {}, preset}, {x}), Numbers{7.4014868308343769e-17});
  }
  for (const ElementType type : kAllElementTypes) {
    EXPECT_EQ(Of("gradient", {.activation = "hard_swish", .type = type}, {-1.5, 0, 3}),
              (Numbers{0, 0.5, 1}))
        << Name(type);
  }
  // The same holds for a fifth.
  EXPECT_EQ(Of("value", {"hard_sigmoid", {{"alpha", 0.2, {}}}}, {-2.4999999999999996}),
            Numbers{8.8817841970012523e-17});
}

// Every float16 in [-3, 3], rounded once from x (x + 3)/6, of which the numerator is exact in a
// double, and from it halfway results are known.
TEST_P(ExactnessTest, HardSwishIsRoundedFromTheFraction) {
  Numbers x;
  for (double least = 0x1p-24; least < 2; least *= 2) {
    for (int k = least == 0x1p-24 ? 0 : 1024; k < 2048; ++k) {
      if (const double at = k * least; at < 3) x.insert(x.end(), {-at, at});
    }
  }
  const Numbers value = Of("value", {.activation = "hard_swish", .type = ElementType::kFloat16}, x);
  for (size_t i = 0; i < x.size(); ++i) {
    const double sixfold = x[i] * (x[i] + 3);
    const double y = std::abs(value[i]);
    const double step =
        std::max(std::exp2(std::floor(std::log2(std::max(y, 0x1p-24))) - 10), 0x1p-24);
    // The result is at most half a step off and, at exactly half a step, even.
    const double off = std::abs(6 * value[i] - sixfold);
    EXPECT_TRUE(off < 3 * step || (off == 3 * step && std::fmod(y / step, 2) == 0)) << x[i];
  }
}

TEST_P(ExactnessTest, TheRampsSlopeMayBeAnyPositiveNumber) {
  const Call steep{"hard_swish", {{"alpha", 1e308, {}}, {"beta", 0.5, {}}}};
  EXPECT_EQ(Of("gradient", steep, {0}), Numbers{0.5});
  for (const double alpha : {5e-324, 1e-310}) {
    const Call flat{"hard_swish", {{"alpha", alpha, {}}, {"beta", 1.0, {}}}};
    EXPECT_EQ(Of("value", flat, {0.25, 7, kInfinity}), (Numbers{0.25, 7, kInfinity}));
    EXPECT_EQ(Of("gradient", flat, {0.25, 7, kInfinity}), (Numbers{1, 1, 1}));
    const Call gate{"hard_sigmoid", {{"alpha", alpha, {}}, {"beta", 1.0, {}}}};
    EXPECT_EQ(Of("value", gate, {0, 0.25, 7}), (Numbers{1, 1, 1}));
  }
}

// Each argument makes the root fall next to x.
TEST_P(ExactnessTest, RootsThatMoveWithAnArgument) {
  const auto in_floats = [](absl::string_view name, absl::string_view parameter, double argument) {
    return Call{.activation = name,
                .arguments = {{parameter, argument, {}}},
                .type = ElementType::kFloat32};
  };
  const auto expect = [](double got, double exact) { EXPECT_FLOAT_EQ(got, exact); };
  const double beta = -1.2784645427610738 / 3;
  expect(Of("gradient", in_floats("swish", "beta", beta), {3})[0], -3.6611057925507127e-17);
  expect(Of("gradient", in_floats("swish", "beta", -0.4261548475870246), {3})[0],
         -3.3812231705698472e-19);
  expect(Of("gradient", in_floats("swish", "beta", -2.5569290855221474), {0.5})[0],
         2.3843834755243115e-17);
  expect(Of("second_derivative", in_floats("swish", "beta", -0.7997857601718226), {3})[0],
         2.7375578992244852e-18);
  expect(Of("second_derivative", in_floats("swish", "beta", -0.34276532578792396), {7})[0],
         1.1732390996676365e-18);
  for (const char* pair : {"swiglu", "swiglu_oai"}) {
    const double value = pair == std::string("swiglu") ? 1 : 0;  // the factor is 1 either way
    expect(OfPair("gradient", in_floats(pair, "alpha", beta), {3}, {value})[0],
           -3.6611057925507127e-17);
  }
  expect(Of("d/a", in_floats("snake", "a", 1.5347389257335255), {3})[0], -5.13446671834155e-16);
  expect(Of("d/a", in_floats("snake", "a", 1.5540815802762817), {0.75})[0], 2.36937265320987e-18);
  const auto xielu = [](double alpha_n, double beta) {
    return Call{.activation = "xielu",
                .arguments = {{"alpha_n", alpha_n, {}}, {"beta", beta, {}}},
                .type = ElementType::kFloat32};
  };
  expect(Of("gradient", xielu(0.8, 0.5056964470628462), {-1})[0], 5.0803047081766413e-17);
  expect(Of("gradient", xielu(0.8, 0.7601703453057089), {-3})[0], 3.9882284671792504e-17);
  expect(Of("gradient", xielu(2, 0.44239843385719024), {-0.25})[0], -2.0463739069062995e-17);
  expect(Of("gradient", {.activation = "quick_gelu", .type = ElementType::kFloat32},
            {-0x1.80974ap-1})[0],
         4.2614541467280139e-9);
}

TEST_P(ExactnessTest, WhatIsLeftOfTwoEqualArgumentsIsSmall) {
  // beta + alpha_n (e^x - 1) of equal arguments is e^x.
  const std::vector<Argument> equal = {{"alpha_n", 1.0, {}}, {"beta", 1.0, {}}};
  for (ElementType type : {ElementType::kFloat32, ElementType::kBFloat16}) {
    const Call call = {.activation = "xielu", .arguments = equal, .type = type};
    const double unit = type == ElementType::kFloat32 ? 0x1p-149 : 0x1p-133;
    EXPECT_EQ(Of("gradient", call, {-95})[0], std::nearbyint(5.521082277028533e-42 / unit) * unit);
  }
  const Call call = {.activation = "xielu", .arguments = equal};
  EXPECT_DOUBLE_EQ(Of("gradient", call, {-95})[0], 5.521082277028533e-42);
  EXPECT_DOUBLE_EQ(Of("gradient", call, {-700})[0], 9.859676543759770e-305);
}

TEST_P(ExactnessTest, ASquareTimesAHugeArgumentIsNotLost) {
  // x/2 + 1e100 x^2/2 of the float32 number next to -2.8e-43, which is -200 units.
  const Call call = {
      .activation = "xielu", .arguments = {{"alpha_n", 1e100, {}}}, .type = ElementType::kFloat32};
  EXPECT_EQ(Of("value", call, {-0x1.9p-142})[0], 0x1.652efep+48);
}

// At -2^54 and 1 - 2^54 the line -x + 2^54 would meet 0 and 1, but both are one double.
TEST_P(ExactnessTest, ARampOfWhichBothEndsAreOneDoubleIsZeroThere) {
  const std::vector<Argument> arguments = {{"alpha", 1.0, {}}, {"beta", 0x1p54, {}}};
  for (ElementType type : {ElementType::kFloat64, ElementType::kFloat32}) {
    for (const char* ramp : {"hard_sigmoid", "hard_swish"}) {
      const Call call = {.activation = ramp, .arguments = arguments, .type = type};
      EXPECT_EQ(Of("value", call, {-0x1p54})[0], 0) << ramp;
      EXPECT_EQ(Of("gradient", call, {-0x1p54})[0], 0) << ramp;
    }
  }
}

TEST_P(ExactnessTest, SquareplusOfTheLeastB) {
  const Call call = {.activation = "squareplus", .arguments = {{"b", 0x1p-1074, {}}}};
  EXPECT_EQ(Of("gradient", call, {0})[0], 0.5);
  EXPECT_EQ(Of("value", call, {0})[0], 0x1p-538);
  EXPECT_EQ(Of("value", call, {-0x1p-500})[0], 0x1p-576);
  EXPECT_EQ(Of("value", call, {-0x1p-1070})[0], 0x1p-538);
}

TEST_P(ExactnessTest, TailsUnderflow) {
  const auto with = [](absl::string_view name, double upstream, std::vector<Argument> arguments) {
    return Call{.activation = name,
                .arguments = std::move(arguments),
                .type = ElementType::kFloat32,
                .upstream = upstream};
  };
  const auto expect_minus_0 = [](double got) { EXPECT_TRUE(got == 0 && std::signbit(got)) << got; };
  const Numbers geglu =
      OfPair("gradient", with("geglu", 1e38, {}), {-30, -22, -23.5}, {1e38, 1e38, 1e38});
  expect_minus_0(geglu[0]);
  EXPECT_FLOAT_EQ(geglu[1], -6.969020046245021e-29);
  EXPECT_EQ(geglu[2], static_cast<double>(-1.1262333451102808e-43f));
  expect_minus_0(Of("second_derivative", with("serf", 1e38, {}), {64})[0]);
  const std::vector<Argument> narrow = {{"mu", 0.0, {}}, {"sigma", 1e-3, {}}};
  for (const double x : {0.022, 0.025, 0.03, 1.0}) {
    expect_minus_0(Of("second_derivative", with("laplace", 1e38, narrow), {x})[0]);
  }
  const Call narrowest{"laplace", {{"mu", 0.0, {}}, {"sigma", 1e-12, {}}}};
  for (const double y : Of("second_derivative", narrowest, {4.05e-11, 4.1e-11, 5e-11, 1})) {
    expect_minus_0(y);
  }
}

TEST_P(ExactnessTest, CeluOfANegativeAlphaFallsAsAnExponential) {
  const auto celu = [](double alpha) { return Call{"celu", {{"alpha", alpha, {}}}}; };
  const Numbers x = {-1, 2};
  EXPECT_EQ(Of("value", celu(-0.5), x), (Numbers{-3.1945280494653251, 2}));
  EXPECT_EQ(Of("gradient", celu(-0.5), x), (Numbers{7.3890560989306502, 1}));
  EXPECT_EQ(Of("second_derivative", celu(-0.5), x), (Numbers{-14.7781121978613, 0}));
  EXPECT_DOUBLE_EQ(Of("d/alpha", celu(-0.5), {-1})[0], -8.3890560989306502);
  EXPECT_DOUBLE_EQ(Of("d/alpha", celu(-0.5), {-0.125})[0], -0.036980937484193887);
  EXPECT_DOUBLE_EQ(Of("d/alpha", celu(-2), {-1e-3})[0], -1.2504167448020845e-7);
  EXPECT_EQ(Of("value", celu(-2), {-kInfinity, -0.0}), (Numbers{-kInfinity, 0}));
  EXPECT_DOUBLE_EQ(Of("value", celu(-1e-100), {-3e-98})[0], -1.9424263952412402e30);
  EXPECT_DOUBLE_EQ(Of("d/alpha", celu(-1e-100), {-3e-98})[0], -5.8078549217713079e132);
  EXPECT_EQ(Of("d/alpha", celu(-1), {-kInfinity}), Numbers{-kInfinity});
}

TEST_P(ExactnessTest, SoftplusHasPyTorchsThreshold) {
  const Call pytorch{"softplus", {}, "pytorch"};
  const Numbers x = {-1, 20, 20.5, 40}, plain = Of("value", {"softplus"}, x);
  EXPECT_EQ(Of("value", pytorch, x), (Numbers{plain[0], plain[1], 20.5, 40}));
  EXPECT_NE(plain[2], 20.5);
  EXPECT_EQ(Of("gradient", pytorch, {20.5}), Numbers{1});
  EXPECT_EQ(Of("second_derivative", pytorch, {20.5}), Numbers{0});
  EXPECT_EQ(Of("d/beta", pytorch, {20.5}), Numbers{0});
  const Call doubled{"softplus", {{"beta", 2.0, {}}, {"threshold", 1.0, {}}}};
  EXPECT_EQ(Of("value", doubled, {0.75}), Numbers{0.75});
  EXPECT_GT(Of("value", doubled, {0.5})[0], 0.5);
}

TEST_P(ExactnessTest, PairsOfOtherLibraries) {
  EXPECT_EQ(OfPair("value", {"gelu_tanh_and_mul"}, {1.5}, {2}), Numbers{2.7991431539604658});
  EXPECT_EQ(OfPair("value", {"swiglu", {{"alpha", 2.0, {}}}}, {1.5}, {3}),
            Numbers{4.2865835707009495});
  const Numbers gates = {0.25, 0.5, 0.75, -1}, eights(4, 8);
  const Call fatrelu{"fatrelu_and_mul", {{"threshold", 0.5, {}}}};
  EXPECT_EQ(OfPair("value", fatrelu, gates, eights), (Numbers{0, 0, 6, 0}));
  EXPECT_EQ(OfPair("gradient", fatrelu, gates, eights), (Numbers{0, 0, 8, 0}));
  EXPECT_EQ(OfPair("gradient 1", fatrelu, gates, eights), (Numbers{0, 0, 0.75, 0}));
  EXPECT_EQ(OfPair("value", {"fatrelu_and_mul"}, gates, eights),
            OfPair("value", {"reglu"}, gates, eights));
}

INSTANTIATE_TEST_SUITE_P(Targets, ExactnessTest, ::testing::ValuesIn(Catalogue::Targets()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace rectifier::testing
