#include "server/wire/reply_pool.h"

#include <cstdint>
#include <cstring>
#include <utility>

#include "gtest/gtest.h"

namespace rectifier {
namespace {

constexpr size_t kMebibyte = size_t{1} << 20;

TEST(ReplyPoolTest, GivesTheSameMemoryAgain) {
  const auto pool = ReplyPool::Make(64 * kMebibyte);
  std::byte* first;
  {
    const ReplyPool::Buffer buffer = pool->Acquire(3 * kMebibyte);
    first = buffer.data();
    std::memset(first, 1, 3 * kMebibyte);
  }
  EXPECT_GE(pool->idle_bytes(), 3 * kMebibyte);
  EXPECT_EQ(pool->Acquire(3 * kMebibyte).data(), first);
}

TEST(ReplyPoolTest, LargeBuffersBeginAtHugePages) {
  const auto pool = ReplyPool::Make(0);
  for (const size_t bytes : {2 * kMebibyte, 2 * kMebibyte + 1, 17 * kMebibyte}) {
    const ReplyPool::Buffer buffer = pool->Acquire(bytes);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(buffer.data()) % (2 * kMebibyte), 0u) << bytes;
    buffer.data()[bytes - 1] = std::byte{1};
  }
}

TEST(ReplyPoolTest, KeepsNoMoreIdleThanItMay) {
  const auto pool = ReplyPool::Make(kMebibyte);
  { const auto one = pool->Acquire(kMebibyte), two = pool->Acquire(kMebibyte); }
  EXPECT_EQ(pool->idle_bytes(), kMebibyte);
  { const auto large = pool->Acquire(4 * kMebibyte); }
  EXPECT_EQ(pool->idle_bytes(), kMebibyte);
}

TEST(ReplyPoolTest, SlicesReturnTheirBufferEvenAfterThePoolsOwnerHasGone) {
  auto pool = ReplyPool::Make(kMebibyte);
  ReplyPool::Buffer buffer = pool->Acquire(100);
  std::memcpy(buffer.data(), "abc", 3);
  {
    const grpc::Slice slice = std::move(buffer).Release(3);
    EXPECT_EQ(slice.size(), 3u);
    EXPECT_EQ(std::memcmp(slice.begin(), "abc", 3), 0);
    EXPECT_EQ(pool->idle_bytes(), 0u);
    const grpc::Slice copy = slice;  // counts as one
  }
  EXPECT_GT(pool->idle_bytes(), 0u);
  const grpc::Slice late = pool->Acquire(100).Release(100);
  pool.reset();
  EXPECT_EQ(late.size(), 100u);
}

TEST(ReplyPoolTest, GivesNothingWhereThereIsNoMemory) {
  EXPECT_EQ(ReplyPool::Make(0)->Acquire(size_t{1} << 60).data(), nullptr);
}

TEST(ReplyPoolTest, KeepsNothingIdleWhileMemoryIsShort) {
  const auto pool = ReplyPool::Make(64 * kMebibyte);
  {
    const auto held = pool->Acquire(kMebibyte);
    { const auto idle = pool->Acquire(kMebibyte); }
    EXPECT_EQ(pool->idle_bytes(), kMebibyte);
    EXPECT_EQ(pool->Acquire(size_t{1} << 60).data(), nullptr);
    EXPECT_EQ(pool->idle_bytes(), 0u);
  }
  EXPECT_EQ(pool->idle_bytes(), 0u);
  { const auto again = pool->Acquire(kMebibyte); }
  EXPECT_EQ(pool->idle_bytes(), kMebibyte);
}

}  // namespace
}  // namespace rectifier
