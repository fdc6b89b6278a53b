#include "client/cpp/files/slice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <variant>

namespace rectifier::client {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(OutputBoxTest, FollowsWhatBecomesOfTheAxis) {
  const Box piece{.start = {2, 0}, .count = {3, 8}};
  EXPECT_THAT(OutputBox(piece, std::nullopt, {9, 8}).count, ElementsAre(3, 8));
  EXPECT_THAT(OutputBox(piece, 1, {9, 4}).count, ElementsAre(3, 4));
  EXPECT_THAT(OutputBox(piece, 1, {9}).count, ElementsAre(3));
  EXPECT_THAT(OutputBox(piece, 1, {9}).start, ElementsAre(2));
}

TEST(OutputShapeTest, IsReadOffAPiece) {
  EXPECT_THAT(OutputShape({9, 8}, std::nullopt, {3, 8}), ElementsAre(9, 8));
  EXPECT_THAT(OutputShape({9, 8}, 1, {3, 4}), ElementsAre(9, 4));
  EXPECT_THAT(OutputShape({9, 8}, 1, {3}), ElementsAre(9));
}

// A gradient has its argument's type: those of pieces are rounded when they have been added.
TEST(SliceArgumentsTest, AreWidenedWhereTheirGradientsAreAdded) {
  const Evaluation whole{.activation = "prelu",
                         .arguments = {{"weight", Tensor::FromVector<float>({0.25f, 0.5f})}},
                         .inputs = {*Tensor::FromVector<float>({1, 2, 3, 4}, {2, 2})},
                         .quantities = {Quantity::kParameterGradient}};
  const auto type_of_weight = [](const Evaluation& evaluation) {
    const auto slice = Slice(evaluation, {.start = {1, 0}, .count = {1, 2}}, std::nullopt);
    EXPECT_TRUE(slice.ok()) << slice.status();
    return std::get<Tensor>(slice->arguments.at("weight").value).type();
  };
  EXPECT_EQ(type_of_weight(whole), ElementType::kFloat64);
  Evaluation without = whole;
  without.quantities = {Quantity::kValue};
  EXPECT_EQ(type_of_weight(without), ElementType::kFloat32);
}

TEST(ArgumentBoxTest, MeetsThePieceByBroadcasting) {
  const Shape input = {4, 3, 5};
  const Box piece{.start = {2, 1, 0}, .count = {1, 2, 5}};
  const auto channels = ArgumentBox(piece, input, {3, 1}, std::nullopt);
  ASSERT_TRUE(channels.ok()) << channels.status();
  EXPECT_THAT(channels->start, ElementsAre(1, 0));
  EXPECT_THAT(channels->count, ElementsAre(2, 1));
  const auto scalar = ArgumentBox(piece, input, {}, std::nullopt);
  ASSERT_TRUE(scalar.ok()) << scalar.status();
  EXPECT_THAT(scalar->count, IsEmpty());
}

TEST(ArgumentBoxTest, MeetsThePieceAlongAnAxis) {
  const Shape input = {4, 3, 5};
  const Box piece{.start = {2, 1, 0}, .count = {1, 2, 5}};
  for (int32_t axis : {1, -2}) {
    const auto channels = ArgumentBox(piece, input, {3}, axis);
    ASSERT_TRUE(channels.ok()) << channels.status();
    EXPECT_THAT(channels->start, ElementsAre(1));
    EXPECT_THAT(channels->count, ElementsAre(2));
  }
}

TEST(ArgumentBoxTest, RefusesWhatDoesNotBroadcast) {
  const Shape input = {4, 3};
  const Box piece = WholeBox(input);
  EXPECT_FALSE(ArgumentBox(piece, input, {4}, std::nullopt).ok());
  EXPECT_FALSE(ArgumentBox(piece, input, {1, 4, 3}, std::nullopt).ok());
  EXPECT_FALSE(ArgumentBox(piece, input, {4}, 1).ok());
  EXPECT_FALSE(ArgumentBox(piece, input, {4}, 2).ok());
  EXPECT_FALSE(ArgumentBox(piece, input, {4}, -3).ok());
  EXPECT_FALSE(ArgumentBox(piece, input, {1, 3}, 0).ok());
}

class SliceTest : public ::testing::Test {
 protected:
  Evaluation whole_{
      .activation = "prelu",
      .preset = "keras",
      .arguments = {{"negative_slope", {Tensor::FromVector<double>({7, 8, 9}), 1}}, {"n", 6}},
      .inputs = {*Tensor::FromVector<double>({0, 1, 2, 3, 4, 5}, {2, 3})},
      .upstream = *Tensor::FromVector<double>({10, 11, 12, 13, 14, 15}, {2, 3}),
      .quantities = {Quantity::kGradient}};
  const Box piece_{.start = {1, 1}, .count = {1, 2}};
};

TEST_F(SliceTest, CutsEveryTensorAndKeepsTheRest) {
  const auto slice = Slice(whole_, piece_, std::nullopt);
  ASSERT_TRUE(slice.ok()) << slice.status();
  EXPECT_EQ(slice->activation, "prelu");
  EXPECT_EQ(slice->preset, "keras");
  EXPECT_THAT(slice->quantities, ElementsAre(Quantity::kGradient));
  EXPECT_THAT(slice->inputs.at(0).ToDoubles(), ElementsAre(4, 5));
  EXPECT_THAT(slice->upstream->ToDoubles(), ElementsAre(14, 15));
  const Argument& slope = slice->arguments.at("negative_slope");
  EXPECT_EQ(slope.axis, 1);
  EXPECT_THAT(std::get<Tensor>(slope.value).ToDoubles(), ElementsAre(8, 9));
  EXPECT_EQ(std::get<double>(slice->arguments.at("n").value), 6);
}

TEST_F(SliceTest, NamesTheArgumentThatDoesNotBroadcast) {
  whole_.arguments.insert_or_assign("negative_slope", Tensor::FromVector<double>({7, 8}));
  const auto slice = Slice(whole_, piece_, std::nullopt);
  EXPECT_EQ(slice.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(slice.status().message(), HasSubstr("activation.arguments[\"negative_slope\"]"));
}

TEST_F(SliceTest, NamesAnUpstreamOfTheWrongShape) {
  whole_.upstream = Tensor::FromVector<double>({1, 2, 3});
  const auto slice = Slice(whole_, piece_, std::nullopt);
  EXPECT_THAT(slice.status().message(), HasSubstr("upstream: its shape [3]"));
}

TEST_F(SliceTest, RefusesInputsOfDifferentShapes) {
  whole_.inputs.push_back(Tensor::FromVector<double>({1}));
  EXPECT_THAT(Slice(whole_, piece_, std::nullopt).status().message(), HasSubstr("inputs: "));
}

}  // namespace
}  // namespace rectifier::client
