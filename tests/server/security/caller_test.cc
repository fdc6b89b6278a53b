#include "server/security/caller.h"

#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <thread>

namespace rectifier {
namespace {

class CallerTest : public ::testing::Test {
 protected:
  prometheus::Counter calls_;
  Caller caller_{"alice", &calls_};
};

TEST_F(CallerTest, HasNoQuotaUntilOneIsSet) {
  CallerShare share(caller_);
  EXPECT_TRUE(share.TakeCall());
  EXPECT_TRUE(share.HoldBytes(int64_t{1} << 40));
}

TEST_F(CallerTest, SharesAQuotaAmongItsCalls) {
  caller_.set_quota({.max_calls = 2, .max_bytes = 100});
  std::optional<CallerShare> first(std::in_place, caller_);
  CallerShare second(caller_), third(caller_);
  EXPECT_TRUE(first->TakeCall() && second.TakeCall());
  EXPECT_FALSE(third.TakeCall());
  EXPECT_TRUE(first->HoldBytes(60));
  EXPECT_FALSE(second.HoldBytes(41));
  EXPECT_TRUE(second.HoldBytes(40));
  first.reset();
  EXPECT_TRUE(third.TakeCall());
  EXPECT_TRUE(third.HoldBytes(60));
}

TEST_F(CallerTest, WhatDoesNotFitKeepsNobodyOut) {
  caller_.set_quota({.max_bytes = 100});
  std::atomic<bool> is_over = false;
  std::thread greedy([&] {
    CallerShare share(caller_);
    while (!is_over) EXPECT_FALSE(share.HoldBytes(101));
  });
  CallerShare small(caller_);
  int refused = 0;
  for (int i = 0; i < 100'000; ++i) {
    refused += !small.HoldBytes(1);
    small.HoldBytes(0);
  }
  is_over = true;
  greedy.join();
  EXPECT_EQ(refused, 0);
}

TEST_F(CallerTest, GoesOnWithWhatIsInProgressWhereTheQuotaShrinks) {
  CallerShare share(caller_);
  EXPECT_TRUE(share.HoldBytes(100));
  caller_.set_quota({.max_bytes = 50});
  EXPECT_FALSE(CallerShare(caller_).HoldBytes(1));
}

}  // namespace
}  // namespace rectifier
