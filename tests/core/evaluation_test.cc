#include "core/evaluation.h"

#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
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

TEST(BindTest, DescribesTheOutputsInTheirOrder) {
  const auto bound = BindIt({.activation = "swish",
                             .inputs = {Zeros({2, 3})},
                             .quantities = {Quantity::kParameterGradient, Quantity::kValue,
                                            Quantity::kSecondDerivative, Quantity::kGradient}});
  ASSERT_TRUE(bound.ok()) << bound.status();
  ASSERT_EQ(bound->outputs.size(), 4u);
  EXPECT_EQ(bound->outputs[0].quantity, Quantity::kValue);
  EXPECT_EQ(bound->outputs[1].quantity, Quantity::kGradient);
  EXPECT_EQ(bound->outputs[2].quantity, Quantity::kSecondDerivative);
  EXPECT_EQ(bound->outputs[3].quantity, Quantity::kParameterGradient);
  EXPECT_EQ(bound->outputs[0].bytes, 24u);
  EXPECT_THAT(bound->outputs[0].shape, ElementsAre(2, 3));
  EXPECT_TRUE(bound->outputs[3].shape.empty());
  EXPECT_EQ(bound->outputs[0].type, ElementType::kFloat32);
  EXPECT_EQ(bound->outputs[3].type, ElementType::kFloat64);
  EXPECT_EQ(bound->outputs[3].bytes, 8u);
}

TEST(BindTest, NamesAnUnknownActivationAndSuggestsTheNearest) {
  const FieldViolation violation = ViolationOf({.activation = "gelo", .inputs = {Zeros({1})}});
  EXPECT_EQ(violation.path, "activation.name");
  EXPECT_THAT(violation.description, HasSubstr("did you mean \"gelu\"?"));
  EXPECT_EQ(violation.reason, "UNKNOWN_ACTIVATION");
}

TEST(BindTest, DoesNotEchoAHostileNameWhole) {
  const FieldViolation violation =
      ViolationOf({.activation = std::string(100000, 'x'), .inputs = {Zeros({1})}});
  EXPECT_LT(violation.description.size(), 200u);
}

TEST(BindTest, CutsALongNameBetweenCharacters) {
  std::string name = "a";
  for (int i = 0; i < 40; ++i) name += "\u00e9";
  EXPECT_THAT(ViolationOf({.activation = name, .inputs = {Zeros({1})}}).description,
              HasSubstr(name.substr(0, 63) + "...\""));
}

TEST(BindTest, NamesAnUnknownParameterAndSuggestsTheNearest) {
  const FieldViolation violation = ViolationOf(
      {.activation = "softplus", .arguments = {{"bta", 1.0, {}}}, .inputs = {Zeros({1})}});
  EXPECT_EQ(violation.path, "activation.arguments[\"bta\"]");
  EXPECT_THAT(violation.description, HasSubstr("did you mean \"beta\"?"));
  EXPECT_EQ(violation.reason, "UNKNOWN_PARAMETER");
}

TEST(BindTest, RefusesNumbersThatAreNotFiniteOrOutOfRange) {
  for (double beta : {std::nan(""), kInfinity, -kInfinity, 0.0, -1.0}) {
    const FieldViolation violation = ViolationOf(
        {.activation = "softplus", .arguments = {{"beta", beta, {}}}, .inputs = {Zeros({1})}});
    EXPECT_EQ(violation.path, "activation.arguments[\"beta\"]");
    EXPECT_EQ(violation.reason, "ARGUMENT_OUT_OF_RANGE");
    EXPECT_THAT(violation.description, HasSubstr("[1e-100, 1e+100]"));
  }
}

TEST(BindTest, TakesAnInfiniteBoundOnTheSideThatItLeavesOpen) {
  const auto bind = [](absl::string_view name, double bound) {
    const bool upper = name == "max_value";
    return Bind(Catalogue::Best(), {.activation = upper ? "relu_general" : "shifted_relu",
                                    .arguments = {{name, bound, {}}},
                                    .inputs = {Zeros({1})},
                                    .quantities = {Quantity::kValue}});
  };
  EXPECT_TRUE(bind("c", -kInfinity).ok());
  EXPECT_TRUE(bind("max_value", kInfinity).ok());
  for (const auto& [name, bound] :
       {std::pair{"c", kInfinity}, {"max_value", -kInfinity}, {"c", std::nan("")}}) {
    const absl::Status status = bind(name, bound).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(status.message()), HasSubstr("allowed: in"));
  }
}

