#include "server/shared_memory/buffer_listener.h"

#include <dirent.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <iterator>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/support/buffer_caller.h"
#include "tests/support/temporary_directory.h"

namespace rectifier {
namespace {

using testing::AllocateRequest;
using testing::BufferCaller;
using testing::BufferReply;
using ::testing::HasSubstr;
using testing::ReleaseRequest;

constexpr int kInvalidArgument = 3;
constexpr int kNotFound = 5;
constexpr int kResourceExhausted = 8;
constexpr int kHungUp = -1;
constexpr int64_t kMaxConnections = 3;

size_t OpenDescriptors() {
  return static_cast<size_t>(std::distance(std::filesystem::directory_iterator("/proc/self/fd"),
                                           std::filesystem::directory_iterator()));
}

class BufferListenerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto listener = Start();
    ASSERT_TRUE(listener.ok()) << listener.status();
    listener_ = *std::move(listener);
  }

  absl::StatusOr<std::unique_ptr<BufferListener>> Start() {
    return BufferListener::Start({.path = path_, .max_connections = kMaxConnections, .access = {}},
                                 buffers_, metrics_);
  }

  // The server answers in the order of events, so that once it has answered a caller who came later
  // than an event, it has seen that, too; the gauge says so at the latest.
  void WaitForBuffers(double count) const {
    while (count_.Value() != count) std::this_thread::yield();
  }

  const testing::TemporaryDirectory directory_;
  const std::string path_ = directory_.File("s.sock.buffers");
  prometheus::Gauge count_;
  prometheus::Gauge bytes_;
  SharedBuffers buffers_{Limits(), {.buffers = &count_, .bytes = &bytes_}};
  prometheus::Registry registry_;
  ConnectionMetrics metrics_{registry_};
  std::unique_ptr<BufferListener> listener_;
};

TEST_F(BufferListenerTest, GivesABufferAndTakesItBack) {
  BufferCaller caller(path_);
  const BufferReply reply = caller.Allocate(5000);
  ASSERT_EQ(reply.code(), 0) << reply.message();
  ASSERT_TRUE(reply.descriptor.is_open());
  struct stat status;
  ASSERT_EQ(fstat(reply.descriptor.get(), &status), 0);
  EXPECT_EQ(static_cast<uint64_t>(status.st_size), reply.response->bytes());
  EXPECT_TRUE(buffers_.Find(reply.token(), 0, 5000).ok());
  const BufferReply released = caller.Release(reply.token());
  EXPECT_EQ(released.code(), 0);
  EXPECT_FALSE(released.descriptor.is_open());
  EXPECT_EQ(count_.Value(), 0);
}

TEST_F(BufferListenerTest, IsForUserAndGroupOnly) {
  struct stat status;
  ASSERT_EQ(lstat(path_.c_str(), &status), 0);
  EXPECT_TRUE(S_ISSOCK(status.st_mode));
  EXPECT_EQ(status.st_mode & 0777, 0660u);
}

TEST_F(BufferListenerTest, RefusesAPathThatAnotherHolds) {
  const auto second = Start();
  EXPECT_EQ(second.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(second.status().message()),
              HasSubstr("--buffers_listen: unix:" + path_ + ": another server is listening"));
}

