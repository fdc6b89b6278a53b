// What belongs to each call: deadlines, metadata, being stopped, retries, addresses, not waiting.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <future>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "client/cpp/client/client.h"
#include "client/cpp/client/error.h"
#include "client/cpp/client/evaluation_stream.h"
#include "client/cpp/client/target.h"
#include "tests/support/rectifierd_process.h"

namespace rectifier::client {
namespace {

using rectifier::testing::RectifierdProcess;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class CallsTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { server_ = new RectifierdProcess(); }
  static void TearDownTestSuite() { delete server_; }

  static RectifierdProcess* server_;
  Client client_ = Client::Connect(server_->unix_target());
  const Evaluation relu_{.activation = "relu", .inputs = {Tensor::FromVector<float>({-1, 2})}};
};
RectifierdProcess* CallsTest::server_ = nullptr;

TEST_F(CallsTest, SendMetadata) {
  const auto result = client_.Evaluate({.activation = "reluu", .inputs = relu_.inputs},
                                       {.metadata = {{"x-request-id", "number-17"}}});
  EXPECT_FALSE(result.ok());
  EXPECT_THAT(server_->WaitForEvent("call failed").dump(), HasSubstr("number-17"));
}

TEST_F(CallsTest, EndWhenTheyAreStopped) {
  std::stop_source source;
  source.request_stop();
  EXPECT_EQ(client_.Evaluate(relu_, {.stop = source.get_token()}).status().code(),
            absl::StatusCode::kCancelled);
  EXPECT_TRUE(client_.Evaluate(relu_).ok());
}

TEST_F(CallsTest, EndWhileTheyWait) {
  std::stop_source source;
  const auto stream =
      client_.EvaluateStream({.activation = "relu", .shape = {8}}, {.stop = source.get_token()});
  std::jthread stopper([&] { source.request_stop(); });
  EXPECT_FALSE(stream->Read().has_value());
  EXPECT_EQ(stream->Finish().code(), absl::StatusCode::kCancelled);
}

TEST_F(CallsTest, NameTargetAndTimeoutWhereTheyFail) {
  server_->Signal(SIGSTOP);
  const auto late = client_.Evaluate(relu_, {.timeout = absl::Milliseconds(50)});
  server_->Signal(SIGCONT);
  EXPECT_EQ(late.status().code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_THAT(std::string(late.status().message()),
              AllOf(HasSubstr("50ms"), HasSubstr(server_->unix_target())));
  Client nowhere = *Client::Connect("unix:/nowhere.sock", {}, /*attempts=*/1);
  const auto lost = nowhere.Evaluate(relu_);
  EXPECT_EQ(lost.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(lost.status().message()), HasSubstr("unix:/nowhere.sock"));
}

// The server asks for 100 ms before each of them.
TEST_F(CallsTest, AreTriedAgainWhereTheServerIsFull) {
  RectifierdProcess full({"--max_inflight_bytes_per_connection=1"});
  for (const Way way : {Way::kMessage, Way::kStream}) {
    for (const auto& [attempts, least] : {std::pair(1, 0), std::pair(5, 400)}) {
      Client client = *Client::Connect(full.unix_target(), {}, attempts);
      const absl::Time start = absl::Now();
      const auto result = client.Evaluate(relu_, {.way = way});
      EXPECT_EQ(result.status().code(), absl::StatusCode::kResourceExhausted);
      EXPECT_EQ(GetRetryDelay(result.status()), absl::Milliseconds(100));
      EXPECT_GE(absl::Now() - start, absl::Milliseconds(least));
    }
  }
}

TEST_F(CallsTest, GoToAllAddresses) {
  RectifierdProcess one({"--threads=1"});
  RectifierdProcess two({"--threads=2"});
  Client client = Client::Connect(absl::StrCat(one.tcp_target(), ",", two.tcp_target()));
  std::set<uint32_t> threads;
  for (int i = 0; i < 200 && threads.size() < 2; ++i) {
    const auto info = client.GetServerInfo();
    ASSERT_TRUE(info.ok()) << info.status();
    threads.insert(info->threads());
  }
  EXPECT_THAT(threads, ElementsAre(1, 2));
}

TEST_F(CallsTest, AreNotFailedByAServerThatDrainsWhileAnotherServes) {
  RectifierdProcess one;
  RectifierdProcess two;
  Client client = Client::Connect(absl::StrCat(one.tcp_target(), ",", two.tcp_target()));
  for (int i = 0; i < 200; ++i) {
    if (i == 50) one.Signal(SIGTERM);
    const auto result =
        client.Evaluate({.activation = "relu", .inputs = {Tensor::FromVector<float>({1})}});
    ASSERT_TRUE(result.ok()) << i << ": " << result.status();
  }
  EXPECT_EQ(one.Wait(), 0);
}

TEST_F(CallsTest, NeedNotWait) {
  std::vector<std::future<absl::StatusOr<Result>>> futures;
  for (int i = 0; i < 16; ++i) {
    futures.push_back(client_.EvaluateAsync(
        {.activation = "identity", .inputs = {Tensor::FromVector<double>({1.0 * i})}}));
  }
  for (int i = 0; i < 16; ++i) {
    const absl::StatusOr<Result> result = futures[i].get();
    ASSERT_TRUE(result.ok()) << result.status();
    EXPECT_EQ((*result->value)[0], i);
  }
}

TEST_F(CallsTest, TellOfErrorsLater) {
  std::promise<absl::Status> promise;
  client_.EvaluateAsync({.activation = "reluu", .inputs = relu_.inputs}, {},
                        [&](absl::StatusOr<Result> result) { promise.set_value(result.status()); });
  const absl::Status status = promise.get_future().get();
  EXPECT_EQ(GetReason(status), "UNKNOWN_ACTIVATION");
  EXPECT_FALSE(GetFieldViolations(status).empty());
}

// What is large goes by other ways; and the client may go first.
TEST_F(CallsTest, OutliveTheirClient) {
  const Tensor many = Tensor::FromVector(std::vector<float>(5 << 20, -3));
  std::future<absl::StatusOr<Result>> future;
  {
    Client client = Client::Connect(server_->tcp_target());
    future = client.EvaluateAsync({.activation = "abs", .inputs = {many}});
  }
  const absl::StatusOr<Result> result = future.get();
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ((*result->value)[many.size() - 1], 3);
}

// Whichever of the two lets the connection go last: gRPC's channels end on no thread of its own.
TEST_F(CallsTest, MayBeTheLastUsersOfTheirConnection) {
  for (int i = 0; i < 200; ++i) {
    auto client = std::make_optional(Client::Connect(server_->unix_target()));
    std::future<absl::StatusOr<Result>> future = client->EvaluateAsync(relu_);
    if (i % 2 == 0) client.reset();
    const absl::StatusOr<Result> result = future.get();
    client.reset();
    ASSERT_TRUE(result.ok()) << result.status();
  }
}

TEST_F(CallsTest, AskWhetherTheServerServes) {
  const absl::StatusOr<bool> serving = client_.IsServing();
  ASSERT_TRUE(serving.ok()) << serving.status();
  EXPECT_TRUE(*serving);
}

TEST(GrpcTargetTest, ListsHaveAddressesOfOneKind) {
  EXPECT_EQ(*GrpcTarget("unix:/a,b.sock"), "unix:/a,b.sock");
  EXPECT_EQ(*GrpcTarget("localhost:1"), "localhost:1");
  EXPECT_EQ(*GrpcTarget("127.0.0.1:1,10.0.0.2:50051"), "ipv4:127.0.0.1:1,10.0.0.2:50051");
  EXPECT_EQ(*GrpcTarget("[::1]:1,[::1]:2"), "ipv6:[::1]:1,[::1]:2");
  for (const char* bad : {"", "a:1,b:2", "127.0.0.1:1,[::1]:2", "127.0.0.1:1,",
                          "127.0.0.1,10.0.0.1", "10.0.0.1:1,unix:/a.sock"}) {
    EXPECT_EQ(GrpcTarget(bad).status().code(), absl::StatusCode::kInvalidArgument) << bad;
  }
}

}  // namespace
}  // namespace rectifier::client
