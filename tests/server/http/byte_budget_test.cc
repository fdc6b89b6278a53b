#include "server/http/byte_budget.h"

#include "gtest/gtest.h"

namespace rectifier::http {
namespace {

TEST(ByteBudgetTest, AConnectionHasAsMuchAsItLeaves) {
  prometheus::Gauge gauge;
  ByteBudget budget(100, &gauge);
  ByteBudget::Share one(budget), two(budget);
  EXPECT_FALSE(one.Resize(51));
  EXPECT_TRUE(one.Resize(50));
  EXPECT_FALSE(two.Resize(26));
  EXPECT_TRUE(two.Resize(25));
  EXPECT_EQ(gauge.Value(), 75);
  EXPECT_FALSE(one.Grow(1));
  EXPECT_TRUE(one.Resize(10));
  EXPECT_TRUE(two.Grow(20));
  EXPECT_EQ(gauge.Value(), 55);
}

TEST(ByteBudgetTest, WhatIsHeldComesBack) {
  prometheus::Gauge gauge;
  ByteBudget budget(100, &gauge);
  for (int i = 0; i < 3; ++i) {
    ByteBudget::Share share(budget);
    EXPECT_TRUE(share.Resize(50));
  }
  EXPECT_EQ(gauge.Value(), 0);
}

TEST(ByteBudgetTest, NothingWraps) {
  prometheus::Gauge gauge;
  ByteBudget budget(100, &gauge);
  ByteBudget::Share share(budget);
  EXPECT_TRUE(share.Resize(10));
  EXPECT_FALSE(share.Resize(~size_t{0}));
  EXPECT_EQ(gauge.Value(), 10);
}

}  // namespace
}  // namespace rectifier::http