TEST(BindTest, RefusesAnArgumentTooCloseToZero) {
  const FieldViolation violation = ViolationOf(
      {.activation = "celu", .arguments = {{"alpha", 0.0, {}}}, .inputs = {Zeros({1})}});
  EXPECT_THAT(violation.description, HasSubstr("and not between -1e-100 and 1e-100"));
}

TEST(BindTest, NamesTheElementOfATensorThatIsOutOfRange) {
  const TestTensor beta(ElementType::kFloat32, {1, 2, -3});
  const FieldViolation violation = ViolationOf({.activation = "softplus",
                                                .arguments = {{"beta", beta.view(), {}}},
                                                .inputs = {Zeros({2, 3})}});
  EXPECT_EQ(violation.path, "activation.arguments[\"beta\"].tensor");
  EXPECT_THAT(violation.description, HasSubstr("element 2: -3 is out of range"));
  EXPECT_EQ(violation.element, 2);
}

// The number is written to its last digit, not to six.
TEST(BindTest, ReportsTheNumberThatWasSent) {
  const auto description = [](const char* activation, const char* name, double value) {
    return ViolationOf({.activation = activation,
                        .arguments = {{name, value, {}}},
                        .inputs = {Zeros({2, 4})}})
        .description;
  };
  EXPECT_THAT(description("softmax", "axis", 1e300), HasSubstr("1e+300 is out of range"));
  EXPECT_THAT(description("softmax", "axis", 0.1), HasSubstr("0.1 is given"));
  EXPECT_THAT(description("maxout", "pieces", 1e15), HasSubstr("1e+15 does not divide"));
  EXPECT_THAT(description("relu_n", "n", -0.30000000000000004),
              HasSubstr("-0.30000000000000004 is out of range"));
  EXPECT_THAT(description("glu", "gate", 1), HasSubstr("1 is given"));
}

TEST(BindTest, ReportsTheIntervalOfABound) {
  EXPECT_THAT(
      ViolationOf(
          {.activation = "clip", .arguments = {{"max", std::nan(""), {}}}, .inputs = {Zeros({1})}})
          .description,
      HasSubstr("nan is out of range; allowed: in [-inf, inf]"));
}

TEST(BindTest, NamesEnumeratorsAsTheApiDoes) {
  EXPECT_THAT(ViolationOf({.activation = "softmax",
                           .inputs = {Zeros({2, 2})},
                           .quantities = {Quantity::kSecondDerivative}})
                  .description,
              HasSubstr("QUANTITY_SECOND_DERIVATIVE"));
  EXPECT_EQ(ViolationOf({.activation = "relu",
                         .inputs = {Zeros({2})},
                         .upstream = Zeros({2}, ElementType::kFloat16)})
                .description,
            "element type ELEMENT_TYPE_FLOAT16; must be the input's, ELEMENT_TYPE_FLOAT32");
}

// Arguments of other libraries.
TEST(BindTest, SaysWhatStandsForAnArgumentOfOtherLibraries) {
  const auto description = [](const char* activation, const char* name) {
    return ViolationOf({.activation = activation,
                        .arguments = {{name, absl::string_view("tanh"), {}}},
                        .inputs = {Zeros({2, 4})}})
        .description;
  };
  EXPECT_THAT(description("gelu", "approximate"), HasSubstr("\"gelu_tanh\""));
  EXPECT_THAT(description("relu", "inplace"), HasSubstr("leave it out"));
  EXPECT_THAT(description("relu", "max_value"), HasSubstr("\"relu_general\""));
}

// Whatever the parameter takes, no element is read before the bytes are counted.
TEST(BindTest, ChecksThePayloadOfEveryTensorArgument) {
  const std::vector<std::byte> bytes(16), room(1 << 22);
  for (const Activation& activation : Catalogue::Best().All()) {
    const bool pairs = activation.kind() == Kind::kPairs;
    for (const Parameter& parameter : activation.spec->parameters) {
      for (const Shape& shape : {Shape{1 << 20}, Shape{1 << 10, 1 << 10}, Shape{0}, Shape{},
                                 Shape{-1}, Shape{int64_t{1} << 62, 4}}) {
        for (const ElementType type : kAllElementTypes) {
          SCOPED_TRACE(absl::StrCat(activation.spec->name, ", ", parameter.name));
          const TensorView tensor = {type, shape, absl::MakeConstSpan(bytes)};
          const TensorView input =
              pairs ? Zeros({2, 4}) : TensorView{ElementType::kFloat32, {1 << 20}, room};
          const auto bound = BindIt({.activation = activation.spec->name,
                                     .arguments = {{parameter.name, tensor, {}}},
                                     .inputs = {input}});
          EXPECT_EQ(GetFieldViolation(bound.status()).value_or(FieldViolation()).reason,
                    "PAYLOAD_LENGTH_MISMATCH");
        }
      }
    }
  }
}

