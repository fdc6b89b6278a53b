#include "server/telemetry/metrics_endpoint.h"

#include <gtest/gtest.h>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace rectifier {
namespace {

TEST(MetricsEndpointTest, StopsAtOnce) {
  constexpr int kTimes = 10;
  const absl::Time start = absl::Now();
  for (int i = 0; i < kTimes; ++i) {
    const auto endpoint = MetricsEndpoint::Start("127.0.0.1:0", {});
    ASSERT_TRUE(endpoint.ok()) << endpoint.status();
  }
  EXPECT_LT(absl::Now() - start, absl::Milliseconds(500) * kTimes);
}

TEST(MetricsEndpointTest, SaysWhyItCannotListen) {
  const auto first = MetricsEndpoint::Start("127.0.0.1:0", {});
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(
      MetricsEndpoint::Start((*first)->address(), {}).status().message(),
      "--metrics_listen: cannot listen on " + (*first)->address() + ": Address already in use");
}

}  // namespace
}  // namespace rectifier
