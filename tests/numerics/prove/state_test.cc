#include "tests/numerics/prove/state.h"

#include <fstream>
#include <limits>

#include "gtest/gtest.h"
#include "tests/numerics/prove/array_file.h"
#include "tests/numerics/prove/results.h"
#include "tests/support/temporary_directory.h"

namespace rectifier::prove {
namespace {

TEST(StateTest, ContinuesWhereItStopped) {
  const rectifier::testing::TemporaryDirectory directory;
  const std::string path = directory.File("state");
  {
    absl::StatusOr<State> state = State::Open(path, "program", 3);
    ASSERT_TRUE(state.ok());
    state->findings()[1] = {
        {.worst_ulp = std::numeric_limits<double>::infinity(), .worst_bits = 7, .inputs = 5},
        {.worst_ulp = 0.1, .worst_bits = 8, .inputs = 5, .correct = 4, .undecided = 1}};
    state->Append(1, 2.5);
  }
  std::ofstream(path, std::ios::app) << "2 1.5 0x1p";  // killed in the middle of a line
  absl::StatusOr<State> state = State::Open(path, "program", 3);
  ASSERT_TRUE(state.ok());
  EXPECT_TRUE(state->findings()[0].empty());
  EXPECT_TRUE(state->findings()[2].empty());
  ASSERT_EQ(state->findings()[1].size(), 2);
  EXPECT_EQ(state->findings()[1][0].worst_ulp, std::numeric_limits<double>::infinity());
  EXPECT_EQ(state->findings()[1][1].worst_ulp, 0.1);
  EXPECT_EQ(state->findings()[1][1].correct, 4u);
  EXPECT_EQ(state->seconds(), 2.5);
}

TEST(StateTest, OfAnotherProgramStartsOver) {
  const rectifier::testing::TemporaryDirectory directory;
  const std::string path = directory.File("state");
  {
    absl::StatusOr<State> state = State::Open(path, "program", 1);
    state->findings()[0] = {Finding{.inputs = 1}};
    state->Append(0, 1);
  }
  absl::StatusOr<State> state = State::Open(path, "another", 1);
  ASSERT_TRUE(state.ok());
  EXPECT_TRUE(state->findings()[0].empty());
  EXPECT_EQ(state->seconds(), 0);
}

Row SomeRow(const std::string& activation, double ulp) {
  return {.activation = activation, .type = "f32", .quantity = "value", .worst_ulp = ulp};
}

TEST(ResultsTest, MergesRowsAndDropsUnknownActivations) {
  const rectifier::testing::TemporaryDirectory directory;
  const std::string path = directory.File("results.json");
  ASSERT_TRUE(
      MergeResults(path, "a", {SomeRow("gelu", 0.5), SomeRow("old", 1)}, {"gelu", "old"}).ok());
  const double infinity = std::numeric_limits<double>::infinity();
  ASSERT_TRUE(
      MergeResults(path, "b", {SomeRow("relu", infinity), SomeRow("gelu", 0.75)}, {"gelu", "relu"})
          .ok());
  const std::string merged = ContentOf(path);
  EXPECT_NE(merged.find("\"worst_ulp\":0.75"), std::string::npos) << merged;
  EXPECT_NE(merged.find("\"worst_ulp\":\"inf\""), std::string::npos) << merged;
  EXPECT_EQ(merged.find("old"), std::string::npos) << merged;
  EXPECT_LT(merged.find("gelu"), merged.find("relu"));
  ASSERT_TRUE(MergeResults(path, "b", {}, {"gelu", "relu"}).ok());
  EXPECT_EQ(ContentOf(path), merged);
}

TEST(ArrayFileTest, ReadsWhatItWrote) {
  const rectifier::testing::TemporaryDirectory directory;
  const std::string path = directory.File("x.npy");
  const std::vector<float> elements = {1.5f, -0.0f, std::numeric_limits<float>::infinity()};
  ASSERT_TRUE(WriteFloats(path, elements).ok());
  EXPECT_EQ(*ReadFloats(path), elements);
  ASSERT_TRUE(WriteDoubles(path, {1}).ok());
  EXPECT_FALSE(ReadFloats(path).ok());
  EXPECT_FALSE(ReadFloats(directory.File("none")).ok());
}

}  // namespace
}  // namespace rectifier::prove