TEST(BindTest, RefusesAnArgumentInPieces) {
  const std::vector<std::byte> bytes(8);
  const std::vector<Payload::Piece> pieces = {{0, bytes.data()}, {4, bytes.data() + 4}};
  const TensorView tensor = {ElementType::kFloat32, {2}, Payload(pieces, 8)};
  for (const auto& [activation, name] :
       std::vector<std::pair<const char*, const char*>>{{"prelu", "weight"}, {"softmax", "mask"}}) {
    EXPECT_EQ(
        ViolationOf(
            {.activation = activation, .arguments = {{name, tensor, {}}}, .inputs = {Zeros({2})}})
            .reason,
        "PAYLOAD_IN_PIECES");
  }
}

TEST(BindTest, ASeedIsAWholeNumberThatADoubleHolds) {
  for (const double seed : {0.5, -1.0, 0x1p54}) {
    const FieldViolation violation = ViolationOf(
        {.activation = "rrelu", .arguments = {{"seed", seed, {}}}, .inputs = {Zeros({1})}});
    EXPECT_EQ(violation.path, "activation.arguments[\"seed\"]") << seed;
  }
  const TestTensor tensor(ElementType::kFloat32, {1});
  EXPECT_EQ(ViolationOf({.activation = "rrelu",
                         .arguments = {{"seed", tensor.view(), {}}},
                         .inputs = {Zeros({1})}})
                .reason,
            "WRONG_ARGUMENT_TYPE");
  const auto bound = BindIt({.activation = "rrelu",
                             .arguments = {{"seed", 7.0, {}}, {"offset", 12.0, {}}},
                             .inputs = {Zeros({1})}});
  ASSERT_TRUE(bound.ok()) << bound.status();
  ASSERT_TRUE(bound->arguments[2].draws.has_value());
  EXPECT_EQ(bound->arguments[2].draws->seed, 7u);
  EXPECT_EQ(bound->arguments[2].draws->offset, 12u);
}

TEST(BindTest, AnArgumentMayNotExceedTheOneThatBoundsIt) {
  const FieldViolation violation = ViolationOf(
      {.activation = "rrelu", .arguments = {{"lower", 0.5, {}}}, .inputs = {Zeros({1})}});
  EXPECT_EQ(violation.path, "activation.arguments[\"lower\"]");
  EXPECT_THAT(violation.description, HasSubstr("lower is 0.5, which is more than upper, 0.333"));
  EXPECT_EQ(violation.reason, "ARGUMENT_OUT_OF_RANGE");
  EXPECT_EQ(ViolationOf(
                {.activation = "rrelu", .arguments = {{"upper", -1.0, {}}}, .inputs = {Zeros({1})}})
                .path,
            "activation.arguments[\"upper\"]");
  EXPECT_TRUE(BindIt({.activation = "rrelu",
                      .arguments = {{"lower", 0.25, {}}, {"upper", 0.25, {}}},
                      .inputs = {Zeros({1})}})
                  .ok());
}

TEST(BindTest, TensorsAreComparedWhereTheyMeet) {
  const TestTensor lower(ElementType::kFloat32, {2, 1}, {0, 0.5});
  const TestTensor above(ElementType::kFloat32, {3}, {0.5, 0.75, 1});
  const TestTensor crossing(ElementType::kFloat32, {3}, {0.5, 0.75, 0.25});
  for (const TestTensor* upper : {&above, &crossing}) {
    const auto bound =
        BindIt({.activation = "rrelu",
                .arguments = {{"lower", lower.view(), {}}, {"upper", upper->view(), {}}},
                .inputs = {Zeros({4, 2, 3})}});
    EXPECT_EQ(bound.ok(), upper == &above) << bound.status();
  }
}

