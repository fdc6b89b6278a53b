// What a caller of the real server is told about a bad request.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <string>

#include "tests/integration/long_call.h"
#include "tests/support/evaluate.h"
#include "tests/support/rectifierd_process.h"

namespace rectifier::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

// One server for all: it must survive every one of them.
class ErrorsTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { server_ = new RectifierdProcess({"--max_rank=4"}); }
  static void TearDownTestSuite() {
    server_->Signal(SIGTERM);
    EXPECT_EQ(server_->Wait(), 0) << server_->log();
    delete server_;
  }
  void TearDown() override {
    EXPECT_TRUE(Evaluate(Connect(server_->unix_target()), Ones("relu", 1)).status.ok());
  }

  static RectifierdProcess* server_;
};
RectifierdProcess* ErrorsTest::server_ = nullptr;

struct BadCall {
  std::string request;
  std::string field;
  std::string reason;
  std::string description;
};
class BadCallTest : public ErrorsTest, public ::testing::WithParamInterface<BadCall> {};

TEST_P(BadCallTest, GetsTheFieldTheReasonAndWhatIsAllowed) {
  for (const std::string& target : {server_->unix_target(), server_->tcp_target()}) {
    const Outcome outcome = Evaluate(Connect(target), RequestFromText(GetParam().request));
    EXPECT_EQ(outcome.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    EXPECT_EQ(outcome.details.field, GetParam().field);
    EXPECT_EQ(outcome.details.reason, GetParam().reason);
    EXPECT_EQ(outcome.details.domain, "rectifier.v1");
    EXPECT_THAT(outcome.details.description, HasSubstr(GetParam().description));
    EXPECT_THAT(outcome.status.error_message(),
                AllOf(HasSubstr(GetParam().field), HasSubstr(GetParam().description)));
  }
}

std::string WithActivation(const std::string& activation) {
  return "evaluations { inputs: 0 activation {" + activation + "} } tensors { values: 1 }";
}

INSTANTIATE_TEST_SUITE_P(
    All, BadCallTest,
    ::testing::Values(
        BadCall{WithActivation("name: 'gellu'"), "evaluations[0].activation.name",
                "UNKNOWN_ACTIVATION", "did you mean \"gelu\"?"},
        BadCall{WithActivation("name: 'zzzzzzzzzzzz'"), "evaluations[0].activation.name",
                "UNKNOWN_ACTIVATION", "no activation"},
        BadCall{WithActivation("name: 'softplus' arguments { key: 'betta' value { number: 1 } }"),
                "evaluations[0].activation.arguments[\"betta\"]", "UNKNOWN_PARAMETER",
                "did you mean \"beta\"?"},
        BadCall{WithActivation("name: 'softplus' arguments { key: 'beta' value { number: nan } }"),
                "evaluations[0].activation.arguments[\"beta\"]", "ARGUMENT_OUT_OF_RANGE",
                "[1e-100, 1e+100]"},
        BadCall{WithActivation("name: 'softplus' arguments { key: 'beta' value { number: inf } }"),
                "evaluations[0].activation.arguments[\"beta\"]", "ARGUMENT_OUT_OF_RANGE", "finite"},
        BadCall{WithActivation("name: 'softplus' arguments { key: 'beta' value { word: 'x' } }"),
                "evaluations[0].activation.arguments[\"beta\"]", "WRONG_ARGUMENT_TYPE",
                "must be a number"},
        BadCall{"evaluations { inputs: 0 activation { name: 'softplus' arguments { key: 'beta' "
                "value { tensor: 1 } } } } tensors { values: 1 } tensors { values: -2.5 }",
                "evaluations[0].activation.arguments[\"beta\"].tensor", "ARGUMENT_OUT_OF_RANGE",
                "element 0: -2.5 is out of range"},
        BadCall{WithActivation("name: 'mul_and_silu'"), "evaluations[0].activation.name",
                "UNKNOWN_ACTIVATION", "it is \"swiglu\" with gate=second"},
        BadCall{
            WithActivation("name: 'gelu' arguments { key: 'approximate' value { word: 'tanh' } }"),
            "evaluations[0].activation.arguments[\"approximate\"]", "UNKNOWN_PARAMETER",
            "\"gelu_tanh\""},
        BadCall{"evaluations { inputs: [0, 7] activation { name: 'glu' } } tensors { values: 1 }",
                "evaluations[0].inputs[1]", "INDEX_OUT_OF_RANGE", "there is no tensor 7"},
        BadCall{"evaluations { inputs: 0 activation { name: 'softmax' arguments { key: 'axis' "
                "value { number: 1e300 } } } } tensors { shape: 1 values: 1 }",
                "evaluations[0].activation.arguments[\"axis\"]", "AXIS_OUT_OF_RANGE",
                "1e+300 is out of range"},
        BadCall{WithActivation("name: 'relu' preset: 'theano'"), "evaluations[0].activation.preset",
                "UNKNOWN_PRESET", "pytorch"},
        BadCall{WithActivation("name: 'crelu'"), "evaluations[0].inputs[0]", "AXIS_OUT_OF_RANGE",
                "rank 0"},
        BadCall{"evaluations { inputs: 0 activation { name: 'softmax' } quantities: 4 }"
                "tensors { shape: 1 values: 1 }",
                "evaluations[0].quantities", "QUANTITY_NOT_OFFERED", "softmax"},
        BadCall{"evaluations { inputs: 0 activation { name: 'relu' } upstream: 1 quantities: 2 }"
                "tensors { shape: 2 values: [1, 2] } tensors { shape: 3 values: [1, 2, 3] }",
                "evaluations[0].upstream", "SHAPE_MISMATCH", "[3]"},
        BadCall{"evaluations { inputs: 0 activation { name: 'relu' } }"
                "tensors { element_type: ELEMENT_TYPE_FLOAT32 shape: 2 data: '1234567' }",
                "tensors[0].data", "PAYLOAD_LENGTH_MISMATCH",
                "has 7 bytes; shape [2] of ELEMENT_TYPE_FLOAT32 "
                "needs 8"},
        BadCall{"evaluations { inputs: 0 activation { name: 'relu' } }"
                "tensors { shape: [4294967296, 4294967296] values: 1 }",
                "tensors[0].shape", "TOO_MANY_ELEMENTS", "this server's limit"},
        BadCall{"evaluations { inputs: 0 activation { name: 'relu' } }"
                "tensors { shape: [1, 1, 1, 1, 1] values: 1 }",
                "tensors[0].shape", "RANK_TOO_HIGH", "4"},
        BadCall{"evaluations { inputs: 5 activation { name: 'relu' } } tensors { values: 1 }",
                "evaluations[0].inputs[0]", "INDEX_OUT_OF_RANGE", "there is no tensor 5"}));

TEST_F(ErrorsTest, MalformedBytesAreInvalidArgument) {
  for (const std::string& bytes : {std::string("\xff\xff\xff\xff"), std::string("\x0a\x7f"),
                                   std::string(1 << 20, '\xff'), std::string("\x12\x04\x7a\x7f")}) {
    const grpc::Status status = EvaluateBytes(Connect(server_->unix_target()), bytes);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    EXPECT_EQ(DetailsOf(status).reason, "MALFORMED_REQUEST");
  }
  EXPECT_EQ(DetailsOf(EvaluateBytes(Connect(server_->unix_target()), "")).reason, "NO_EVALUATIONS");
}

TEST_F(ErrorsTest, RankZeroZeroSizedAndNanTensorsAreRightAnswers) {
  const Outcome outcome = Evaluate(Connect(server_->tcp_target()), RequestFromText(R"(
    evaluations { inputs: 0 activation { name: 'relu' } quantities: [1, 2] }
    evaluations { inputs: 1 activation { name: 'relu' } quantities: [1, 2] }
    evaluations { inputs: 2 activation { name: 'relu' } quantities: [1, 2] }
    tensors { values: 3 }
    tensors { shape: [0, 7] }
    tensors { shape: [2] values: [nan, -inf] })"));
  ASSERT_TRUE(outcome.status.ok()) << outcome.status.error_message();
  EXPECT_THAT(outcome.response.results(0).value().values(), ::testing::ElementsAre(3));
  EXPECT_EQ(outcome.response.results(0).value().shape_size(), 0);
  EXPECT_THAT(outcome.response.results(1).gradients(0).shape(), ::testing::ElementsAre(0, 7));
  EXPECT_THAT(outcome.response.results(2).value().values(),
              ::testing::ElementsAre(::testing::IsNan(), 0));
}

TEST_F(ErrorsTest, DeadlineStopsTheWork) {
  LongCall call(*server_, absl::Milliseconds(500));
  EXPECT_EQ(call.Wait(), grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_TRUE(WaitUntilIdle(*server_));
}

TEST_F(ErrorsTest, CancelStopsTheWork) {
  LongCall call(*server_);
  call.Cancel();
  EXPECT_EQ(call.Wait(), grpc::StatusCode::CANCELLED);
  EXPECT_TRUE(WaitUntilIdle(*server_));
}

TEST(CallLogTest, FailedCallsAreLoggedWithTheCallersIdentifiers) {
  constexpr char kTraceparent[] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  RectifierdProcess server;
  grpc::ClientContext context;
  context.AddMetadata("x-request-id", "request-17");
  context.AddMetadata("traceparent", kTraceparent);
  v1::EvaluateResponse response;
  v1::ActivationService::NewStub(Connect(server.unix_target()))
      ->Evaluate(&context, Ones("gellu", 1), &response);
  const nlohmann::json logged = server.WaitForEvent("call failed");
  ASSERT_TRUE(logged.is_object()) << server.log();
  EXPECT_EQ(logged.value("code", ""), "InvalidArgument");
  EXPECT_EQ(logged.value("x-request-id", ""), "request-17");
  EXPECT_EQ(logged.value("traceparent", ""), kTraceparent);
}

TEST(CallLogTest, SlowCallsAreLogged) {
  RectifierdProcess server({"--slow_call=0s"});
  ASSERT_TRUE(Evaluate(Connect(server.unix_target()), Ones("relu", 1)).status.ok());
  const nlohmann::json logged = server.WaitForEvent("call slow");
  ASSERT_TRUE(logged.is_object()) << server.log();
  EXPECT_EQ(logged.value("code", ""), "OK");
}

// How often `part` stands in `text`.
int Count(const std::string& text, const std::string& part) {
  int count = 0;
  for (size_t i = text.find(part); i != std::string::npos; i = text.find(part, i + 1)) ++count;
  return count;
}

// Protobuf itself would write a line of its own form for each, whatever the level.
TEST(CallLogTest, NamesThatAreNotUtf8AreLoggedAsDebugEventsAndSeldom) {
  constexpr int kCalls = 200;
  const std::string bytes = "\x0a\x05\x12\x03\x0a\x01\xff";  // evaluations { activation { name } }
  for (const std::string level : {"debug", "info"}) {
    RectifierdProcess server({"--log_level=" + level});
    const auto channel = Connect(server.unix_target());
    for (int i = 0; i < kCalls; ++i) {
      EXPECT_EQ(DetailsOf(EvaluateBytes(channel, bytes)).reason, "MALFORMED_REQUEST");
    }
    server.Signal(SIGTERM);
    ASSERT_TRUE(server.WaitForEvent("stopped").is_object());
    const std::string log = server.log();
    EXPECT_THAT(log, ::testing::Not(HasSubstr("[libprotobuf")));
    const int lines = Count(log, R"("event":"protobuf")");
    if (level == "debug") {
      EXPECT_GT(lines, 0) << log;
      EXPECT_LT(lines, kCalls) << log;
    } else {
      EXPECT_EQ(lines, 0) << log;
    }
  }
}

}  // namespace
}  // namespace rectifier::testing
