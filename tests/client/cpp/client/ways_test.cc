// Large evaluations: by shared memory, by a stream, in messages; into memory of the caller;
// refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <span>
#include <string>
#include <vector>

#include "client/cpp/client/client.h"
#include "client/cpp/client/error.h"
#include "tests/support/rectifierd_process.h"
#include "tests/support/temporary_directory.h"

namespace rectifier::client {
namespace {

using rectifier::testing::RectifierdProcess;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr int64_t kMany = (int64_t{17} << 20) / sizeof(float);  // more than goes in a message

std::vector<float> Numbers(int64_t count) {
  std::vector<float> numbers(count);
  for (int64_t i = 0; i < count; ++i) numbers[i] = static_cast<float>(i % 1999) / 128 - 8;
  return numbers;
}

std::string FieldOf(const absl::Status& status) {
  const std::vector<FieldViolation> violations = GetFieldViolations(status);
  return violations.empty() ? "" : violations[0].field;
}

void ExpectSame(const Tensor& a, const Tensor& b) {
  EXPECT_EQ(a.shape(), b.shape());
  EXPECT_EQ(a.type(), b.type());
  EXPECT_TRUE(a.bytes() == b.bytes());
}

class WaysTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { server_ = new RectifierdProcess(); }
  static void TearDownTestSuite() { delete server_; }

  static RectifierdProcess* server_;
  Client unix_ = Client::Connect(server_->unix_target());
  Client tcp_ = Client::Connect(server_->tcp_target());
  const Tensor x_ = Tensor::FromVector(Numbers(kMany));
};
RectifierdProcess* WaysTest::server_ = nullptr;

TEST_F(WaysTest, EachGivesTheBitsOfAMessage) {
  const Evaluation evaluation{
      .activation = "swish",
      .arguments = {{"beta", 0.75}},
      .inputs = {x_},
      .upstream = x_,
      .quantities = {Quantity::kValue, Quantity::kGradient, Quantity::kSecondDerivative,
                     Quantity::kParameterGradient}};
  const auto expected = tcp_.Evaluate(evaluation, {.way = Way::kMessage});
  ASSERT_TRUE(expected.ok()) << expected.status();
  for (Client* client : {&unix_, &tcp_}) {
    const auto result = client->Evaluate(evaluation);
    ASSERT_TRUE(result.ok()) << result.status();
    EXPECT_EQ(result->value->region().has_value(), client == &unix_);
    ExpectSame(*result->value, *expected->value);
    ExpectSame(result->gradients.at(0), expected->gradients.at(0));
    ExpectSame(*result->second_derivative, *expected->second_derivative);
    ExpectSame(result->parameter_gradients.at("beta"), expected->parameter_gradients.at("beta"));
  }
}

TEST_F(WaysTest, AResultOfSharedMemoryStaysAsItWas) {
  const auto relu = unix_.Evaluate({.activation = "relu", .inputs = {x_}});
  ASSERT_TRUE(relu.ok()) << relu.status();
  const std::vector<double> before = relu->value->Slice(0, {2000}).ToDoubles();
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(unix_.Evaluate({.activation = "identity", .inputs = {x_}}).ok());
  }
  EXPECT_EQ(relu->value->Slice(0, {2000}).ToDoubles(), before);
}

// A new buffer costs the clearing of its pages, which takes longer than the call.
TEST_F(WaysTest, TheMemoryOfAResultThatHasGoneIsUsedAgain) {
  const auto token = [&] {
    return unix_.Evaluate({.activation = "relu", .inputs = {x_}})->value->region()->token;
  };
  EXPECT_EQ(token(), token());
}

// A value of another size than the input's goes by a stream, a long row in a message.
TEST_F(WaysTest, AnEvaluationTakesTheWayThatServesIt) {
  for (const char* activation : {"crelu", "logsumexp", "maxout"}) {
    const Evaluation evaluation{
        .activation = activation,
        .inputs = {*Tensor::FromVector(Numbers(kMany), {kMany / 256, 256})}};
    const auto expected = tcp_.Evaluate(evaluation, {.way = Way::kMessage});
    ASSERT_TRUE(expected.ok()) << expected.status();
    for (Client* client : {&unix_, &tcp_}) {
      const auto result = client->Evaluate(evaluation);
      ASSERT_TRUE(result.ok()) << result.status();
      ExpectSame(*result->value, *expected->value);
    }
  }
}

