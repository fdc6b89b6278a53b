// What a selection leaves out is discarded: where a derivative of a function made of pieces is 0,
// infinity and NaN from above give 0. No activation is known here by name, except one of each kind.
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/support/core_evaluate.h"

namespace rectifier::testing {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

class SelectionTest : public ::testing::TestWithParam<std::string> {
 protected:
  TestOutputs Evaluate(EvaluationRequest request) const {
    return *EvaluateInCore(request, {.catalogue = *Catalogue::ForTarget(GetParam())});
  }

  // Every derivative at `inputs`, with one argument for each element, so that no terms are summed.
  TestOutputs Derivatives(const Activation& activation, ElementType type,
                          const std::vector<std::vector<double>>& inputs,
                          const std::vector<double>* upstream) const {
    const size_t count = inputs[0].size();
    std::vector<TestTensor> tensors;
    tensors.reserve(inputs.size() + kMaxParameters);
    EvaluationRequest request{.activation = activation.spec->name,
                              .quantities = activation.quantities};
    for (const std::vector<double>& input : inputs) {
      request.inputs.push_back(tensors.emplace_back(type, input).view());
    }
    for (const Parameter& parameter : activation.spec->parameters) {
      if (activation.kind() != Kind::kElementwise || !parameter.learnable) continue;
      const std::vector<double> argument(count, parameter.default_value);
      request.arguments.push_back(
          {parameter.name, tensors.emplace_back(ElementType::kFloat64, argument).view(), {}});
    }
    const TestTensor from_above(type, upstream ? *upstream : std::vector<double>());
    if (upstream) request.upstream = from_above.view();
    TestOutputs outputs = Evaluate(request);
    outputs.erase("value");
    return outputs;
  }

  void ExpectDiscarded(const Activation& activation,
                       const std::vector<std::vector<double>>& inputs) const {
    const TestOutputs plain = Derivatives(activation, ElementType::kFloat64, inputs, nullptr);
    const std::vector<double> specials[] = {
        std::vector<double>(inputs[0].size(), kInfinity),
        std::vector<double>(inputs[0].size(), -kInfinity),
        std::vector<double>(inputs[0].size(), kNaN),
    };
    for (const ElementType type : kAllElementTypes) {
      for (const std::vector<double>& upstream : specials) {
        const TestOutputs outputs = Derivatives(activation, type, inputs, &upstream);
        for (const auto& [quantity, expected] : plain) {
          const std::vector<double>& got = outputs.at(quantity).values;
          for (size_t i = 0; i < got.size(); ++i) {
            if (expected.values[i] != 0) continue;
            EXPECT_TRUE(got[i] == 0 && !std::signbit(got[i]))
                << activation.spec->name << " " << quantity << " in " << Name(type) << " at "
                << inputs[0][i] << ", upstream " << upstream[0] << ": " << got[i];
          }
        }
      }
    }
  }
};

TEST_P(SelectionTest, DiscardsWhatComesFromAboveADeadUnit) {
  std::vector<double> x, gate, value;
  for (int k = -160; k <= 160; ++k) x.push_back(k / 8.0);  // no exponential underflows here
  for (const double other : {-kInfinity, -8.0, 0.0, 0.75, kInfinity}) {
    for (const double g : x) {
      if (g == 0) continue;  // 0 times infinity, whatever is selected
      gate.push_back(g);
      value.push_back(other);
    }
  }
  int tried = 0;
  for (const Activation& activation : (*Catalogue::ForTarget(GetParam()))->All()) {
    if (!Selects(*activation.spec) || activation.kind() == Kind::kRows) continue;
    ++tried;
    if (activation.kind() == Kind::kElementwise) {
      ExpectDiscarded(activation, {x});
    } else {
      ExpectDiscarded(activation, {gate, value});
    }
  }
  EXPECT_GT(tried, 25);
}

TEST_P(SelectionTest, KeepsWhatComesFromAboveALiveUnit) {
  const TestTensor x(ElementType::kFloat32, {-5, 5, kNaN}),
      up(ElementType::kFloat32, {kInfinity, kInfinity, 1});
  const std::vector<double> gradient = Evaluate({.activation = "relu",
                                                 .inputs = {x.view()},
                                                 .upstream = up.view(),
                                                 .quantities = {Quantity::kGradient}})
                                           .at("gradient")
                                           .values;
  EXPECT_EQ(gradient[0], 0);
  EXPECT_EQ(gradient[1], kInfinity);
  EXPECT_TRUE(std::isnan(gradient[2]));
}

// A smooth function has no dead units: 0 times infinity stays what it is.
TEST_P(SelectionTest, IsNotWhatAProductDoes) {
  const TestTensor gate(ElementType::kFloat64, {0}), value(ElementType::kFloat64, {kInfinity});
  const TestOutputs outputs = Evaluate({.activation = "bilinear_glu",
                                        .inputs = {gate.view(), value.view()},
                                        .quantities = {Quantity::kValue}});
  EXPECT_TRUE(std::isnan(outputs.at("value").values[0]));
}

TEST_P(SelectionTest, OfAPairClosesForAnInfiniteValue) {
  for (const char* activation : {"reglu", "fatrelu_and_mul"}) {
    const TestTensor gate(ElementType::kFloat16, {-5, -5, 5}),
        value(ElementType::kFloat16, {kInfinity, -kInfinity, 2}),
        up(ElementType::kFloat16, {1, kInfinity, 3});
    const TestOutputs outputs = Evaluate({.activation = activation,
                                          .inputs = {gate.view(), value.view()},
                                          .upstream = up.view(),
                                          .quantities = {Quantity::kValue, Quantity::kGradient}});
    EXPECT_EQ(outputs.at("value").values, (std::vector<double>{0, 0, 10})) << activation;
    EXPECT_EQ(outputs.at("gradient").values, (std::vector<double>{0, 0, 6})) << activation;
    EXPECT_EQ(outputs.at("gradient 1").values, (std::vector<double>{0, 0, 15})) << activation;
  }
}

INSTANTIATE_TEST_SUITE_P(Targets, SelectionTest, ::testing::ValuesIn(Catalogue::Targets()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace rectifier::testing
