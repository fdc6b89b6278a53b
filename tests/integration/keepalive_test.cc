// Clients that keep their connections alive by pings, which a server takes for an attack where they
// come too often. The waits here are the interval between pings itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "tests/integration/ping_client.h"
#include "tests/support/rectifierd_process.h"

namespace rectifier::testing {
namespace {

constexpr int kPings = 10;  // gRPC hangs up at the third that it does not like

// The answer to the first ping that had none, or to the last one.
std::optional<std::string> Ping(PingClient& client, absl::Duration interval) {
  for (int i = 0; i < kPings; ++i) {
    if (const std::optional<std::string> reason = client.Ping()) return reason;
    absl::SleepFor(interval);
  }
  return std::nullopt;
}

TEST(KeepaliveTest, ConnectionsWithoutACallLiveAtTheSmallestInterval) {
  const RectifierdProcess server({"--keepalive_min_time=20ms"});
  PingClient client(server.unix_target());
  EXPECT_EQ(Ping(client, absl::Milliseconds(20)), std::nullopt);
}

TEST(KeepaliveTest, QuietStreamsLiveAtTheSmallestInterval) {
  const RectifierdProcess server({"--keepalive_min_time=20ms"});
  PingClient client(server.unix_target());
  client.OpenQuietStream();
  EXPECT_EQ(Ping(client, absl::Milliseconds(20)), std::nullopt);
}

TEST(KeepaliveTest, PingsThatComeTooOftenEndTheConnection) {
  const RectifierdProcess server({"--keepalive_min_time=1h"});
  PingClient client(server.unix_target());
  client.OpenQuietStream();
  EXPECT_EQ(Ping(client, absl::ZeroDuration()), "too_many_pings");
}

TEST(KeepaliveTest, DefaultsStillEndAFlood) {
  const RectifierdProcess server;
  PingClient client(server.unix_target());
  EXPECT_EQ(Ping(client, absl::ZeroDuration()), "too_many_pings");
}

TEST(KeepaliveTest, PingsWithoutACallCanBeRefused) {
  const RectifierdProcess server(
      {"--keepalive_min_time=0s", "--keepalive_permit_without_calls=false"});
  PingClient idle(server.unix_target());
  EXPECT_EQ(Ping(idle, absl::ZeroDuration()), "too_many_pings");
  PingClient busy(server.unix_target());
  busy.OpenQuietStream();
  EXPECT_EQ(Ping(busy, absl::ZeroDuration()), std::nullopt);
}

}  // namespace
}  // namespace rectifier::testing
