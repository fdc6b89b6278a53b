#include "client/cpp/client/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "client/cpp/client/catalogue.h"
#include "client/cpp/client/error.h"
#include "tests/support/rectifierd_process.h"

namespace rectifier::client {
namespace {

using rectifier::testing::RectifierdProcess;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Key;

class ClientTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { server_ = new RectifierdProcess(); }
  static void TearDownTestSuite() { delete server_; }

  static RectifierdProcess* server_;
  Client client_ = Client::Connect(server_->unix_target());
};
RectifierdProcess* ClientTest::server_ = nullptr;

TEST_F(ClientTest, GivesEveryQuantityAskedFor) {
  const auto result =
      client_.Evaluate({.activation = "leaky_relu",
                        .arguments = {{"negative_slope", 0.5}},
                        .inputs = {Tensor::FromVector<float>({-2, 3})},
                        .upstream = Tensor::FromVector<float>({10, 20}),
                        .quantities = {Quantity::kValue, Quantity::kGradient,
                                       Quantity::kSecondDerivative, Quantity::kParameterGradient}});
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->value->type(), ElementType::kFloat32);
  EXPECT_THAT(result->value->ToDoubles(), ElementsAre(-1, 3));
  ASSERT_EQ(result->gradients.size(), 1);
  EXPECT_THAT(result->gradients[0].ToDoubles(), ElementsAre(5, 20));
  EXPECT_THAT(result->second_derivative->ToDoubles(), ElementsAre(0, 0));
  ASSERT_THAT(result->parameter_gradients, ElementsAre(Key("negative_slope")));
  EXPECT_THAT(result->parameter_gradients.at("negative_slope").shape(), IsEmpty());
  EXPECT_EQ(result->parameter_gradients.at("negative_slope").type(), ElementType::kFloat64);
  EXPECT_EQ(result->parameter_gradients.at("negative_slope")[0], -20);
}

