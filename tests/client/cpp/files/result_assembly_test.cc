#include "client/cpp/files/result_assembly.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <utility>

namespace rectifier::client {
namespace {

using ::testing::ElementsAre;

absl::StatusOr<NpyOutput> InMemory(const std::string&, ElementType type, const Shape& shape) {
  return NpyOutput::InMemory(type, shape);
}

v1::ActivationDescription Prelu() {
  v1::ActivationDescription activation;
  v1::ParameterDescription& slope = *activation.add_parameters();
  slope.set_name("negative_slope");
  slope.add_aliases("alpha");
  return activation;
}

// Two rows of three, cut into rows.
const Box kFirstRow{.start = {0, 0}, .count = {1, 3}};
const Box kSecondRow{.start = {1, 0}, .count = {1, 3}};

Evaluation TwoRows() {
  return {.activation = "any", .inputs = {*Tensor::FromVector<float>({1, 2, 3, 4, 5, 6}, {2, 3})}};
}

TEST(ResultAssemblyTest, PutsRowsTogether) {
  const Evaluation whole = TwoRows();
  const v1::ActivationDescription activation;
  ResultAssembly assembly(whole, activation, 1, InMemory);
  const auto add = [&](const Box& piece, std::vector<float> gradient, float reduced) {
    return assembly.Add(piece, {.value = Tensor::FromVector<float>({reduced}),
                                .gradients = {*Tensor::FromVector(std::move(gradient), {1, 3})}});
  };
  ASSERT_TRUE(add(kSecondRow, {4, 5, 6}, 60).ok());
  ASSERT_TRUE(add(kFirstRow, {1, 2, 3}, 50).ok());
  const auto outputs = std::move(assembly).Finish();
  ASSERT_TRUE(outputs.ok()) << outputs.status();
  ASSERT_EQ(outputs->size(), 2);
  EXPECT_EQ(outputs->at(0).name, "value");
  EXPECT_THAT(outputs->at(0).array.tensor().ToDoubles(), ElementsAre(50, 60));
  EXPECT_EQ(outputs->at(1).name, "gradient");
  EXPECT_THAT(outputs->at(1).array.tensor().shape(), ElementsAre(2, 3));
  EXPECT_THAT(outputs->at(1).array.tensor().ToDoubles(), ElementsAre(1, 2, 3, 4, 5, 6));
}

TEST(ResultAssemblyTest, AddsParameterGradientsWhereTheArgumentIsBroadcast) {
  Evaluation whole = TwoRows();
  whole.arguments.emplace("alpha", Argument(Tensor::FromVector<float>({1, 1, 1}), 1));
  const v1::ActivationDescription activation = Prelu();
  ResultAssembly assembly(whole, activation, std::nullopt, InMemory);
  for (const Box& piece : {kFirstRow, kSecondRow}) {
    ASSERT_TRUE(
        assembly
            .Add(piece, {.parameter_gradients = {{"negative_slope",
                                                  Tensor::FromVector<double>({1, 2, -0.0})}}})
            .ok());
  }
  const auto outputs = std::move(assembly).Finish();
  ASSERT_TRUE(outputs.ok()) << outputs.status();
  EXPECT_EQ(outputs->at(0).name, "parameter_gradient.negative_slope");
  const Tensor sum = outputs->at(0).array.tensor();
  EXPECT_EQ(sum.type(), ElementType::kFloat32);  // the argument's
  EXPECT_THAT(sum.ToDoubles(), ElementsAre(2, 4, 0));
  EXPECT_TRUE(std::signbit(sum[2]));
}

TEST(ResultAssemblyTest, AddsInTwiceTheDigitsOfADouble) {
  const Evaluation whole = TwoRows();
  const v1::ActivationDescription activation = Prelu();
  ResultAssembly assembly(whole, activation, std::nullopt, InMemory);
  // In float64 the second would be lost.
  for (double gradient : {0x1p60, 1.0, -0x1p60}) {
    const Tensor scalar = *Tensor::FromVector<double>({gradient}, {});
    ASSERT_TRUE(
        assembly.Add(kFirstRow, {.parameter_gradients = {{"negative_slope", scalar}}}).ok());
  }
  const auto outputs = std::move(assembly).Finish();
  ASSERT_TRUE(outputs.ok()) << outputs.status();
  EXPECT_THAT(outputs->at(0).array.tensor().ToDoubles(), ElementsAre(1));
}

TEST(ResultAssemblyTest, AnInfinitePieceIsTheSum) {
  const Evaluation whole = TwoRows();
  const v1::ActivationDescription activation = Prelu();
  ResultAssembly assembly(whole, activation, std::nullopt, InMemory);
  for (double gradient : {1.0, std::numeric_limits<double>::infinity(), -1.0}) {
    const Tensor scalar = *Tensor::FromVector<double>({gradient}, {});
    ASSERT_TRUE(
        assembly.Add(kFirstRow, {.parameter_gradients = {{"negative_slope", scalar}}}).ok());
  }
  const auto outputs = std::move(assembly).Finish();
  ASSERT_TRUE(outputs.ok()) << outputs.status();
  EXPECT_THAT(outputs->at(0).array.tensor().ToDoubles(),
              ElementsAre(std::numeric_limits<double>::infinity()));
}

TEST(ResultAssemblyTest, NumbersTheGradientsOfAPair) {
  const Tensor row = Tensor::FromVector<float>({1});
  const auto outputs = Keep({.gradients = {row, row}}, InMemory);
  ASSERT_TRUE(outputs.ok()) << outputs.status();
  EXPECT_EQ(outputs->at(0).name, "gradient.0");
  EXPECT_EQ(outputs->at(1).name, "gradient.1");
}

TEST(ResultAssemblyTest, DoesNotTrustTheShapesOfTheServer) {
  const Evaluation whole = TwoRows();
  const v1::ActivationDescription activation = Prelu();
  ResultAssembly assembly(whole, activation, std::nullopt, InMemory);
  const Tensor wrong = *Tensor::FromVector<float>({1, 2, 3, 4}, {1, 4});
  EXPECT_EQ(assembly.Add(kFirstRow, {.value = wrong}).code(), absl::StatusCode::kInternal);
  EXPECT_EQ(assembly.Add(kFirstRow, {.parameter_gradients = {{"negative_slope", wrong}}}).code(),
            absl::StatusCode::kInternal);
}

TEST(ResultAssemblyTest, PassesOnThatAnOutputCannotBeOpened) {
  const auto closed = [](const std::string&, ElementType, const Shape&) {
    return absl::StatusOr<NpyOutput>(absl::PermissionDeniedError("no"));
  };
  EXPECT_EQ(Keep({.value = Tensor::FromVector<float>({1})}, closed).status().code(),
            absl::StatusCode::kPermissionDenied);
}

}  // namespace
}  // namespace rectifier::client
