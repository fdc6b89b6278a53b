// What rows give where there is nothing exact to compare with: empty, masked and infinite rows; and
// that the way in which rows lie in memory does not matter.
#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
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

// The value and gradient of one row, some of it left out.
TestOutputs Masked(const char* activation, const std::vector<double>& row,
                   const std::vector<double>& kept, ElementType type = ElementType::kFloat32) {
  const TestTensor x(type, row), mask(ElementType::kFloat16, kept);
  const auto outputs = EvaluateInCore({.activation = activation,
                                       .arguments = {{"mask", mask.view(), {}}},
                                       .inputs = {x.view()},
                                       .quantities = {Quantity::kValue, Quantity::kGradient}});
  EXPECT_TRUE(outputs.ok()) << outputs.status();
  return *outputs;
}

TEST(RowsTest, WhatIsLeftOutHasNoWeightEvenWhereItIsNaN) {
  for (ElementType type : {ElementType::kFloat64, ElementType::kFloat32}) {
    EXPECT_THAT(Masked("softmax", {1, kNaN, 1, kInfinity}, {1, 0, 1, 0}, type).at("value").values,
                ElementsAre(0.5, 0, 0.5, 0));
    const TestOutputs logarithm = Masked("log_softmax", {1, kNaN}, {1, 0}, type);
    EXPECT_THAT(logarithm.at("value").values, ElementsAre(0, -kInfinity));
    EXPECT_THAT(logarithm.at("gradient").values, ElementsAre(0, 0));
    EXPECT_THAT(Masked("logmeanexp", {2, kNaN, 2}, {1, 0, 1}, type).at("value").values,
                ElementsAre(2));
  }
}

TEST(RowsTest, ARowThatIsLeftOutWholeIsSafe) {
  const std::pair<const char*, double> expected[] = {{"softmax", 0},
                                                     {"softmin", 0},
                                                     {"log_softmax", -kInfinity},
                                                     {"logsumexp", -kInfinity},
                                                     {"lse0", 0},
                                                     {"logmeanexp", -kInfinity},
                                                     {"hardmax", 0},
                                                     {"sparsemax", 0},
                                                     {"entmax", 0}};
  for (ElementType type : kAllElementTypes) {
    for (const auto& [name, value] : expected) {
      const TestOutputs outputs = Masked(name, {1, kNaN, 3}, {0, 0, 0}, type);
      EXPECT_THAT(outputs.at("value").values, Each(value)) << name;
      EXPECT_THAT(outputs.at("gradient").values, Each(0.0)) << name;
    }
  }
}

TEST(RowsTest, InfinitiesShareTheMass) {
  for (const char* name : {"softmax", "sparsemax", "entmax"}) {
    EXPECT_THAT(Masked(name, {kInfinity, 3, kInfinity}, {1, 1, 1}).at("value").values,
                ElementsAre(0.5, 0, 0.5))
        << name;
  }
  EXPECT_THAT(Masked("logsumexp", {kInfinity, 3}, {1, 1}).at("value").values,
              ElementsAre(kInfinity));
}

TEST(RowsTest, SparsemaxIsTheNearestPointOfTheSimplex) {
  const TestOutputs outputs = Masked("sparsemax", {0.5, 0.25, -1, 0.25}, {1, 1, 1, 1});
  EXPECT_THAT(outputs.at("value").values, ElementsAre(0.5, 0.25, 0, 0.25));
}

TEST(RowsTest, AnElementAtTheThresholdIsNotInTheSupport) {
  const TestOutputs outputs = Masked("sparsemax", {1, 0, 0.5, -0.25}, {1, 1, 1, 1});
  EXPECT_THAT(outputs.at("value").values, ElementsAre(0.75, 0, 0.25, 0));
  EXPECT_THAT(Masked("sparsemax", {1, 0}, {1, 1}).at("value").values, ElementsAre(1, 0));
}

TEST(RowsTest, HardmaxTakesTheFirstOfTheLargest) {
  EXPECT_THAT(Masked("hardmax", {1, 7, 7, -2}, {1, 1, 1, 1}).at("value").values,
              ElementsAre(0, 1, 0, 0));
  EXPECT_THAT(Masked("hardmax", {1, 7, 7, -2}, {1, 0, 1, 1}).at("value").values,
              ElementsAre(0, 0, 1, 0));
}

