#include "client/cpp/client/tensor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rectifier::client {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(TensorTest, HoldsWhatItWasMadeFrom) {
  const auto matrix = Tensor::FromVector<float>({1, 2, 3, 4, 5, 6}, {2, 3});
  ASSERT_TRUE(matrix.ok()) << matrix.status();
  EXPECT_EQ(matrix->type(), ElementType::kFloat32);
  EXPECT_THAT(matrix->shape(), ElementsAre(2, 3));
  EXPECT_THAT(matrix->ToDoubles(), ElementsAre(1, 2, 3, 4, 5, 6));
}

TEST(TensorTest, HasRankOneWithoutAShape) {
  EXPECT_THAT(Tensor::FromVector<double>({}).shape(), ElementsAre(0));
  EXPECT_THAT(Tensor::FromVector<double>({7, 8}).shape(), ElementsAre(2));
}

TEST(TensorTest, HasOneElementAtRankZero) {
  const auto scalar = Tensor::FromVector<double>({7}, {});
  ASSERT_TRUE(scalar.ok()) << scalar.status();
  EXPECT_EQ(scalar->size(), 1);
}

TEST(TensorTest, RefusesAShapeOfAnotherSize) {
  const auto tensor = Tensor::FromVector<float>({1, 2, 3}, {2, 2});
  EXPECT_EQ(tensor.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(tensor.status().message(), HasSubstr("[2, 2]"));
}

TEST(TensorTest, RefusesShapesThatOverflowOrAreNegative) {
  EXPECT_FALSE(
      Tensor::FromBytes(ElementType::kFloat32, {int64_t{1} << 32, int64_t{1} << 32}, "").ok());
  EXPECT_FALSE(Tensor::FromBytes(ElementType::kFloat64, {int64_t{1} << 61}, "").ok());
  EXPECT_FALSE(Tensor::FromBytes(ElementType::kFloat32, {-1}, "").ok());
}

TEST(TensorTest, RefusesBytesThatCutAnElement) {
  EXPECT_FALSE(Tensor::FromBytes(ElementType::kFloat32, {1}, "12345").ok());
}

TEST(TensorTest, ConvertsToAnotherType) {
  const Tensor half = Tensor::FromVector<double>({0.1, 1e6}).As(ElementType::kFloat16);
  EXPECT_EQ(half.type(), ElementType::kFloat16);
  EXPECT_EQ(half.bytes().size(), 4);
  EXPECT_THAT(half.ToDoubles(), ElementsAre(0.0999755859375, HUGE_VAL));
}

TEST(TensorTest, SliceSharesTheBytes) {
  const Tensor row = Tensor::FromVector<double>({1, 2, 3, 4, 5});
  const Tensor slice = row.Slice(1, {3, 1});
  EXPECT_THAT(slice.shape(), ElementsAre(3, 1));
  EXPECT_THAT(slice.ToDoubles(), ElementsAre(2, 3, 4));
  EXPECT_EQ(slice.bytes().data(), row.bytes().data() + sizeof(double));
}

TEST(ElementCountTest, IsZeroWhereADimensionIsEvenBesideAHugeOne) {
  EXPECT_EQ(ElementCount({0, int64_t{1} << 40}), 0);
  EXPECT_EQ(ElementCount({}), 1);
}

}  // namespace
}  // namespace rectifier::client
