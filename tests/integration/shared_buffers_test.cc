// Shared buffers of the real server: what becomes of them when callers crash, misbehave or use up
// what there is. Evaluations over them are in shared_buffers_evaluate_test.cc.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "client/cpp/client/client.h"
#include "tests/integration/http.h"
#include "tests/support/buffer_caller.h"
#include "tests/support/command.h"
#include "tests/support/evaluate.h"
#include "tests/support/rectifierd_process.h"

namespace rectifier::testing {
namespace {

using client::Client;
using client::SharedBuffer;
using client::SharedBuffers;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr int kResourceExhausted = 8;

std::string BuffersPath(const RectifierdProcess& server) {
  return server.unix_target().substr(std::string("unix:").size()) + ".buffers";
}

double Scrape(const RectifierdProcess& server, const std::string& series) {
  return SeriesValue(HttpGet(server.metrics_address(), "/metrics").body, series);
}

// Gives whether it got there within a minute.
bool WaitForBuffers(const RectifierdProcess& server, double count) {
  const absl::Time deadline = absl::Now() + absl::Minutes(1);
  while (absl::Now() < deadline) {
    if (Scrape(server, "rectifier_shared_buffers") == count) return true;
    std::this_thread::yield();
  }
  return false;
}

// A process that allocates and then waits to be killed. `ready` becomes readable once it has.
pid_t ForkCaller(const std::string& path, int buffers, int ready) {
  const pid_t child = fork();
  if (child != 0) return child;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  BufferCaller caller(path);
  std::vector<BufferReply> held;
  for (int i = 0; i < buffers; ++i) held.push_back(caller.Allocate(1 << 20));
  const bool told = write(ready, "!", 1) == 1;
  while (told) pause();
  _exit(1);
}

TEST(SharedBuffersProcessTest, InfoAndLogNameTheSocket) {
  RectifierdProcess server(
      {"--max_buffer_bytes=2000000", "--max_buffer_bytes_per_connection=1000000"});
  Client client = Client::Connect(server.unix_target());
  const auto info = client.GetServerInfo();
  ASSERT_TRUE(info.ok()) << info.status();
  EXPECT_EQ(info->buffers_socket(), BuffersPath(server));
  EXPECT_EQ(info->limits().max_buffer_bytes(), 2'000'000u);
  EXPECT_EQ(info->limits().max_buffer_bytes_per_connection(), 1'000'000u);
  EXPECT_EQ(server.WaitForEvent("serving")["buffers"], server.unix_target() + ".buffers");
}

TEST(SharedBuffersProcessTest, EmptyFlagTurnsThemOff) {
  const RectifierdProcess server({"--buffers_listen="});
  Client client = Client::Connect(server.unix_target());
  EXPECT_THAT(client.GetServerInfo()->transports(), ElementsAre("tcp", "unix"));
  EXPECT_EQ(client.ConnectBuffers().status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_NE(access(BuffersPath(server).c_str(), F_OK), 0);
}

TEST(SharedBuffersProcessTest, AreOffWithoutAUnixSocketUnlessAskedFor) {
  const TemporaryDirectory directory;
  const RectifierdProcess tcp_only({"--listen=127.0.0.1:0"});
  EXPECT_EQ(Client::Connect(tcp_only.tcp_target()).GetServerInfo()->buffers_socket(), "");
  const std::string path = directory.File("b.sock");
  const RectifierdProcess asked({"--listen=127.0.0.1:0", "--buffers_listen=unix:" + path});
  EXPECT_TRUE(Client::Connect(asked.tcp_target()).ConnectBuffers().ok());
}

TEST(SharedBuffersProcessTest, TakenSocketIsAnErrorAtTheStart) {
  const RectifierdProcess server;
  const CommandResult second =
      RunCommand({RectifierdProcess::Path(), "--listen=127.0.0.1:0",
                  "--metrics_listen=", "--buffers_listen=" + server.unix_target() + ".buffers"});
  EXPECT_EQ(second.exit_code, 1);
  EXPECT_THAT(second.err, HasSubstr("--buffers_listen"));
  EXPECT_THAT(second.err, HasSubstr("another server is listening there"));
}

TEST(SharedBuffersProcessTest, KilledCallerLeavesNothing) {
  const RectifierdProcess server;
  const double descriptors = Scrape(server, "process_open_fds");
  for (int round = 0; round < 3; ++round) {
    int ready[2];
    ASSERT_EQ(pipe2(ready, O_CLOEXEC), 0);
    const pid_t caller = ForkCaller(BuffersPath(server), 5, ready[1]);
    char signal = 0;
    ASSERT_EQ(read(ready[0], &signal, 1), 1);
    EXPECT_EQ(Scrape(server, "rectifier_shared_buffers"), 5);
    EXPECT_EQ(Scrape(server, "rectifier_shared_buffer_bytes"), 5 << 20);
    kill(caller, SIGKILL);
    EXPECT_EQ(WaitForExit(caller), 128 + SIGKILL);
    EXPECT_TRUE(WaitForBuffers(server, 0));
    EXPECT_EQ(Scrape(server, "rectifier_shared_buffer_bytes"), 0);
    close(ready[0]);
    close(ready[1]);
  }
  EXPECT_LE(Scrape(server, "process_open_fds"), descriptors + 1) << "of the scrape itself";
}

TEST(SharedBuffersProcessTest, CallerCannotTruncateOrGrow) {
  const RectifierdProcess server;
  BufferCaller caller(BuffersPath(server));
  const BufferReply buffer = caller.Allocate(1 << 20);
  ASSERT_EQ(buffer.code(), 0) << buffer.message();
  for (const off_t size : {0, 4096, (1 << 20) - 1, (1 << 20) + 1, 1 << 30}) {
    EXPECT_EQ(ftruncate(buffer.descriptor.get(), size), -1);
    EXPECT_EQ(errno, EPERM) << size;
  }
  EXPECT_TRUE(Evaluate(Connect(server.unix_target()), Ones("relu", 1)).status.ok());
}

TEST(SharedBuffersProcessTest, QuotasAreClearErrorsAndRecover) {
  const RectifierdProcess server({"--max_buffer_bytes=3000000",
                                  "--max_buffer_bytes_per_connection=2000000",
                                  "--max_buffer_connections=2"});
  auto first = SharedBuffers::Connect(BuffersPath(server));
  auto second = SharedBuffers::Connect(BuffersPath(server));
  ASSERT_TRUE(first.ok() && second.ok());
  auto held = std::make_unique<absl::StatusOr<SharedBuffer>>(first->Allocate(1'500'000));
  ASSERT_TRUE(held->ok()) << held->status();
  const absl::Status own = first->Allocate(1'000'000).status();
  EXPECT_EQ(own.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(std::string(own.message()), HasSubstr("this connection has"));
  const absl::Status all = second->Allocate(1'900'000).status();
  EXPECT_EQ(all.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(std::string(all.message()), HasSubstr("all connections together have"));
  EXPECT_EQ(second->Allocate(2'000'001).status().code(), absl::StatusCode::kInvalidArgument);

  auto third = SharedBuffers::Connect(BuffersPath(server));
  ASSERT_TRUE(third.ok());
  const absl::Status full = third->Allocate(1).status();
  EXPECT_EQ(full.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(std::string(full.message()), HasSubstr("2 connections hold buffers"));

  held.reset();
  EXPECT_TRUE(second->Allocate(1'900'000).ok());
  EXPECT_TRUE(first->Allocate(1'900'000).ok());
}

// This does not work with sanitizers. The one for addresses ends the process where there is no
// address space. The one for undefined behaviour opens a pipe to see whether an object's memory can
// be read, the first time it meets the object's type, and without a descriptor takes the object for
// none.
#ifndef __SANITIZE_ADDRESS__
TEST(SharedBuffersProcessTest, ExhaustedDescriptorsRecover) {
  const RectifierdProcess server;
  BufferCaller caller(BuffersPath(server));
  ASSERT_EQ(caller.Allocate(1).code(), 0);
  rlimit before;
  const rlimit none{1, 1 << 16};
  ASSERT_EQ(prlimit(server.pid(), RLIMIT_NOFILE, nullptr, &before), 0);
  const rlimit lowered{none.rlim_cur, before.rlim_max};
  ASSERT_EQ(prlimit(server.pid(), RLIMIT_NOFILE, &lowered, nullptr), 0);
  BufferCaller waiting(BuffersPath(server));  // in the socket's queue
  ASSERT_TRUE(waiting.Send(AllocateRequest(1)));
  const BufferReply refused = caller.Allocate(1);
  EXPECT_EQ(refused.code(), kResourceExhausted);
  EXPECT_THAT(refused.message(), HasSubstr("Too many open files"));
  ASSERT_EQ(prlimit(server.pid(), RLIMIT_NOFILE, &before, nullptr), 0);
  EXPECT_EQ(waiting.Receive().code(), 0);
  EXPECT_EQ(caller.Allocate(1).code(), 0);
}

TEST(SharedBuffersProcessTest, ExhaustedAddressSpaceRecovers) {
  const RectifierdProcess server;
  BufferCaller caller(BuffersPath(server));
  ASSERT_EQ(caller.Allocate(1).code(), 0);
  rlimit before;
  ASSERT_EQ(prlimit(server.pid(), RLIMIT_AS, nullptr, &before), 0);
  const rlimit none{1 << 20, before.rlim_max};
  ASSERT_EQ(prlimit(server.pid(), RLIMIT_AS, &none, nullptr), 0);
  EXPECT_EQ(caller.Allocate(1 << 20).code(), kResourceExhausted);
  ASSERT_EQ(prlimit(server.pid(), RLIMIT_AS, &before, nullptr), 0);
  EXPECT_EQ(caller.Allocate(1 << 20).code(), 0);
  EXPECT_EQ(Scrape(server, "rectifier_shared_buffers"), 2);
}
#endif

TEST(SharedBuffersProcessTest, DrainHangsUpLastAndLeavesContents) {
  RectifierdProcess server;
  auto buffers = SharedBuffers::Connect(BuffersPath(server));
  ASSERT_TRUE(buffers.ok());
  auto buffer = buffers->Allocate(100);
  ASSERT_TRUE(buffer.ok()) << buffer.status();
  buffer->bytes()[99] = std::byte{7};
  server.Signal(SIGTERM);
  EXPECT_EQ(server.Wait(), 0) << server.log();
  EXPECT_EQ(buffer->bytes()[99], std::byte{7});
  EXPECT_EQ(buffers->Allocate(1).status().code(), absl::StatusCode::kUnavailable);
  EXPECT_NE(access(BuffersPath(server).c_str(), F_OK), 0);
}

}  // namespace
}  // namespace rectifier::testing
