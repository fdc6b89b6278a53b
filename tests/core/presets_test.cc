// What names mean: defaults, variants and axes under the presets of frameworks.
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "core/evaluation.h"
#include "core/field_error.h"
#include "core/naming.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/bind_request.h"
#include "tests/support/core_evaluate.h"

namespace rectifier {
namespace {

using ::rectifier::testing::BindIt;
using ::rectifier::testing::EvaluateInCore;
using ::rectifier::testing::TestTensor;
using ::rectifier::testing::ViolationOf;
using ::rectifier::testing::Zeros;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(PresetTest, APresetGivesItsDefaultsAndArgumentsWin) {
  const auto slope = [](absl::string_view preset, std::vector<Argument> arguments) {
    const auto bound = BindIt({.activation = "leaky_relu",
                               .preset = preset,
                               .arguments = std::move(arguments),
                               .inputs = {Zeros({1})}});
    EXPECT_TRUE(bound.ok()) << bound.status();
    return bound->arguments[0].number;
  };
  EXPECT_EQ(slope("", {}), 0.01);
  EXPECT_EQ(slope("tensorflow", {}), 0.2);
  EXPECT_EQ(slope("tensorflow", {{"alpha", 0.5, {}}}), 0.5);
}

TEST(PresetTest, APresetChoosesItsVariantUnderEveryName) {
  for (const char* name : {"gelu", "GELU"}) {
    const auto bound = BindIt({.activation = name, .preset = "jax", .inputs = {Zeros({1})}});
    ASSERT_TRUE(bound.ok()) << bound.status();
    EXPECT_EQ(bound->activation->spec->name, "gelu_tanh");  // jax.nn.gelu: approximate=True
  }
  const auto bound = BindIt({.activation = "gelu", .preset = "keras", .inputs = {Zeros({1})}});
  EXPECT_EQ(bound->activation->spec->name, "gelu");
}

TEST(PresetTest, ANameOfOneExactFormKeepsItUnderEveryPreset) {
  for (const char* name : {"gelu_erf", "gelu_python"}) {
    for (const absl::string_view framework : kFrameworks) {
      const auto bound = BindIt({.activation = name, .preset = framework, .inputs = {Zeros({1})}});
      ASSERT_TRUE(bound.ok()) << bound.status();
      EXPECT_EQ(bound->activation->spec->name, "gelu") << name << ", " << framework;
    }
  }
}

double BoundNumber(const char* activation, absl::string_view preset, const Shape& shape = {1}) {
  const auto bound = BindIt({.activation = activation, .preset = preset, .inputs = {Zeros(shape)}});
  EXPECT_TRUE(bound.ok()) << bound.status();
  return bound->arguments[0].number;
}

TEST(PresetTest, ADefaultMayHoldForOneNameAlone) {
  EXPECT_EQ(BoundNumber("leaky_relu", "onnx"), double{0.01f});  // its attributes are floats
  EXPECT_EQ(BoundNumber("hard_sigmoid", "onnx"), double{0.2f});
  EXPECT_EQ(BoundNumber("leaky_relu", "keras"), 0.2);
  EXPECT_EQ(BoundNumber("LeakyReLU", "keras"), 0.3);
  EXPECT_EQ(BoundNumber("LeakyReLU", "tensorflow"), 0.3);
  EXPECT_EQ(BoundNumber("LeakyReLU", "pytorch"), 0.01);
  EXPECT_EQ(BoundNumber("LeakyReLU", ""), 0.01);
  EXPECT_EQ(BoundNumber("sin", ""), 1);
  EXPECT_EQ(BoundNumber("siren", ""), 30);
  EXPECT_EQ(BoundNumber("relu6", "keras"), 6);
}

TEST(PresetTest, SoftmaxOfTwoDimensionsRunsAlongTheThirdAxisFromTheEnd) {
  const TestTensor x(ElementType::kFloat64, {1, 2, 1, 2}, {1, 5, 2, 9});
  const auto result = EvaluateInCore({.activation = "Softmax2d", .inputs = {x.view()}});
  ASSERT_TRUE(result.ok()) << result.status();
  const std::vector<double> y = result->at("value").values;
  const double expected[] = {0.2689414213699951, 0.01798620996209156, 0.7310585786300049,
                             0.9820137900379085};
  for (size_t i = 0; i < 4; ++i) EXPECT_NEAR(y[i], expected[i], 1e-15);
}

TEST(PresetTest, ReductionsOfFrameworksHaveTheirAxes) {
  const TestTensor zeros(ElementType::kFloat64, {2, 2}, {0, 0, 0, 0});
  const auto shape = [&](const char* name, absl::string_view preset) {
    const auto result =
        EvaluateInCore({.activation = name, .preset = preset, .inputs = {zeros.view()}});
    EXPECT_TRUE(result.ok()) << result.status();
    EXPECT_NEAR(result->at("value").values[0], preset.empty() ? std::log(2) : std::log(4), 1e-15);
    return result->at("value").shape;
  };
  EXPECT_THAT(shape("ReduceLogSumExp", "onnx"), ElementsAre(1, 1));
  EXPECT_THAT(shape("reduce_logsumexp", "tensorflow"), ElementsAre());
  EXPECT_THAT(shape("logsumexp", "jax"), ElementsAre());
  EXPECT_THAT(shape("logsumexp", ""), ElementsAre(2));
}

TEST(PresetTest, AModuleThatNamesAFrameworkIsItsPreset) {
  EXPECT_EQ(BoundNumber("keras.layers.LeakyReLU", ""), 0.3);
  EXPECT_EQ(BoundNumber("tf.keras.layers.LeakyReLU", ""), 0.3);
  EXPECT_EQ(BoundNumber("tf.nn.leaky_relu", ""), 0.2);
  EXPECT_EQ(BoundNumber("nn.LeakyReLU", ""), 0.01);
  EXPECT_EQ(BoundNumber("keras.layers.LeakyReLU", "pytorch"), 0.01);
  const auto gelu = BindIt({.activation = "jax.nn.gelu", .inputs = {Zeros({1})}});
  EXPECT_EQ(gelu->activation->spec->name, "gelu_tanh");
  const auto exact = BindIt({.activation = "torch.nn.functional.gelu", .inputs = {Zeros({1})}});
  EXPECT_EQ(exact->activation->spec->name, "gelu");
}

// PyTorch's weight of shape [C] meets the channels, axis 1.
TEST(PresetTest, APresetChoosesTheAxisOfATensor) {
  const auto strides = [](absl::string_view preset, const Shape& weight, const Shape& input,
                          std::optional<int64_t> axis = {}) {
    const auto bound = BindIt({.activation = "prelu",
                               .preset = preset,
                               .arguments = {{"alpha", Zeros(weight), axis}},
                               .inputs = {Zeros(input)}});
    EXPECT_TRUE(bound.ok()) << bound.status();
    return bound.ok() ? bound->arguments[0].strides : Shape();
  };
  EXPECT_THAT(strides("pytorch", {3}, {1, 3, 2, 3}), ElementsAre(0, 1, 0, 0));
  EXPECT_THAT(strides("", {3}, {1, 3, 2, 3}), ElementsAre(0, 0, 0, 1));
  EXPECT_THAT(strides("onnx", {3}, {1, 3, 2, 3}), ElementsAre(0, 0, 0, 1));
  EXPECT_THAT(strides("keras", {3}, {1, 3, 2, 3}), ElementsAre(0, 0, 0, 1));
  EXPECT_THAT(strides("pytorch", {3}, {1, 3, 2, 3}, -1), ElementsAre(0, 0, 0, 1));
  EXPECT_THAT(strides("pytorch", {1}, {4}), ElementsAre(0));
  EXPECT_THAT(strides("pytorch", {3, 1, 1}, {1, 3, 2, 3}), ElementsAre(0, 1, 0, 0));
  const FieldViolation violation = ViolationOf({.activation = "torch.nn.PReLU",
                                                .arguments = {{"weight", Zeros({4}), {}}},
                                                .inputs = {Zeros({4})}});
  EXPECT_EQ(violation.path, "activation.arguments[\"weight\"].tensor");
  EXPECT_EQ(violation.reason, "AXIS_OUT_OF_RANGE");
  EXPECT_EQ(
      violation.description,
      "the preset pytorch lets it run along axis 1, unless `axis` says otherwise; 1 is out of "
      "range; the input of rank 1 allows -1 to 0");
}

// What the frameworks themselves gave: PyTorch 1.13, JAX 0.10, TensorFlow 2.21 with Keras 3.15.
struct KinkCase {
  const char* activation;
  const char* preset;
  double x;
  double derivative;
  std::vector<Argument> arguments = {};
};

class KinkTest : public ::testing::TestWithParam<KinkCase> {};

TEST_P(KinkTest, TheDerivativeIsTheFrameworks) {
  const KinkCase& kink = GetParam();
  const TestTensor x(ElementType::kFloat64, {1}, {kink.x});
  const auto result = EvaluateInCore({.activation = kink.activation,
                                      .preset = kink.preset,
                                      .arguments = kink.arguments,
                                      .inputs = {x.view()},
                                      .quantities = {Quantity::kGradient}});
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->at("gradient").values[0], kink.derivative)
      << kink.activation << ", " << kink.preset << " at " << kink.x;
}

const std::vector<Argument> kUnit = {{"min", -1.0, {}}, {"max", 1.0, {}}};
const std::vector<Argument> kSlope = {{"slope", 0.25, {}}};
const std::vector<Argument> kSlopeAndCap = {{"slope", 0.25, {}}, {"cap", 3.0, {}}};
const std::vector<Argument> kCapOf6 = {{"slope", 0.25, {}}, {"cap", 6.0, {}}};
const std::vector<Argument> kAll = {{"slope", 0.25, {}}, {"cap", 3.0, {}}, {"threshold", 1.0, {}}};
const std::vector<Argument> kNegative = {
    {"slope", 0.25, {}}, {"cap", 3.0, {}}, {"threshold", -1.0, {}}};

INSTANTIATE_TEST_SUITE_P(
    Frameworks, KinkTest,
    ::testing::Values(
        KinkCase{"abs", "pytorch", 0, 0}, KinkCase{"abs", "tensorflow", 0, 0},
        KinkCase{"abs", "jax", 0, 1}, KinkCase{"abs", "jax", -0.0, 1},
        KinkCase{"jnp.abs", "", 0, 1}, KinkCase{"jnp.clip", "", 1, 0.5, kUnit},
        KinkCase{"lax.clamp", "", 1, 0, kUnit}, KinkCase{"clamp", "pytorch", -1, 1, kUnit},
        KinkCase{"clamp", "pytorch", 1, 1, kUnit}, KinkCase{"torch.clamp", "", 1, 1, kUnit},
        KinkCase{"clip_by_value", "tensorflow", -1, 1, kUnit},
        KinkCase{"clip", "keras", 1, 1, kUnit}, KinkCase{"clip", "jax", -1, 0.5, kUnit},
        KinkCase{"clip", "jax", 1, 0.5, kUnit}, KinkCase{"clip", "jax", 2, 0, kUnit},
        KinkCase{"clip", "jax", 1, 0.25, {{"min", 1.0, {}}, {"max", 1.0, {}}}},
        KinkCase{"clip", "jax", 1.5, 0, {{"min", 2.0, {}}, {"max", 1.0, {}}}},
        KinkCase{"clip", "jax", -kInfinity, 1, {{"max", 1.0, {}}}},
        KinkCase{"clip", "onnx", -kInfinity, 1, {{"max", 1.0, {}}}},
        KinkCase{"jax.lax.clamp", "", -1, 0, kUnit}, KinkCase{"clamp", "jax", 1, 0, kUnit},
        KinkCase{"hard_tanh", "pytorch", 1, 0}, KinkCase{"hard_tanh", "jax", -1, 1},
        KinkCase{"hard_tanh", "keras", 1, 1}, KinkCase{"sparse_sigmoid", "jax", -1, 0.25},
        KinkCase{"sparse_sigmoid", "jax", 1, 0.25}, KinkCase{"sparse_sigmoid", "jax", 0.5, 0.5},
        KinkCase{"sparse_sigmoid", "jax", 1.5, 0}, KinkCase{"sparse_sigmoid", "keras", 1, 0},
        KinkCase{"selu", "keras", 0, 1.0507009873554805}, KinkCase{"elu", "keras", 0, 1},
        KinkCase{"relu6", "jax", 6, 0}, KinkCase{"relu6", "keras", 6, 0},
        KinkCase{"relu_general", "keras", 0, 0.25, kSlope},
        KinkCase{"relu_general", "keras", 0, 0, kSlopeAndCap},
        KinkCase{"relu_general", "keras", -1, 0.25, kSlopeAndCap},
        KinkCase{"relu_general", "keras", 3, 1, kSlopeAndCap},
        KinkCase{"relu_general", "keras", 4, 0, kSlopeAndCap},
        KinkCase{"relu_general", "keras", 0, 0, kCapOf6},
        KinkCase{"relu_general", "keras", 6, 0, kCapOf6},
        KinkCase{"relu_general", "keras", 0.5, 0.25, kAll},
        KinkCase{"relu_general", "keras", 1, 0, kAll},
        KinkCase{"relu_general", "keras", 3, 1, kAll},
        KinkCase{"relu_general", "keras", -1, 0, kNegative},
        KinkCase{"relu_general", "keras", -0.5, 0, kNegative},
        KinkCase{"relu_general", "keras", 0, 1, kNegative},
        KinkCase{"relu_general", "keras", -2, 0.25, kNegative},
        KinkCase{"relu_general", "keras", kInfinity, 1}));

TEST(PresetTest, ClipHasNoBoundsUnlessTheyAreGiven) {
  const TestTensor x(ElementType::kFloat64, {3}, {-kInfinity, 0.5, 7});
  const auto result = EvaluateInCore(
      {.activation = "torch.clamp", .arguments = {{"max", 1.0, {}}}, .inputs = {x.view()}});
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_THAT(result->at("value").values, ElementsAre(-kInfinity, 0.5, 1));
}

// Every variant in the catalogue is tried, with the defaults that the name has under the preset.
TEST(PresetTest, APresetGivesTheBitsOfItsVariant) {
  const TestTensor x(ElementType::kFloat32, {3, 4},
                     {-30, -3, -1, -0.5, -0.0, 0, 1e-30, 0.5, 1, 3, 6, 30});
  int variants = 0;
  for (const Activation& activation : Catalogue::Best().All()) {
    for (const Variant& variant : activation.spec->variants) {
      SCOPED_TRACE(std::string(variant.activation));
      ++variants;
      const Activation* const meant = *Catalogue::Best().Find(variant.activation);
      const absl::string_view name =
          variant.names.empty() ? activation.spec->name : variant.names[0];
      EvaluationRequest request{.activation = name,
                                .preset = variant.framework,
                                .inputs = {x.view()},
                                .quantities = meant->quantities};
      const auto by_preset = EvaluateInCore(request);
      ASSERT_TRUE(by_preset.ok()) << by_preset.status();
      request.activation = variant.activation;
      request.preset = {};
      for (const Parameter& parameter : meant->spec->parameters) {
        const Setting setting =
            DefaultOf(*activation.spec, name, variant.framework, parameter.name);
        request.arguments.push_back({parameter.name, setting.number, {}});
      }
      const auto by_name = EvaluateInCore(request);
      ASSERT_TRUE(by_name.ok()) << by_name.status();
      EXPECT_EQ(by_preset->size(), by_name->size());
      for (const auto& [quantity, output] : *by_preset) {
        EXPECT_EQ(output.bytes, by_name->at(quantity).bytes) << quantity;
      }
    }
  }
  EXPECT_GT(variants, 0);
}

TEST(PresetTest, RefusesAnUnknownPreset) {
  const FieldViolation violation =
      ViolationOf({.activation = "relu", .preset = "caffe", .inputs = {Zeros({1})}});
  EXPECT_EQ(violation.path, "activation.preset");
  EXPECT_THAT(violation.description, HasSubstr("pytorch"));
}

}  // namespace
}  // namespace rectifier