// Four rows of gumbel_softmax, with some arguments.
std::vector<double> Drawn(std::vector<Argument> arguments) {
  const TestTensor x(ElementType::kFloat32, {4, 3}, std::vector<double>(12, 0.5));
  return EvaluateInCore({.activation = "gumbel_softmax",
                         .arguments = std::move(arguments),
                         .inputs = {x.view()}})
      ->at("value")
      .values;
}

TEST(RowsTest, DrawsGoBySeedAndOffset) {
  const std::vector<double> first = Drawn({{"seed", 0.0, {}}});
  EXPECT_EQ(Drawn({{"seed", 0.0, {}}, {"offset", 0.0, {}}}), first);
  EXPECT_NE(Drawn({{"seed", 1.0, {}}}), first);
  const std::vector<double> later = Drawn({{"seed", 0.0, {}}, {"offset", 3.0, {}}});
  EXPECT_EQ(std::vector<double>(later.begin(), later.begin() + 9),
            std::vector<double>(first.begin() + 3, first.end()));
}

// One long row tells the noise of every element; columns must have the same.
TEST(RowsTest, NoiseGoesByTheIndexInTheTensorAlongAnyAxis) {
  constexpr int64_t kLength = 5, kColumns = 70;
  const std::vector<double> zeros(kLength * kColumns, 0.0);
  const auto drawn = [&](const Shape& shape) {
    const TestTensor x(ElementType::kFloat64, shape, zeros);
    const std::vector<Argument> arguments = {{"seed", 9.0, {}}, {"axis", 0.0, {}}};
    return EvaluateInCore(
               {.activation = "gumbel_softmax", .arguments = arguments, .inputs = {x.view()}})
        ->at("value")
        .values;
  };
  const std::vector<double> row = drawn({kLength * kColumns});
  const std::vector<double> columns = drawn({kLength, kColumns});
  for (int64_t column = 0; column < kColumns; ++column) {
    double sum = 0;
    for (int64_t i = column; i < kLength * kColumns; i += kColumns) sum += row[i];
    for (int64_t i = column; i < kLength * kColumns; i += kColumns) {
      EXPECT_NEAR(columns[i], row[i] / sum, 1e-14) << i;
    }
  }
}

TEST(RowsTest, NothingIsDrawnWithoutASeed) {
  EXPECT_THAT(Drawn({}), Each(static_cast<float>(1.0 / 3)));
}

TEST(RowsTest, AHardDrawIsOneAtTheLargest) {
  const std::vector<double> soft = Drawn({{"seed", 5.0, {}}});
  const std::vector<double> hard =
      Drawn({{"seed", 5.0, {}}, {"hard", absl::string_view("true"), {}}});
  for (size_t row = 0; row < 12; row += 3) {
    const auto largest = std::max_element(soft.begin() + row, soft.begin() + row + 3);
    for (size_t i = row; i < row + 3; ++i) {
      EXPECT_EQ(hard[i], soft.begin() + i == largest ? 1 : 0);
    }
  }
}

// Rows of 2^20 are held against sums in long doubles: within 2 ULP, which for gradients are those
// of the largest one of the row.
TEST(RowsTest, RowsOfAMillionElementsStayWithinTheirBounds) {
  constexpr size_t kLength = size_t{1} << 20;
  std::mt19937_64 random(11);
  std::normal_distribution<float> normal(0, 3);
  std::vector<double> row(kLength), given(kLength);
  for (double& x : row) x = normal(random);
  for (double& g : given) g = normal(random);
  const TestTensor x(ElementType::kFloat32, row), upstream(ElementType::kFloat32, given);
  const TestOutputs outputs =
      *EvaluateInCore({.activation = "softmax",
                       .inputs = {x.view()},
                       .upstream = upstream.view(),
                       .quantities = {Quantity::kValue, Quantity::kGradient}});
  long double total = 0, mean = 0, largest = 0;
  for (size_t i = 0; i < kLength; ++i) {
    const long double e = std::exp(static_cast<long double>(row[i]));
    total += e;
    mean += e * given[i];
  }
  mean /= total;
  const auto y = [&](size_t i) { return std::exp(static_cast<long double>(row[i])) / total; };
  for (size_t i = 0; i < kLength; ++i) {
    largest = std::max(largest, std::abs(y(i) * (given[i] - mean)));
  }
  for (size_t i = 0; i < kLength; ++i) {
    const long double exact = y(i), gradient = exact * (given[i] - mean);
    EXPECT_NEAR(outputs.at("value").values[i], exact, exact * 0x1p-23);
    EXPECT_NEAR(outputs.at("gradient").values[i], gradient, largest * 0x1p-23);
  }
}

