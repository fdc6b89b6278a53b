#include "client/cpp/files/piece_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace rectifier::client {
namespace {

using ::testing::HasSubstr;

// How often the pieces of `plan` cover each element of `shape`.
std::vector<int> Coverage(const PiecePlan& plan, const Shape& shape) {
  std::vector<int> times(*ElementCount(shape));
  for (int64_t i = 0; i < plan.size(); ++i) {
    ForEachRun(shape, plan[i], [&](int64_t offset, int64_t length) {
      for (int64_t j = 0; j < length; ++j) ++times[offset + j];
    });
  }
  return times;
}

int64_t LargestPiece(const PiecePlan& plan) {
  int64_t largest = 0;
  for (int64_t i = 0; i < plan.size(); ++i) {
    largest = std::max(largest, *ElementCount(plan[i].count));
  }
  return largest;
}

TEST(PiecePlanTest, CoversEveryElementOnceWithinTheLimit) {
  for (const Shape& shape : {Shape{17}, Shape{4, 5}, Shape{5, 1, 7}, Shape{3, 4, 5}, Shape{}}) {
    for (int64_t limit = 1; limit <= 70; ++limit) {
      const auto plan = PiecePlan::Make(shape, std::nullopt, {.limit = limit, .preferred = limit});
      ASSERT_TRUE(plan.ok()) << plan.status();
      EXPECT_LE(LargestPiece(*plan), limit);
      EXPECT_THAT(Coverage(*plan, shape), ::testing::Each(1)) << ToString(shape) << " " << limit;
    }
  }
}

TEST(PiecePlanTest, NeverCutsTheAxis) {
  const Shape shape = {4, 6, 5};
  for (size_t axis : {0, 1, 2}) {
    const auto plan = PiecePlan::Make(shape, axis, {.limit = 12, .preferred = 12});
    ASSERT_TRUE(plan.ok()) << plan.status();
    for (int64_t i = 0; i < plan->size(); ++i) EXPECT_EQ((*plan)[i].count[axis], shape[axis]);
    EXPECT_THAT(Coverage(*plan, shape), ::testing::Each(1));
    EXPECT_LE(LargestPiece(*plan), 12);
  }
}

TEST(PiecePlanTest, CutsIntoAboutEqualPieces) {
  const auto plan = PiecePlan::Make({1000, 600}, std::nullopt, {.limit = 599, .preferred = 599});
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(LargestPiece(*plan), 300);
}

TEST(PiecePlanTest, TakesARowOverThePreferredSizeWhole) {
  const auto plan = PiecePlan::Make({3, 10}, 1, {.limit = 10, .preferred = 4});
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(plan->size(), 3);
}

TEST(PiecePlanTest, RefusesARowOverTheLimit) {
  const auto plan = PiecePlan::Make({3, 10}, 1, {.limit = 9, .preferred = 9});
  EXPECT_EQ(plan.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(plan.status().message(), HasSubstr("10 elements"));
}

v1::Limits SmallLimits() {
  v1::Limits limits;
  limits.set_max_message_bytes(4096 + 8000);
  limits.set_max_elements(1 << 20);
  limits.set_max_inflight_bytes(1 << 20);
  return limits;
}

TEST(CallCapacityTest, CountsTheLargerOfRequestAndReply) {
  Evaluation evaluation{.activation = "gelu", .inputs = {Tensor::FromVector<float>({1})}};
  EXPECT_EQ(FindCallCapacity(evaluation, ElementType::kFloat32, SmallLimits()).limit, 2000);
  EXPECT_EQ(FindCallCapacity(evaluation, ElementType::kFloat64, SmallLimits()).limit, 1000);
  evaluation.quantities = {Quantity::kValue, Quantity::kGradient};
  EXPECT_EQ(FindCallCapacity(evaluation, ElementType::kFloat32, SmallLimits()).limit, 1000);
  evaluation.upstream = evaluation.inputs[0];
  evaluation.arguments.emplace("beta", Argument(Tensor::FromVector<double>({1})));
  EXPECT_EQ(FindCallCapacity(evaluation, ElementType::kFloat32, SmallLimits()).limit, 500);
}

TEST(CallCapacityTest, CountsAValueThatIsLargerThanTheInput) {
  const Tensor x = Tensor::FromVector<float>({1, 2});
  Evaluation evaluation{.activation = "crelu", .inputs = {x}};
  EXPECT_EQ(FindCallCapacity(evaluation, ElementType::kFloat32, SmallLimits(), 2).limit, 1000);
  evaluation.upstream = Tensor::FromVector<float>({1, 2, 3, 4});
  evaluation.quantities = {Quantity::kGradient};
  EXPECT_EQ(FindCallCapacity(evaluation, ElementType::kFloat32, SmallLimits()).limit, 666);
  evaluation.upstream = Tensor::FromVector<float>({1});  // of a reduction
  EXPECT_EQ(FindCallCapacity(evaluation, ElementType::kFloat32, SmallLimits()).limit, 1000);
}

TEST(CallCapacityTest, KeepsToTheOtherLimits) {
  const Evaluation evaluation{.activation = "gelu", .inputs = {Tensor::FromVector<float>({1})}};
  v1::Limits limits = SmallLimits();
  limits.set_max_elements(7);
  EXPECT_EQ(FindCallCapacity(evaluation, ElementType::kFloat32, limits).limit, 7);
  limits.set_max_inflight_bytes(16);
  EXPECT_EQ(FindCallCapacity(evaluation, ElementType::kFloat32, limits).limit, 2);
  limits.set_max_message_bytes(10);
  EXPECT_EQ(FindCallCapacity(evaluation, ElementType::kFloat32, limits).limit, 0);
}

v1::ActivationDescription Softmax() {
  v1::ActivationDescription activation;
  activation.set_name("softmax");
  activation.set_kind(v1::ACTIVATION_KIND_ROWS);
  v1::ParameterDescription& axis = *activation.add_parameters();
  axis.set_name("axis");
  axis.add_aliases("dim");
  axis.set_default_number(-1);
  v1::Preset& preset = *activation.add_presets();
  preset.set_framework("onnx");
  preset.set_parameter("axis");
  preset.set_number(1);
  return activation;
}

TEST(RowAxisTest, IsTheArgumentThenThePresetThenTheDefault) {
  const Tensor input = *Tensor::FromVector<float>({1}, {1, 1, 1});
  Evaluation evaluation{.activation = "softmax", .inputs = {input}};
  EXPECT_EQ(*FindRowAxis(Softmax(), evaluation), 2);
  evaluation.preset = "onnx";
  EXPECT_EQ(*FindRowAxis(Softmax(), evaluation), 1);
  evaluation.arguments.emplace("dim", -3);
  EXPECT_EQ(*FindRowAxis(Softmax(), evaluation), 0);
}

TEST(RowAxisTest, MayBeThatOfTheNameAndOfItsModule) {
  const Tensor input = *Tensor::FromVector<float>({1}, {1, 1, 1});
  v1::ActivationDescription softmax = Softmax();
  v1::Preset& preset = *softmax.add_presets();
  preset.set_parameter("axis");
  preset.set_number(-3);
  preset.add_names("softmax2d");
  const auto axis = [&](const char* name, const char* framework) {
    return **FindRowAxis(softmax, {.activation = name, .preset = framework, .inputs = {input}});
  };
  EXPECT_EQ(axis("softmax2d", ""), 0);
  EXPECT_EQ(axis("nn.softmax2d", "onnx"), 0);
  EXPECT_EQ(axis("softmax", "onnx"), 1);
  EXPECT_EQ(axis("onnx.softmax", ""), 1);
  EXPECT_EQ(axis("onnx.softmax", "jax"), 2);
}

TEST(RowAxisTest, IsRefusedWhereTheInputHasNoSuchAxis) {
  Evaluation evaluation{.activation = "softmax", .inputs = {Tensor::FromVector<float>({1})}};
  for (double axis : {1.0, -2.0, 1e300, std::nan("")}) {
    evaluation.arguments.insert_or_assign("axis", axis);
    const auto found = FindRowAxis(Softmax(), evaluation);
    EXPECT_EQ(found.status().code(), absl::StatusCode::kInvalidArgument) << axis;
    EXPECT_THAT(found.status().message(), HasSubstr("arguments[\"axis\"]"));
  }
}

TEST(RowAxisTest, IsNoneForElementsAndForSeparatePairs) {
  const Tensor input = Tensor::FromVector<float>({1});
  v1::ActivationDescription gelu;
  gelu.set_kind(v1::ACTIVATION_KIND_ELEMENTWISE);
  EXPECT_FALSE((*FindRowAxis(gelu, {.activation = "gelu", .inputs = {input}})).has_value());
  v1::ActivationDescription swiglu = Softmax();
  swiglu.set_kind(v1::ACTIVATION_KIND_PAIRS);
  const Evaluation pair{.activation = "swiglu", .inputs = {input, input}};
  EXPECT_FALSE((*FindRowAxis(swiglu, pair)).has_value());
}

}  // namespace
}  // namespace rectifier::client