TEST_F(WaysTest, SpansGoInAndOut) {
  const std::vector<float> x = Numbers(kMany);
  for (Client* client : {&unix_, &tcp_}) {
    for (size_t count : {size_t{0}, size_t{7}, x.size()}) {
      std::vector<float> y(count, 9);
      const absl::Status status =
          client->Evaluate("relu", std::span<const float>(x).first(count), std::span<float>(y));
      ASSERT_TRUE(status.ok()) << status;
      for (size_t i = 0; i < count; ++i) ASSERT_EQ(y[i], std::max(x[i], 0.0f)) << i;
    }
  }
}

// A stream writes results while it still sends inputs.
TEST_F(WaysTest, SpansMayOverlap) {
  constexpr size_t kCount = size_t{4} * kMany, kShift = kCount / 2;
  const std::vector<float> x = Numbers(kCount);
  std::vector<float> expected(kCount);
  const std::span<const float> input(x);
  ASSERT_TRUE(tcp_.Evaluate("softplus", input, std::span<float>(expected)).ok());
  for (const auto& [from, to] : {std::pair<size_t, size_t>{0, 0}, {0, kShift}, {kShift, 0}}) {
    std::vector<float> both(kCount + kShift);
    std::copy(x.begin(), x.end(), both.begin() + static_cast<std::ptrdiff_t>(from));
    const std::span<float> y = std::span<float>(both).subspan(to, kCount);
    const absl::Status status =
        tcp_.Evaluate("softplus", std::span<const float>(both).subspan(from, kCount), y);
    ASSERT_TRUE(status.ok()) << status;
    EXPECT_TRUE(std::equal(y.begin(), y.end(), expected.begin())) << from << " to " << to;
  }
}

TEST_F(WaysTest, ASpanOfAnotherLengthIsAnError) {
  const std::vector<double> x(4, 1);
  std::vector<double> y(3);
  const absl::Status status =
      unix_.Evaluate("relu", std::span<const double>(x), std::span<double>(y));
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(GetReason(status), "PAYLOAD_LENGTH_MISMATCH");
  EXPECT_EQ(FieldOf(status), "evaluations[0].destinations[0].memory");
}

TEST_F(WaysTest, ErrorsHaveTheFieldsOfAMessage) {
  for (Client* client : {&unix_, &tcp_}) {
    const auto name = client->Evaluate({.activation = "gellu", .inputs = {x_}});
    EXPECT_EQ(FieldOf(name.status()), "evaluations[0].activation.name");
    EXPECT_THAT(std::string(name.status().message()), HasSubstr("\"gelu\""));
    const auto beta =
        client->Evaluate({.activation = "softplus", .arguments = {{"beta", -1}}, .inputs = {x_}});
    EXPECT_EQ(FieldOf(beta.status()), "evaluations[0].activation.arguments[\"beta\"]");
    EXPECT_EQ(GetReason(beta.status()), "ARGUMENT_OUT_OF_RANGE");
    const auto upstream = client->Evaluate({.activation = "relu",
                                            .inputs = {x_},
                                            .upstream = x_.Slice(0, {kMany - 1}),
                                            .quantities = {Quantity::kGradient}});
    EXPECT_EQ(FieldOf(upstream.status()), "evaluations[0].upstream");
  }
}

TEST_F(WaysTest, ABatchThatNoMessageHoldsGoesOneByOne) {
  RectifierdProcess server({"--max_message_bytes=20MiB"});
  Client client = Client::Connect(server.tcp_target());
  const Tensor other = Tensor::FromVector(std::vector<float>(kMany, -2));
  std::vector<Evaluation> batch = {{.activation = "relu", .inputs = {x_}},
                                   {.activation = "abs", .inputs = {other}}};
  const auto results = client.EvaluateBatch(batch);
  ASSERT_TRUE(results.ok()) << results.status();
  ASSERT_THAT(*results, SizeIs(2));
  EXPECT_EQ((*results->at(0).value)[1998], std::max<double>(x_[1998], 0));
  EXPECT_EQ((*results->at(1).value)[5], 2);
  batch[1].activation = "abss";
  EXPECT_EQ(FieldOf(client.EvaluateBatch(batch).status()), "evaluations[1].activation.name");
}

