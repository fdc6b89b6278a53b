#include "server/posix/listen_address.h"

#include <gtest/gtest.h>

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
