#include "server/evaluate/engine_queue.h"

#include <gtest/gtest.h>

namespace rectifier {
namespace {

constexpr uint64_t kAlice = 1, kBob = 2;
constexpr int64_t kLittle = 10, kMuch = 1000;  // work, of which one unit takes a millisecond

class EngineQueueTest : public ::testing::Test {
 protected:
  static constexpr EngineQueue::Clock::time_point kNever = EngineQueue::Clock::time_point::max();

  bool Enter(uint64_t connection, int64_t work, int seconds) {
    return !queue_.Enter(connection, work,
                         EngineQueue::Clock::now() + std::chrono::seconds(seconds));
  }
  void Fill(uint64_t connection, int64_t work, int calls) {
    for (int i = 0; i < calls; ++i) EXPECT_FALSE(queue_.Enter(connection, work, kNever));
  }
  void Leave(uint64_t connection, int64_t work, bool has_succeeded = true) {
    queue_.Leave(
        connection,
        {.work = work, .served = absl::Milliseconds(work), .has_succeeded = has_succeeded});
  }

  EngineQueue queue_{/*threads=*/1};
};

TEST_F(EngineQueueTest, KnowsNothingBeforeTheFirstCallEnds) {
  Fill(kAlice, kMuch, 100);
  EXPECT_TRUE(Enter(kAlice, kMuch, 1));
}

TEST_F(EngineQueueTest, CountsTheCallsOfAll) {
  Fill(kAlice, kLittle, 2);
  Fill(kBob, kMuch, 1);
  queue_.EnterWindow(kBob);
  EXPECT_EQ(queue_.size(), 4);
  queue_.LeaveWindow(kBob);
  Leave(kBob, kMuch);
  Leave(kAlice, kLittle);
  EXPECT_EQ(queue_.size(), 1);
}

TEST_F(EngineQueueTest, TurnsAwayWhoWouldWaitForMoreThanHalfOfItsTime) {
  Fill(kAlice, kMuch, 11);
  Leave(kAlice, kMuch);
  EXPECT_EQ(queue_.Enter(kAlice, kMuch, EngineQueue::Clock::now() + std::chrono::seconds(19)),
            absl::Seconds(10));
  EXPECT_TRUE(Enter(kAlice, kMuch, 21));
  EXPECT_FALSE(queue_.Enter(kAlice, kMuch, kNever)) << "it has no deadline";
}

TEST_F(EngineQueueTest, TakesEachForNoMoreThanASliceWhereTheCallIsShort) {
  Fill(kAlice, kMuch, 11);
  Leave(kAlice, kMuch);
  EXPECT_TRUE(Enter(kAlice, kLittle, 1)) << "ten slices";
  EXPECT_FALSE(Enter(kAlice, kLittle, 0));
}

TEST_F(EngineQueueTest, TakesEachForWhatItTakesWhereTheCallIsLong) {
  Fill(kAlice, kLittle, 11);
  Leave(kAlice, kLittle);
  EXPECT_TRUE(Enter(kAlice, kMuch, 1)) << "ten calls of ten milliseconds";
}

TEST_F(EngineQueueTest, CountsThoseWhoShareTheThreads) {
  Fill(kAlice, kMuch, 11);
  Leave(kAlice, kMuch);
  Fill(kBob, kMuch, 1);
  EXPECT_FALSE(Enter(kAlice, kMuch, 39));
  EXPECT_TRUE(Enter(kAlice, kMuch, 41));
  EXPECT_TRUE(Enter(kBob, kMuch, 1)) << "nothing is known of his calls";
}

TEST_F(EngineQueueTest, CountsOnThreadsThatNobodyElseUses) {
  EngineQueue queue(/*threads=*/4);
  for (int i = 0; i < 9; ++i) EXPECT_FALSE(queue.Enter(kAlice, kMuch, kNever));
  queue.Leave(kAlice, {.work = kMuch, .served = absl::Seconds(1), .has_succeeded = true});
  EXPECT_EQ(queue.Enter(kAlice, kMuch, EngineQueue::Clock::now() + std::chrono::seconds(3)),
            absl::Seconds(2))
      << "eight seconds of four threads";
  EXPECT_FALSE(queue.Enter(kAlice, kMuch, EngineQueue::Clock::now() + std::chrono::seconds(5)));
}

TEST_F(EngineQueueTest, CountsStreamsAmongThoseWhoShareTheThreads) {
  Fill(kAlice, kMuch, 11);
  Leave(kAlice, kMuch);
  queue_.EnterWindow(kBob);
  EXPECT_FALSE(Enter(kAlice, kMuch, 39));
  queue_.LeaveWindow(kBob);
  queue_.EnterWindow(kAlice);
  EXPECT_TRUE(Enter(kAlice, kMuch, 39)) << "it is one caller's, whose windows are short";
}

TEST_F(EngineQueueTest, WaitsForNobodyWhoHasGone) {
  Fill(kAlice, kMuch, 11);
  Leave(kAlice, kMuch);
  for (int i = 0; i < 10; ++i) queue_.Abandon(kAlice);
  EXPECT_TRUE(Enter(kAlice, kMuch, 0));
  for (int i = 0; i < 10; ++i) queue_.Leave(kAlice, {.work = kMuch, .was_abandoned = true});
  Fill(kAlice, kMuch, 1);
  EXPECT_FALSE(Enter(kAlice, kMuch, 3)) << "it still knows what one takes";
  EXPECT_TRUE(Enter(kAlice, kMuch, 5));
}

TEST_F(EngineQueueTest, LearnsFromCallsThatGaveUpOnlyThatTheyTakeLonger) {
  Fill(kAlice, kMuch, 12);
  Leave(kAlice, kMuch);
  queue_.Leave(kAlice, {.work = kMuch});
  EXPECT_FALSE(Enter(kAlice, kMuch, 19));
  Fill(kBob, kMuch, 11);
  Leave(kBob, kMuch, false);
  EXPECT_FALSE(Enter(kBob, kMuch, 19));
}

TEST_F(EngineQueueTest, KnowsByItsWorkWhatTakesLong) {
  EXPECT_FALSE(queue_.IsLong(kAlice, kMuch));
  Fill(kAlice, kMuch, 2);
  Leave(kAlice, kMuch);
  EXPECT_TRUE(queue_.IsLong(kAlice, kLittle));
  EXPECT_FALSE(queue_.IsLong(kAlice, 0));
  EXPECT_FALSE(queue_.IsLong(kBob, kMuch));
}

TEST_F(EngineQueueTest, ForgetsAConnectionWithItsLastCall) {
  Fill(kAlice, kMuch, 2);
  Leave(kAlice, kMuch);
  EXPECT_FALSE(Enter(kAlice, kMuch, 0));
  Leave(kAlice, kMuch);
  EXPECT_TRUE(Enter(kAlice, kMuch, 0));
}

}  // namespace
}  // namespace rectifier
