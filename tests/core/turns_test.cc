#include "core/turns.h"

#include <map>
#include <string>

#include "gtest/gtest.h"

namespace rectifier {
namespace {

constexpr int64_t kTurn = kTurnNanoseconds;

// Work of so many chunks, each of which takes `chunk` nanoseconds.
struct Piece : TurnTaker {
  Piece(uint64_t caller, int64_t chunks, int64_t chunk = kTurn)
      : TurnTaker{.caller = caller}, left(chunks), chunk(chunk) {}
  int64_t left;
  int64_t chunk;
};

bool IsReady(const Piece& piece) { return piece.left > 0; }

// One thread, which takes turns and knows how long each chunk is.
class Thread {
 public:
  std::shared_ptr<Piece> Add(uint64_t caller, int64_t chunks, int64_t chunk = kTurn) {
    auto piece = std::make_shared<Piece>(caller, chunks, chunk);
    turns_.Push(piece);
    return piece;
  }

  // Takes turns until `piece` is done, or `most` turns have passed.
  void RunUntil(const Piece* piece, int64_t most = 1'000'000) {
    for (; most > 0 && (piece == nullptr || piece->left > 0); --most) {
      const std::shared_ptr<Piece> next = turns_.Next(IsReady);
      if (next == nullptr) return;
      int64_t took = 0;
      for (; took < kTurn && next->left > 0; took += next->chunk) {
        --next->left;
        ++chunks_[next->caller];
      }
      time_ += took;
      turns_.End(*next, took);
    }
  }

  int64_t chunks(uint64_t caller) { return chunks_[caller]; }
  int64_t time() const { return time_; }

 private:
  Turns<Piece> turns_;
  std::map<uint64_t, int64_t> chunks_;
  int64_t time_ = 0;
};

TEST(TurnsTest, CallersGetEqualShares) {
  Thread thread;
  for (uint64_t caller : {1, 2, 3}) thread.Add(caller, 1000);
  thread.RunUntil(nullptr, 300);
  for (uint64_t caller : {1, 2, 3}) EXPECT_EQ(thread.chunks(caller), 100) << caller;
}

TEST(TurnsTest, ACallerWithManyCallsGetsNoMore) {
  Thread thread;
  for (int i = 0; i < 50; ++i) thread.Add(1, 1000);
  thread.Add(2, 1000);
  thread.RunUntil(nullptr, 200);
  EXPECT_EQ(thread.chunks(1), 100);
  EXPECT_EQ(thread.chunks(2), 100);
}

TEST(TurnsTest, SharesAreOfTimeNotOfChunks) {
  Thread thread;
  thread.Add(1, 100'000, kTurn / 10);
  thread.Add(2, 100'000, 5 * kTurn);
  thread.RunUntil(nullptr, 600);
  EXPECT_NEAR(thread.chunks(1), 50 * thread.chunks(2), 100);
}

// What an hour of one caller holds up is a call's own length times the callers, and a chunk.
TEST(TurnsTest, ALateSmallCallOvertakes) {
  Thread thread;
  for (uint64_t hog : {1, 2, 3}) thread.Add(hog, 1'000'000, 3 * kTurn);
  thread.RunUntil(nullptr, 1000);
  const int64_t start = thread.time();
  const auto call = thread.Add(9, 12);
  thread.RunUntil(call.get());
  EXPECT_LE(thread.time() - start, 4 * (12 * kTurn + 3 * kTurn));
}

TEST(TurnsTest, WhoHasBeenAwaySavesNothingUp) {
  Thread thread;
  thread.Add(1, 1'000'000);
  thread.RunUntil(nullptr, 1000);
  thread.Add(2, 1'000'000);
  thread.RunUntil(nullptr, 100);
  EXPECT_EQ(thread.chunks(2), 50);
}

// A caller whose every chunk is long cannot shake off what it has had by asking anew.
TEST(TurnsTest, DebtsAreKeptFromCallToCall) {
  Thread thread;
  thread.Add(2, 1'000'000);
  for (int i = 0; i < 5; ++i) thread.RunUntil(thread.Add(1, 1, 100 * kTurn).get());
  EXPECT_GE(thread.chunks(2), 400);
}

TEST(TurnsTest, ShortCallsOfOneCallerEndOneByOne) {
  Thread thread;
  const auto first = thread.Add(1, 10), second = thread.Add(1, 10);
  thread.RunUntil(first.get());
  EXPECT_EQ(second->left, 10);
}

TEST(TurnsTest, ALongCallHoldsUpAShortOneOfItsCallerForASlice) {
  Thread thread;
  thread.Add(1, 1'000'000);
  const auto call = thread.Add(1, 10);
  thread.RunUntil(call.get());
  EXPECT_LE(thread.time(), kSliceNanoseconds + 10 * kTurn);
}

TEST(TurnsTest, SeveralThreadsServeDifferentCallers) {
  Turns<Piece> turns;
  for (uint64_t caller : {1, 2, 3}) turns.Push(std::make_shared<Piece>(caller, 10));
  for (uint64_t caller : {1, 2, 3, 1}) EXPECT_EQ(turns.Next(IsReady)->caller, caller);
}

TEST(TurnsTest, SeveralThreadsServeOneCallerThatIsAlone) {
  Turns<Piece> turns;
  const auto piece = std::make_shared<Piece>(1, 10);
  turns.Push(piece);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(turns.Next(IsReady), piece);
  piece->left = 0;
  EXPECT_EQ(turns.Next(IsReady), nullptr);
  for (int i = 0; i < 4; ++i) turns.End(*piece, kTurn);
}

TEST(TurnsTest, WhatIsPutBackGoesOnFirst) {
  Turns<Piece> turns;
  const auto first = std::make_shared<Piece>(1, 0), second = std::make_shared<Piece>(1, 10);
  turns.Push(first);
  turns.Push(second);
  EXPECT_EQ(turns.Next(IsReady), second);
  first->left = 1;
  turns.PushFront(first);
  EXPECT_EQ(turns.Next(IsReady), first);
}

// Each chunk is a step: while one thread runs it the item is not ready, so that the other drops it.
TEST(TurnsTest, LongCallsOfManyStepsHoldUpAShortOneForASliceOnSeveralThreads) {
  Turns<Piece> turns;
  const auto call = std::make_shared<Piece>(1, 1);
  for (int i = 0; i < 2; ++i) turns.Push(std::make_shared<Piece>(1, 1));
  turns.Push(call);
  const auto begin = [&] {
    auto piece = turns.Next(IsReady);
    piece->left = 0;
    return piece;
  };
  bool is_served = false;
  for (int64_t time = 0; time <= kSliceNanoseconds && !is_served; time += kTurn) {
    const auto one = begin(), other = begin();
    is_served = one == call || other == call;
    for (const auto& piece : {one, other}) {
      piece->left = 1;
      turns.PushFront(piece);
      turns.End(*piece, kTurn);
    }
  }
  EXPECT_TRUE(is_served);
}

}  // namespace
}  // namespace rectifier
