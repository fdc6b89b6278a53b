// What evaluations give that the engine runs over chunks, rows and threads.
#include <cmath>
#include <vector>

#include "core/functions/philox.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/core_evaluate.h"

namespace rectifier {
namespace {

using ::rectifier::testing::EvaluateInCore;
using ::rectifier::testing::TestOutputs;
using ::rectifier::testing::TestTensor;
using ::testing::DoubleEq;
using ::testing::ElementsAre;

std::vector<double> Range(int64_t count, double begin = 0, double step = 1) {
  std::vector<double> values;
  for (int64_t i = 0; i < count; ++i) values.push_back(begin + step * static_cast<double>(i));
  return values;
}

TestOutputs Evaluate(const EvaluationRequest& request, int threads = 1) {
  absl::StatusOr<TestOutputs> outputs = EvaluateInCore(request, {.threads = threads});
  EXPECT_TRUE(outputs.ok()) << outputs.status();
  return outputs.value_or(TestOutputs());
}

TEST(EngineResultsTest, PreluSumsTheGradientOfEachChannel) {
  // [2, 3, 2] with channels in the middle; slopes 1, 10, 100.
  const TestTensor x(ElementType::kFloat64, {2, 3, 2}, Range(12, -12));
  const TestTensor g(ElementType::kFloat64, {2, 3, 2}, Range(12, 1));
  const TestTensor weight(ElementType::kFloat64, {1, 10, 100});
  const TestOutputs outputs =
      Evaluate({.activation = "prelu",
                .arguments = {{"weight", weight.view(), 1}},
                .inputs = {x.view()},
                .upstream = g.view(),
                .quantities = {Quantity::kValue, Quantity::kParameterGradient}});
  EXPECT_THAT(outputs.at("value").values,
              ElementsAre(-12, -11, -100, -90, -800, -700, -6, -5, -40, -30, -200, -100));
  // sum of g min(x, 0): channel 0 holds elements 0, 1, 6, 7.
  EXPECT_THAT(outputs.at("d/weight").values,
              ElementsAre(-12 * 1 - 11 * 2 - 6 * 7 - 5 * 8, -10 * 3 - 9 * 4 - 4 * 9 - 3 * 10,
                          -8 * 5 - 7 * 6 - 2 * 11 - 1 * 12));
}

TEST(EngineResultsTest, ParameterGradientsKeepTheShapeOfTheirArgument) {
  const TestTensor x(ElementType::kFloat32, {4, 3}, Range(12, -20));
  for (const Shape& shape : {Shape{}, Shape{3}, Shape{4, 1}, Shape{4, 3}, Shape{1, 1}}) {
    const int64_t count = *ElementCount(shape);
    const TestTensor weight(ElementType::kFloat32, shape, std::vector<double>(count, 0.5));
    const TestOutputs outputs = Evaluate({.activation = "prelu",
                                          .arguments = {{"weight", weight.view(), {}}},
                                          .inputs = {x.view()},
                                          .quantities = {Quantity::kParameterGradient}});
    EXPECT_EQ(outputs.at("d/weight").shape, shape);
    double total = 0;
    for (double value : outputs.at("d/weight").values) total += value;
    EXPECT_EQ(total, -20 * 12 + 66);
  }
}

// The terms cancel, so that a plain sum in double would lose the answer.
TEST(EngineResultsTest, SumsAreCarriedInTwiceThePrecision) {
  std::vector<double> x(1 << 16, -1);
  std::vector<double> g(x.size());
  for (size_t i = 0; i < g.size(); i += 2) {
    g[i] = 1e17 + static_cast<double>(i) * 1e4;
    g[i + 1] = -g[i];
  }
  x.push_back(-1);
  g.push_back(0.375);
  const TestTensor input(ElementType::kFloat64, x), upstream(ElementType::kFloat64, g);
  const TestOutputs outputs = Evaluate({.activation = "leaky_relu",
                                        .inputs = {input.view()},
                                        .upstream = upstream.view(),
                                        .quantities = {Quantity::kParameterGradient}});
  EXPECT_EQ(outputs.at("d/negative_slope").values[0], -0.375);
}

// Every combination of thread counts and shapes of the parameter gives the same bits.
TEST(EngineResultsTest, ParameterGradientsDoNotDependOnThreads) {
  const Shape shape = {37, 129, 25};
  const TestTensor x(ElementType::kFloat32, shape, Range(*ElementCount(shape), -7.3, 1.1e-4));
  for (const Shape& parameter : {Shape{}, Shape{25}, Shape{129, 1}, Shape{37, 1, 25}, shape}) {
    const TestTensor beta(ElementType::kFloat32, parameter,
                          Range(*ElementCount(parameter), 0.5, 1e-3));
    const EvaluationRequest request{.activation = "softplus",
                                    .arguments = {{"beta", beta.view(), {}}},
                                    .inputs = {x.view()},
                                    .quantities = {Quantity::kValue, Quantity::kParameterGradient}};
    const TestOutputs one = Evaluate(request, 1), four = Evaluate(request, 4);
    EXPECT_EQ(one.at("d/beta").bytes, four.at("d/beta").bytes);
    EXPECT_EQ(one.at("value").bytes, four.at("value").bytes);
  }
}

TEST(EngineResultsTest, RreluDrawsTheSlopeOfEachElement) {
  const TestTensor x(ElementType::kFloat64, {2, 2}, {-1, -2, 3, -4});
  const TestOutputs outputs = Evaluate(
      {.activation = "rrelu",
       .arguments =
           {{"lower", 0.0, {}}, {"upper", 1.0, {}}, {"seed", 7.0, {}}, {"offset", 100.0, {}}},
       .inputs = {x.view()},
       .quantities = {Quantity::kValue, Quantity::kGradient, Quantity::kParameterGradient}});
  const double u[] = {Uniform(7, 100), Uniform(7, 101), Uniform(7, 102), Uniform(7, 103)};
  EXPECT_THAT(outputs.at("value").values, ElementsAre(-u[0], -2 * u[1], 3, -4 * u[3]));
  EXPECT_THAT(outputs.at("gradient").values, ElementsAre(u[0], u[1], 1, u[3]));
  EXPECT_THAT(outputs.at("d/upper").values, ElementsAre(DoubleEq(-u[0] - 2 * u[1] - 4 * u[3])));
  EXPECT_THAT(outputs.at("d/lower").values,
              ElementsAre(DoubleEq(-(1 - u[0]) - 2 * (1 - u[1]) - 4 * (1 - u[3]))));
  EXPECT_EQ(outputs.count("d/seed"), 0u);
}

TEST(EngineResultsTest, DrawsDependOnIndexAndSeedAlone) {
  constexpr int64_t kCount = 100'003;  // several chunks and blocks, and a tail
  const TestTensor x(ElementType::kFloat32, {kCount}, std::vector<double>(kCount, -1));
  const auto drawn = [](const TensorView& input, double seed, double offset, int threads) {
    return Evaluate({.activation = "rrelu",
                     .arguments = {{"lower", 0.0, {}},
                                   {"upper", 1.0, {}},
                                   {"seed", seed, {}},
                                   {"offset", offset, {}}},
                     .inputs = {input},
                     .quantities = {Quantity::kValue, Quantity::kParameterGradient}},
                    threads);
  };
  const TestOutputs whole = drawn(x.view(), 3, 0, 1);
  const TestOutputs parallel = drawn(x.view(), 3, 0, 3);
  for (const auto& [name, output] : whole) {
    EXPECT_EQ(output.bytes, parallel.at(name).bytes) << name;
  }
  EXPECT_NE(whole.at("value").bytes, drawn(x.view(), 4, 0, 1).at("value").bytes);
  for (const int64_t first : {1, 7, 1024, 70'001}) {  // the rest of the tensor, by itself
    const TestTensor rest(ElementType::kFloat32, {kCount - first},
                          std::vector<double>(static_cast<size_t>(kCount - first), -1));
    const std::vector<std::byte>& all = whole.at("value").bytes;
    EXPECT_EQ(drawn(rest.view(), 3, static_cast<double>(first), 1).at("value").bytes,
              std::vector<std::byte>(all.begin() + first * 4, all.end()))
        << first;
  }
}

TEST(EngineResultsTest, WithoutASeedRreluHasTheMeanSlope) {
  const TestTensor x(ElementType::kFloat64, {-3, 3});
  const TestOutputs outputs = Evaluate({.activation = "rrelu",
                                        .arguments = {{"lower", 0.25, {}}, {"upper", 0.5, {}}},
                                        .inputs = {x.view()}});
  EXPECT_THAT(outputs.at("value").values, ElementsAre(-3 * 0.375, 3));
}

TEST(EngineResultsTest, SoftmaxWorksAlongAnyAxis) {
  const Shape shape = {3, 5, 37};
  const std::vector<double> values = Range(*ElementCount(shape), -3, 0.013);
  const TestTensor x(ElementType::kFloat64, shape, values);
  for (int64_t axis = 0; axis < 3; ++axis) {
    const TestOutputs outputs = Evaluate({.activation = "softmax",
                                          .arguments = {{"axis", static_cast<double>(axis), {}}},
                                          .inputs = {x.view()}},
                                         3);
    const int64_t inner = axis == 2 ? 1 : axis == 1 ? 37 : 5 * 37;
    const int64_t length = shape[axis];
    for (int64_t i = 0; i < *ElementCount(shape); ++i) {
      const int64_t start = i - i / inner % length * inner;
      double total = 0;
      for (int64_t j = 0; j < length; ++j) total += std::exp(values[start + j * inner]);
      ASSERT_NEAR(outputs.at("value").values[i], std::exp(values[i]) / total, 1e-15) << axis;
    }
  }
}

TEST(EngineResultsTest, ReductionsAlongAnInnerAxisGiveOneElementPerRow) {
  const TestTensor x(ElementType::kFloat64, {2, 3, 2}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
  const TestTensor g(ElementType::kFloat64, {2, 1, 2}, {1, 10, 100, 1000});
  const TestOutputs outputs = Evaluate({.activation = "maxout",
                                        .arguments = {{"pieces", 3.0, {}}, {"axis", 1.0, {}}},
                                        .inputs = {x.view()},
                                        .upstream = g.view(),
                                        .quantities = {Quantity::kValue, Quantity::kGradient}});
  EXPECT_EQ(outputs.at("value").shape, (Shape{2, 1, 2}));
  EXPECT_THAT(outputs.at("value").values, ElementsAre(4, 5, 10, 11));
  EXPECT_THAT(outputs.at("gradient").values, ElementsAre(0, 0, 0, 0, 1, 10, 0, 0, 0, 0, 100, 1000));
}

TEST(EngineResultsTest, MaxoutSendsTheGradientToTheFirstLargest) {
  const TestTensor x(ElementType::kFloat32, {2, 4}, {1, 3, 3, 2, -1, -1, -0.0, 0.0});
  const TestTensor g(ElementType::kFloat32, {2, 2}, {10, 20, 30, 40});
  const TestOutputs outputs = Evaluate({.activation = "maxout",
                                        .inputs = {x.view()},
                                        .upstream = g.view(),
                                        .quantities = {Quantity::kValue, Quantity::kGradient}});
  EXPECT_THAT(outputs.at("value").values, ElementsAre(3, 3, -1, 0));
  EXPECT_TRUE(std::signbit(outputs.at("value").values[3]));
  EXPECT_THAT(outputs.at("gradient").values, ElementsAre(0, 10, 20, 0, 30, 0, 40, 0));
}

TEST(EngineResultsTest, CreluPutsBothHalvesAlongItsAxis) {
  for (const int64_t columns : {1, 2, 37}) {
    const Shape shape = {2, 3, columns};
    std::vector<double> values, upstreams;
    for (int64_t i = 0; i < *ElementCount(shape); ++i) values.push_back(i % 5 - 2.0);
    for (size_t i = 0; i < 2 * values.size(); ++i)
      upstreams.push_back(1.0 + static_cast<double>(i));
    const TestTensor x(ElementType::kFloat32, shape, values);
    const TestTensor g(ElementType::kFloat32, {2, 6, columns}, upstreams);
    const TestOutputs outputs = Evaluate({.activation = "crelu",
                                          .arguments = {{"axis", 1.0, {}}},
                                          .inputs = {x.view()},
                                          .upstream = g.view(),
                                          .quantities = {Quantity::kValue, Quantity::kGradient}});
    const int64_t half = 3 * columns;
    for (int64_t i = 0; i < 2 * half; ++i) {
      const int64_t first = i / half * 2 * half + i % half;
      EXPECT_EQ(outputs.at("value").values[first], std::max(values[i], 0.0));
      EXPECT_EQ(outputs.at("value").values[first + half], std::max(-values[i], 0.0));
      const double gradient = values[i] > 0   ? upstreams[first]
                              : values[i] < 0 ? -upstreams[first + half]
                                              : 0;
      EXPECT_EQ(outputs.at("gradient").values[i], gradient) << i;
    }
  }
}

TEST(EngineResultsTest, RowsOfMinusInfinityAreSafe) {
  const TestTensor x(ElementType::kFloat32, std::vector<double>(3, -kInfinity));
  const QuantitySet both = {Quantity::kValue, Quantity::kGradient};
  const auto evaluate = [&](const char* activation) {
    return Evaluate({.activation = activation, .inputs = {x.view()}, .quantities = both});
  };
  EXPECT_THAT(evaluate("softmax").at("value").values, ElementsAre(0, 0, 0));
  EXPECT_THAT(evaluate("softmax").at("gradient").values, ElementsAre(0, 0, 0));
  EXPECT_THAT(evaluate("log_softmax").at("value").values,
              ElementsAre(-kInfinity, -kInfinity, -kInfinity));
  EXPECT_THAT(evaluate("log_softmax").at("gradient").values, ElementsAre(0, 0, 0));
  EXPECT_THAT(evaluate("logsumexp").at("value").values, ElementsAre(-kInfinity));
  EXPECT_THAT(evaluate("logsumexp").at("gradient").values, ElementsAre(0, 0, 0));
  EXPECT_THAT(evaluate("lse0").at("value").values, ElementsAre(0));
}

TEST(EngineResultsTest, PositiveInfinitiesShareTheMass) {
  const TestTensor x(ElementType::kFloat32, {kInfinity, 1, kInfinity});
  EXPECT_THAT(Evaluate({.activation = "softmax", .inputs = {x.view()}}).at("value").values,
              ElementsAre(0.5, 0, 0.5));
  EXPECT_THAT(Evaluate({.activation = "logsumexp", .inputs = {x.view()}}).at("value").values,
              ElementsAre(kInfinity));
}

TEST(EngineResultsTest, ReductionsOverNothingAreTheirNeutralElement) {
  const TestTensor x(ElementType::kFloat64, {2, 0}, {});
  EXPECT_THAT(Evaluate({.activation = "logsumexp", .inputs = {x.view()}}).at("value").values,
              ElementsAre(-kInfinity, -kInfinity));
  EXPECT_THAT(Evaluate({.activation = "lse0", .inputs = {x.view()}}).at("value").values,
              ElementsAre(0, 0));
}

// However gate and value are laid out, they are the same pairs.
TEST(EngineResultsTest, PairsHaveTheSameResultsInEveryLayout) {
  const int64_t outer = 3, length = 5, inner = 7;
  const std::vector<double> gates = Range(outer * length * inner, -4, 0.077);
  const std::vector<double> values = Range(outer * length * inner, 2, -0.031);
  const TestTensor gate(ElementType::kFloat64, {outer, length, inner}, gates);
  const TestTensor value(ElementType::kFloat64, {outer, length, inner}, values);
  const QuantitySet both = {Quantity::kValue, Quantity::kGradient};
  const TestOutputs separate =
      Evaluate({.activation = "swiglu", .inputs = {gate.view(), value.view()}, .quantities = both});

  for (const bool interleaved : {false, true}) {
    for (const bool gate_first : {false, true}) {
      std::vector<double> packed(2 * gates.size());
      std::vector<size_t> gate_at, value_at;
      for (int64_t o = 0; o < outer; ++o) {
        for (int64_t l = 0; l < length; ++l) {
          for (int64_t i = 0; i < inner; ++i) {
            const int64_t first = interleaved ? 2 * l : l;
            const int64_t second = interleaved ? 2 * l + 1 : l + length;
            const auto at = [&](int64_t along) {
              return static_cast<size_t>((o * 2 * length + along) * inner + i);
            };
            gate_at.push_back(at(gate_first ? first : second));
            value_at.push_back(at(gate_first ? second : first));
          }
        }
      }
      for (size_t i = 0; i < gates.size(); ++i) {
        packed[gate_at[i]] = gates[i];
        packed[value_at[i]] = values[i];
      }
      const TestTensor input(ElementType::kFloat64, {outer, 2 * length, inner}, packed);
      const TestOutputs split = Evaluate(
          {.activation = "swiglu",
           .arguments = {{"axis", 1.0, {}},
                         {"gate", absl::string_view(gate_first ? "first" : "second"), {}},
                         {"layout", absl::string_view(interleaved ? "interleaved" : "halves"), {}}},
           .inputs = {input.view()},
           .quantities = both},
          2);
      EXPECT_EQ(split.at("value").bytes, separate.at("value").bytes);
      for (size_t i = 0; i < gates.size(); ++i) {
        ASSERT_EQ(split.at("gradient").values[gate_at[i]], separate.at("gradient").values[i]);
        ASSERT_EQ(split.at("gradient").values[value_at[i]], separate.at("gradient 1").values[i]);
      }
    }
  }
}

constexpr CallerId kCaller = 1;

}  // namespace
}  // namespace rectifier
