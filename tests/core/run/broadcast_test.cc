#include "core/run/broadcast.h"

#include <vector>

#include "gtest/gtest.h"

namespace rectifier {
namespace {

// The element of the small tensor that each element of [begin, begin + count) meets.
std::vector<int64_t> Walk(const Broadcast& broadcast, int64_t begin, int64_t count) {
  std::vector<int64_t> met;
  broadcast.ForEachRun(begin, count, [&](const Broadcast::Run& run) {
    EXPECT_EQ(run.begin, static_cast<int64_t>(met.size()));
    for (int64_t i = 0; i < run.count; ++i) met.push_back(run.offset + i * run.step);
  });
  return met;
}

TEST(BroadcastTest, ANumberMeetsEveryElementInOneRun) {
  const Broadcast broadcast({2, 3}, {0, 0});
  EXPECT_TRUE(broadcast.repeats());
  int runs = 0;
  broadcast.ForEachRun(0, 6, [&](const Broadcast::Run& run) {
    ++runs;
    EXPECT_EQ(run.count, 6);
    EXPECT_EQ(run.step, 0);
  });
  EXPECT_EQ(runs, 1);
}

TEST(BroadcastTest, ATensorOfTheSameShapeKeepsPaceInOneRun) {
  const Broadcast broadcast({2, 3}, {3, 1});
  EXPECT_FALSE(broadcast.repeats());
  int runs = 0;
  broadcast.ForEachRun(1, 4, [&](const Broadcast::Run& run) {
    ++runs;
    EXPECT_EQ(run.offset, 1);
    EXPECT_EQ(run.step, 1);
  });
  EXPECT_EQ(runs, 1);
}

TEST(BroadcastTest, AChannelInTheMiddleStaysForItsPlane) {
  EXPECT_EQ(Walk(Broadcast({2, 2, 3}, {0, 1, 0}), 0, 12),
            (std::vector<int64_t>{0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1}));
}

TEST(BroadcastTest, AChannelAtTheEndStartsAgainWithEachRow) {
  EXPECT_EQ(Walk(Broadcast({2, 3}, {0, 1}), 0, 6), (std::vector<int64_t>{0, 1, 2, 0, 1, 2}));
}

TEST(BroadcastTest, AWalkMayStartAndEndAnywhere) {
  const Broadcast broadcast({3, 4, 5}, {4, 1, 0});
  const std::vector<int64_t> all = Walk(broadcast, 0, 60);
  for (int64_t begin = 0; begin < 60; ++begin) {
    for (int64_t end = begin; end <= 60; ++end) {
      EXPECT_EQ(Walk(broadcast, begin, end - begin),
                std::vector<int64_t>(all.begin() + begin, all.begin() + end));
    }
  }
}

TEST(BroadcastTest, DimensionsOfSizeOneCountForNothing) {
  EXPECT_EQ(Walk(Broadcast({1, 2, 1, 2}, {0, 1, 0, 0}), 0, 4), (std::vector<int64_t>{0, 0, 1, 1}));
  EXPECT_EQ(Walk(Broadcast({}, {}), 0, 1), (std::vector<int64_t>{0}));
}

}  // namespace
}  // namespace rectifier
