// Hogs hold up nobody else: the engine's threads take turns at the chunks of different calls.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <string>
#include <thread>

#include "absl/time/clock.h"
#include "absl/time/time.h"
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

// A thousand evaluations that each look at a million elements of an argument, in a request of 4
// MiB: seconds of binding, beside which a small call takes no longer.
v1::EvaluateRequest LongToBind() {
  v1::EvaluateRequest request = Ones("softplus", 1 << 20);
  *request.add_tensors() = request.tensors(0);
  (*request.mutable_evaluations(0)->mutable_activation()->mutable_arguments())["beta"].set_tensor(
      1);
  for (int i = 1; i < 300; ++i) *request.add_evaluations() = request.evaluations(0);
  return request;
}

TEST(FairShareTest, SmallCallsAreAnsweredWhileALongRequestIsBound) {
  RectifierdProcess server({"--threads=1", "--io_threads=1"});
  const auto channel = Connect(server.unix_target());
  const v1::EvaluateRequest request = LongToBind();
  std::atomic<bool> is_over = false;
  std::thread hog([&] {
    const auto own = Connect(server.tcp_target());
    EXPECT_EQ(Evaluate(own, request).details.reason, "REPLY_TOO_LARGE");
    is_over = true;
  });
  absl::Duration longest;
  while (!is_over) {
    const absl::Time start = absl::Now();
    ASSERT_TRUE(Evaluate(channel, Ones("relu", 16)).status.ok());
    longest = std::max(longest, absl::Now() - start);
  }
  hog.join();
  RecordProperty("longest_milliseconds", std::to_string(absl::ToDoubleMilliseconds(longest)));
  EXPECT_LT(longest, absl::Milliseconds(500));
}

}  // namespace
}  // namespace rectifier::testing
