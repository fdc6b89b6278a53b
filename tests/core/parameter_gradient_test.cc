// Parameter gradients have the type of their argument, and sum their terms in double-doubles.
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/catalogue.h"
#include "core/engine.h"
#include "core/evaluation.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/core_evaluate.h"

namespace rectifier {
namespace {

using ::rectifier::testing::EvaluateInCore;
using ::rectifier::testing::EvaluateInWindows;
using ::rectifier::testing::TestOutput;
using ::rectifier::testing::TestOutputs;
using ::rectifier::testing::TestTensor;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr ElementType kF16 = ElementType::kFloat16;
constexpr ElementType kBF16 = ElementType::kBFloat16;
constexpr ElementType kF32 = ElementType::kFloat32;
constexpr ElementType kF64 = ElementType::kFloat64;

TestOutput GradientOf(const EvaluationRequest& request, const std::string& parameter) {
  const absl::StatusOr<TestOutputs> outputs = EvaluateInCore(request);
  EXPECT_TRUE(outputs.ok()) << outputs.status();
  return outputs.ok() ? outputs->at("d/" + parameter) : TestOutput();
}

// The gradient of prelu by its weight: the sum of upstream min(x, 0).
TestOutput PreluGradient(const TestTensor& x, const TestTensor& upstream,
                         const TestTensor& weight) {
  return GradientOf({.activation = "prelu",
                     .arguments = {{"weight", weight.view(), {}}},
                     .inputs = {x.view()},
                     .upstream = upstream.view(),
                     .quantities = {Quantity::kParameterGradient}},
                    "weight");
}

// Upstreams of `type`, of which each cancels what the ones before it leave, except for 2^-bits.
// Their sum is that, or minus that.
struct Cancelling {
  std::vector<double> upstreams;
  double sum;
};
Cancelling CancellingUpstreams(double step, int count) {
  Cancelling chain{{1, -(1 + step)}, -step};
  for (int i = 0; i < count; ++i) {
    chain.upstreams.push_back(-chain.sum * (1 - step));
    chain.sum *= step;
  }
  return chain;
}

TEST(ParameterGradientTest, NeitherOverflowsNorLosesDigitsInTheTypeOfTheInput) {
  const TestTensor weight(kF32, {1}, {0.25});
  const TestTensor halves(kF16, std::vector<double>(100000, -1));
  const TestOutput of_halves = GradientOf({.activation = "prelu",
                                           .arguments = {{"weight", weight.view(), {}}},
                                           .inputs = {halves.view()},
                                           .quantities = {Quantity::kParameterGradient}},
                                          "weight");
  EXPECT_EQ(of_halves.type, kF32);
  EXPECT_THAT(of_halves.values, ElementsAre(-100000));

  const TestTensor brains(kBF16, std::vector<double>(70000, -1));
  const TestOutput of_brains = GradientOf({.activation = "prelu",
                                           .arguments = {{"weight", weight.view(), {}}},
                                           .inputs = {brains.view()},
                                           .quantities = {Quantity::kParameterGradient}},
                                          "weight");
  EXPECT_EQ(of_brains.type, kF32);
  EXPECT_THAT(of_brains.values, ElementsAre(-70000));
}

TEST(ParameterGradientTest, HasTheTypeOfItsArgument) {
  for (ElementType type : kAllElementTypes) {
    const TestTensor x(type, {2, 2}, {-1, -2, -3, 4});
    for (ElementType argument_type : kAllElementTypes) {
      for (const Shape& shape : {Shape{}, Shape{2}, Shape{2, 1}, Shape{2, 2}}) {
        SCOPED_TRACE(absl::StrCat(Name(argument_type), " for ", Name(type)));
        const TestTensor weight(argument_type, shape,
                                std::vector<double>(*ElementCount(shape), 0.5));
        const EvaluationRequest request{
            .activation = "prelu",
            .arguments = {{"weight", weight.view(), {}}},
            .inputs = {x.view()},
            .quantities = {Quantity::kValue, Quantity::kParameterGradient}};
        const TestOutputs outputs = *EvaluateInCore(request);
        EXPECT_EQ(outputs.at("value").type, type);
        const TestOutput& gradient = outputs.at("d/weight");
        EXPECT_EQ(gradient.type, argument_type);
        EXPECT_EQ(gradient.shape, shape);
        EXPECT_EQ(gradient.bytes.size(), *ElementCount(shape) * SizeOf(argument_type));
        const std::vector<double> expected = shape == Shape{}    ? std::vector<double>{-6}
                                             : shape == Shape{2} ? std::vector<double>{-4, -2}
                                             : shape == Shape{2, 1}
                                                 ? std::vector<double>{-3, -3}
                                                 : std::vector<double>{-1, -2, -3, 0};
        EXPECT_THAT(gradient.values, ElementsAreArray(expected));
        const TestOutputs in_windows = *EvaluateInWindows(request, 7);
        EXPECT_EQ(in_windows.at("d/weight").bytes, gradient.bytes);
      }
    }
  }
}

TEST(ParameterGradientTest, OfANumberAndOfADefaultIsFloat64) {
  for (ElementType type : kAllElementTypes) {
    const TestTensor x(type, {2, 2}, {-1, -2, -3, 4});
    for (const bool is_given : {false, true}) {
      EvaluationRequest request{.activation = "leaky_relu",
                                .inputs = {x.view()},
                                .quantities = {Quantity::kParameterGradient}};
      if (is_given) request.arguments.push_back({"negative_slope", 0.25, {}});
      const TestOutput slope = GradientOf(request, "negative_slope");
      EXPECT_EQ(slope.type, kF64);
      EXPECT_THAT(slope.values, ElementsAre(-6));

      request.activation = "softmax";
      request.arguments.clear();
      if (is_given) request.arguments.push_back({"temperature", 0.5, {}});
      EXPECT_EQ(GradientOf(request, "temperature").type, kF64);
    }
  }
}

// The terms are no doubles: (1 + 2^-30)^2 - 1 - 2^-29 is 2^-60.
TEST(ParameterGradientTest, KeepsWhatIsLeftOfProductsThatCancel) {
  const double a = 1 + 0x1p-30;
  const TestTensor x(kF64, {-a, -1, -1}), upstream(kF64, {-a, 1, 0x1p-29});
  for (const Shape& shape : {Shape{}, Shape{1}}) {
    const TestOutput gradient = PreluGradient(x, upstream, TestTensor(kF64, shape, {0.25}));
    EXPECT_THAT(gradient.values, ElementsAre(0x1p-60));
  }
  // The sums go down the columns, where they are kept side by side.
  const TestTensor columns(kF64, {3, 2}, {-a, -a, -1, -1, -1, -1});
  const TestTensor weights(kF64, {2}, {0.25, 0.5});
  const TestTensor upstreams(kF64, {3, 2}, {-a, a, 1, -1, 0x1p-29, -0x1p-29});
  EXPECT_THAT(PreluGradient(columns, upstreams, weights).values, ElementsAre(0x1p-60, -0x1p-60));
}

// The segments have several blocks, with each product far from those that it cancels.
TEST(ParameterGradientTest, KeepsWhatIsLeftOverManyBlocks) {
  constexpr size_t kCount = 40000;
  const double a = 1 + 0x1p-30;
  std::vector<double> x(3 * kCount, -1), g(3 * kCount, 1);
  for (size_t i = 0; i < kCount; ++i) {
    x[i] = g[i] = -a;
    g[2 * kCount + i] = 0x1p-29;
  }
  const TestTensor input(kF64, x), upstream(kF64, g), weight(kF64, {1}, {0.25});
  EXPECT_THAT(PreluGradient(input, upstream, weight).values, ElementsAre(kCount * 0x1p-60));
}

// mpmath has computed it at 400 bits: x^2 s(x) s(-x) at 0.75, where s is the logistic function.
constexpr double kSwishByBeta = 0x1.f607b26185a44p-4;

TEST(ParameterGradientTest, KeepsWhatIsLeftOfFunctionsThatCancelInAnyType) {
  const std::pair<ElementType, Cancelling> chains[] = {
      {kF64, CancellingUpstreams(0x1p-30, 1)},   // 2^-60
      {kF32, CancellingUpstreams(0x1p-20, 2)},   // 2^-60
      {kBF16, CancellingUpstreams(0x1p-7, 7)},   // 2^-56
      {kF16, CancellingUpstreams(0x1p-10, 1)}};  // 2^-20, beside which float16 has no numbers
  for (const auto& [type, chain] : chains) {
    SCOPED_TRACE(Name(type));
    const TestTensor x(type, std::vector<double>(chain.upstreams.size(), 0.75));
    const TestTensor upstream(type, chain.upstreams);
    const TestOutput gradient = GradientOf({.activation = "swish",
                                            .inputs = {x.view()},
                                            .upstream = upstream.view(),
                                            .quantities = {Quantity::kParameterGradient}},
                                           "beta");
    const double exact = kSwishByBeta * chain.sum;
    EXPECT_NEAR(gradient.values[0], exact, std::abs(exact) * 0x1p-40);
  }
}

// softmax [0, 1] by its temperature, at 1: the second is s(1), and its derivative -s(1) s(-1).
TEST(ParameterGradientTest, KeepsWhatIsLeftOfRowsThatCancelInAnyType) {
  constexpr double kByTemperature = -0x1.92a946fa34394p-3;
  for (ElementType type : {kF64, kF32}) {
    const Cancelling chain = CancellingUpstreams(0x1p-20, 2);
    const auto rows = static_cast<int64_t>(chain.upstreams.size());
    for (const bool is_last_axis : {true, false}) {
      SCOPED_TRACE(absl::StrCat(Name(type), is_last_axis ? " along" : " across"));
      std::vector<double> x, g;
      for (double upstream : chain.upstreams) {
        for (double element : {0.0, 1.0}) {
          x.push_back(element);
          g.push_back(element * upstream);
        }
      }
      if (!is_last_axis) {
        x.assign(chain.upstreams.size(), 0);
        x.resize(2 * chain.upstreams.size(), 1);
        g.assign(chain.upstreams.size(), 0);
        g.insert(g.end(), chain.upstreams.begin(), chain.upstreams.end());
      }
      const Shape shape = is_last_axis ? Shape{rows, 2} : Shape{2, rows};
      const TestTensor input(type, shape, x), upstream(type, shape, g);
      const TestOutput gradient = GradientOf({.activation = "softmax",
                                              .arguments = {{"axis", is_last_axis ? 1.0 : 0.0, {}}},
                                              .inputs = {input.view()},
                                              .upstream = upstream.view(),
                                              .quantities = {Quantity::kParameterGradient}},
                                             "temperature");
      const double exact = kByTemperature * chain.sum;
      EXPECT_NEAR(gradient.values[0], exact, std::abs(exact) * 0x1p-38);
    }
  }
}

// Each product is halfway between two numbers of float32, and less than half a unit of float64
// from there: rounding it to float64 first would round half of them to the wrong side.
TEST(ParameterGradientTest, IsRoundedOnceToTheTypeOfItsArgument) {
  // 1 + 2^-24 + 3.9e-17, and 1 + 2^-24 - 4.3e-18.
  const TestTensor x(kF64, {-0x1.c35aaace74732p-1, -0x1.97f21a5950f81p-1});
  const TestTensor upstream(kF64, {-0x1.2265b1f236eb0p+0, -0x1.414c3423c5fd7p+0});
  const std::vector<double> exact = {1 + 0x1p-23, 1};
  EXPECT_EQ(PreluGradient(x, upstream, TestTensor(kF32, {2}, {0.25, 0.25})).values, exact);
  // The same holds of sums, with an element that adds nothing.
  const TestTensor columns(kF64, {2, 2}, {-0x1.c35aaace74732p-1, -0x1.97f21a5950f81p-1, 5, 6});
  const TestTensor upstreams(kF64, {2, 2}, {-0x1.2265b1f236eb0p+0, -0x1.414c3423c5fd7p+0, 1, 1});
  EXPECT_EQ(PreluGradient(columns, upstreams, TestTensor(kF32, {2}, {0.25, 0.25})).values, exact);
  // bfloat16 in, float32 out: a product of 16 bits.
  const TestTensor narrow(kBF16, {-1.0078125, -3}), narrow_upstream(kBF16, {1.0078125, 0.5});
  EXPECT_THAT(PreluGradient(narrow, narrow_upstream, TestTensor(kF32, {2}, {0.25, 0.25})).values,
              ElementsAre(-1.0078125 * 1.0078125, -1.5));
}

TEST(ParameterGradientTest, BeyondTheTypeOfItsArgumentIsInfinite) {
  const TestTensor x(kF32, std::vector<double>(70000, -1));
  const TestTensor upstream(kF32, std::vector<double>(70000, 1));
  EXPECT_THAT(PreluGradient(x, upstream, TestTensor(kF16, {1}, {0.25})).values,
              ElementsAre(-kInfinity));
}

TEST(ParameterGradientTest, AnInfiniteTermIsTheSum) {
  for (ElementType type : kAllElementTypes) {
    SCOPED_TRACE(Name(type));
    const TestTensor x(type, {-1, -1, -2});
    for (ElementType argument_type : kAllElementTypes) {
      const TestTensor weight(argument_type, {1}, {0.25});
      EXPECT_THAT(PreluGradient(x, TestTensor(type, {1, kInfinity, 1}), weight).values,
                  ElementsAre(-kInfinity));
      EXPECT_TRUE(std::isnan(
          PreluGradient(x, TestTensor(type, {-kInfinity, kInfinity, 1}), weight).values[0]));
      EXPECT_TRUE(std::isnan(PreluGradient(x, TestTensor(type, {1, kNaN, 1}), weight).values[0]));
    }
    const TestTensor rows(type, {2, 2}, {0, 1, 0, 1});
    const TestTensor upstreams(type, {2, 2}, {0, kInfinity, 0, 1});
    const TestOutput gradient = GradientOf({.activation = "softmax",
                                            .inputs = {rows.view()},
                                            .upstream = upstreams.view(),
                                            .quantities = {Quantity::kParameterGradient}},
                                           "temperature");
    EXPECT_FALSE(std::isfinite(gradient.values[0]));
  }
}

// A gradient of the input's size may be in the input's memory: the value is that of the input that
// was there.
TEST(ParameterGradientTest, MayBeWrittenOverTheInput) {
  for (ElementType type : kAllElementTypes) {
    SCOPED_TRACE(Name(type));
    const std::vector<double> ones(3000, -1);
    const TestTensor x(type, ones), weight(type, std::vector<double>(3000, 0.5)),
        upstream(type, ones);
    const EvaluationRequest request{.activation = "prelu",
                                    .arguments = {{"weight", weight.view(), {}}},
                                    .inputs = {x.view()},
                                    .upstream = upstream.view(),
                                    .quantities = {Quantity::kValue, Quantity::kParameterGradient}};
    const TestOutputs outputs = rectifier::testing::EvaluateInPlace(request, 1, 2);
    EXPECT_EQ(outputs.at("value").values, std::vector<double>(3000, -0.5));
    EXPECT_EQ(outputs.at("d/weight").values, std::vector<double>(3000, 1));
  }
}

TEST(ParameterGradientTest, MemoryForItHasTheTypeOfTheArgument) {
  const TestTensor x(kF16, {-1, -2});
  const Evaluation evaluation =
      *Bind(Catalogue::Best(), {.activation = "leaky_relu",
                                .inputs = {x.view()},
                                .quantities = {Quantity::kParameterGradient}});
  ASSERT_EQ(evaluation.outputs.size(), 1);
  EXPECT_EQ(evaluation.outputs[0].type, kF64);
  EXPECT_EQ(evaluation.outputs[0].bytes, sizeof(double));
  Engine engine({.threads = 1});
  std::vector<float> narrow(2);
  EXPECT_EQ(engine.Run(evaluation, {narrow}).code(), absl::StatusCode::kInvalidArgument);
  std::vector<double> wide(1);
  ASSERT_TRUE(engine.Run(evaluation, {wide}).ok());
  EXPECT_THAT(wide, ElementsAre(-3));
}

// What activation.proto says of Result.parameter_gradients.
TEST(ParameterGradientTest, ThereIsOneForEachLearnableParameterGivenOrNotButTheBiasOfRows) {
  const TestTensor x(kF64, {2, 2}, {1, 2, 3, 4});
  for (const Activation& activation : Catalogue::Best().All()) {
    if (!activation.quantities.Has(Quantity::kParameterGradient)) continue;
    std::vector<std::string> expected, given;
    for (const Parameter& parameter : activation.spec->parameters) {
      const bool is_bias = activation.kind() == Kind::kRows && parameter.name == kBiasParameter;
      if (parameter.learnable && !is_bias) expected.emplace_back(parameter.name);
    }
    const absl::StatusOr<Evaluation> bound =
        Bind(Catalogue::Best(), {.activation = activation.spec->name,
                                 .inputs = {x.view()},
                                 .quantities = {Quantity::kParameterGradient}});
    ASSERT_TRUE(bound.ok()) << bound.status();
    for (const OutputDescription& output : bound->outputs) {
      given.emplace_back(activation.spec->parameters[output.index].name);
      EXPECT_TRUE(output.shape.empty()) << given.back();
      EXPECT_EQ(output.type, kF64) << given.back();
    }
    EXPECT_EQ(given, expected) << activation.spec->name;
  }
}

}  // namespace
}  // namespace rectifier
