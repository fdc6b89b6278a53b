// Rows along several axes, along all of them, and of tensors that have none.
#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "core/catalogue.h"
#include "core/field_error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/row_activations.h"
#include "tests/support/core_evaluate.h"

namespace rectifier::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TestTensor Axes(const std::vector<double>& axes) { return {ElementType::kFloat64, axes}; }

bool HasAxes(const Activation& activation) {
  for (const Parameter& parameter : activation.spec->parameters) {
    if (parameter.type == ParameterType::kAxes) return true;
  }
  return false;
}

// [2, 3, 4, 5] with its axes in another order: the ones that are not worked along first.
constexpr int64_t kSizes[] = {2, 3, 4, 5};
std::vector<double> Permuted(const std::vector<double>& values, const std::vector<int>& order) {
  std::vector<double> permuted;
  int64_t index[4] = {};
  for (size_t n = 0; n < values.size(); ++n) {
    int64_t rest = static_cast<int64_t>(n);
    for (size_t i = 4; i-- > 0;) {
      index[order[i]] = rest % kSizes[order[i]];
      rest /= kSizes[order[i]];
    }
    int64_t from = 0;
    for (size_t i = 0; i < 4; ++i) from = from * kSizes[i] + index[i];
    permuted.push_back(values[static_cast<size_t>(from)]);
  }
  return permuted;
}

class RowsAxesTest : public ::testing::TestWithParam<std::string> {
 protected:
  EvaluationRequest RequestFor(const TestTensor& x) const {
    const Activation& activation = **Catalogue::Best().Find(GetParam());
    return {.activation = GetParam(), .inputs = {x.view()}, .quantities = activation.quantities};
  }
  bool Reduces() const {
    return (*Catalogue::Best().Find(GetParam()))->spec->row_shape == RowShape::kReduce;
  }
};

// The oracle is the same activation along the last axis, over the tensor with its axes in another
// order.
TEST_P(RowsAxesTest, SeveralAxesGiveTheBitsOfOneThatHoldsTheirElements) {
  std::mt19937_64 random(3);
  std::normal_distribution<double> normal(0, 2);
  std::vector<double> values(2 * 3 * 4 * 5);
  for (double& value : values) value = normal(random);
  const struct {
    std::vector<double> axes;
    std::vector<int> order;
    int64_t rows;
  } cases[] = {{{0, 2}, {1, 3, 0, 2}, 15},
               {{0, -1}, {1, 2, 0, 3}, 12},
               {{1, 3}, {0, 2, 1, 3}, 8},
               {{3, 2}, {0, 1, 2, 3}, 6},
               {{1, 2, 0}, {3, 0, 1, 2}, 5}};
  for (ElementType type : kAllElementTypes) {
    const TestTensor x(type, {2, 3, 4, 5}, values);
    for (const auto& [axes, order, rows] : cases) {
      const TestTensor axes_tensor = Axes(axes);
      EvaluationRequest request = RequestFor(x);
      request.arguments.push_back({"axis", axes_tensor.view(), {}});
      const TestTensor permuted(type, {rows, 120 / rows}, Permuted(values, order));
      const TestOutputs expected = *EvaluateInCore(RequestFor(permuted));
      for (const absl::StatusOr<TestOutputs>& outputs :
           {EvaluateInCore(request), EvaluateInCore(request, {.threads = 2}),
            EvaluateInWindows(request, 5)}) {
        ASSERT_TRUE(outputs.ok()) << outputs.status();
        for (const auto& [name, output] : expected) {
          const TestOutput& given = outputs->at(name);
          EXPECT_EQ(given.shape.size() == 4 ? Permuted(given.values, order) : given.values,
                    output.values)
              << name << " in " << Name(type) << " along " << ::testing::PrintToString(axes);
        }
      }
    }
  }
}

TEST_P(RowsAxesTest, AllAxesAreOneRow) {
  const std::vector<double> values = {0, 1, 2, 3, -1, 5};
  const TestTensor x(ElementType::kFloat32, {2, 3}, values);
  EvaluationRequest request = RequestFor(x);
  request.arguments.push_back({"axis", absl::string_view("all"), {}});
  const TestOutputs all = *EvaluateInCore(request);
  const TestTensor row(ElementType::kFloat32, {6}, values);
  const TestOutputs expected = *EvaluateInCore(RequestFor(row));
  EXPECT_EQ(all.at("value").values, expected.at("value").values);
  EXPECT_EQ(all.at("gradient").values, expected.at("gradient").values);
  if (Reduces()) {
    EXPECT_THAT(all.at("value").shape, IsEmpty());
  } else {
    EXPECT_THAT(all.at("value").shape, ElementsAre(2, 3));
  }
}