// Tensors [rows, length] and [length, rows] hold the same rows in two ways.
class RowLayoutTest : public ::testing::TestWithParam<std::string> {};

std::vector<double> Transposed(const std::vector<double>& matrix, size_t rows) {
  const size_t columns = matrix.size() / rows;
  std::vector<double> transposed(matrix.size());
  for (size_t i = 0; i < matrix.size(); ++i)
    transposed[i % columns * rows + i / columns] = matrix[i];
  return transposed;
}

TEST_P(RowLayoutTest, RowsThatLieAcrossGiveTheSameBits) {
  constexpr int64_t kRows = 19, kLength = 22;
  std::mt19937_64 random(7);
  std::normal_distribution<double> normal(0, 3);
  std::vector<double> along(kRows * kLength), kept(along.size());
  for (double& x : along) x = normal(random);
  for (double& keep : kept) keep = random() % 4 != 0;
  const Activation& activation = **Catalogue::Best().Find(GetParam());
  const auto evaluate = [&](ElementType type, const Shape& shape, const std::vector<double>& values,
                            const std::vector<double>& mask_values,
                            const std::vector<double>& bias_values, double axis, bool biased) {
    const TestTensor x(type, shape, values), mask(ElementType::kFloat64, shape, mask_values),
        bias(ElementType::kFloat64, shape, bias_values);
    EvaluationRequest request{.activation = activation.spec->name,
                              .arguments = {{"axis", axis, {}}},
                              .inputs = {x.view()},
                              .quantities = activation.quantities};
    for (const Parameter& parameter : activation.spec->parameters) {
      if (parameter.type == ParameterType::kMask) {
        request.arguments.push_back({parameter.name, mask.view(), {}});
      } else if (parameter.name == kBiasParameter && biased) {
        request.arguments.push_back({parameter.name, bias.view(), {}});
      }
    }
    return *EvaluateInCore(request);
  };
  std::vector<double> added(along.size());
  for (double& b : added) b = normal(random);
  const std::vector<double> cases[] = {along, std::vector<double>(along.size(), 0.0)};
  for (ElementType type : kAllElementTypes) {
    for (const std::vector<double>& values : cases) {
      for (const bool biased : {false, true}) {
        const TestOutputs rows = evaluate(type, {kRows, kLength}, values, kept, added, 1, biased);
        const TestOutputs columns =
            evaluate(type, {kLength, kRows}, Transposed(values, kRows), Transposed(kept, kRows),
                     Transposed(added, kRows), 0, biased);
        for (const auto& [name, output] : rows) {
          const std::vector<double> expected =
              output.shape.size() == 2 ? Transposed(output.values, kRows) : output.values;
          const std::vector<double>& actual = columns.at(name).values;
          EXPECT_EQ(actual, expected) << name << " in " << Name(type);
          for (size_t i = 0; i < expected.size(); ++i) {
            EXPECT_EQ(std::signbit(actual[i]), std::signbit(expected[i]))
                << name << " in " << Name(type);
          }
        }
      }
    }
  }
}

