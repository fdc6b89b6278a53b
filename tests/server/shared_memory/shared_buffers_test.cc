#include "server/shared_memory/shared_buffers.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include "core/field_error.h"

namespace rectifier {
namespace {

using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr BufferConnectionId kAlice = 7;
constexpr BufferConnectionId kBob = 8;
constexpr int64_t kMiB = int64_t{1} << 20;
constexpr uint64_t kMost = std::numeric_limits<uint64_t>::max();
const uint64_t kPage = static_cast<uint64_t>(sysconf(_SC_PAGESIZE));

class SharedBuffersTest : public ::testing::Test {
 protected:
  AllocatedBuffer Allocate(BufferConnectionId connection, uint64_t bytes) {
    absl::StatusOr<AllocatedBuffer> buffer = buffers_.Allocate(connection, bytes);
    EXPECT_TRUE(buffer.ok()) << buffer.status();
    return buffer.ok() ? *std::move(buffer) : AllocatedBuffer();
  }
  absl::StatusCode CodeOfAllocate(BufferConnectionId connection, uint64_t bytes) {
    return buffers_.Allocate(connection, bytes).status().code();
  }
  static blkcnt_t BlocksOf(const AllocatedBuffer& buffer) {
    struct stat status;
    EXPECT_EQ(fstat(buffer.descriptor.get(), &status), 0);
    return status.st_blocks;
  }

  prometheus::Gauge count_;
  prometheus::Gauge bytes_;
  SharedBuffers buffers_{
      {.max_buffer_bytes = 4 * kMiB, .max_buffer_bytes_per_connection = 3 * kMiB},
      {.buffers = &count_, .bytes = &bytes_}};
};

TEST_F(SharedBuffersTest, WhatTheOwnerWritesIsFound) {
  const AllocatedBuffer buffer = Allocate(kAlice, 100);
  EXPECT_EQ(buffer.token.size(), 16u);
  EXPECT_EQ(buffer.bytes, kPage);
  ASSERT_EQ(pwrite(buffer.descriptor.get(), "abc", 3, 40), 3);
  const auto region = buffers_.Find(buffer.token, 40, 3);
  ASSERT_TRUE(region.ok()) << region.status();
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(region->bytes.data()), 3), "abc");
}

TEST_F(SharedBuffersTest, DescriptorRefusesShrinkingGrowingAndOtherSeals) {
  const AllocatedBuffer buffer = Allocate(kAlice, 2 * kPage);
  const int file = buffer.descriptor.get();
  const auto size = static_cast<off_t>(2 * kPage);
  EXPECT_EQ(ftruncate(file, 0), -1);
  EXPECT_EQ(errno, EPERM);
  EXPECT_EQ(ftruncate(file, size + 1), -1);
  EXPECT_EQ(errno, EPERM);
  EXPECT_EQ(fallocate(file, 0, size, 1), -1);
  EXPECT_EQ(errno, EPERM);
  EXPECT_EQ(pwrite(file, "x", 1, size), -1);
  EXPECT_EQ(errno, EPERM);
  EXPECT_EQ(fcntl(file, F_ADD_SEALS, F_SEAL_WRITE), -1);
  EXPECT_EQ(errno, EPERM);
}