TEST_P(RowsAxesTest, RankZeroIsARowOfOne) {
  const TestTensor x(ElementType::kFloat64, Shape(), {3});
  const TestTensor row(ElementType::kFloat64, {1}, {3});
  const TestOutputs expected = *EvaluateInCore(RequestFor(row));
  for (const Argument& axis : {Argument{"axis", 0.0, {}}, Argument{"axis", -1.0, {}},
                               Argument{"axis", absl::string_view("all"), {}}}) {
    EvaluationRequest request = RequestFor(x);
    request.arguments.push_back(axis);
    const TestOutputs outputs = *EvaluateInCore(request);
    EXPECT_EQ(outputs.at("value").values, expected.at("value").values);
    EXPECT_EQ(outputs.at("gradient").values, expected.at("gradient").values);
    EXPECT_THAT(outputs.at("value").shape, IsEmpty());
  }
}

std::vector<std::string> ActivationsWithAxes() {
  std::vector<std::string> names;
  for (const Activation& activation : Catalogue::Best().All()) {
    if (HasAxes(activation)) names.emplace_back(activation.spec->name);
  }
  return names;
}

INSTANTIATE_TEST_SUITE_P(Catalogue, RowsAxesTest, ::testing::ValuesIn(ActivationsWithAxes()),
                         [](const auto& info) { return info.param; });

TEST(KeepDimsTest, LeavesTheAxesWithSizeOne) {
  const TestTensor x(ElementType::kFloat64, {2, 3, 4}, std::vector<double>(24, 0.0));
  const TestTensor axes = Axes({0, 2});
  for (const char* name : {"logsumexp", "logmeanexp", "lse0"}) {
    EvaluationRequest request{.activation = name,
                              .arguments = {{"axis", axes.view(), {}}},
                              .inputs = {x.view()},
                              .quantities = {Quantity::kValue, Quantity::kGradient}};
    EXPECT_THAT(EvaluateInCore(request)->at("value").shape, ElementsAre(3)) << name;
    request.arguments.push_back({"keepdims", absl::string_view("true"), {}});
    EXPECT_THAT(EvaluateInCore(request)->at("value").shape, ElementsAre(1, 3, 1)) << name;
    const TestTensor upstream(ElementType::kFloat64, {1, 3, 1}, {1, 2, 3});
    request.upstream = upstream.view();
    EXPECT_TRUE(EvaluateInCore(request).ok()) << name;
  }
}

// The violation that softmax of [2, 3] along `axis` is refused with.
FieldViolation ViolationOf(const Argument& axis) {
  const TestTensor x(ElementType::kFloat32, {2, 3}, std::vector<double>(6, 0.0));
  const absl::Status status =
      EvaluateInCore({.activation = "softmax", .arguments = {axis}, .inputs = {x.view()}}).status();
  return GetFieldViolation(status).value_or(FieldViolation());
}

TEST(AxesArgumentTest, IsCheckedAndNamedWhereItIsWrong) {
  EXPECT_EQ(ViolationOf({"axis", absl::string_view("every"), {}}).reason, "WRONG_ARGUMENT_TYPE");
  EXPECT_EQ(ViolationOf({"axis", 0.5, {}}).reason, "WRONG_ARGUMENT_TYPE");
  EXPECT_EQ(ViolationOf({"axis", std::nan(""), {}}).reason, "WRONG_ARGUMENT_TYPE");
  const FieldViolation far = ViolationOf({"axis", 1e300, {}});
  EXPECT_EQ(far.reason, "AXIS_OUT_OF_RANGE");
  EXPECT_THAT(far.description, HasSubstr("1e+300 is out of range"));
  EXPECT_EQ(ViolationOf({"dim", -3.0, {}}).path, "activation.arguments[\"dim\"]");
  EXPECT_EQ(ViolationOf({"axis", Axes({0, 2}).view(), {}}).reason, "AXIS_OUT_OF_RANGE");
  EXPECT_EQ(ViolationOf({"axis", Axes({0, -2}).view(), {}}).reason, "DUPLICATE_AXIS");
  EXPECT_EQ(ViolationOf({"axis", Axes({}).view(), {}}).reason, "NO_AXES");
  EXPECT_EQ(ViolationOf({"axis", Axes({0, std::nan("")}).view(), {}}).reason,
            "WRONG_ARGUMENT_TYPE");
  // Of a tensor the error names the element.
  const struct {
    std::vector<double> axes;
    std::string description;
  } wrong[] = {{{0, 0.5}, "element 1: 0.5 is given; must be a whole number"},
               {{std::nan("")}, "element 0: nan is given"},
               {{0, 2}, "element 1: 2 is out of range"},
               {{0, -2}, "element 1: -2 is axis 0, which is named already"}};
  for (const auto& [axes, description] : wrong) {
    const FieldViolation violation = ViolationOf({"dim", Axes(axes).view(), {}});
    EXPECT_EQ(violation.path, "activation.arguments[\"dim\"].tensor");
    EXPECT_THAT(violation.description, HasSubstr(description));
    EXPECT_EQ(violation.element, static_cast<int64_t>(axes.size()) - 1);
  }
  const TestTensor truth(ElementType::kBool, {2}, {0, 1});
  const FieldViolation not_numbers = ViolationOf({"axis", truth.view(), {}});
  EXPECT_EQ(not_numbers.reason, "WRONG_ARGUMENT_TYPE");
  EXPECT_THAT(not_numbers.description, HasSubstr("ELEMENT_TYPE_BOOL"));
  const TestTensor matrix(ElementType::kFloat64, {1, 1}, {0});
  EXPECT_EQ(ViolationOf({"axis", matrix.view(), {}}).reason, "WRONG_ARGUMENT_TYPE");
}

