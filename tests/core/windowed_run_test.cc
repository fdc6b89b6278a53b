#include "core/windowed_run.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/core_evaluate.h"

namespace rectifier::testing {
namespace {

// An evaluation of float32 whose payloads follow.
Evaluation BindShape(const std::string& activation, const Shape& shape,
                     const QuantitySet& quantities = {Quantity::kValue},
                     std::vector<Argument> arguments = {}, size_t inputs = 1) {
  EvaluationRequest request{
      .activation = activation,
      .arguments = std::move(arguments),
      .inputs = std::vector<TensorView>(inputs, {ElementType::kFloat32, shape, {}}),
      .quantities = quantities,
      .payloads_follow = true};
  return *Bind(Catalogue::Best(), request);
}

void ExpectItems(const Evaluation& evaluation, const Items& expected) {
  const Items items = WindowedRun::Make(evaluation)->items();
  EXPECT_EQ(items.count, expected.count);
  EXPECT_EQ(items.input_elements, expected.input_elements);
  EXPECT_EQ(items.output_elements, expected.output_elements);
  EXPECT_EQ(items.quantum, expected.quantum);
}

TEST(WindowedRunTest, ElementsStandAlone) {
  ExpectItems(BindShape("gelu", {30, 70}), {.count = 2100});
}

TEST(WindowedRunTest, ElementsThatAreSummedStayInBlocks) {
  ExpectItems(BindShape("prelu", {30, 70}, {Quantity::kValue, Quantity::kParameterGradient}),
              {.count = 2100, .quantum = 1024});
}

TEST(WindowedRunTest, RowsAlongTheLastAxisAreItems) {
  ExpectItems(BindShape("softmax", {5, 6, 7}),
              {.count = 30, .input_elements = 7, .output_elements = 7});
}

TEST(WindowedRunTest, RowsAlongAnInnerAxisAreAnItemTogether) {
  ExpectItems(BindShape("logsumexp", {5, 6, 7}, {Quantity::kValue}, {{kAxisParameter, 1.0, {}}}),
              {.count = 5, .input_elements = 42, .output_elements = 7});
}

TEST(WindowedRunTest, BothHalvesOfAStripAreAnItem) {
  ExpectItems(BindShape("swiglu", {5, 6, 8}),
              {.count = 30, .input_elements = 8, .output_elements = 4});
}

TEST(WindowedRunTest, PairsInTwoTensorsStandAlone) {
  ExpectItems(BindShape("swiglu", {5, 6}, {Quantity::kValue}, {}, 2), {.count = 30});
}

// A server would take them for 2^40 rows of work.
TEST(WindowedRunTest, ItemsWithoutElementsAreNone) {
  const Shape shape = {int64_t{1} << 40, 0};
  for (const char* activation : {"softmax", "swiglu", "crelu"}) {
    SCOPED_TRACE(activation);
    ExpectItems(BindShape(activation, shape),
                {.count = 0, .input_elements = 0, .output_elements = 0});
  }
  ExpectItems(BindShape("logsumexp", {5, 0}), {.count = 5, .input_elements = 0});
}

TEST(WindowedRunTest, AnEmptyWindowCompletesAnEmptyEvaluation) {
  const Evaluation evaluation =
      BindShape("prelu", {0, 3}, {Quantity::kValue, Quantity::kParameterGradient});
  double gradient = 7;  // of the default, which is a number
  std::byte* const outputs[] = {nullptr, reinterpret_cast<std::byte*>(&gradient)};
  Engine engine({.threads = 1});
  const auto run = WindowedRun::Make(evaluation);
  ASSERT_TRUE(engine.Run(*run, {.inputs = {Payload()}, .outputs = outputs}, {}).ok());
  EXPECT_EQ(gradient, 0);
}

TEST(WindowedRunTest, AnEmptyWindowOfPairsNeedsNoMemory) {
  const Evaluation evaluation = BindShape("geglu", {0, 4}, {Quantity::kValue, Quantity::kGradient});
  std::byte* const outputs[] = {nullptr, nullptr};
  Engine engine({.threads = 1});
  const auto run = WindowedRun::Make(evaluation);
  EXPECT_TRUE(engine.Run(*run, {.inputs = {Payload()}, .outputs = outputs}, {}).ok());
}

TEST(WindowedRunTest, GivesTheShapeOfAnUpstreamThatFollows) {
  TensorView upstream;
  upstream.type = ElementType::kFloat32;
  const EvaluationRequest request{.activation = "logsumexp",
                                  .inputs = {{ElementType::kFloat32, {4, 3}, {}}},
                                  .upstream = upstream,
                                  .payloads_follow = true};
  const absl::StatusOr<Evaluation> evaluation = Bind(Catalogue::Best(), request);
  ASSERT_TRUE(evaluation.ok()) << evaluation.status();
  EXPECT_EQ(evaluation->upstream->shape, Shape({4}));
}

TEST(WindowedRunTest, StopsWhenTheCallerHasGone) {
  const Evaluation evaluation = BindShape("relu", {8});
  const std::vector<float> x(8);
  std::vector<float> y(8);
  std::byte* const outputs[] = {reinterpret_cast<std::byte*>(y.data())};
  std::stop_source gone;
  gone.request_stop();
  Engine engine({.threads = 1});
  const auto run = WindowedRun::Make(evaluation);
  EXPECT_EQ(engine
                .Run(*run, {.count = 8, .inputs = {TensorView::Of(x).data}, .outputs = outputs},
                     {.cancelled = gone.get_token()})
                .code(),
            absl::StatusCode::kCancelled);
}

}  // namespace
}  // namespace rectifier::testing