// All pairs of them would be 2^40.
TEST(BindTest, LargeTensorsThatCrossAreComparedInOnePassOfEach) {
  constexpr int64_t kSize = int64_t{1} << 20;
  const auto tensor = [](Shape shape, double number, double last) {
    std::vector<double> numbers(kSize, number);
    numbers.back() = last;
    return TestTensor(ElementType::kFloat64, std::move(shape), numbers);
  };
  const TestTensor upper = tensor({1, kSize}, 1, 0.75);
  for (const double last : {0.75, 0.875}) {
    const TestTensor lower = tensor({kSize, 1}, 0.5, last);
    TensorView input{.type = ElementType::kFloat16, .shape = {kSize, kSize}, .data = {}};
    const auto bound =
        BindIt({.activation = "rrelu",
                .arguments = {{"lower", lower.view(), {}}, {"upper", upper.view(), {}}},
                .inputs = {std::move(input)},
                .payloads_follow = true});
    EXPECT_EQ(bound.ok(), last == 0.75) << bound.status();
    if (bound.ok()) continue;
    EXPECT_THAT(bound.status().message(),
                HasSubstr("lower is 0.875, which is more than upper, 0.75"));
  }
}

TEST(BindTest, RefusesAnArgumentGivenTwiceUnderAnAlias) {
  const FieldViolation violation =
      ViolationOf({.activation = "softplus",
                   .arguments = {{"beta", 1.0, {}}, {"sharpness", 2.0, {}}},
                   .inputs = {Zeros({1})}});
  EXPECT_EQ(violation.reason, "DUPLICATE_ARGUMENT");
}

TEST(BindTest, RefusesQuantitiesThatAreNotOffered) {
  const FieldViolation violation = ViolationOf({.activation = "softmax",
                                                .inputs = {Zeros({2, 2})},
                                                .quantities = {Quantity::kSecondDerivative}});
  EXPECT_EQ(violation.path, "quantities");
  EXPECT_EQ(violation.reason, "QUANTITY_NOT_OFFERED");
  EXPECT_THAT(violation.description,
              HasSubstr("does not offer QUANTITY_SECOND_DERIVATIVE; it offers QUANTITY_VALUE, "
                        "QUANTITY_GRADIENT"));
}

TEST(BindTest, ChecksHowManyInputsThereAre) {
  EXPECT_EQ(ViolationOf({.activation = "relu"}).reason, "WRONG_INPUT_COUNT");
  EXPECT_EQ(ViolationOf({.activation = "relu", .inputs = {Zeros({1}), Zeros({1})}}).reason,
            "WRONG_INPUT_COUNT");
  EXPECT_EQ(
      ViolationOf({.activation = "glu", .inputs = {Zeros({1}), Zeros({1}), Zeros({1})}}).reason,
      "WRONG_INPUT_COUNT");
}

TEST(BindTest, PayloadsMustFillTheirShapes) {
  const std::vector<float> six(6);
  const TensorView good = TensorView::Of(six, {2, 3}), bad = TensorView::Of(six, {2, 4});
  EXPECT_EQ(ViolationOf({.activation = "relu", .inputs = {bad}}).path, "inputs[0]");
  EXPECT_EQ(ViolationOf({.activation = "glu", .inputs = {good, bad}}).path, "inputs[1]");
  EXPECT_EQ(ViolationOf({.activation = "relu", .inputs = {good}, .upstream = bad}).path,
            "upstream");
  EXPECT_EQ(
      ViolationOf({.activation = "prelu", .arguments = {{"weight", bad, {}}}, .inputs = {good}})
          .path,
      "activation.arguments[\"weight\"].tensor");
  const FieldViolation negative =
      ViolationOf({.activation = "relu", .inputs = {TensorView::Of(six, {-2, -3})}});
  EXPECT_EQ(negative.reason, "PAYLOAD_LENGTH_MISMATCH");
}

TEST(BindTest, TheSecondOfAPairMustMatchTheFirst) {
  const FieldViolation shape =
      ViolationOf({.activation = "glu", .inputs = {Zeros({2, 3}), Zeros({3, 2})}});
  EXPECT_EQ(shape.path, "inputs[1]");
  EXPECT_EQ(shape.reason, "SHAPE_MISMATCH");
  const FieldViolation type =
      ViolationOf({.activation = "glu", .inputs = {Zeros({2}), Zeros({2}, ElementType::kFloat64)}});
  EXPECT_EQ(type.reason, "ELEMENT_TYPE_MISMATCH");
}

