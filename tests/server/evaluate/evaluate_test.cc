// Evaluate through a server in this process.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "tests/server/serving_test.h"
#include "tests/support/evaluate.h"
#include "tests/support/raw_call.h"

namespace rectifier {
namespace {

using ::testing::AnyOf;
using testing::Connect;
using ::testing::ElementsAre;
using testing::Evaluate;
using ::testing::HasSubstr;
using testing::Ones;
using testing::Outcome;
using testing::RequestFromText;

class EvaluateTest : public testing::ServingTest {};

TEST_F(EvaluateTest, AnswersEachEvaluationInOrderInTheFormOfItsInput) {
  Start();
  const Outcome outcome = Evaluate(channel_, RequestFromText(R"(
    evaluations { inputs: 0 activation { name: 'relu' } }
    evaluations { inputs: 1 activation { name: 'sigmoid' } quantities: [1, 2] }
    tensors { shape: [3] values: [-1, 0, 2] }
    tensors { element_type: ELEMENT_TYPE_FLOAT32 data: '\000\000\000\000' })"));
  ASSERT_TRUE(outcome.status.ok()) << outcome.status.error_message();
  EXPECT_THAT(outcome.response.results(0).value().values(), ElementsAre(0, 0, 2));
  EXPECT_EQ(outcome.response.results(1).value().data(), std::string("\x00\x00\x00\x3f", 4));
  EXPECT_EQ(outcome.response.results(1).gradients(0).data(), std::string("\x00\x00\x80\x3e", 4));
  EXPECT_EQ(outcome.response.results(1).value().shape_size(), 0);
}

TEST_F(EvaluateTest, ContractsDerivativesWithTheUpstream) {
  Start();
  const Outcome outcome = Evaluate(channel_, RequestFromText(R"(
    evaluations {
      inputs: 0
      activation { name: 'prelu' arguments { key: 'alpha' value { tensor: 1 axis: 0 } } }
      quantities: [QUANTITY_VALUE, QUANTITY_GRADIENT, QUANTITY_PARAMETER_GRADIENT]
      upstream: 2
    }
    tensors { shape: [2, 2] values: [-1, 2, -3, -4] }
    tensors { shape: [2] values: [0.5, 0.25] }
    tensors { shape: [2, 2] values: [10, 20, 30, 40] })"));
  ASSERT_TRUE(outcome.status.ok()) << outcome.status.error_message();
  const v1::Result& result = outcome.response.results(0);
  EXPECT_THAT(result.value().values(), ElementsAre(-0.5, 2, -0.75, -1));
  EXPECT_THAT(result.gradients(0).values(), ElementsAre(5, 20, 7.5, 10));
  EXPECT_THAT(result.parameter_gradients(0).gradient().values(), ElementsAre(-10, -250));
}

// Or it would be turned away for ever: the budget is twice the largest message, at least.
TEST_F(EvaluateTest, TheLargestMessageFitsIntoTheBudget) {
  const v1::EvaluateRequest request = Ones("relu", 1 << 16);
  Limits limits;
  limits.max_message_bytes = static_cast<int64_t>(request.ByteSizeLong());
  limits.max_inflight_bytes = 2 * limits.max_message_bytes;
  Start(limits);
  const grpc::Status status = Evaluate(channel_, request).status;
  EXPECT_TRUE(status.ok()) << status.error_message();
}

// The sums would be -infinity in float16, and -70144 in bfloat16.
TEST_F(EvaluateTest, SumsParameterGradientsInTheTypeOfTheirArgument) {
  Start();
  v1::EvaluateRequest request = RequestFromText(R"(
    evaluations {
      inputs: 0
      activation { name: 'prelu' arguments { key: 'weight' value { tensor: 1 } } }
      quantities: QUANTITY_PARAMETER_GRADIENT
    }
    evaluations {
      inputs: 0
      activation { name: 'prelu' }
      quantities: QUANTITY_PARAMETER_GRADIENT
    }
    tensors {}
    tensors { element_type: ELEMENT_TYPE_FLOAT32 values: 0.25 })");
  const struct {
    v1::ElementType type;
    std::string minus_one;
    int count;
  } inputs[] = {{v1::ELEMENT_TYPE_FLOAT16, std::string("\x00\xbc", 2), 100000},
                {v1::ELEMENT_TYPE_BFLOAT16, std::string("\x80\xbf", 2), 70000}};
  for (const auto& [type, minus_one, count] : inputs) {
    v1::Tensor& x = *request.mutable_tensors(0);
    x.Clear();
    x.set_element_type(type);
    x.add_shape(count);
    for (int i = 0; i < count; ++i) x.mutable_data()->append(minus_one);
    const Outcome outcome = Evaluate(channel_, request);
    ASSERT_TRUE(outcome.status.ok()) << outcome.status.error_message();
    const v1::Tensor& sum = outcome.response.results(0).parameter_gradients(0).gradient();
    EXPECT_EQ(sum.element_type(), v1::ELEMENT_TYPE_FLOAT32);
    const auto in_float = static_cast<float>(-count);
    EXPECT_EQ(sum.data(), std::string(reinterpret_cast<const char*>(&in_float), 4));
    const v1::Tensor& of_default = outcome.response.results(1).parameter_gradients(0).gradient();
    EXPECT_EQ(of_default.element_type(), v1::ELEMENT_TYPE_FLOAT64);
    const double in_double = -count;
    EXPECT_EQ(of_default.data(), std::string(reinterpret_cast<const char*>(&in_double), 8));
  }
}

// Each byte of a request is spoilt in turn, after it has been answered as it was: what is kept of
// it must not be taken for the other one. Another connection, by which every message comes once,
// tells what is right.
TEST_F(EvaluateTest, TakesNoOtherRequestForOneThatCameBefore) {
  Start();
  v1::EvaluateRequest request = RequestFromText(R"(
    evaluations {
      inputs: 0
      activation { name: 'prelu' arguments { key: 'weight' value { tensor: 1 } } }
      quantities: [QUANTITY_VALUE, QUANTITY_GRADIENT, QUANTITY_PARAMETER_GRADIENT]
      upstream: 2
    }
    evaluations {
      inputs: 2
      activation { name: 'elu' arguments { key: 'alpha' value { number: 0.5 } } }
    }
    tensors { element_type: ELEMENT_TYPE_FLOAT32 shape: [1, 2] data: '\000\000\200\277abcd' }
    tensors { element_type: ELEMENT_TYPE_FLOAT32 shape: 2 data: '\000\000\200\076efgh' }
    tensors { element_type: ELEMENT_TYPE_FLOAT32 shape: [1, 2] values: [1, 2] })");
  const std::string kept = request.SerializeAsString();
  const std::string path = "/rectifier.v1.ActivationService/Evaluate";
  const auto other = Connect("unix:" + directory_.File("s.sock"));
  const testing::RawReply right = testing::CallRaw(other, path, kept);
  ASSERT_TRUE(right.status.ok()) << right.status.error_message();
  for (size_t i = 0; i < kept.size(); ++i) {
    for (const char bits : {1, 0x40}) {
      EXPECT_EQ(testing::CallRaw(channel_, path, kept).bytes, right.bytes);
      std::string spoilt = kept;
      spoilt[i] = static_cast<char>(spoilt[i] ^ bits);
      const testing::RawReply expected = testing::CallRaw(other, path, spoilt);
      for (int repetition = 0; repetition < 2; ++repetition) {
        const testing::RawReply reply = testing::CallRaw(channel_, path, spoilt);
        EXPECT_EQ(reply.status.error_code(), expected.status.error_code()) << i;
        EXPECT_EQ(reply.status.error_message(), expected.status.error_message()) << i;
        EXPECT_EQ(reply.bytes, expected.bytes) << i;
      }
    }
  }
}

TEST_F(EvaluateTest, GivesTheSameForBigWorkAsForSmall) {
  Start();
  constexpr size_t kBig = 1 << 20;
  const Outcome big = Evaluate(channel_, Ones("gelu", kBig));
  const Outcome small = Evaluate(channel_, Ones("gelu", 1));
  ASSERT_TRUE(big.status.ok()) << big.status.error_message();
  ASSERT_TRUE(small.status.ok()) << small.status.error_message();
  const std::string& element = small.response.results(0).value().data();
  const std::string& elements = big.response.results(0).value().data();
  ASSERT_EQ(elements.size(), kBig * 4);
  for (size_t i = 0; i < elements.size(); i += 4) {
    ASSERT_EQ(elements.compare(i, 4, element), 0) << i;
  }
}

TEST_F(EvaluateTest, PutsCoresErrorsUnderTheirEvaluation) {
  Start();
  const Outcome outcome = Evaluate(channel_, RequestFromText(R"(
    evaluations { inputs: 0 activation { name: 'relu' } }
    evaluations {
      inputs: 0
      activation { name: 'softplus' arguments { key: 'beta' value { number: -1 } } }
    }
    tensors { values: 1 })"));
  EXPECT_EQ(outcome.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(outcome.details.field, "evaluations[1].activation.arguments[\"beta\"]");
  EXPECT_THAT(outcome.details.description, HasSubstr("-1"));
  EXPECT_FALSE(outcome.details.reason.empty());
}

TEST_F(EvaluateTest, RefusesAReplyOverTheMessageLimit) {
  Start({.max_message_bytes = 10'000});
  v1::EvaluateRequest request = Ones("gelu", 2000);
  for (const v1::Quantity quantity : {v1::QUANTITY_VALUE, v1::QUANTITY_GRADIENT}) {
    request.mutable_evaluations(0)->add_quantities(quantity);
  }
  const Outcome outcome = Evaluate(channel_, request);
  EXPECT_EQ(outcome.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(outcome.details.reason, "REPLY_TOO_LARGE");
}

TEST_F(EvaluateTest, RefusesARequestOverTheMessageLimit) {
  Start({.max_message_bytes = 10'000});
  const Outcome outcome = Evaluate(channel_, Ones("relu", 10'000));
  EXPECT_EQ(outcome.status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
}

// Many calls at once on a budget for about one: each is answered, in full or with a time to wait.
TEST_F(EvaluateTest, TurnsAwayWhatIsOverTheBudgetWithATimeToWait) {
  constexpr int64_t kMessage = 9 << 20;
  Start({.max_message_bytes = kMessage, .max_inflight_bytes = 2 * kMessage});
  const v1::EvaluateRequest request = Ones("gelu", 2 << 20);
  std::vector<std::future<Outcome>> calls;
  for (int i = 0; i < 16; ++i) {
    calls.push_back(std::async(std::launch::async, [this, &request] {
      return Evaluate(Connect("unix:" + directory_.File("s.sock")), request);
    }));
  }
  int answered = 0;
  for (std::future<Outcome>& call : calls) {
    const Outcome outcome = call.get();
    if (outcome.status.ok()) {
      ++answered;
      EXPECT_EQ(outcome.response.results(0).value().data().size(), 8u << 20);
      continue;
    }
    EXPECT_EQ(outcome.status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
    EXPECT_THAT(outcome.details.reason,
                AnyOf("TOO_MANY_BYTES_IN_FLIGHT", "TOO_MANY_BYTES_OF_CONNECTION"));
    EXPECT_EQ(outcome.details.retry_delay, absl::Milliseconds(100));
    EXPECT_EQ(outcome.retry_pushback, "100");
  }
  EXPECT_GE(answered, 1);
  EXPECT_TRUE(Evaluate(channel_, request).status.ok()) << "the budget is free again";
}

TEST_F(EvaluateTest, StopsAtTheDeadline) {
  Start();
  v1::EvaluateRequest request = Ones("mish", 1 << 22);
  for (int i = 1; i < 10; ++i) *request.add_evaluations() = request.evaluations(0);
  const Outcome outcome = Evaluate(channel_, request, absl::Milliseconds(1));
  EXPECT_EQ(outcome.status.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_TRUE(Evaluate(channel_, Ones("relu", 1)).status.ok());
}

TEST_F(EvaluateTest, OutlivesCallersThatGiveUp) {
  Start();
  v1::EvaluateRequest request = Ones("mish", 1 << 20);
  for (int i = 1; i < 10; ++i) *request.add_evaluations() = request.evaluations(0);
  const auto stub = v1::ActivationService::NewStub(channel_);
  for (int round = 0; round < 20; ++round) {
    grpc::ClientContext context;
    v1::EvaluateResponse response;
    auto call = std::async(std::launch::async,
                           [&] { return stub->Evaluate(&context, request, &response); });
    if (round % 2 == 0) call.wait_for(std::chrono::milliseconds(round));
    context.TryCancel();
    const grpc::StatusCode code = call.get().error_code();
    EXPECT_TRUE(code == grpc::StatusCode::CANCELLED || code == grpc::StatusCode::OK) << code;
  }
  EXPECT_TRUE(Evaluate(channel_, Ones("relu", 1)).status.ok());
}

TEST_F(EvaluateTest, NamesTheCpuTargetsThatItHasWhenAskedForAnother) {
  Options options;
  options.listen = {"unix:" + directory_.File("s.sock")};
  options.cpu_target = "VAX";
  const auto server = Server::Start(options);
  EXPECT_EQ(server.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(server.status().message()), HasSubstr("--cpu_target"));
  EXPECT_THAT(std::string(server.status().message()),
              HasSubstr(std::string(Catalogue::Best().target())));
}

// Sizes of results that wrap would pass for small ones.
TEST_F(EvaluateTest, RefusesReplyWhoseSizeCannotBeCounted) {
  Start();
  const auto evaluations = [](int count, const std::string& shape) {
    std::string text = "tensors { element_type: ELEMENT_TYPE_FLOAT64 shape: [" + shape + "] }";
    for (int i = 0; i < count; ++i) {
      text += "evaluations { inputs: 0 activation { name: 'logsumexp' } }";
    }
    return RequestFromText(text);
  };
  for (const char* shape : {"2305843009213693952, 0", "9007199254740993, 0, 2"}) {
    const Outcome outcome = Evaluate(channel_, evaluations(1, shape));
    EXPECT_EQ(outcome.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    EXPECT_EQ(outcome.details.field, "evaluations[0].inputs[0]");
    EXPECT_EQ(outcome.details.reason, "TOO_MANY_ELEMENTS");
  }
  for (const int count : {1, 256}) {  // 256 * 2^53 * 8 bytes is 2^64
    EXPECT_EQ(Evaluate(channel_, evaluations(count, "9007199254740992, 0")).details.reason,
              "REPLY_TOO_LARGE");
  }
}

}  // namespace
}  // namespace rectifier
