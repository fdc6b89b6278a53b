// The end of the real server: what it does with calls when it is told to stop.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/blocking_counter.h"
#include "client/cpp/client/client.h"
#include "client/cpp/client/error.h"
#include "client/cpp/client/evaluation_stream.h"
#include "tests/integration/long_call.h"
#include "tests/support/evaluate.h"
#include "tests/support/rectifierd_process.h"

namespace rectifier::testing {
namespace {

using client::Client;
using client::EvaluationStream;
using ::testing::AnyOf;

TEST(DrainTest, StopsAtOnceWhereNothingIsInFlight) {
  for (const int signal : {SIGTERM, SIGINT}) {
    RectifierdProcess server;
    const std::string socket = server.unix_target().substr(5);
    EXPECT_TRUE(std::filesystem::is_socket(socket));
    server.Signal(signal);
    EXPECT_EQ(server.Wait(), 0) << server.log();
    EXPECT_FALSE(std::filesystem::exists(socket));
  }
}

// The delay is for load balancers, which a person at a terminal does not have.
TEST(DrainTest, InterruptSkipsTheDelay) {
  RectifierdProcess server({"--drain_delay=1h"});
  server.Signal(SIGINT);
  EXPECT_EQ(server.Wait(), 0) << server.log();
}

TEST(DrainTest, InterruptLosesNoCallInProgress) {
  RectifierdProcess server({"--drain_delay=1h"});
  LongCall call(server);
  server.Signal(SIGINT);
  ASSERT_FALSE(server.WaitForEvent("draining").is_null());
  call.Cancel();
  EXPECT_EQ(call.Wait(), grpc::StatusCode::CANCELLED);
  EXPECT_EQ(server.Wait(), 0) << server.log();
}

TEST(DrainTest, SecondSignalSkipsTheDelay) {
  RectifierdProcess server({"--drain_delay=1h"});
  server.Signal(SIGTERM);
  ASSERT_FALSE(server.WaitForEvent("draining").is_null());
  server.Signal(SIGTERM);
  EXPECT_EQ(server.Wait(), 0) << server.log();
}

// Callers that know nothing of health go on until they are turned away: each call is answered in
// full, or was never begun and says so. (CANCELLED: gRPC's word for a call that was on its way
// when the server hung up.)
TEST(DrainTest, LosesNothingUnderLoad) {
  RectifierdProcess server;
  constexpr int kCallers = 8;
  absl::BlockingCounter warm(kCallers);
  std::atomic<int> answered = 0;
  std::vector<std::thread> callers;
  for (int i = 0; i < kCallers; ++i) {
    callers.emplace_back([&, i] {
      const auto channel = Connect(i % 2 == 0 ? server.unix_target() : server.tcp_target());
      const size_t elements = i < 4 ? 16 : 1 << 18;
      const v1::EvaluateRequest request = Ones("relu", elements);
      for (int call = 0;; ++call) {
        const Outcome outcome = Evaluate(channel, request);
        if (call == 10) warm.DecrementCount();
        if (!outcome.status.ok()) {
          EXPECT_THAT(outcome.status.error_code(),
                      AnyOf(grpc::StatusCode::UNAVAILABLE, grpc::StatusCode::CANCELLED))
              << outcome.status.error_message();
          EXPECT_GT(call, 10);
          return;
        }
        EXPECT_EQ(outcome.response.results(0).value().data().size(), elements * 4);
        ++answered;
      }
    });
  }
  warm.Wait();
  server.Signal(SIGTERM);
  EXPECT_EQ(server.Wait(), 0) << server.log();
  for (std::thread& caller : callers) caller.join();
  EXPECT_GT(answered, 10 * kCallers);
}

TEST(DrainTest, TurnsNewCallsAwayWhileOneIsInProgress) {
  RectifierdProcess server;
  LongCall call(server);
  server.Signal(SIGTERM);
  const auto channel = Connect(server.tcp_target());
  Outcome refused = Evaluate(channel, Ones("relu", 1));
  while (refused.status.ok()) refused = Evaluate(channel, Ones("relu", 1));
  EXPECT_EQ(refused.status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(refused.details.reason, "DRAINING");
  EXPECT_EQ(refused.details.retry_delay, absl::Seconds(1));
  EXPECT_EQ(refused.retry_pushback, "1000");
  call.Cancel();
  EXPECT_EQ(server.Wait(), 0) << server.log();
}

TEST(DrainTest, WaitsForACallInProgress) {
  RectifierdProcess server;
  LongCall call(server);
  server.Signal(SIGTERM);
  ASSERT_FALSE(server.WaitForEvent("draining").is_null());
  call.Cancel();
  EXPECT_EQ(call.Wait(), grpc::StatusCode::CANCELLED);
  EXPECT_EQ(server.Wait(), 0) << server.log();
}

TEST(DrainTest, CancelsWhatTakesLongerThanTheTimeoutAndSaysSo) {
  RectifierdProcess server({"--drain_timeout=100ms"});
  LongCall call(server);
  server.Signal(SIGTERM);
  EXPECT_THAT(call.Wait(), AnyOf(grpc::StatusCode::CANCELLED, grpc::StatusCode::UNAVAILABLE));
  EXPECT_EQ(server.Wait(), 1);
  EXPECT_EQ(server.WaitForEvent("stopped").value("calls_lost", 0), 1) << server.log();
}

// Streams have two elements: one is sent and answered, and the other is left to the test.
class StreamDrainTest : public ::testing::Test {
 protected:
  static std::unique_ptr<EvaluationStream> OpenStream(Client& client) {
    return client.EvaluateStream(
        {.activation = "relu", .type = client::ElementType::kFloat32, .shape = {2}});
  }

  static bool SendElement(EvaluationStream& stream) {
    constexpr std::byte kElement[sizeof(float)] = {};
    return stream.Write({.input = kElement});
  }

  // Returns once the server has begun to answer it.
  static std::unique_ptr<EvaluationStream> BeginStream(Client& client) {
    std::unique_ptr<EvaluationStream> stream = OpenStream(client);
    EXPECT_TRUE(SendElement(*stream));
    EXPECT_TRUE(stream->Read().has_value());
    return stream;
  }

  static absl::Status RunStream(const std::string& target) {
    Client client = Client::Connect(target);
    const std::unique_ptr<EvaluationStream> stream = OpenStream(client);
    if (SendElement(*stream) && SendElement(*stream)) stream->WritesDone();
    while (stream->Read().has_value()) {
    }
    return stream->Finish();
  }
};

TEST_F(StreamDrainTest, WaitsForAStreamInProgressAndTurnsNewOnesAway) {
  RectifierdProcess server;
  Client client = Client::Connect(server.unix_target());
  const std::unique_ptr<EvaluationStream> stream = BeginStream(client);
  server.Signal(SIGTERM);
  absl::Status refused = RunStream(server.tcp_target());
  while (refused.ok()) refused = RunStream(server.tcp_target());
  EXPECT_EQ(refused.code(), absl::StatusCode::kUnavailable) << refused;
  EXPECT_EQ(client::GetReason(refused), "DRAINING");
  EXPECT_TRUE(SendElement(*stream));
  stream->WritesDone();
  EXPECT_TRUE(stream->Read().has_value());
  EXPECT_FALSE(stream->Read().has_value());
  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_EQ(server.Wait(), 0) << server.log();
}

TEST_F(StreamDrainTest, CancelsAStreamWhoseCallerSendsNothingAndSaysSo) {
  RectifierdProcess server({"--drain_timeout=100ms"});
  Client client = Client::Connect(server.unix_target());
  const std::unique_ptr<EvaluationStream> stream = BeginStream(client);
  server.Signal(SIGTERM);
  EXPECT_FALSE(stream->Read().has_value());
  EXPECT_THAT(stream->Finish().code(),
              AnyOf(absl::StatusCode::kCancelled, absl::StatusCode::kUnavailable));
  EXPECT_EQ(server.Wait(), 1);
  EXPECT_EQ(server.WaitForEvent("stopped").value("calls_lost", 0), 1) << server.log();
}

}  // namespace
}  // namespace rectifier::testing