TEST(BindTest, UpstreamMustHaveTheShapeAndTypeOfTheOutput) {
  const FieldViolation shape = ViolationOf(
      {.activation = "logsumexp", .inputs = {Zeros({2, 3})}, .upstream = Zeros({2, 3})});
  EXPECT_EQ(shape.path, "upstream");
  EXPECT_THAT(shape.description, HasSubstr("the output's, [2]"));
  const FieldViolation type = ViolationOf({.activation = "relu",
                                           .inputs = {Zeros({2})},
                                           .upstream = Zeros({2}, ElementType::kFloat16)});
  EXPECT_EQ(type.reason, "ELEMENT_TYPE_MISMATCH");
}

TEST(BindTest, ATensorArgumentBroadcastsByNumpysRules) {
  for (const Shape& shape : {Shape{}, Shape{4}, Shape{3, 1}, Shape{2, 1, 1}, Shape{2, 3, 4}}) {
    EXPECT_TRUE(BindIt({.activation = "prelu",
                        .arguments = {{"weight", Zeros(shape), {}}},
                        .inputs = {Zeros({2, 3, 4})}})
                    .ok());
  }
  for (const Shape& shape : {Shape{3}, Shape{2, 1}, Shape{1, 2, 3, 4}, Shape{0}}) {
    const FieldViolation violation = ViolationOf({.activation = "prelu",
                                                  .arguments = {{"weight", Zeros(shape), {}}},
                                                  .inputs = {Zeros({2, 3, 4})}});
    EXPECT_EQ(violation.reason, "SHAPE_MISMATCH");
    EXPECT_THAT(violation.description, HasSubstr("[2, 3, 4]"));
  }
}

TEST(BindTest, ATensorArgumentMayRunAlongAnAxis) {
  const auto bound = BindIt({.activation = "prelu",
                             .arguments = {{"weight", Zeros({3}), -2}},
                             .inputs = {Zeros({2, 3, 4})}});
  ASSERT_TRUE(bound.ok()) << bound.status();
  EXPECT_THAT(bound->arguments[0].strides, ElementsAre(0, 1, 0));
}

TEST(BindTest, ChecksTheAxisOfAnArgument) {
  const auto violation = [](Argument argument) {
    return ViolationOf(
        {.activation = "prelu", .arguments = {argument}, .inputs = {Zeros({2, 3, 4})}});
  };
  EXPECT_EQ(violation({"weight", Zeros({3}), 0}).reason, "SHAPE_MISMATCH");
  EXPECT_EQ(violation({"weight", Zeros({3}), 3}).reason, "AXIS_OUT_OF_RANGE");
  EXPECT_EQ(violation({"weight", Zeros({3, 1}), 1}).reason, "AXIS_NEEDS_RANK_1");
  EXPECT_EQ(violation({"weight", 1.0, 1}).reason, "AXIS_WITHOUT_TENSOR");
  EXPECT_EQ(violation({"weight", Zeros({3}), 3}).path, "activation.arguments[\"weight\"].axis");
}

TEST(BindTest, ChecksTheTypeOfAnArgument) {
  const auto reason = [](const char* activation, Argument argument) {
    return ViolationOf(
               {.activation = activation, .arguments = {argument}, .inputs = {Zeros({2, 4})}})
        .reason;
  };
  EXPECT_EQ(reason("prelu", {"weight", absl::string_view("first"), {}}), "WRONG_ARGUMENT_TYPE");
  EXPECT_EQ(reason("softmax", {"axis", 0.5, {}}), "WRONG_ARGUMENT_TYPE");
  EXPECT_EQ(reason("maxout", {"axis", Zeros({1}), {}}), "WRONG_ARGUMENT_TYPE");
  EXPECT_EQ(reason("softmax", {"axis", std::nan(""), {}}), "WRONG_ARGUMENT_TYPE");
  EXPECT_EQ(reason("softmax", {"axis", kInfinity, {}}), "AXIS_OUT_OF_RANGE");
  EXPECT_EQ(reason("glu", {"gate", 1.0, {}}), "WRONG_ARGUMENT_TYPE");
  EXPECT_EQ(reason("glu", {"gate", absl::string_view("third"), {}}), "ARGUMENT_OUT_OF_RANGE");
}

}  // namespace
}  // namespace rectifier
