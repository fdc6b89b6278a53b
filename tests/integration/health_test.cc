// Liveness, readiness and --probe of the real server, up to its end.
#include <gtest/gtest.h>
#include <signal.h>

#include "tests/integration/health_watch.h"
#include "tests/support/command.h"
#include "tests/support/evaluate.h"
#include "tests/support/rectifierd_process.h"

namespace rectifier::testing {
namespace {

constexpr char kLiveness[] = "";

TEST(HealthTest, CheckKnowsLivenessAndReadinessAlone) {
  RectifierdProcess server;
  const auto channel = Connect(server.tcp_target());
  EXPECT_TRUE(CheckHealth(channel, kLiveness).is_serving);
  EXPECT_TRUE(CheckHealth(channel, kReadinessName).is_serving);
  EXPECT_EQ(CheckHealth(channel, "rectifier.v2").status.error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST(HealthTest, WatchersAreToldToLeaveWhileServingGoesOn) {
  RectifierdProcess server({"--drain_delay=1h"});
  const auto channel = Connect(server.unix_target());
  HealthWatch readiness(channel, kReadinessName);
  EXPECT_EQ(readiness.Next(), true);
  server.Signal(SIGTERM);
  EXPECT_EQ(readiness.Next(), false);
  EXPECT_FALSE(CheckHealth(channel, kReadinessName).is_serving);
  EXPECT_TRUE(CheckHealth(channel, kLiveness).is_serving);
  EXPECT_TRUE(Evaluate(channel, Ones("relu", 1)).status.ok());
}

TEST(HealthTest, WatcherThatStaysNeitherHoldsTheEndUpNorIsALostCall) {
  RectifierdProcess server({"--drain_timeout=1h"});
  HealthWatch readiness(Connect(server.unix_target()), kReadinessName);
  EXPECT_EQ(readiness.Next(), true);
  server.Signal(SIGTERM);
  EXPECT_EQ(server.Wait(), 0);
}

TEST(ProbeTest, ExitsWithZeroWhereTheServerIsReady) {
  RectifierdProcess server;
  for (const std::string& target : {server.unix_target(), server.tcp_target()}) {
    const CommandResult probe = RunCommand({RectifierdProcess::Path(), "--probe=" + target});
    EXPECT_EQ(probe.exit_code, 0) << probe.err;
  }
  EXPECT_EQ(RunCommand({RectifierdProcess::Path(), "--listen=" + server.unix_target(), "--probe"})
                .exit_code,
            0);
}

TEST(ProbeTest, ExitsWithOneWhereItIsDrainingOrGone) {
  RectifierdProcess server({"--drain_delay=1h"});
  HealthWatch readiness(Connect(server.unix_target()), kReadinessName);
  EXPECT_EQ(readiness.Next(), true);
  server.Signal(SIGTERM);
  EXPECT_EQ(readiness.Next(), false);
  const CommandResult draining =
      RunCommand({RectifierdProcess::Path(), "--probe=" + server.unix_target()});
  EXPECT_EQ(draining.exit_code, 1);
  EXPECT_NE(draining.err.find("NOT_SERVING"), std::string::npos) << draining.err;

  server.Signal(SIGKILL);
  server.Wait();
  EXPECT_EQ(RunCommand({RectifierdProcess::Path(), "--probe=" + server.unix_target()}).exit_code,
            1);
}

}  // namespace
}  // namespace rectifier::testing
