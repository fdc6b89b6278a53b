#include "core/tensor_view.h"

#include <array>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rectifier {
namespace {

using ::testing::ElementsAre;

TEST(ElementCountTest, MultipliesAndRefusesOverflow) {
  EXPECT_EQ(ElementCount({}), 1);
  EXPECT_EQ(ElementCount({2, 3}), 6);
  EXPECT_EQ(ElementCount({0, 5}), 0);
  EXPECT_EQ(ElementCount({2, -1}), std::nullopt);
  const int64_t big = int64_t{1} << 40;
  EXPECT_EQ(ElementCount({big, big}), std::nullopt);
  EXPECT_EQ(ElementCount({big, big, 0}), std::nullopt);
}

TEST(TensorViewTest, TakesTypeAndBytesFromTheElements) {
  const std::vector<double> x = {1, 2, 3, 4, 5, 6};
  const TensorView view = TensorView::Of(x, {2, 3});
  EXPECT_EQ(view.type, ElementType::kFloat64);
  EXPECT_THAT(view.shape, ElementsAre(2, 3));
  EXPECT_EQ(static_cast<const void*>(view.data.data()), x.data());
  EXPECT_EQ(view.data.size(), 48u);
}

TEST(TensorViewTest, HasRankOneUnlessTold) {
  std::array<BFloat16, 3> x = {};
  EXPECT_THAT(TensorView::Of(x).shape, ElementsAre(3));
  EXPECT_EQ(TensorView::Of(x).type, ElementType::kBFloat16);
  EXPECT_THAT(TensorView::Of(absl::MakeSpan(x).subspan(1)).shape, ElementsAre(2));
  EXPECT_EQ(TensorView::Of(std::vector<Float16>()).data.size(), 0u);
}

TEST(OutputViewTest, IsMadeFromWhateverHoldsElements) {
  std::vector<float> vector(3);
  std::array<double, 2> array = {};
  const std::vector<OutputView> outputs = {vector, array, absl::MakeSpan(vector).subspan(2)};
  EXPECT_EQ(outputs[0].type, ElementType::kFloat32);
  EXPECT_EQ(static_cast<void*>(outputs[0].data.data()), vector.data());
  EXPECT_EQ(outputs[1].type, ElementType::kFloat64);
  EXPECT_EQ(outputs[1].data.size(), 16u);
  EXPECT_EQ(outputs[2].data.size(), 4u);
  static_assert(!std::is_convertible_v<const std::vector<float>&, OutputView>);
}

}  // namespace
}  // namespace rectifier
