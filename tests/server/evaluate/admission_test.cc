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

using ::testing::ElementsAre;
using ::testing::Optional;
using ::testing::VariantWith;
using Kind = Admission::Kind;
using Ticket = Admission::Ticket;

constexpr uint64_t kAlice = 1;
constexpr uint64_t kBob = 2;
constexpr uint64_t kCarol = 3;

// What all have together; a connection has no limit of its own.
class AdmissionTest : public ::testing::Test {
 protected:
  // An eighth of it is 100 bytes, 2 calls and 1 stream.
  AdmissionTest() : AdmissionTest({.bytes = 800, .calls = 16, .streams = 8}) {}
  explicit AdmissionTest(const Admission::Budget& total) : admission_(total, total) {}

  Ticket Admit(uint64_t connection, int64_t bytes = 0, Kind kind = Kind::kCall) {
    auto acquired = admission_.Acquire(connection, kind);
    EXPECT_TRUE(std::holds_alternative<Ticket>(acquired));
    Ticket ticket = std::get<Ticket>(std::move(acquired));
    EXPECT_EQ(ticket.Resize(bytes), std::nullopt);
    return ticket;
  }

  Admission admission_;
};

TEST_F(AdmissionTest, TheOnlyCallMayHaveAllBytes) {
  Ticket ticket = Admit(kAlice, 800);
  EXPECT_THAT(ticket.Resize(801), Optional(Refusal::kTooManyBytes));
  EXPECT_EQ(ticket.bytes(), 800) << "a refusal changes nothing";
  Ticket other = Admit(kBob);
  EXPECT_THAT(other.Resize(1), Optional(Refusal::kTooManyBytes));
  EXPECT_EQ(ticket.Resize(300), std::nullopt);
  EXPECT_EQ(other.Resize(200), std::nullopt);
}

TEST_F(AdmissionTest, TheLargestCallIsAdmittedBesideSmallOnes) {
  const Ticket small = Admit(kAlice, 60, Kind::kStream);
  Ticket another = Admit(kBob, 40);
  EXPECT_EQ(Admit(kCarol, 700).bytes(), 700);
  EXPECT_EQ(another.Resize(41), std::nullopt);
  Ticket large = Admit(kCarol);
  EXPECT_THAT(large.Resize(600), Optional(Refusal::kTooManyBytesOfConnection));
}

TEST_F(AdmissionTest, AConnectionHasAsManyBytesAsItLeavesToTheOthers) {
  Ticket first = Admit(kAlice, 250), second = Admit(kAlice, 100);
  EXPECT_THAT(second.Resize(101), Optional(Refusal::kTooManyBytesOfConnection));
  Ticket bob = Admit(kBob, 175);
  EXPECT_THAT(bob.Resize(176), Optional(Refusal::kTooManyBytesOfConnection));
  Ticket carol = Admit(kCarol, 87);
  EXPECT_THAT(carol.Resize(88), Optional(Refusal::kTooManyBytesOfConnection));
}

TEST_F(AdmissionTest, AConnectionHasAsManyCallsAsItLeavesToTheOthers) {
  std::vector<Ticket> tickets;
  for (int i = 0; i < 7; ++i) tickets.push_back(Admit(kAlice));
  EXPECT_THAT(admission_.Acquire(kAlice, Kind::kCall),
              VariantWith<Refusal>(Refusal::kTooManyCallsOfConnection));
  for (int i = 0; i < 3; ++i) tickets.push_back(Admit(kBob));
  EXPECT_THAT(admission_.Acquire(kBob, Kind::kCall),
              VariantWith<Refusal>(Refusal::kTooManyCallsOfConnection));
  EXPECT_TRUE(std::holds_alternative<Ticket>(admission_.Acquire(kCarol, Kind::kCall)));
}

TEST_F(AdmissionTest, TheLastEighthIsForSmallCallsOfThoseWhoHaveNoOther) {
  std::vector<Ticket> tickets;
  // Those who take all they get have an eighth of each budget and a bit left to others.
  for (const uint64_t hog : {11, 12, 13, 14, 15, 16}) {
    Ticket ticket = Admit(hog);
    for (int64_t bytes = 700; ticket.Resize(bytes); --bytes) {
    }
    tickets.push_back(std::move(ticket));
  }
  Ticket small = Admit(kAlice, 12);  // of 800 / 8 / 8
  EXPECT_THAT(small.Resize(13), Optional(Refusal::kTooManyBytesOfConnection));
  Ticket another = Admit(kAlice);
  EXPECT_THAT(another.Resize(1), Optional(Refusal::kTooManyBytesOfConnection));
  EXPECT_EQ(Admit(kBob, 12).bytes(), 12);
}