// Also at elements that have no weight beside an infinity, or whose weight underflows.
TEST_P(RowLayoutTest, ANaNGivesNaNInEveryResultOfItsRow) {
  const Activation& activation = **Catalogue::Best().Find(GetParam());
  const RowShape shape = activation.spec->row_shape;
  if (shape != RowShape::kKeep && shape != RowShape::kReduce) return;  // pieces have their own NaN
  const std::vector<double> given[] = {{kNaN, kInfinity, 1, 2},
                                       {kNaN, 60'000, -60'000, 0},
                                       {kNaN, -kInfinity, -kInfinity, -kInfinity}};
  constexpr int64_t kRows = 5, kLength = 4;
  for (ElementType type : kAllElementTypes) {
    for (const std::vector<double>& row : given) {
      for (const bool across : {false, true}) {
        std::vector<double> values;
        for (int64_t i = 0; i < kRows; ++i) values.insert(values.end(), row.begin(), row.end());
        const TestTensor x = across ? TestTensor(type, {kLength, kRows}, Transposed(values, kRows))
                                    : TestTensor(type, {kRows, kLength}, values);
        const TestOutputs outputs =
            *EvaluateInCore({.activation = activation.spec->name,
                             .arguments = {{"axis", across ? 0.0 : 1.0, {}}},
                             .inputs = {x.view()},
                             .quantities = activation.quantities});
        for (const auto& [name, output] : outputs) {
          EXPECT_THAT(output.values, Each(::testing::IsNan()))
              << name << " in " << Name(type) << (across ? ", across" : ", along");
        }
      }
    }
  }
}

// However far an element lies below the others, its gradient has a sign.
TEST(RowsTest, AZeroThatUnderflowsKeepsItsSign) {
  const std::vector<double> below[] = {{0, -1'000, 0}, {3e38, -3e38, 1}, {1e308, -1e308, 1}};
  for (ElementType type : {ElementType::kFloat64, ElementType::kFloat32}) {
    for (const std::vector<double>& row : below) {
      if (type == ElementType::kFloat32 && row[0] > 1e38 * 4) continue;  // an infinity there
      const TestTensor x(type, row);
      for (const double temperature : {1.0, 1e-300}) {
        for (const double sign : {1.0, -1.0}) {
          const TestTensor upstream(type, {sign, -sign, sign});
          const TestOutputs outputs =
              *EvaluateInCore({.activation = "softmax",
                               .arguments = {{"temperature", temperature, {}}},
                               .inputs = {x.view()},
                               .upstream = upstream.view(),
                               .quantities = {Quantity::kGradient}});
          const double gradient = outputs.at("gradient").values[1];
          EXPECT_EQ(gradient, 0);
          EXPECT_EQ(std::signbit(gradient), sign > 0)
              << Name(type) << " " << row[1] << " temperature " << temperature;
        }
      }
    }
  }
}

// A zero that is exact is +0: x - ln(e^x), and y (g - g).
TEST(RowsTest, ExactZerosArePositive) {
  for (ElementType type : kAllElementTypes) {
    for (int64_t rows = 1; rows <= 17; ++rows) {
      const TestTensor x(type, {rows, 1}, std::vector<double>(static_cast<size_t>(rows), 0.0));
      const TestTensor pairs(type, {rows, 2},
                             std::vector<double>(static_cast<size_t>(2 * rows), 1.0));
      const TestTensor one(type, {rows, 1}, std::vector<double>(static_cast<size_t>(rows), -3.0)),
          two(type, {rows, 2}, std::vector<double>(static_cast<size_t>(2 * rows), -3.0));
      const auto signs = [&](const char* name, const TestTensor& input, const TestTensor& upstream,
                             const char* quantity) {
        const TestOutputs outputs = *EvaluateInCore(
            {.activation = name,
             .inputs = {input.view()},
             .upstream = upstream.view(),
             .quantities = {Quantity::kValue, Quantity::kGradient, Quantity::kParameterGradient}});
        for (double value : outputs.at(quantity).values) {
          EXPECT_EQ(value, 0) << name;
          EXPECT_FALSE(std::signbit(value)) << name << " " << quantity << " of " << rows;
        }
      };
      signs("log_softmax", x, one, "value");
      signs("log_softmax", x, one, "gradient");
      for (const char* name : {"softmax", "softmin"}) {
        signs(name, pairs, two, "gradient");
        signs(name, pairs, two, "d/temperature");
      }
      signs("logsumexp", x, TestTensor(type, {rows}, std::vector<double>(rows, -3.0)), "value");
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Catalogue, RowLayoutTest, ::testing::ValuesIn(RowActivations()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace rectifier::testing
