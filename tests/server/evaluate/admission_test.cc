#include "server/evaluate/admission.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace rectifier {
namespace {

using ::testing::VariantWith;

TEST(AdmissionTest, RefusesBytesOverTheBudgetUntilATicketIsGone) {
  Admission admission(/*max_bytes=*/100, /*max_calls=*/10);
  {
    const auto first = admission.Acquire(60);
    ASSERT_TRUE(std::holds_alternative<Admission::Ticket>(first));
    EXPECT_THAT(admission.Acquire(41), VariantWith<Refusal>(Refusal::kTooManyBytes));
    EXPECT_TRUE(std::holds_alternative<Admission::Ticket>(admission.Acquire(40)));
  }
  EXPECT_TRUE(std::holds_alternative<Admission::Ticket>(admission.Acquire(100)));
}

TEST(AdmissionTest, RefusesCallsOverTheLimit) {
  Admission admission(/*max_bytes=*/100, /*max_calls=*/1);
  const auto first = admission.Acquire(0);
  ASSERT_TRUE(std::holds_alternative<Admission::Ticket>(first));
  EXPECT_THAT(admission.Acquire(0), VariantWith<Refusal>(Refusal::kTooManyCalls));
}

TEST(AdmissionTest, MovedTicketReturnsItsShareOnce) {
  Admission admission(/*max_bytes=*/100, /*max_calls=*/2);
  {
    Admission::Ticket kept;
    {
      auto acquired = admission.Acquire(100);
      kept = std::move(std::get<Admission::Ticket>(acquired));
    }
    EXPECT_EQ(kept.bytes(), 100);
    EXPECT_TRUE(std::holds_alternative<Refusal>(admission.Acquire(1)));
  }
  const auto all = admission.Acquire(100);
  EXPECT_TRUE(std::holds_alternative<Admission::Ticket>(all));
  EXPECT_TRUE(std::holds_alternative<Refusal>(admission.Acquire(1)));
}

TEST(AdmissionTest, ATicketGrowsWithinTheBudgetAndReturnsAllOfIt) {
  Admission admission(/*max_bytes=*/100, /*max_calls=*/10);
  {
    auto acquired = admission.Acquire(10), other = admission.Acquire(20);
    auto& ticket = std::get<Admission::Ticket>(acquired);
    EXPECT_FALSE(ticket.Grow(71));
    EXPECT_EQ(ticket.bytes(), 10);
    EXPECT_TRUE(ticket.Grow(70));
    EXPECT_EQ(ticket.bytes(), 80);
    EXPECT_FALSE(ticket.Grow(1));
    EXPECT_TRUE(ticket.Grow(0));
    EXPECT_THAT(admission.Acquire(1), VariantWith<Refusal>(Refusal::kTooManyBytes));
  }
  EXPECT_TRUE(std::holds_alternative<Admission::Ticket>(admission.Acquire(100)));
}

TEST(AdmissionTest, ATicketGrowsWhileTheAdmissionIsClosed) {
  Admission admission(/*max_bytes=*/100, /*max_calls=*/10);
  auto acquired = admission.AcquireStream(10);
  admission.Close();
  EXPECT_TRUE(std::get<Admission::Ticket>(acquired).Grow(90)) << "a drain lets it end";
}

TEST(AdmissionTest, GrownTicketsOfManyThreadsStayWithinTheBudget) {
  Admission admission(/*max_bytes=*/64, /*max_calls=*/100);
  std::atomic<int64_t> inside = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 1000; ++j) {
        auto acquired = admission.AcquireStream(1);
        auto* const ticket = std::get_if<Admission::Ticket>(&acquired);
        if (ticket == nullptr) continue;
        while (ticket->bytes() < 16 && ticket->Grow(1)) {
        }
        EXPECT_LE(inside += ticket->bytes(), 64);
        inside -= ticket->bytes();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_TRUE(std::holds_alternative<Admission::Ticket>(admission.Acquire(64)));
}

TEST(AdmissionTest, ClosedAdmissionRefusesAndWaitsForTheTicketsThatAreOut) {
  Admission admission(/*max_bytes=*/100, /*max_calls=*/2);
  std::optional<Admission::Ticket> ticket = std::get<Admission::Ticket>(admission.Acquire(1));
  admission.Close();
  EXPECT_THAT(admission.Acquire(1), VariantWith<Refusal>(Refusal::kDraining));
  EXPECT_EQ(admission.WaitUntilIdle(absl::ZeroDuration()), 1);
  std::thread holder([&ticket] { ticket.reset(); });
  EXPECT_EQ(admission.WaitUntilIdle(absl::Minutes(1)), 0);
  holder.join();
}

TEST(AdmissionTest, NeverAdmitsMoreThanTheBudgetToManyThreads) {
  Admission admission(/*max_bytes=*/3, /*max_calls=*/100);
  std::atomic<int> inside = 0;
  std::atomic<int> most = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 1000; ++j) {
        const auto ticket = admission.Acquire(1);
        if (!std::holds_alternative<Admission::Ticket>(ticket)) continue;
        const int now = ++inside;
        for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
        }
        --inside;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(most, 3);
  EXPECT_TRUE(std::holds_alternative<Admission::Ticket>(admission.Acquire(3)));
}

}  // namespace
}  // namespace rectifier
