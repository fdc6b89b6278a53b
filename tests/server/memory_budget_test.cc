#include "server/memory_budget.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "server/options.h"

namespace rectifier {
namespace {

constexpr int64_t kMiB = int64_t{1} << 20;
constexpr int64_t kGiB = int64_t{1} << 30;

Options Fit(int64_t memory, Options options = {}, const std::set<std::string>& given = {}) {
  options.listen = {"127.0.0.1:0"};
  FitIntoMemory(
      memory, [&given](absl::string_view flag) { return given.count(std::string(flag)) > 0; },
      &options);
  EXPECT_TRUE(options.Validate().ok()) << memory << ": " << options.Validate();
  return options;
}

// What calls, requests, shared buffers and idle replies take together at most.
int64_t Sum(const Options& options) {
  return options.limits.max_inflight_bytes + options.max_receive_bytes +
         options.limits.max_buffer_bytes + options.max_idle_bytes;
}

TEST(MemoryBudgetTest, LeavesTheDefaultsWhereThereIsEnough) {
  const Options defaults, fit = Fit(16 * kGiB);
  EXPECT_EQ(fit.limits.max_message_bytes, defaults.limits.max_message_bytes);
  EXPECT_EQ(fit.limits.max_inflight_bytes, defaults.limits.max_inflight_bytes);
  EXPECT_EQ(fit.limits.max_buffer_bytes, defaults.limits.max_buffer_bytes);
  EXPECT_EQ(fit.max_idle_bytes, defaults.max_idle_bytes);
  EXPECT_EQ(fit.max_receive_bytes, 2 * kGiB);
}

TEST(MemoryBudgetTest, LowersTheDefaultsWhereThereIsNot) {
  const Options fit = Fit(kGiB);
  EXPECT_EQ(fit.limits.max_message_bytes, 64 * kMiB);
  EXPECT_EQ(fit.limits.max_inflight_bytes, 128 * kMiB);
  EXPECT_EQ(fit.max_receive_bytes, 256 * kMiB);
  EXPECT_EQ(fit.limits.max_buffer_bytes, 128 * kMiB);
  EXPECT_EQ(fit.limits.max_buffer_bytes_per_connection, 64 * kMiB);
  EXPECT_EQ(fit.max_idle_bytes, 64 * kMiB);
}

TEST(MemoryBudgetTest, ZeroThatIsGivenIsTheDefault) {
  EXPECT_EQ(Fit(512 * kMiB, {}, {"max_receive_bytes"}).max_receive_bytes, 128 * kMiB);
}

TEST(MemoryBudgetTest, TheDefaultsTakeSixTenthsAtMost) {
  for (int64_t memory = 64 * kMiB; memory <= 64 * kGiB; memory *= 2) {
    EXPECT_LE(Sum(Fit(memory)), memory * 6 / 10) << memory;
  }
}

TEST(MemoryBudgetTest, RaisesWhatMustBeNoLessThanWhatIsGiven) {
  Options options;
  options.limits.max_message_bytes = kGiB;
  options.limits.max_buffer_bytes_per_connection = 3 * kGiB;
  const Options fit =
      Fit(64 * kGiB, options, {"max_message_bytes", "max_buffer_bytes_per_connection"});
  EXPECT_EQ(fit.limits.max_inflight_bytes, 2 * kGiB);
  EXPECT_EQ(fit.limits.max_buffer_bytes, 3 * kGiB);
}

TEST(MemoryBudgetTest, WhatIsGivenStaysAndHasRoom) {
  Options options;
  options.limits.max_message_bytes = 300 * kMiB;
  options.limits.max_buffer_bytes_per_connection = 200 * kMiB;
  const Options fit = Fit(kGiB, options, {"max_message_bytes", "max_buffer_bytes_per_connection"});
  EXPECT_EQ(fit.limits.max_message_bytes, 300 * kMiB);
  EXPECT_EQ(fit.limits.max_inflight_bytes, 600 * kMiB);
  EXPECT_EQ(fit.max_receive_bytes, 1200 * kMiB);
  EXPECT_EQ(fit.limits.max_buffer_bytes_per_connection, 200 * kMiB);
  EXPECT_EQ(fit.limits.max_buffer_bytes, 200 * kMiB);
}

}  // namespace
}  // namespace rectifier