TEST_F(ClientTest, GivesAParameterGradientInTheTypeOfItsArgument) {
  const Tensor x = Tensor::FromVector<double>(std::vector<double>(100'000, -1));
  for (ElementType type : {ElementType::kFloat32, ElementType::kFloat64}) {
    const auto result =
        client_.Evaluate({.activation = "prelu",
                          .arguments = {{"weight", Tensor::FromVector<double>({0.25}).As(type)}},
                          .inputs = {x.As(ElementType::kFloat16)},
                          .quantities = {Quantity::kParameterGradient}});
    ASSERT_TRUE(result.ok()) << result.status();
    EXPECT_EQ(result->parameter_gradients.at("weight").type(), type);
    EXPECT_THAT(result->parameter_gradients.at("weight").ToDoubles(), ElementsAre(-100'000));
  }
}

TEST_F(ClientTest, EvaluatesInEveryElementType) {
  for (ElementType type : kAllElementTypes) {
    const auto result = client_.Evaluate(
        {.activation = "relu", .inputs = {Tensor::FromVector<double>({-1, 2.5}).As(type)}});
    ASSERT_TRUE(result.ok()) << result.status();
    EXPECT_EQ(result->value->type(), type);
    EXPECT_THAT(result->value->ToDoubles(), ElementsAre(0, 2.5));
  }
}

TEST_F(ClientTest, SendsTensorsAlongAnAxisAndWords) {
  const Tensor x = *Tensor::FromVector<double>({-1, -1, -1, -1}, {2, 2});
  const auto prelu =
      client_.Evaluate({.activation = "prelu",
                        .arguments = {{"weight", {Tensor::FromVector<double>({1, 2}), 0}}},
                        .inputs = {x}});
  ASSERT_TRUE(prelu.ok()) << prelu.status();
  EXPECT_THAT(prelu->value->ToDoubles(), ElementsAre(-1, -1, -2, -2));
  const auto glu = client_.Evaluate({.activation = "glu",
                                     .arguments = {{"gate", "first"}, {"axis", 0}},
                                     .inputs = {Tensor::FromVector<double>({0, 6})}});
  ASSERT_TRUE(glu.ok()) << glu.status();
  EXPECT_THAT(glu->value->ToDoubles(), ElementsAre(3));
}

TEST_F(ClientTest, EvaluatesABatchInOrder) {
  const Tensor x = Tensor::FromVector<double>({-1, 1});
  const auto results = client_.EvaluateBatch(
      {{.activation = "relu", .inputs = {x}}, {.activation = "identity", .inputs = {x}}});
  ASSERT_TRUE(results.ok()) << results.status();
  EXPECT_THAT(results->at(0).value->ToDoubles(), ElementsAre(0, 1));
  EXPECT_THAT(results->at(1).value->ToDoubles(), ElementsAre(-1, 1));
}

TEST_F(ClientTest, ReceivesMessagesFarOverTheDefaultOfGrpc) {
  const std::vector<float> ones(5 << 20, 1.0f);  // 20 MiB
  const auto result = client_.Evaluate({.activation = "relu", .inputs = {Tensor::FromVector(ones)}},
                                       {.way = Way::kMessage});
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->value->size(), ones.size());
}

TEST_F(ClientTest, ErrorsNameTheFieldAndTheReason) {
  const auto result = client_.Evaluate({.activation = "softplus",
                                        .arguments = {{"beta", -1}},
                                        .inputs = {Tensor::FromVector<float>({1})}});
  EXPECT_EQ(result.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(GetReason(result.status()), "ARGUMENT_OUT_OF_RANGE");
  const std::vector<FieldViolation> violations = GetFieldViolations(result.status());
  ASSERT_EQ(violations.size(), 1);
  EXPECT_EQ(violations[0].field, "evaluations[0].activation.arguments[\"beta\"]");
  EXPECT_THAT(violations[0].description, HasSubstr("-1"));
}

TEST_F(ClientTest, GivesUpAfterTheTimeout) {
  const auto result =
      client_.Evaluate({.activation = "relu", .inputs = {Tensor::FromVector<float>({1})}},
                       {.timeout = -absl::Seconds(1)});
  EXPECT_EQ(result.status().code(), absl::StatusCode::kDeadlineExceeded);
}

TEST_F(ClientTest, WaitsForeverIfAskedTo) {
  EXPECT_TRUE(client_.GetServerInfo({.timeout = absl::InfiniteDuration()}).ok());
}

TEST_F(ClientTest, SaysThatNobodyAnswers) {
  Client lonely = Client::Connect("unix:/nowhere/rectifierd.sock");
  EXPECT_EQ(lonely.GetServerInfo().status().code(), absl::StatusCode::kUnavailable);
}

TEST_F(ClientTest, ListsActivationsAndLimits) {
  const auto list = client_.ListActivations();
  ASSERT_TRUE(list.ok()) << list.status();
  EXPECT_GT(list->activations_size(), 30);
  const auto info = client_.GetServerInfo();
  ASSERT_TRUE(info.ok()) << info.status();
  EXPECT_GT(info->limits().max_message_bytes(), 0);
}

TEST_F(ClientTest, DescribesByAlias) {
  const auto activation = Describe(client_, "relu6");
  ASSERT_TRUE(activation.ok()) << activation.status();
  EXPECT_EQ(activation->name(), "relu_n");
}

TEST_F(ClientTest, DescribingAnUnknownNameSuggestsTheNearest) {
  const auto activation = Describe(client_, "gelo");
  EXPECT_EQ(activation.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(activation.status().message(), HasSubstr("\"gelu\""));
}

TEST_F(ClientTest, MayBeUsedFromManyThreads) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([this, i] {
      const auto result = client_.Evaluate(
          {.activation = "relu", .inputs = {Tensor::FromVector<double>({1.0 * i})}});
      ASSERT_TRUE(result.ok()) << result.status();
      EXPECT_THAT(result->value->ToDoubles(), ElementsAre(i));
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST_F(ClientTest, TalksTcpToo) {
  EXPECT_TRUE(Client::Connect(server_->tcp_target()).GetServerInfo().ok());
}

}  // namespace
}  // namespace rectifier::client