TEST_F(SharedBuffersTest, PagesThatTheOwnerTakesAwayAreZeros) {
  const AllocatedBuffer buffer = Allocate(kAlice, kPage);
  const auto region = buffers_.Find(buffer.token, 0, kPage);
  ASSERT_TRUE(region.ok());
  region->bytes[9] = std::byte{1};
  ASSERT_EQ(fallocate(buffer.descriptor.get(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0,
                      static_cast<off_t>(kPage)),
            0);
  EXPECT_THAT(region->bytes, Each(std::byte{0}));
}

TEST_F(SharedBuffersTest, AllPagesAreThereAtOnce) {
  EXPECT_EQ(BlocksOf(Allocate(kAlice, kMiB)) * 512, kMiB);
}

TEST_F(SharedBuffersTest, RegionsAtTheEdgesAreFound) {
  const AllocatedBuffer buffer = Allocate(kAlice, kPage);
  EXPECT_TRUE(buffers_.Find(buffer.token, 0, kPage).ok());
  EXPECT_TRUE(buffers_.Find(buffer.token, kPage - 1, 1).ok());
  EXPECT_TRUE(buffers_.Find(buffer.token, kPage, 0).ok());
  EXPECT_TRUE(buffers_.Find(buffer.token, 0, 0).ok());
}

TEST_F(SharedBuffersTest, RegionsThatPassTheEndOrWrapAreRefused) {
  const AllocatedBuffer buffer = Allocate(kAlice, kPage);
  const struct {
    uint64_t offset;
    uint64_t length;
  } regions[] = {{0, kPage + 1}, {1, kPage},
                 {kPage, 1},     {kPage + 1, 0},
                 {kMost, 1},     {1, kMost},
                 {kMost, kMost}, {kMost - kPage + 1, kPage},
                 {0, kMost},     {kMost / 2 + 1, kMost / 2 + 1}};
  for (const auto& [offset, length] : regions) {
    const absl::Status status = buffers_.Find(buffer.token, offset, length).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << offset << " " << length;
    const auto violation = GetFieldViolation(status);
    ASSERT_TRUE(violation.has_value());
    EXPECT_EQ(violation->path, "region");
    EXPECT_EQ(violation->reason, "REGION_OUT_OF_BOUNDS");
    EXPECT_THAT(violation->description, HasSubstr("the buffer has " + std::to_string(kPage)));
  }
}

TEST_F(SharedBuffersTest, UnknownTokensAreNotFoundAndNotShown) {
  Allocate(kAlice, kPage);
  for (const std::string& token : {std::string(), std::string("0123456789abcdef"),
                                   std::string(16, '\0'), std::string(1000, 'x')}) {
    const absl::Status status = buffers_.Find(token, 0, 1).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
    EXPECT_THAT(std::string(status.message()), HasSubstr("region.token: names no buffer"));
    EXPECT_THAT(std::string(status.message()), Not(HasSubstr("0123")));
  }
}

TEST_F(SharedBuffersTest, OnlyTheOwnerReleases) {
  const AllocatedBuffer buffer = Allocate(kAlice, kPage);
  EXPECT_EQ(buffers_.Release(kBob, buffer.token).code(), absl::StatusCode::kNotFound);
  EXPECT_TRUE(buffers_.Find(buffer.token, 0, 1).ok());
  EXPECT_TRUE(buffers_.Release(kAlice, buffer.token).ok());
  EXPECT_EQ(buffers_.Find(buffer.token, 0, 1).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(buffers_.Release(kAlice, buffer.token).code(), absl::StatusCode::kNotFound);
}

TEST_F(SharedBuffersTest, DisconnectReleasesWhatTheConnectionOwnsAndNothingElse) {
  const AllocatedBuffer first = Allocate(kAlice, kPage);
  const AllocatedBuffer second = Allocate(kAlice, kPage);
  const AllocatedBuffer other = Allocate(kBob, kPage);
  buffers_.Disconnect(kAlice);
  EXPECT_FALSE(buffers_.Find(first.token, 0, 1).ok());
  EXPECT_FALSE(buffers_.Find(second.token, 0, 1).ok());
  EXPECT_TRUE(buffers_.Find(other.token, 0, 1).ok());
  EXPECT_EQ(count_.Value(), 1);
  EXPECT_EQ(bytes_.Value(), static_cast<double>(kPage));
}

TEST_F(SharedBuffersTest, LeaseKeepsMemoryAndQuotaPastReleaseAndDisconnect) {
  const AllocatedBuffer buffer = Allocate(kAlice, 3 * kMiB);
  auto region = buffers_.Find(buffer.token, 0, 3 * kMiB);
  ASSERT_TRUE(region.ok());
  region->bytes.back() = std::byte{42};
  ASSERT_TRUE(buffers_.Release(kAlice, buffer.token).ok());
  buffers_.Disconnect(kAlice);
  EXPECT_EQ(region->bytes.back(), std::byte{42});
  EXPECT_EQ(bytes_.Value(), 3 * kMiB);
  EXPECT_EQ(CodeOfAllocate(kAlice, kPage), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(CodeOfAllocate(kBob, 2 * kMiB), absl::StatusCode::kResourceExhausted);
  region->lease.reset();
  EXPECT_EQ(bytes_.Value(), 0);
  EXPECT_EQ(CodeOfAllocate(kBob, 2 * kMiB), absl::StatusCode::kOk);
}

TEST_F(SharedBuffersTest, LeaseOutlivesTheRegistry) {
  auto buffers =
      std::make_unique<SharedBuffers>(Limits(), BufferGauges{.buffers = &count_, .bytes = &bytes_});
  auto buffer = buffers->Allocate(kAlice, kPage);
  ASSERT_TRUE(buffer.ok());
  const auto region = buffers->Find(buffer->token, 0, kPage);
  ASSERT_TRUE(region.ok());
  buffers.reset();
  region->bytes[0] = std::byte{1};
}

// Otherwise a caller could keep any amount of memory, releasing each buffer for the next.
TEST_F(SharedBuffersTest, CallerThatKeepsTheDescriptorKeepsNoPages) {
  const AllocatedBuffer buffer = Allocate(kAlice, kMiB);
  void* const mapped = mmap(nullptr, kMiB, PROT_READ, MAP_SHARED, buffer.descriptor.get(), 0);
  ASSERT_NE(mapped, MAP_FAILED);
  ASSERT_TRUE(buffers_.Release(kAlice, buffer.token).ok());
  EXPECT_EQ(BlocksOf(buffer), 0);
  munmap(mapped, kMiB);
}

TEST_F(SharedBuffersTest, RegistryThatGoesLeavesCallersTheirContents) {
  AllocatedBuffer buffer;
  {
    SharedBuffers buffers(Limits(), BufferGauges{.buffers = &count_, .bytes = &bytes_});
    buffer = *buffers.Allocate(kAlice, kPage);
    buffers.Find(buffer.token, 0, 1)->bytes[0] = std::byte{'r'};
  }
  char result = 0;
  ASSERT_EQ(pread(buffer.descriptor.get(), &result, 1, 0), 1);
  EXPECT_EQ(result, 'r');
}

TEST_F(SharedBuffersTest, SizesThatNoConnectionMayHaveAreInvalid) {
  for (const uint64_t bytes :
       {uint64_t{0}, static_cast<uint64_t>(3 * kMiB) + 1, kMost, kMost - kPage, kMost / 2 + 1}) {
    const absl::Status status = buffers_.Allocate(kAlice, bytes).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << bytes;
    EXPECT_THAT(std::string(status.message()), HasSubstr("must be from 1 to 3145728"));
  }
  EXPECT_EQ(count_.Value(), 0);
}

TEST_F(SharedBuffersTest, QuotaOfAConnectionIsNamedAndComesBack) {
  const AllocatedBuffer buffer = Allocate(kAlice, 2 * kMiB);
  const absl::Status status = buffers_.Allocate(kAlice, 2 * kMiB).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(status.message(),
            "allocate.bytes: 2097152 given, in whole pages; this connection has 2097152 bytes, and "
            "may have "
            "3145728");
  ASSERT_TRUE(buffers_.Release(kAlice, buffer.token).ok());
  EXPECT_EQ(CodeOfAllocate(kAlice, 3 * kMiB), absl::StatusCode::kOk);
}

TEST_F(SharedBuffersTest, QuotaOfAllIsNamedAndComesBack) {
  Allocate(kAlice, 3 * kMiB);
  const absl::Status status = buffers_.Allocate(kBob, 2 * kMiB).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(std::string(status.message()), HasSubstr("all connections together have 3145728"));
  buffers_.Disconnect(kAlice);
  EXPECT_EQ(CodeOfAllocate(kBob, 2 * kMiB), absl::StatusCode::kOk);
}

TEST_F(SharedBuffersTest, NumberOfBuffersIsBounded) {
  for (int64_t i = 0; i < kMaxBuffersPerConnection; ++i) Allocate(kAlice, 1);
  EXPECT_EQ(CodeOfAllocate(kAlice, 1), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(CodeOfAllocate(kBob, 1), absl::StatusCode::kOk);
  EXPECT_EQ(count_.Value(), kMaxBuffersPerConnection + 1);
}

// Lowers a limit of this process for as long as it lives.
class LoweredLimit {
 public:
  LoweredLimit(__rlimit_resource resource, rlim_t most) : resource_(resource) {
    getrlimit(resource_, &before_);
    const rlimit lowered{std::min(most, before_.rlim_max), before_.rlim_max};
    EXPECT_EQ(setrlimit(resource_, &lowered), 0);
  }
  ~LoweredLimit() { setrlimit(resource_, &before_); }

 private:
  const __rlimit_resource resource_;
  rlimit before_;
};

#ifndef __SANITIZE_ADDRESS__  // see tests/integration/shared_buffers_test.cc
TEST_F(SharedBuffersTest, ShortageOfDescriptorsIsAnErrorAndCostsNoQuota) {
  {
    const LoweredLimit limit(RLIMIT_NOFILE, 0);
    EXPECT_EQ(CodeOfAllocate(kAlice, kMiB), absl::StatusCode::kResourceExhausted);
  }
  EXPECT_EQ(bytes_.Value(), 0);
  EXPECT_EQ(CodeOfAllocate(kAlice, 3 * kMiB), absl::StatusCode::kOk);
}
#endif

TEST_F(SharedBuffersTest, LimitOfFileSizesIsAnErrorAndNoSignal) {
  const LoweredLimit limit(RLIMIT_FSIZE, kPage);
  EXPECT_EQ(CodeOfAllocate(kAlice, kMiB), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(bytes_.Value(), 0);
}

TEST_F(SharedBuffersTest, ThreadsAllocateFindAndReleaseAtOnce) {
  std::vector<std::thread> threads;
  for (BufferConnectionId connection = 1; connection <= 4; ++connection) {
    threads.emplace_back([this, connection] {
      for (int round = 0; round < 200; ++round) {
        const auto buffer = buffers_.Allocate(connection, kPage);
        ASSERT_TRUE(buffer.ok()) << buffer.status();
        auto region = buffers_.Find(buffer->token, 0, kPage);
        ASSERT_TRUE(region.ok());
        if (round % 2 == 0) {
          ASSERT_TRUE(buffers_.Release(connection, buffer->token).ok());
        } else {
          buffers_.Disconnect(connection);
        }
        region->bytes[1] = std::byte{2};
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(count_.Value(), 0);
  EXPECT_EQ(bytes_.Value(), 0);
}

}  // namespace
}  // namespace rectifier