TEST_F(BufferListenerTest, TakesOverWhatAKilledServerLeft) {
  listener_.reset();
  {
    const FileDescriptor left(socket(AF_UNIX, SOCK_SEQPACKET, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path_.c_str(), sizeof(address.sun_path) - 1);
    ASSERT_EQ(bind(left.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  }
  ASSERT_TRUE(std::filesystem::is_socket(path_));
  SetUp();
  EXPECT_EQ(BufferCaller(path_).Allocate(1).code(), 0);
}

TEST_F(BufferListenerTest, FreesTheBuffersOfACallerThatHangsUp) {
  BufferCaller caller(path_);
  BufferCaller other(path_);
  const BufferReply kept = other.Allocate(1);
  caller.Allocate(1);
  caller.Allocate(1);
  EXPECT_EQ(count_.Value(), 3);
  caller.HangUp();
  WaitForBuffers(1);
  EXPECT_TRUE(buffers_.Find(kept.token(), 0, 1).ok());
}

TEST_F(BufferListenerTest, FreesTheBufferOfACallerThatDidNotWaitForIt) {
  const size_t before = OpenDescriptors();
  for (int round = 0; round < 20; ++round) {
    BufferCaller caller(path_);
    ASSERT_TRUE(caller.Send(AllocateRequest(1)));
  }
  BufferCaller last(path_);
  while (last.Allocate(1).code() != 0) last = BufferCaller(path_);
  WaitForBuffers(1);
  last.HangUp();
  WaitForBuffers(0);
  while (OpenDescriptors() > before) std::this_thread::yield();
}

TEST_F(BufferListenerTest, RefusesTheTokenOfAnother) {
  BufferCaller owner(path_);
  BufferCaller thief(path_);
  const BufferReply buffer = owner.Allocate(1);
  const BufferReply reply = thief.Release(buffer.token());
  EXPECT_EQ(reply.code(), kNotFound);
  EXPECT_EQ(reply.message(), thief.Release(std::string(16, 'x')).message());
  EXPECT_EQ(owner.Release(buffer.token()).code(), 0);
}

TEST_F(BufferListenerTest, AnswersWhatIsNoRequest) {
  BufferCaller caller(path_);
  const struct {
    std::string packet;
    std::string message;
  } cases[] = {{"\xff\xff\xff", "not a rectifier.v1.BufferRequest"},
               {AllocateRequest(1) + "\x0a", "not a rectifier.v1.BufferRequest"},
               {std::string("\x1a\x00", 2), "must be allocate or release"},
               {std::string(kMaxBufferRequestBytes + 1, 'x'), "larger than 1024 bytes"},
               {std::string(100'000, '\0'), "larger than 1024 bytes"},
               {AllocateRequest(0), "allocate.bytes: 0 given, in whole pages; must be from 1"}};
  for (const auto& [packet, message] : cases) {
    ASSERT_TRUE(caller.Send(packet));
    const BufferReply reply = caller.Receive();
    EXPECT_EQ(reply.code(), kInvalidArgument);
    EXPECT_THAT(reply.message(), HasSubstr(message));
    EXPECT_FALSE(reply.descriptor.is_open());
  }
  ASSERT_TRUE(caller.Send(ReleaseRequest("")));
  EXPECT_EQ(caller.Receive().code(), kNotFound);
  EXPECT_EQ(caller.Allocate(1).code(), 0) << "the connection is still good";
}

TEST_F(BufferListenerTest, EmptyPacketHangsUp) {
  BufferCaller caller(path_);
  caller.Allocate(1);
  ASSERT_TRUE(caller.Send(""));
  EXPECT_EQ(caller.Receive().code(), kHungUp);
  WaitForBuffers(0);
}

TEST_F(BufferListenerTest, TakesNoDescriptors) {
  BufferCaller caller(path_);
  ASSERT_EQ(caller.Allocate(1).code(), 0);
  const FileDescriptor stray(open("/dev/null", O_RDONLY | O_CLOEXEC));
  const size_t before = OpenDescriptors();
  for (int round = 0; round < 10; ++round) {
    ASSERT_TRUE(caller.Send(AllocateRequest(1), stray.get()));
    const BufferReply reply = caller.Receive();
    EXPECT_EQ(reply.code(), kInvalidArgument);
    EXPECT_THAT(reply.message(), HasSubstr("none is taken"));
  }
  EXPECT_LE(OpenDescriptors(), before);  // the server may still have held the first buffer's
}

TEST_F(BufferListenerTest, AnswersDamagedRequestsOrHangsUp) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  BufferCaller caller(path_);
  for (int round = 0; round < 2000; ++round) {
    std::string packet = round % 2 == 0 ? AllocateRequest(1 << 20) : ReleaseRequest("0123456789");
    for (unsigned change = random() % 4 + 1; change > 0; --change) {
      packet[random() % packet.size()] = static_cast<char>(random());
    }
    if (random() % 4 == 0) packet.resize(random() % packet.size());
    if (!caller.Send(packet) || caller.Receive().code() == kHungUp) caller = BufferCaller(path_);
  }
  caller.HangUp();
  WaitForBuffers(0);
}

TEST_F(BufferListenerTest, DropsACallerThatDoesNotTakeItsAnswers) {
  BufferCaller slow(path_);
  BufferCaller other(path_);
  ASSERT_EQ(slow.Allocate(1).code(), 0);
  // This goes on until there is no room for answers. Then the server hangs up, and sending fails
  // for good.
  for (int unread = 0; count_.Value() == 1; ++unread) {
    ASSERT_LT(unread, 10'000'000);
    slow.Send(ReleaseRequest("no such buffer"));
  }
  EXPECT_EQ(other.Allocate(1).code(), 0);
}

TEST_F(BufferListenerTest, TellsCallersPastTheLimitSo) {
  std::vector<std::unique_ptr<BufferCaller>> callers;
  for (int64_t i = 0; i < kMaxConnections; ++i) {
    callers.push_back(std::make_unique<BufferCaller>(path_));
    ASSERT_EQ(callers.back()->Allocate(1).code(), 0);
  }
  BufferCaller refused(path_);
  const BufferReply reply = refused.Receive();
  EXPECT_EQ(reply.code(), kResourceExhausted);
  EXPECT_EQ(reply.message(), "3 connections hold buffers; there may be 3");
  EXPECT_EQ(refused.Receive().code(), kHungUp);
  callers.pop_back();
  WaitForBuffers(kMaxConnections - 1);
  EXPECT_EQ(BufferCaller(path_).Allocate(1).code(), 0);
}

#ifndef __SANITIZE_ADDRESS__  // see tests/integration/shared_buffers_test.cc
TEST_F(BufferListenerTest, CallersWaitWhileDescriptorsAreShort) {
  rlimit before;
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  BufferCaller served(path_);
  ASSERT_EQ(served.Allocate(1).code(), 0);
  BufferCaller waiting(path_);
  const rlimit none{0, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  served.Send(AllocateRequest(1));
  const int code_meanwhile = served.Receive().code();
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_EQ(code_meanwhile, kResourceExhausted);
  EXPECT_EQ(waiting.Allocate(1).code(), 0);
  EXPECT_EQ(served.Allocate(1).code(), 0);
}
#endif

TEST_F(BufferListenerTest, HangsUpAtTheEndAndLeavesContents) {
  BufferCaller caller(path_);
  const BufferReply buffer = caller.Allocate(1);
  buffers_.Find(buffer.token(), 0, 1)->bytes[0] = std::byte{'r'};
  listener_.reset();
  EXPECT_EQ(caller.Receive().code(), kHungUp);
  EXPECT_FALSE(std::filesystem::exists(path_));
  char result = 0;
  ASSERT_EQ(pread(buffer.descriptor.get(), &result, 1, 0), 1);
  EXPECT_EQ(result, 'r');
}

}  // namespace
}  // namespace rectifier
