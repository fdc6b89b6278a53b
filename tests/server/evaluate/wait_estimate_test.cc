#include "server/evaluate/wait_estimate.h"

#include <gtest/gtest.h>

namespace rectifier {
namespace {

using std::chrono::milliseconds;
using Time = WaitEstimate::Clock::time_point;

Time At(int64_t ms) { return Time(milliseconds(ms)); }

TEST(WaitEstimateTest, KnowsNothingBeforeTheFirstCallEnds) {
  WaitEstimate turns;
  turns.Arrive();
  turns.BeginTurns(At(0));
  EXPECT_EQ(turns.wait(), milliseconds(0));
}

TEST(WaitEstimateTest, IsOneIntervalForEachCallThatHasNotEnded) {
  WaitEstimate turns;
  for (int i = 0; i < 4; ++i) turns.Arrive();
  for (int i = 0; i < 3; ++i) turns.BeginTurns(At(100));
  turns.EndTurns(At(110), true);
  EXPECT_EQ(turns.wait(), milliseconds(3 * 10)) << "one of them is on its way to the engine";
  turns.EndTurns(At(120), true);
  EXPECT_EQ(turns.wait(), milliseconds(2 * 10));
  turns.Leave();
  EXPECT_EQ(turns.wait(), milliseconds(10));
}

TEST(WaitEstimateTest, FollowsWhatTheCallsTakeSlowly) {
  WaitEstimate turns;
  for (int i = 0; i < 3; ++i) turns.Arrive();
  for (int i = 0; i < 3; ++i) turns.BeginTurns(At(0));
  turns.EndTurns(At(8), true);
  turns.EndTurns(At(8 + 80), true);
  EXPECT_EQ(turns.wait(), milliseconds(8 + 9));
}

TEST(WaitEstimateTest, CountsTheTimeOfThoseThatFailForTheNextThatSucceeds) {
  WaitEstimate turns;
  for (int i = 0; i < 3; ++i) turns.Arrive();
  for (int i = 0; i < 3; ++i) turns.BeginTurns(At(0));
  turns.EndTurns(At(10), false);
  EXPECT_EQ(turns.wait(), milliseconds(0));
  turns.EndTurns(At(11), true);
  EXPECT_EQ(turns.wait(), milliseconds(11));
}

TEST(WaitEstimateTest, CountsNoTimeInWhichTheEngineHasNoneOfThem) {
  WaitEstimate turns;
  for (int i = 0; i < 2; ++i) turns.Arrive();
  turns.BeginTurns(At(0));
  turns.EndTurns(At(10), true);
  turns.BeginTurns(At(1000));
  turns.EndTurns(At(1010), true);
  turns.Arrive();
  EXPECT_EQ(turns.wait(), milliseconds(10));
}

}  // namespace
}  // namespace rectifier
