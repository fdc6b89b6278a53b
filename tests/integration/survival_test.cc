// Loads that a server must outlive: garbage, callers that vanish, more than its budget.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <future>
#include <random>
#include <string>
#include <vector>

#include "tests/integration/http.h"
#include "tests/integration/long_call.h"
#include "tests/support/evaluate.h"
#include "tests/support/rectifierd_process.h"

namespace rectifier::testing {
namespace {

using ::testing::AnyOf;

// Bytes of a good request, each time a few of them changed at random.
TEST(SurvivalTest, AnswersDamagedRequests) {
  RectifierdProcess server;
  const auto channel = Connect(server.unix_target());
  const std::string good = RequestFromText(R"(
    evaluations {
      inputs: 0
      activation {
        name: 'prelu'
        preset: 'pytorch'
        arguments { key: 'alpha' value { tensor: 1 axis: 1 } }
      }
      quantities: [1, 2, 3]
      upstream: 0
    }
    evaluations {
      inputs: 0
      activation { name: 'softmax' arguments { key: 'axis' value { number: 0 } } }
    }
    tensors { shape: [2, 2] values: [1, 2, 3, 4] }
    tensors { element_type: ELEMENT_TYPE_FLOAT64 shape: 2 data: '0123456789abcdef' }
  )")
                               .SerializeAsString();
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 2000; ++round) {
    std::string damaged = good;
    for (unsigned change = random() % 4 + 1; change > 0; --change) {
      damaged[random() % damaged.size()] = static_cast<char>(random());
    }
    if (random() % 4 == 0) damaged.resize(random() % damaged.size());
    const grpc::StatusCode code = EvaluateBytes(channel, damaged).error_code();
    ASSERT_TRUE(code == grpc::StatusCode::OK || code == grpc::StatusCode::INVALID_ARGUMENT) << code;
  }
  EXPECT_TRUE(EvaluateBytes(channel, good).ok());
  server.Signal(SIGTERM);
  EXPECT_EQ(server.Wait(), 0) << server.log();
}

TEST(SurvivalTest, FreesTheBudgetOfCallersThatVanish) {
  RectifierdProcess server({"--max_inflight_calls=1"});
  for (int round = 0; round < 5; ++round) {
    LongCall call(server);
    EXPECT_EQ(Evaluate(Connect(server.tcp_target()), Ones("relu", 1)).details.reason,
              "TOO_MANY_CALLS_IN_FLIGHT");
    call.Cancel();
    call.Wait();
    EXPECT_TRUE(WaitUntilIdle(server));
  }
  EXPECT_EQ(HttpGet(server.metrics_address(), "/healthz").status, 200);
  EXPECT_TRUE(Evaluate(Connect(server.tcp_target()), Ones("relu", 1)).status.ok());
}

// Cancels and deadlines at every moment of a call's life, beside calls that run to their end.
TEST(SurvivalTest, EveryCallFinishesOnceUnderCancelsAndDeadlines) {
  RectifierdProcess server;
  std::vector<std::future<void>> callers;
  for (int caller = 0; caller < 4; ++caller) {
    callers.push_back(std::async(std::launch::async, [&server, caller] {
      const auto stub = v1::ActivationService::NewStub(
          Connect(caller % 2 == 0 ? server.unix_target() : server.tcp_target()));
      std::mt19937 random(static_cast<unsigned>(caller));
      const v1::EvaluateRequest request = Ones("gelu", 1 << 17);
      for (int call = 0; call < 200; ++call) {
        grpc::ClientContext context;
        context.set_deadline(std::chrono::system_clock::now() +
                             std::chrono::microseconds(random() % 4000));
        v1::EvaluateResponse response;
        const grpc::StatusCode code = stub->Evaluate(&context, request, &response).error_code();
        // Exhausted is what is left of its time, which it would have to wait.
        EXPECT_THAT(code, AnyOf(grpc::StatusCode::OK, grpc::StatusCode::DEADLINE_EXCEEDED,
                                grpc::StatusCode::RESOURCE_EXHAUSTED));
      }
    }));
  }
  for (auto& caller : callers) caller.get();
  EXPECT_TRUE(WaitUntilIdle(server));
  server.Signal(SIGTERM);
  EXPECT_EQ(server.Wait(), 0) << server.log();
}

}  // namespace
}  // namespace rectifier::testing
