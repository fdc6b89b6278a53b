// What the real server tells a service manager, at the socket that NOTIFY_SOCKET names.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string>

#include "absl/strings/str_cat.h"
#include "server/posix/file_descriptor.h"
#include "tests/support/evaluate.h"
#include "tests/support/rectifierd_process.h"
#include "tests/support/temporary_directory.h"

namespace rectifier::testing {
namespace {

using ::testing::HasSubstr;

// NOTIFY_SOCKET of the servers that are started while it lives.
class NotifySocketVariable {
 public:
  explicit NotifySocketVariable(const std::string& value) {
    setenv("NOTIFY_SOCKET", value.c_str(), 1);
  }
  ~NotifySocketVariable() { unsetenv("NOTIFY_SOCKET"); }
};

// A service manager's side of it. "@name" is an abstract name.
class NotifySocket {
 public:
  explicit NotifySocket(const std::string& name)
      : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name.data(), name.size());
    if (name[0] == '@') address.sun_path[0] = '\0';
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    EXPECT_EQ(bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), length), 0);
  }

  // The next state, waiting for it up to `seconds`; empty where none comes.
  std::string Next(int seconds = 60) const {
    pollfd readable = {.fd = socket_.get(), .events = POLLIN, .revents = 0};
    if (poll(&readable, 1, seconds * 1000) != 1) return "";
    char state[256];
    const ssize_t length = recv(socket_.get(), state, sizeof(state), 0);
    return length > 0 ? std::string(state, static_cast<size_t>(length)) : "";
  }

 private:
  FileDescriptor socket_;
};

TEST(ServiceManagerTest, HearsWhenTheServerServesAndWhenItStops) {
  const TemporaryDirectory directory;
  for (const std::string& name :
       {directory.File("notify"), absl::StrCat("@rectifier-test-", getpid())}) {
    const NotifySocket manager(name);
    const NotifySocketVariable variable(name);
    RectifierdProcess server({"--drain_delay=1h"});
    EXPECT_EQ(manager.Next(), "READY=1") << name;
    EXPECT_TRUE(Evaluate(Connect(server.unix_target()), Ones("relu", 1)).status.ok());
    server.Signal(SIGTERM);
    EXPECT_EQ(manager.Next(), "STOPPING=1") << name;  // before the delay
    server.Signal(SIGTERM);
    EXPECT_EQ(server.Wait(), 0) << server.log();
    EXPECT_EQ(manager.Next(0), "");
  }
}

TEST(ServiceManagerTest, HearsAgainAndAgainThatTheServerIsAliveWhereItWantsTo) {
  const TemporaryDirectory directory;
  const NotifySocket manager(directory.File("notify"));
  const NotifySocketVariable variable(directory.File("notify"));
  setenv("WATCHDOG_USEC", "200000", 1);
  RectifierdProcess server;
  unsetenv("WATCHDOG_USEC");
  EXPECT_EQ(manager.Next(), "READY=1");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(manager.Next(), "WATCHDOG=1");
  server.Signal(SIGSTOP);
  while (!manager.Next(1).empty()) {
  }
  server.Signal(SIGCONT);
  EXPECT_EQ(manager.Next(), "WATCHDOG=1");
}

TEST(ServiceManagerTest, HearsNothingOfAServerThatCannotStart) {
  const TemporaryDirectory directory;
  const NotifySocket manager(directory.File("notify"));
  const NotifySocketVariable variable(directory.File("notify"));
  RectifierdProcess server({"--metrics_listen=192.0.2.1:1"});  // an address of no machine
  EXPECT_EQ(server.Wait(), 1);
  EXPECT_EQ(manager.Next(0), "");
}

TEST(ServiceManagerTest, AServerServesThoughNobodyTakesItsState) {
  const TemporaryDirectory directory;
  for (const std::string& name :
       {directory.File("absent"), std::string("relative"), "/" + std::string(200, 'x')}) {
    const NotifySocketVariable variable(name);
    RectifierdProcess server;
    const nlohmann::json event = server.WaitForEvent("service manager not told");
    EXPECT_THAT(event.value("message", ""), HasSubstr("NOTIFY_SOCKET=" + name));
    EXPECT_TRUE(Evaluate(Connect(server.unix_target()), Ones("relu", 1)).status.ok());
    server.Signal(SIGTERM);
    EXPECT_EQ(server.Wait(), 0) << server.log();
  }
}

}  // namespace
}  // namespace rectifier::testing
