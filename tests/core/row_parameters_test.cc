// Parameters of rows: temperatures of all sizes, one for each row; noise and bias, added exactly;
// and what is discarded. The right values are written out or follow from rows one by one.
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/row_activations.h"
#include "tests/support/core_evaluate.h"

namespace rectifier::testing {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr ElementType kWide[] = {ElementType::kFloat64, ElementType::kFloat32};

TestOutputs Evaluated(const char* activation, const TestTensor& x, std::vector<Argument> arguments,
                      const TestTensor* upstream = nullptr) {
  EvaluationRequest request{.activation = activation,
                            .arguments = std::move(arguments),
                            .inputs = {x.view()},
                            .quantities = (**Catalogue::Best().Find(activation)).quantities};
  if (upstream != nullptr) request.upstream = upstream->view();
  const auto outputs = EvaluateInCore(request);
  EXPECT_TRUE(outputs.ok()) << activation << ": " << outputs.status();
  return outputs.value_or(TestOutputs());
}

std::vector<double> Gumbel(ElementType type, const std::vector<double>& row, double temperature,
                           const char* hard = "false") {
  return Evaluated("gumbel_softmax", TestTensor(type, row),
                   {{"temperature", temperature, {}},
                    {"seed", 1.0, {}},
                    {"hard", absl::string_view(hard), {}}})
      .at("value")
      .values;
}

TEST(NoiseTest, IsAddedExactlyToElementsOfAnySize) {
  for (ElementType type : kWide) {
    const std::vector<double> four = Gumbel(type, {0, 0, 0, 0}, 0.001);
    const auto none = ::testing::DoubleNear(0, 1e-80);
    EXPECT_THAT(four, ElementsAre(1, none, none, none));
    EXPECT_THAT(Gumbel(type, {-3.4e38, -3.4e38, -3.4e38, -3.4e38}, 0.001),
                ElementsAre(1, none, none, none));
    EXPECT_THAT(Gumbel(type, {1e30, 1e30}, 0.001), ElementsAre(1, none));
  }
}

// 2e-19 is less than the rounding error of x + noise, and 5e-309 has no reciprocal.
TEST(NoiseTest, TheLargestSumTakesAllAtSmallTemperatures) {
  const std::vector<double> rows[] = {{1, 2, 2.5}, {1e6, 1e6, 1e6}, {1e16, 0, 1}};
  for (ElementType type : kAllElementTypes) {
    for (const std::vector<double>& row : rows) {
      if (type == ElementType::kFloat16 && row[0] > 60000) continue;
      const std::vector<double> hard = Gumbel(type, row, 1, "true");
      for (double temperature : {1e-13, 8e-14, 2e-19, 1e-300, 5e-309}) {
        EXPECT_EQ(Gumbel(type, row, temperature), hard) << row[0] << " at " << temperature;
        EXPECT_EQ(Gumbel(type, row, temperature, "true"), hard);
      }
    }
    EXPECT_THAT(Gumbel(type, {1e4, 0, 1}, 1.3e-3), ElementsAre(1, 0, 0));
  }
  EXPECT_THAT(Gumbel(ElementType::kFloat64, {1e16, 0, 1}, 1.3e-3), ElementsAre(1, 0, 0));
}

TEST(TemperatureTest, MayBeTooSmallToHaveAReciprocal) {
  struct Case {
    const char* name;
    std::vector<double> value, gradient;
    double by_temperature;
  };
  const Case cases[] = {{"softmax", {0, 1}, {0, 0}, 0},
                        {"softmin", {1, 0}, {0, 0}, 0},
                        {"quiet_softmax", {0, 1}, {0, 0}, 0},
                        {"gumbel_softmax", {0, 1}, {0, 0}, 0},
                        // The sum is -1/temperature, which is beyond all numbers.
                        {"log_softmax", {-kInfinity, 0}, {kInfinity, -kInfinity}, kInfinity},
                        {"logsumexp", {2}, {0, 1}, 0},
                        {"logmeanexp", {2}, {0, 1}, -std::log(2)},
                        {"lse0", {2}, {0, 1}, 0}};
  for (ElementType type : kWide) {
    for (const Case& c : cases) {
      const TestOutputs outputs =
          Evaluated(c.name, TestTensor(type, {1, 2}), {{"temperature", 5e-309, {}}});
      EXPECT_EQ(outputs.at("value").values, c.value) << c.name;
      EXPECT_EQ(outputs.at("gradient").values, c.gradient) << c.name;
      EXPECT_FLOAT_EQ(outputs.at("d/temperature").values[0], c.by_temperature) << c.name;
    }
  }
}

TEST(TemperatureTest, WhatHasNoWeightHasNoPartInGradients) {
  const char* const names[] = {"softmax", "quiet_softmax", "gumbel_softmax", "logsumexp", "lse0"};
  for (ElementType type : kWide) {
    const TestTensor x(type, {0, -3e38}), both(type, {1, 2});
    for (const double temperature : {1e-300, 1e-265, 1e-180, 1e-3, 1.0}) {
      for (const char* name : names) {
        const bool reduces = name[0] == 'l';
        const TestOutputs outputs =
            Evaluated(name, x, {{"temperature", temperature, {}}}, reduces ? nullptr : &both);
        EXPECT_EQ(outputs.at("gradient").values[1], 0) << name << " at " << temperature;
        EXPECT_EQ(outputs.at("d/temperature").values[0],
                  std::string(name) == "lse0" ? std::log(2) : 0)
            << name << " at " << temperature;
      }
    }
  }
}

// 1/4 over the temperature is a number, though its reciprocal is not.
TEST(TemperatureTest, GradientsAreFiniteWhereTheyAreSmallEnough) {
  const TestTensor upstream(ElementType::kFloat64, {1, 0});
  EXPECT_THAT(Evaluated("softmax", TestTensor(ElementType::kFloat64, {7, 7}),
                        {{"temperature", 5e-309, {}}}, &upstream)
                  .at("gradient")
                  .values,
              ElementsAre(0.25 / 5e-309, -0.25 / 5e-309));
}

TEST(TemperatureTest, MayBeAsLargeAsTheElements) {
  const TestTensor x(ElementType::kFloat64, {-1.7e308, 1.7e308});
  const TestTensor upstream(ElementType::kFloat64, {1, 0});
  const TestOutputs outputs = Evaluated("softmax", x, {{"temperature", 1e308, {}}}, &upstream);
  // 1/(1 + e^3.4), and the slope y (1 - y).
  EXPECT_DOUBLE_EQ(outputs.at("value").values[0], 0.0322954646984505);
  EXPECT_DOUBLE_EQ(outputs.at("value").values[1], 0.9677045353015495);
  EXPECT_NEAR(outputs.at("gradient").values[0] * 1e308, 0.0312524676583616513, 1e-14);
  EXPECT_NEAR(outputs.at("d/temperature").values[0] * 1e308, 3.4 * 0.0312524676583616513, 1e-13);
  const TestTensor ones(ElementType::kFloat64, {1, 2});
  EXPECT_THAT(Evaluated("softmax", ones, {{"temperature", 1e308, {}}}).at("value").values,
              ElementsAre(0.5, 0.5));
}

class RowParameterTest : public ::testing::TestWithParam<std::string> {
 protected:
  const Activation& activation() const { return **Catalogue::Best().Find(GetParam()); }
  // The learnable number, or nullptr.
  const Parameter* number() const {
    for (const Parameter& parameter : activation().spec->parameters) {
      if (parameter.learnable && parameter.name != kBiasParameter) return &parameter;
    }
    return nullptr;
  }
  bool has(absl::string_view name) const {
    for (const Parameter& parameter : activation().spec->parameters) {
      if (parameter.name == name) return true;
    }
    return false;
  }
};

std::vector<double> Slice(const std::vector<double>& all, size_t row, size_t length) {
  return {all.begin() + static_cast<int64_t>(row * length),
          all.begin() + static_cast<int64_t>((row + 1) * length)};
}

// One number for each row gives each row the bits of that number, and each number the gradient of
// its row; one number for every second row gets the sum of theirs.
TEST_P(RowParameterTest, ANumberForEachRowIsThatRowsNumber) {
  if (number() == nullptr) return;
  constexpr size_t kRows = 10, kLength = 5;
  std::vector<double> values, numbers;
  for (size_t i = 0; i < kRows * kLength; ++i) values.push_back(std::sin(3.0 * i) * 4);
  for (size_t i = 0; i < kRows; ++i) numbers.push_back(1.25 + 0.25 * static_cast<double>(i % 7));
  const std::vector<double> two = {1.5, 2};
  for (ElementType type : kAllElementTypes) {
    const TestTensor x(type, {kRows, kLength}, values);
    const TestTensor by_row(ElementType::kFloat64, {kRows, 1}, numbers);
    const TestOutputs outputs =
        Evaluated(GetParam().c_str(), x, {{number()->name, by_row.view(), {}}});
    const std::string gradient = "d/" + std::string(number()->name);
    ASSERT_EQ(outputs.at(gradient).shape, (Shape{kRows, 1}));
    for (size_t row = 0; row < kRows; ++row) {
      const TestTensor alone(type, Slice(values, row, kLength));
      const TestOutputs expected =
          Evaluated(GetParam().c_str(), alone, {{number()->name, numbers[row], {}}});
      EXPECT_EQ(Slice(outputs.at("gradient").values, row, kLength), expected.at("gradient").values);
      const size_t width = expected.at("value").values.size();
      EXPECT_EQ(Slice(outputs.at("value").values, row, width), expected.at("value").values);
      EXPECT_EQ(outputs.at(gradient).values[row], expected.at(gradient).values[0]);
    }
    const TestTensor halves(type, {kRows / 2, 2, kLength}, values);
    const TestTensor shared(ElementType::kFloat64, {2, 1}, two);
    const TestOutputs reduced =
        Evaluated(GetParam().c_str(), halves, {{number()->name, shared.view(), {}}});
    for (size_t half = 0; half < 2; ++half) {
      std::vector<double> mine;
      for (size_t row = half; row < kRows; row += 2) {
        for (double value : Slice(values, row, kLength)) mine.push_back(value);
      }
      const TestTensor some(type, {kRows / 2, kLength}, mine);
      EXPECT_EQ(reduced.at(gradient).values[half],
                Evaluated(GetParam().c_str(), some, {{number()->name, two[half], {}}})
                    .at(gradient)
                    .values[0]);
    }
  }
}

TEST_P(RowParameterTest, ANumberForEachRowMustFitTheRows) {
  if (number() == nullptr) return;
  const TestTensor x(ElementType::kFloat32, {2, 3}, std::vector<double>(6, 1.0));
  for (const Shape& shape : {Shape{3}, Shape{2, 3}, Shape{2}, Shape{1, 2, 1}}) {
    const TestTensor numbers(ElementType::kFloat32, shape,
                             std::vector<double>(*ElementCount(shape), 1.5));
    const auto outputs = EvaluateInCore({.activation = activation().spec->name,
                                         .arguments = {{number()->name, numbers.view(), {}}},
                                         .inputs = {x.view()}});
    EXPECT_EQ(outputs.status().code(), absl::StatusCode::kInvalidArgument);
  }
}

// The bias shifts x by what a float32, and a double, cannot hold beside it.
TEST_P(RowParameterTest, ABiasIsAddedExactly) {
  if (!has(kBiasParameter)) return;
  const TestTensor upstream64(ElementType::kFloat64, {1, 0.25, -0.5});
  for (ElementType type : kWide) {
    const TestTensor large(type, {0x1p60, 0x1p60, 0x1p60}), bias(type, {0.5, 1.25, -1}),
        far(type, {-0x1p60, -0x1p60, -0x1p60}), sums(type, {0.5, 1.25, -1}), zeros(type, {0, 0, 0});
    const TestOutputs expected = Evaluated(GetParam().c_str(), zeros, {{"bias", bias.view(), {}}});
    const TestOutputs plain = Evaluated(GetParam().c_str(), sums, {});
    for (size_t i = 0; i < plain.at("value").values.size(); ++i) {
      EXPECT_NEAR(expected.at("value").values[i], plain.at("value").values[i], 1e-6);
    }
    for (size_t i = 0; i < 3; ++i) {
      EXPECT_NEAR(expected.at("gradient").values[i], plain.at("gradient").values[i], 1e-6);
      EXPECT_NEAR(expected.at("d/bias").values[i], plain.at("gradient").values[i], 1e-6);
    }
    if (activation().spec->row_shape != RowShape::kKeep || has("seed")) continue;
    if (GetParam() == "quiet_softmax") continue;
    EXPECT_EQ(Evaluated(GetParam().c_str(), large, {{"bias", bias.view(), {}}}).at("value").values,
              expected.at("value").values);
    EXPECT_EQ(Evaluated(GetParam().c_str(), far, {{"bias", bias.view(), {}}}).at("value").values,
              expected.at("value").values);
  }
}

// [2, 1, 3] against [2, 4, 3]: each element of the bias has the sum of the gradients of four.
TEST_P(RowParameterTest, AGradientByBiasIsSummedOverWhatItIsBroadcastAlong) {
  if (!has(kBiasParameter)) return;
  std::vector<double> values, given;
  for (size_t i = 0; i < 24; ++i) values.push_back(std::cos(5.0 * i) * 2);
  for (size_t i = 0; i < 24; ++i) given.push_back(std::sin(i + 1.0));
  const TestTensor bias(ElementType::kFloat64, {2, 1, 3}, {0.5, -1, 0.25, 0, 2, -0.125});
  for (double axis : {0.0, 1.0, 2.0}) {
    const TestTensor x(ElementType::kFloat64, {2, 4, 3}, values);
    const TestOutputs outputs =
        Evaluated(GetParam().c_str(), x, {{"bias", bias.view(), {}}, {"axis", axis, {}}});
    const std::vector<double>& gradient = outputs.at("gradient").values;
    for (size_t i = 0; i < 6; ++i) {
      double sum = 0;
      for (size_t k = 0; k < 4; ++k) sum += gradient[i / 3 * 12 + k * 3 + i % 3];
      EXPECT_NEAR(outputs.at("d/bias").values[i], sum, 1e-14) << i << " along " << axis;
    }
  }
}

TEST_P(RowParameterTest, ABiasOfMinusInfinityLeavesOut) {
  if (!has(kBiasParameter)) return;
  for (ElementType type : kAllElementTypes) {
    const TestTensor x(type, {0.5, 3, -0.25}), bias(ElementType::kFloat32, {0, -kInfinity, 0}),
        mask(ElementType::kFloat32, {1, 0, 1});
    const TestOutputs biased = Evaluated(GetParam().c_str(), x, {{"bias", bias.view(), {}}});
    const TestOutputs masked = Evaluated(GetParam().c_str(), x, {{"mask", mask.view(), {}}});
    for (const char* quantity : {"value", "gradient"}) {
      for (size_t i = 0; i < masked.at(quantity).values.size(); ++i) {
        double expected = masked.at(quantity).values[i];
        // The derivative of its own logarithm counts, and so does an element in a mean.
        if (quantity[0] == 'g' && GetParam() == "log_softmax") continue;
        if (quantity[0] == 'v' && GetParam() == "logmeanexp") expected += std::log(2.0 / 3);
        const double actual = biased.at(quantity).values[i];
        if (std::isinf(expected)) {
          EXPECT_EQ(actual, expected);
        } else {
          EXPECT_NEAR(actual, expected, std::abs(expected) * 0x1p-6) << quantity << " " << i;
        }
      }
    }
  }
}

TEST_P(RowParameterTest, ABiasIsAnyNumberButInfinity) {
  if (!has(kBiasParameter)) return;
  const TestTensor x(ElementType::kFloat32, {1, 2});
  for (double bad : {kInfinity, kNaN}) {
    const TestTensor bias(ElementType::kFloat32, {0, bad});
    const auto outputs = EvaluateInCore({.activation = activation().spec->name,
                                         .arguments = {{"bias", bias.view(), {}}},
                                         .inputs = {x.view()}});
    EXPECT_EQ(outputs.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(outputs.status().message()), ::testing::HasSubstr("[-inf, inf)"));
  }
}

// Whatever lies, and whatever comes back, where an element is left out does not matter.
TEST_P(RowParameterTest, WhatIsLeftOutIsDiscarded) {
  if (!has(kMaskParameter)) return;
  const bool keeps = activation().spec->row_shape == RowShape::kKeep;
  const TestTensor mask(ElementType::kFloat32, {1, 0, 1, 0});
  for (ElementType type : kAllElementTypes) {
    const TestTensor garbage(type, {1, kNaN, 0.5, kInfinity}), clean(type, {1, 0, 0.5, 0});
    const TestTensor loud(type, {1, kInfinity, -2, kNaN}), quiet(type, {1, 0, -2, 0});
    const TestOutputs expected =
        Evaluated(GetParam().c_str(), clean, {{"mask", mask.view(), {}}}, keeps ? &quiet : nullptr);
    const TestOutputs actual = Evaluated(GetParam().c_str(), garbage, {{"mask", mask.view(), {}}},
                                         keeps ? &loud : nullptr);
    for (const auto& [name, output] : expected) {
      EXPECT_EQ(actual.at(name).bytes, output.bytes) << name << " in " << Name(type);
    }
  }
}

TEST_P(RowParameterTest, ARowThatIsLeftOutWholeHasNoGradients) {
  if (!has(kMaskParameter)) return;
  const bool keeps = activation().spec->row_shape == RowShape::kKeep;
  const TestTensor mask(ElementType::kFloat32, {0, 0, 0});
  const TestTensor loud(ElementType::kFloat32, {kInfinity, 1, kNaN});
  const TestTensor infinite(ElementType::kFloat32, {}, {kInfinity});
  const TestTensor x(ElementType::kFloat32, {1, kNaN, kInfinity});
  const TestOutputs outputs =
      Evaluated(GetParam().c_str(), x, {{"mask", mask.view(), {}}}, keeps ? &loud : &infinite);
  for (const auto& [name, output] : outputs) {
    if (name == "value") continue;
    EXPECT_THAT(output.values, Each(0.0)) << name;
  }
}

INSTANTIATE_TEST_SUITE_P(Catalogue, RowParameterTest, ::testing::ValuesIn(RowActivations()),
                         [](const auto& info) { return info.param; });

// An upstream of infinity gives 0 where nothing is selected, not 0 times infinity.
TEST(SelectionTest, DiscardsAnUpstreamOfInfinity) {
  for (ElementType type : kAllElementTypes) {
    const TestTensor upstream(type, {2, kInfinity, 1});
    const auto gradient = [&](const char* name, const std::vector<double>& row,
                              const TestTensor& g) {
      return Evaluated(name, TestTensor(type, row), {}, &g).at("gradient").values;
    };
    EXPECT_THAT(gradient("sparsemax", {1, -5, 1}, upstream), ElementsAre(0.5, 0, -0.5));
    EXPECT_THAT(gradient("entmax", {1, -50, 1}, upstream)[1], 0);
    EXPECT_THAT(gradient("hardmax", {1, 0, 1}, upstream), ElementsAre(0, 0, 0));
    EXPECT_THAT(gradient("softmax", {1, -kInfinity, 1}, upstream), ElementsAre(0.25, 0, -0.25));
    EXPECT_THAT(gradient("softmin", {1, kInfinity, 1}, upstream), ElementsAre(-0.25, 0, 0.25));
    EXPECT_THAT(gradient("softmax", {kInfinity, 0, kInfinity}, upstream),
                ElementsAre(0.25, 0, -0.25));
    const TestTensor infinite(type, {}, {kInfinity});
    EXPECT_THAT(gradient("logsumexp", {1, -kInfinity}, infinite), ElementsAre(kInfinity, 0));
    const TestTensor halves(type, {3, kInfinity, kInfinity, 5});
    EXPECT_THAT(gradient("crelu", {1, -1}, halves), ElementsAre(3, -5));
    const TestTensor pair(type, {kInfinity});
    EXPECT_THAT(gradient("maxout", {1, -1}, pair), ElementsAre(kInfinity, 0));
  }
}

TEST(QuietSoftmaxTest, HasOneMoreInTheDenominator) {
  const std::vector<double> row = {std::log(2.0), 0, -kInfinity};
  const TestTensor x(ElementType::kFloat64, row), upstream(ElementType::kFloat64, {1, 0, 0});
  const TestOutputs outputs = Evaluated("softmax1", x, {}, &upstream);
  const auto near = [](double a) { return ::testing::DoubleNear(a, 1e-16); };
  // 2/4, 1/4 and 0; y_i ([i = 0] - y_0).
  EXPECT_THAT(outputs.at("value").values, ElementsAre(near(0.5), near(0.25), 0));
  EXPECT_THAT(outputs.at("gradient").values, ElementsAre(near(0.25), near(-0.125), 0));
  // -y_0 (ln 2 - sum(y_i x_i)) = -0.5 (ln 2)/2.
  EXPECT_THAT(outputs.at("d/temperature").values, ElementsAre(near(-0.25 * std::log(2.0))));
  const TestTensor low(ElementType::kFloat64, {-800, -900});
  EXPECT_THAT(Evaluated("quiet_softmax", low, {}).at("value").values,
              ElementsAre(std::exp(-800), std::exp(-900)));
  const TestTensor high(ElementType::kFloat32, {800, 800});
  EXPECT_THAT(Evaluated("softmax_one", high, {}).at("value").values, ElementsAre(0.5, 0.5));
}

TEST(EntmaxTest, AlphaReachesFromOneToFour) {
  const TestTensor x(ElementType::kFloat64, {0.5, 0.25, -3});
  // Next to alpha = 1 it is softmax.
  const std::vector<double> soft = Evaluated("softmax", x, {}).at("value").values;
  const TestOutputs next = Evaluated("entmax", x, {{"alpha", 1 + 0x1p-40, {}}});
  for (size_t i = 0; i < 3; ++i) EXPECT_NEAR(next.at("value").values[i], soft[i], 1e-11);
  // alpha = 3: sqrt(1 + u) - sqrt(u - 0.5 + 1 - ...): the two largest with sqrt(w) + sqrt(w - 1/2)
  // = 1, so w = 9/16.
  const TestOutputs three = Evaluated("entmax", x, {{"alpha", 3.0, {}}});
  EXPECT_THAT(three.at("value").values,
              ElementsAre(::testing::DoubleEq(0.75), ::testing::DoubleEq(0.25), 0));
  for (double bad : {1.0, 4.0000001, 0.5}) {
    const auto outputs = EvaluateInCore(
        {.activation = "entmax", .arguments = {{"alpha", bad, {}}}, .inputs = {x.view()}});
    EXPECT_FALSE(outputs.ok()) << bad;
  }
}

}  // namespace
}  // namespace rectifier::testing