TEST_F(WaysTest, ABatchThatGoesOneByOneReadsWhatWasGiven) {
  RectifierdProcess server({"--max_message_bytes=20MiB"});
  Client client = Client::Connect(server.tcp_target());
  std::vector<float> x = Numbers(kMany);
  const Tensor input = *Tensor::View<float>(x, {kMany});
  const absl::Span<std::byte> memory(reinterpret_cast<std::byte*>(x.data()),
                                     x.size() * sizeof(float));
  const auto results = client.EvaluateBatch(
      {{.activation = "relu", .inputs = {input}, .destinations = {{.memory = memory}}},
       {.activation = "abs", .inputs = {input}},
       {.activation = "prelu", .arguments = {{"weight", input.Slice(0, {1})}}, .inputs = {input}}});
  ASSERT_TRUE(results.ok()) << results.status();
  ASSERT_EQ(x_[0], -8);
  EXPECT_EQ(x[0], 0);
  EXPECT_EQ((*results->at(1).value)[0], 8);
  EXPECT_EQ((*results->at(2).value)[0], 64);
}

TEST_F(WaysTest, AReplyThatNoMessageHoldsComesByAStream) {
  RectifierdProcess server({"--max_message_bytes=1MiB"});
  Client client = Client::Connect(server.tcp_target());
  const Evaluation three{
      .activation = "silu",
      .inputs = {x_.Slice(0, {200'000})},  // 800 kB
      .quantities = {Quantity::kValue, Quantity::kGradient, Quantity::kSecondDerivative}};
  EXPECT_EQ(GetReason(client.Evaluate(three, {.way = Way::kMessage}).status()), "REPLY_TOO_LARGE");
  const auto results = client.EvaluateBatch({three, three});
  ASSERT_TRUE(results.ok()) << results.status();
  const auto expected = tcp_.Evaluate(three);
  ASSERT_TRUE(expected.ok()) << expected.status();
  for (const Result& result : *results) {
    ExpectSame(*result.value, *expected->value);
    ExpectSame(*result.second_derivative, *expected->second_derivative);
  }
}

TEST_F(WaysTest, WhatTheServerWouldRefuseIsNotSent) {
  RectifierdProcess server({"--max_message_bytes=1MiB"});
  Client client = Client::Connect(server.tcp_target());
  const auto rows = client.Evaluate({.activation = "softmax", .inputs = {x_}});
  EXPECT_EQ(GetReason(rows.status()), "ROWS_TOO_LONG");
  EXPECT_EQ(FieldOf(rows.status()), "evaluations[0].inputs[0]");
  const auto weight = client.EvaluateBatch(
      {{.activation = "relu", .inputs = {x_}},
       {.activation = "prelu", .arguments = {{"weight", x_}}, .inputs = {x_}}});
  EXPECT_EQ(weight.status().code(), absl::StatusCode::kInvalidArgument) << weight.status();
  EXPECT_EQ(FieldOf(weight.status()), "evaluations[1].activation.arguments[\"weight\"].tensor");
}

TEST_F(WaysTest, AServerThatStartsAnewIsTheSameToCallers) {
  const rectifier::testing::TemporaryDirectory directory;
  const std::string target = "unix:" + directory.File("server.sock");
  Client client = Client::Connect(target);
  for (int i = 0; i < 2; ++i) {
    RectifierdProcess server({"--listen=" + target});
    const auto result = client.Evaluate({.activation = "relu", .inputs = {x_}});
    ASSERT_TRUE(result.ok()) << result.status();
    EXPECT_TRUE(result->value->region().has_value());
  }
}

}  // namespace
}  // namespace rectifier::client