// The outputs of an activation of [1, 2, 3] with a mask, or why it is refused.
absl::StatusOr<TestOutputs> Masked(const TensorView& mask,
                                   absl::string_view activation = "softmax") {
  const TestTensor x(ElementType::kFloat64, {1, 2, 3});
  return EvaluateInCore(
      {.activation = activation, .arguments = {{"mask", mask, {}}}, .inputs = {x.view()}});
}

TEST(MaskTest, HoldsZerosAndOnesAlone) {
  for (const double wrong : {-kInfinity, std::nan(""), 0.5, -1.0, 2.0}) {
    for (ElementType type : kAllElementTypes) {
      const TestTensor mask(type, {0, wrong, 0});
      const auto violation = GetFieldViolation(Masked(mask.view()).status());
      ASSERT_TRUE(violation.has_value()) << wrong;
      EXPECT_EQ(violation->path, "activation.arguments[\"mask\"].tensor");
      EXPECT_THAT(violation->description, HasSubstr("element 1 is"));
      EXPECT_THAT(violation->description, HasSubstr("`bias`"));
    }
  }
}

TEST(MaskTest, PointsToTheBiasWhereThereIsOne) {
  const TestTensor mask(ElementType::kFloat64, {0, -kInfinity, 0});
  int without = 0;
  for (const std::string& name : RowActivations()) {
    const Spec& spec = *(*Catalogue::Best().Find(name))->spec;
    const auto has = [&spec](absl::string_view name) {
      return std::any_of(spec.parameters.begin(), spec.parameters.end(),
                         [name](const Parameter& parameter) { return parameter.name == name; });
    };
    if (!has("mask")) continue;
    const auto violation = GetFieldViolation(Masked(mask.view(), spec.name).status());
    ASSERT_TRUE(violation.has_value()) << spec.name;
    EXPECT_EQ(absl::StrContains(violation->description, "`bias`"), has("bias")) << spec.name;
    without += has("bias") ? 0 : 1;
  }
  EXPECT_GT(without, 0);
}

TEST(MaskTest, IsRefusedWhereItsPayloadDoesNotFillItsShape) {
  const std::vector<std::byte> bytes(16);
  const TensorView mask{ElementType::kFloat64, {1 << 20}, absl::MakeConstSpan(bytes)};
  const TestTensor x(ElementType::kFloat32, {1 << 20}, std::vector<double>(1 << 20, 0.0));
  const absl::Status status =
      EvaluateInCore(
          {.activation = "softmax", .arguments = {{"mask", mask, {}}}, .inputs = {x.view()}})
          .status();
  EXPECT_EQ(GetFieldViolation(status).value_or(FieldViolation()).reason, "PAYLOAD_LENGTH_MISMATCH");
}

TEST(MaskTest, MayBeOfBools) {
  const bool kept[] = {true, false, true};
  EXPECT_EQ(Masked(TensorView::Of(kept))->at("value").values,
            Masked(TestTensor(ElementType::kFloat32, {1, 0, 1}).view())->at("value").values);
  const uint8_t bytes[] = {1, 2, 0};
  const TensorView wrong{ElementType::kBool, {3}, std::as_bytes(std::span(bytes))};
  EXPECT_THAT(Masked(wrong).status().message(), HasSubstr("element 1 is 2"));
}

TEST(MaskTest, ABoolIsNeitherAnInputNorANumber) {
  const bool elements[] = {true, false};
  const TensorView bools = TensorView::Of(elements);
  EXPECT_EQ(
      GetFieldViolation(EvaluateInCore({.activation = "relu", .inputs = {bools}}).status())->reason,
      "ELEMENT_TYPE_NOT_OFFERED");
  const TestTensor x(ElementType::kFloat32, {1, 2});
  EXPECT_EQ(GetFieldViolation(EvaluateInCore({.activation = "leaky_relu",
                                              .arguments = {{"negative_slope", bools, {}}},
                                              .inputs = {x.view()}})
                                  .status())
                ->reason,
            "WRONG_ARGUMENT_TYPE");
}

}  // namespace
}  // namespace rectifier::testing
