#include "server/posix/listen_address.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <string>

#include "server/posix/file_descriptor.h"

namespace rectifier {
namespace {

TEST(ListenAddressTest, IsLoopbackKnowsWhatOnlyThisMachineReaches) {
  for (const char* loopback : {"127.0.0.1:80", "127.3.2.1:0", "[::1]:80", "localhost:0"}) {
    EXPECT_TRUE(IsLoopback(loopback)) << loopback;
  }
  for (const char* open : {"0.0.0.0:80", "[::]:80", "192.0.2.1:80", "128.0.0.1:0",
                           "no-such-host.invalid:1", "nonsense"}) {
    EXPECT_FALSE(IsLoopback(open)) << open;
  }
}

TEST(ListenAddressTest, CannotListenGivesFlagAddressAndReason) {
  const FileDescriptor socket(::socket(AF_INET, SOCK_STREAM, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof(address);
  ASSERT_EQ(bind(socket.get(), reinterpret_cast<sockaddr*>(&address), length), 0);
  ASSERT_EQ(listen(socket.get(), 1), 0);
  ASSERT_EQ(getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &length), 0);
  const std::string taken = "127.0.0.1:" + std::to_string(ntohs(address.sin_port));

  const absl::Status status = CannotListen("listen", taken);
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(status.message(), "--listen: cannot listen on " + taken + ": Address already in use");
  EXPECT_EQ(CannotListen("listen", "192.0.2.1:0").message(),
            "--listen: cannot listen on 192.0.2.1:0: Cannot assign requested address");
  EXPECT_EQ(CannotListen("metrics_listen", "no-such-host.invalid:1")
                .message()
                .find("--metrics_listen: cannot listen on no-such-host.invalid:1: "),
            0u);
}

TEST(ListenAddressTest, ParseHostPortTakesNamesAndBracketedAddresses) {
  EXPECT_EQ(ParseHostPort("localhost:0")->host, "localhost");
  EXPECT_EQ(ParseHostPort("[::1]:80")->port, 80);
  for (const char* bad : {"", ":", ":80", "host:", "host:-1", "host:1x", "a:b:1", "/path:1"}) {
    EXPECT_FALSE(ParseHostPort(bad).ok()) << bad;
  }
}

TEST(ListenAddressTest, UnixPathTakesBothSpellings) {
  EXPECT_EQ(UnixPath("unix:/run/a.sock"), "/run/a.sock");
  EXPECT_EQ(UnixPath("unix:///run/a.sock"), "/run/a.sock");
  EXPECT_EQ(UnixPath("unix:a.sock"), "");
  EXPECT_EQ(UnixPath("unix:"), "");
  EXPECT_EQ(UnixPath("127.0.0.1:80"), "");
}

}  // namespace
}  // namespace rectifier