TEST_F(AdmissionTest, StreamsHaveABudgetBesideTheirs) {
  std::vector<Ticket> tickets;
  for (int i = 0; i < 3; ++i) tickets.push_back(Admit(kAlice, 0, Kind::kStream));
  EXPECT_THAT(admission_.Acquire(kAlice, Kind::kStream),
              VariantWith<Refusal>(Refusal::kTooManyStreamsOfConnection));
  EXPECT_TRUE(std::holds_alternative<Ticket>(admission_.Acquire(kAlice, Kind::kCall)));
  tickets.push_back(Admit(kBob, 0, Kind::kStream));
}

TEST_F(AdmissionTest, WhatIsGivenBackIsThereForTheNextOne) {
  { const Ticket alice = Admit(kAlice, 50), bob = Admit(kBob, 25); }
  EXPECT_EQ(Admit(kCarol, 100).bytes(), 100);
}

TEST_F(AdmissionTest, AMovedTicketReturnsItsPartOnce) {
  {
    Ticket kept;
    {
      Ticket moved = Admit(kAlice, 800);
      kept = std::move(moved);
    }
    EXPECT_EQ(kept.bytes(), 800);
    Ticket other = Admit(kBob);
    EXPECT_TRUE(other.Resize(1).has_value());
  }
  EXPECT_EQ(Admit(kAlice, 800).bytes(), 800);
}

TEST_F(AdmissionTest, TellsThePeakSinceTheLastQuestion) {
  Ticket ticket = Admit(kAlice, 80);
  ticket.Resize(10);
  EXPECT_EQ(admission_.TakePeakBytes(), 80);
  EXPECT_EQ(admission_.TakePeakBytes(), 10);
}

TEST_F(AdmissionTest, WhoWaitsIsServedWhenOthersHaveGone) {
  Ticket waiting = Admit(kAlice, 10);
  std::vector<int> served;
  {
    const Ticket other = Admit(kBob, 300);
    EXPECT_EQ(waiting.ResizeLater(600, [&served] { served.push_back(600); }), std::nullopt);
    EXPECT_THAT(served, ElementsAre());
  }
  EXPECT_THAT(served, ElementsAre(600));
  EXPECT_EQ(waiting.bytes(), 600);
}

TEST_F(AdmissionTest, WhoNeedNotWaitIsServedAtOnce) {
  Ticket ticket = Admit(kAlice, 10);
  bool is_served = false;
  EXPECT_EQ(ticket.ResizeLater(800, [&is_served] { is_served = true; }), std::nullopt);
  EXPECT_TRUE(is_served);
}

TEST_F(AdmissionTest, NobodyWaitsForWhatCanNeverBe) {
  Ticket ticket = Admit(kAlice);
  EXPECT_THAT(ticket.ResizeLater(801, [] { ADD_FAILURE(); }), Optional(Refusal::kTooManyBytes));
}

TEST_F(AdmissionTest, WaitingIsServedInOrderButForThoseWhomTheirOwnCallsHoldUp) {
  std::vector<char> served;
  const auto wait = [&](Ticket& ticket, int64_t bytes, char name) {
    EXPECT_EQ(ticket.ResizeLater(bytes, [&served, name] { served.push_back(name); }), std::nullopt);
  };
  Ticket alice = Admit(kAlice, 300), alice_again = Admit(kAlice);
  std::optional<Ticket> bob = Admit(kBob, 200);
  Ticket carol = Admit(kCarol);
  wait(alice_again, 200, 'a');
  wait(carol, 200, 'c');
  bob.reset();
  EXPECT_THAT(served, ElementsAre('c'));
  alice.Resize(0);
  EXPECT_THAT(served, ElementsAre('c', 'a'));
}

