// How Bind lays rows and pairs out (core/binder_rows.cc); the rest of it is in evaluation_test.cc.
#include <cmath>
#include <string>
#include <vector>

#include "core/evaluation.h"
#include "core/field_error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/bind_request.h"
#include "tests/support/core_evaluate.h"

namespace rectifier {
namespace {

using ::rectifier::testing::BindIt;
using ::rectifier::testing::TestTensor;
using ::rectifier::testing::ViolationOf;
using ::rectifier::testing::Zeros;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(BindTest, RowsNeedAnAxisOfTheInput) {
  const auto reason = [](const char* activation, const Shape& shape, double axis) {
    return ViolationOf({.activation = activation,
                        .arguments = {{"axis", axis, {}}},
                        .inputs = {Zeros(shape)}})
        .reason;
  };
  for (const char* activation : {"softmax", "crelu"}) {
    EXPECT_EQ(reason(activation, {2, 3}, 2), "AXIS_OUT_OF_RANGE");
    EXPECT_EQ(reason(activation, {2, 3}, -3), "AXIS_OUT_OF_RANGE");
    EXPECT_EQ(reason(activation, {2, 3}, 1e300), "AXIS_OUT_OF_RANGE");
  }
  EXPECT_EQ(reason("softmax", {}, 1), "AXIS_OUT_OF_RANGE");
  EXPECT_EQ(reason("crelu", {}, 0), "AXIS_OUT_OF_RANGE");  // it cannot make one longer
}

TEST(BindTest, RowsTakeATemperatureThatIsAPositiveNumber) {
  const auto violation = [](Argument argument) {
    return ViolationOf(
        {.activation = "softmax", .arguments = {argument}, .inputs = {Zeros({2, 3})}});
  };
  EXPECT_EQ(violation({"temperature", 0.0, {}}).reason, "ARGUMENT_OUT_OF_RANGE");
  EXPECT_EQ(violation({"tau", -1.0, {}}).path, "activation.arguments[\"tau\"]");
  EXPECT_EQ(violation({"temperature", std::nan(""), {}}).reason, "ARGUMENT_OUT_OF_RANGE");
  EXPECT_EQ(violation({"temperature", Zeros({2, 1}), {}}).reason, "ARGUMENT_OUT_OF_RANGE");
  const TestTensor ones(ElementType::kFloat32, {1, 1, 1}, {1});
  EXPECT_EQ(violation({"temperature", ones.view(), {}}).reason, "SHAPE_MISMATCH");
  EXPECT_THAT(violation({"temperature", ones.view(), {}}).description,
              HasSubstr("[2, 1], with 1 along the axes"));
  EXPECT_EQ(violation({"temperature", absl::string_view("low"), {}}).reason, "WRONG_ARGUMENT_TYPE");
}

TEST(BindTest, TheTemperatureHasAGradientAndOtherArgumentsOfRowsHaveNone) {
  const auto bound = BindIt({.activation = "softmax",
                             .arguments = {{"mask", Zeros({3}), {}}, {"tau", 0.5, {}}},
                             .inputs = {Zeros({2, 3})},
                             .quantities = {Quantity::kValue, Quantity::kParameterGradient}});
  ASSERT_TRUE(bound.ok()) << bound.status();
  ASSERT_EQ(bound->outputs.size(), 2u);
  EXPECT_EQ(bound->activation->spec->parameters[bound->outputs[1].index].name, "temperature");
  EXPECT_TRUE(bound->outputs[1].shape.empty());
}

TEST(BindTest, AMaskOfAnyElementTypeBroadcastsByNumpysRules) {
  for (ElementType type : kAllElementTypes) {
    for (const Shape& shape : {Shape{}, Shape{4}, Shape{3, 1}, Shape{2, 3, 4}}) {
      EXPECT_TRUE(BindIt({.activation = "log_softmax",
                          .arguments = {{"mask", Zeros(shape, type), {}}},
                          .inputs = {Zeros({2, 3, 4})}})
                      .ok());
    }
  }
  const auto violation = [](Argument argument) {
    return ViolationOf(
        {.activation = "log_softmax", .arguments = {argument}, .inputs = {Zeros({2, 3, 4})}});
  };
  EXPECT_EQ(violation({"mask", Zeros({3}), {}}).reason, "SHAPE_MISMATCH");
  EXPECT_EQ(violation({"where", Zeros({3}), {}}).path, "activation.arguments[\"where\"].tensor");
  EXPECT_EQ(violation({"mask", Zeros({3}), 0}).reason, "SHAPE_MISMATCH");
  EXPECT_EQ(violation({"mask", 1.0, {}}).reason, "WRONG_ARGUMENT_TYPE");
  EXPECT_EQ(violation({"mask", absl::string_view("all"), {}}).reason, "WRONG_ARGUMENT_TYPE");
}

TEST(BindTest, EntmaxTakesAnAlphaUpToFour) {
  const auto reason = [](double alpha) {
    return ViolationOf({.activation = "entmax",
                        .arguments = {{"alpha", alpha, {}}},
                        .inputs = {Zeros({3})}})
        .reason;
  };
  EXPECT_EQ(reason(1), "ARGUMENT_OUT_OF_RANGE");
  EXPECT_EQ(reason(4.5), "ARGUMENT_OUT_OF_RANGE");
}

TEST(BindTest, ReductionsRemoveTheirAxis) {
  const auto bound = BindIt(
      {.activation = "logsumexp", .arguments = {{"dim", 0.0, {}}}, .inputs = {Zeros({2, 3, 4})}});
  ASSERT_TRUE(bound.ok()) << bound.status();
  EXPECT_THAT(bound->outputs[0].shape, ElementsAre(3, 4));
}

TEST(BindTest, CreluDoublesItsAxis) {
  const auto bound = BindIt({.activation = "crelu",
                             .arguments = {{"axis", 1.0, {}}},
                             .inputs = {Zeros({2, 3, 4})},
                             .quantities = {Quantity::kValue, Quantity::kGradient}});
  ASSERT_TRUE(bound.ok()) << bound.status();
  EXPECT_THAT(bound->outputs[0].shape, ElementsAre(2, 6, 4));
  EXPECT_THAT(bound->outputs[1].shape, ElementsAre(2, 3, 4));
}

TEST(BindTest, MaxoutDividesItsAxis) {
  const auto bound = BindIt({.activation = "maxout",
                             .arguments = {{"pieces", 3.0, {}}, {"axis", 1.0, {}}},
                             .inputs = {Zeros({2, 6, 4})}});
  ASSERT_TRUE(bound.ok()) << bound.status();
  EXPECT_THAT(bound->outputs[0].shape, ElementsAre(2, 2, 4));
  EXPECT_EQ(
      ViolationOf(
          {.activation = "maxout", .arguments = {{"pieces", 4.0, {}}}, .inputs = {Zeros({2, 6})}})
          .reason,
      "AXIS_NOT_DIVISIBLE");
  EXPECT_EQ(
      ViolationOf(
          {.activation = "maxout", .arguments = {{"pieces", 0.0, {}}}, .inputs = {Zeros({2, 6})}})
          .reason,
      "ARGUMENT_OUT_OF_RANGE");
}

TEST(BindTest, NumbersOfPairsAreBoundAndCheckedAndAreNoTensors) {
  const auto bound = BindIt(
      {.activation = "swiglu_oai", .arguments = {{"limit", 3.0, {}}}, .inputs = {Zeros({4, 6})}});
  ASSERT_TRUE(bound.ok()) << bound.status();
  ASSERT_EQ(bound->arguments.size(), 2u);
  EXPECT_EQ(bound->arguments[0].number, 1.702);
  EXPECT_EQ(bound->arguments[1].number, 3);
  EXPECT_TRUE(bound->interleaved);
  EXPECT_EQ(ViolationOf({.activation = "swiglu_oai",
                         .arguments = {{"limit", -1.0, {}}},
                         .inputs = {Zeros({4, 6})}})
                .reason,
            "ARGUMENT_OUT_OF_RANGE");
  EXPECT_EQ(ViolationOf({.activation = "swiglu_oai",
                         .arguments = {{"alpha", Zeros({6}), {}}},
                         .inputs = {Zeros({4, 6})}})
                .reason,
            "WRONG_ARGUMENT_TYPE");
}

TEST(BindTest, PairsSplitAnEvenAxis) {
  const auto bound = BindIt({.activation = "glu", .inputs = {Zeros({2, 6})}});
  ASSERT_TRUE(bound.ok()) << bound.status();
  EXPECT_THAT(bound->outputs[0].shape, ElementsAre(2, 3));
  EXPECT_EQ(ViolationOf({.activation = "glu", .inputs = {Zeros({2, 5})}}).reason,
            "AXIS_NOT_DIVISIBLE");
  EXPECT_EQ(ViolationOf({.activation = "glu", .inputs = {Zeros({})}}).path, "inputs[0]");
}

TEST(BindTest, SplittingArgumentsDoNotApplyToTwoInputs) {
  const FieldViolation violation = ViolationOf(
      {.activation = "glu", .arguments = {{"axis", 0.0, {}}}, .inputs = {Zeros({4}), Zeros({4})}});
  EXPECT_EQ(violation.reason, "ARGUMENT_NOT_APPLICABLE");
}

}  // namespace
}  // namespace rectifier
