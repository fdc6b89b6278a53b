// Hogs hold up nobody else: the engine's threads take turns at the chunks of different calls.
#include <gtest/gtest.h>

#include "grpcpp/create_channel.h"
#include "tests/integration/long_call.h"
#include "tests/support/evaluate.h"
#include "tests/support/rectifierd_process.h"

namespace rectifier::testing {
namespace {

// 128 KiB, which is too much for the thread that takes calls.
v1::EvaluateRequest ModestRequest() { return Ones("gelu", 1 << 15); }

void ExpectAnswersBesideHogs(const std::string& target, RectifierdProcess& server) {
  for (int i = 0; i < 10; ++i) {
    const Outcome outcome = Evaluate(Connect(target), ModestRequest());
    EXPECT_TRUE(outcome.status.ok()) << outcome.status.error_message();
  }
  EXPECT_EQ(server.WaitForEvent("call slow", absl::ZeroDuration()), nullptr) << server.log();
}

// Each hog would take all threads for minutes.
TEST(FairShareTest, CallsAreAnsweredBesideHogs) {
  RectifierdProcess server({"--threads=2"});
  LongCall first(server), second(server), third(server);
  ExpectAnswersBesideHogs(server.tcp_target(), server);
  ExpectAnswersBesideHogs(server.unix_target(), server);  // they look like the hogs' own
  for (LongCall* hog : {&first, &second, &third}) {
    hog->Cancel();
    EXPECT_EQ(hog->Wait(), grpc::StatusCode::CANCELLED);
  }
  EXPECT_TRUE(WaitUntilIdle(server));
}

}  // namespace
}  // namespace rectifier::testing