TEST_F(AdmissionTest, WhoStopsWaitingIsNotServed) {
  Ticket waiting = Admit(kAlice);
  {
    const Ticket other = Admit(kBob, 300);
    EXPECT_EQ(waiting.ResizeLater(500, [] { ADD_FAILURE(); }), std::nullopt);
    EXPECT_TRUE(waiting.StopWaiting());
    EXPECT_FALSE(waiting.StopWaiting());
  }
  EXPECT_EQ(waiting.bytes(), 0);
}

TEST_F(AdmissionTest, TellsWhatIsHeld) {
  const Ticket call = Admit(kAlice, 10);
  {
    const Ticket stream = Admit(kBob, 30, Kind::kStream);
    EXPECT_EQ(admission_.held().bytes, 40);
    EXPECT_EQ(admission_.held().calls, 2);
    EXPECT_EQ(admission_.held().streams, 1);
  }
  EXPECT_EQ(admission_.held().bytes, 10);
  EXPECT_EQ(admission_.held().streams, 0);
}

TEST_F(AdmissionTest, ATicketGrowsWhileTheAdmissionIsClosed) {
  Ticket ticket = Admit(kAlice, 10, Kind::kStream);
  admission_.Close();
  EXPECT_EQ(ticket.Resize(800), std::nullopt) << "a drain lets it end";
}

TEST_F(AdmissionTest, ClosedAdmissionRefusesAndWaitsForTheTicketsThatAreOut) {
  std::optional<Ticket> ticket = Admit(kAlice, 1);
  admission_.Close();
  EXPECT_THAT(admission_.Acquire(kBob, Kind::kCall), VariantWith<Refusal>(Refusal::kDraining));
  EXPECT_EQ(admission_.WaitUntilIdle(absl::ZeroDuration()), 1);
  std::thread holder([&ticket] { ticket.reset(); });
  EXPECT_EQ(admission_.WaitUntilIdle(absl::Minutes(1)), 0);
  holder.join();
}

TEST(AdmissionOfConnectionTest, AConnectionHasNoMoreThanItsOwnLimits) {
  Admission admission({.bytes = 1000, .calls = 1000, .streams = 1000},
                      {.bytes = 3, .calls = 2, .streams = 1});
  auto first = admission.Acquire(kAlice, Kind::kStream);
  EXPECT_THAT(std::get<Ticket>(first).Resize(4), Optional(Refusal::kTooManyBytesOfConnection));
  EXPECT_THAT(std::get<Ticket>(first).ResizeLater(4, [] { ADD_FAILURE(); }),
              Optional(Refusal::kTooManyBytesOfConnection));
  EXPECT_THAT(admission.Acquire(kAlice, Kind::kStream),
              VariantWith<Refusal>(Refusal::kTooManyStreamsOfConnection));
  const auto second = admission.Acquire(kAlice, Kind::kCall);
  EXPECT_THAT(admission.Acquire(kAlice, Kind::kCall),
              VariantWith<Refusal>(Refusal::kTooManyCallsOfConnection));
  EXPECT_TRUE(std::holds_alternative<Ticket>(admission.Acquire(kBob, Kind::kStream)));
}

TEST(AdmissionOfThreadsTest, NeverAdmitsMoreThanTheBudget) {
  Admission admission({.bytes = 64, .calls = 6, .streams = 6},
                      {.bytes = 64, .calls = 6, .streams = 6});
  std::atomic<int64_t> bytes = 0, calls = 0;
  std::vector<std::thread> threads;
  for (uint64_t connection = 1; connection <= 8; ++connection) {
    threads.emplace_back([&, connection] {
      for (int i = 0; i < 1000; ++i) {
        auto acquired = admission.Acquire(connection, Kind::kStream);
        auto* const ticket = std::get_if<Ticket>(&acquired);
        if (ticket == nullptr) continue;
        EXPECT_LE(++calls, 6);
        while (ticket->bytes() < 16 && !ticket->Resize(ticket->bytes() + 1)) {
        }
        const int64_t held = ticket->bytes();
        EXPECT_LE(bytes += held, 64);
        bytes -= held;
        --calls;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  auto last = admission.Acquire(kAlice, Kind::kCall);
  EXPECT_EQ(std::get<Ticket>(last).Resize(64), std::nullopt);
}

}  // namespace
}  // namespace rectifier
