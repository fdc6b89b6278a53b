#include "server/wire/reply.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "rectifier/v1/activation.pb.h"
#include "server/evaluate/destinations.h"
#include "server/wire/evaluate_reply.h"
#include "server/wire/request.h"
#include "tests/support/evaluate.h"
#include "tests/support/raw_call.h"

namespace rectifier {
namespace {

using ::testing::ElementsAre;
using testing::RequestFromText;
using testing::ToByteBuffer;

constexpr char kEvaluation[] = "evaluations { inputs: 0 activation { name: 'relu' } }";

// Binds, lays out, fills the outputs with 0, 1, 2, ... and parses what would be sent.
v1::EvaluateResponse RoundTrip(const std::string& text) {
  const SharedBuffers buffers(Limits{}, BufferGauges{});
  const auto request =
      DecodeRequest(ToByteBuffer(RequestFromText(text).SerializeAsString()), Limits(), buffers);
  EXPECT_TRUE(request.ok()) << request.status();
  std::vector<Job> jobs;
  for (const EvaluationRequest& item : request->evaluations) {
    auto evaluation = Bind(Catalogue::Best(), item);
    EXPECT_TRUE(evaluation.ok()) << evaluation.status();
    jobs.push_back({.evaluation = *std::move(evaluation), .outputs = {}});
  }
  const auto destinations = MatchDestinations(jobs, *request);
  EXPECT_TRUE(destinations.ok()) << destinations.status();
  Reply reply(LayOutEvaluateReply(jobs, request->forms, *destinations));
  EXPECT_TRUE(reply.Allocate(absl::MakeSpan(jobs), *ReplyPool::Make(0)).ok());
  for (const Job& job : jobs) {
    for (size_t i = 0; i < job.outputs.size(); ++i) {
      const ElementType type = job.evaluation.outputs[i].type;
      for (size_t j = 0; j < job.evaluation.outputs[i].bytes / SizeOf(type); ++j) {
        StoreElement(type, static_cast<double>(j), job.outputs[i] + j * SizeOf(type));
      }
    }
  }
  const size_t bytes = reply.bytes();
  const std::string sent = testing::ToString(reply.Take());
  EXPECT_EQ(sent.size(), bytes);
  v1::EvaluateResponse response;
  EXPECT_TRUE(response.ParseFromString(sent));
  return response;
}

TEST(ReplyTest, CarriesEveryQuantityInItsField) {
  const v1::EvaluateResponse response = RoundTrip(R"(
    evaluations {
      inputs: 0
      activation { name: 'prelu' }
      quantities: [1, 2, 3]
    }
    evaluations { inputs: 0 activation { name: 'gelu' } quantities: [1, 4] }
    tensors { element_type: ELEMENT_TYPE_FLOAT32 shape: [1, 2] data: '12345678' })");
  ASSERT_EQ(response.results_size(), 2);
  const v1::Result& result = response.results(0);
  EXPECT_EQ(result.value().element_type(), v1::ELEMENT_TYPE_FLOAT32);
  EXPECT_THAT(result.value().shape(), ElementsAre(1, 2));
  EXPECT_EQ(result.value().data(), std::string("\0\0\0\0\0\0\x80\x3f", 8));
  EXPECT_THAT(result.gradients(0).shape(), ElementsAre(1, 2));
  ASSERT_EQ(result.parameter_gradients_size(), 1);
  EXPECT_FALSE(result.parameter_gradients(0).parameter().empty());
  EXPECT_EQ(result.parameter_gradients(0).gradient().shape_size(), 0);
  EXPECT_EQ(result.parameter_gradients(0).gradient().element_type(), v1::ELEMENT_TYPE_FLOAT64);
  EXPECT_EQ(result.parameter_gradients(0).gradient().data().size(), 8u);
  EXPECT_EQ(response.results(1).second_derivative().data().size(), 8u);
}

TEST(ReplyTest, GivesAParameterGradientTheTypeOfItsArgumentInTheFormOfTheInput) {
  const std::pair<v1::ElementType, size_t> types[] = {{v1::ELEMENT_TYPE_FLOAT16, 2},
                                                      {v1::ELEMENT_TYPE_BFLOAT16, 2},
                                                      {v1::ELEMENT_TYPE_FLOAT32, 4},
                                                      {v1::ELEMENT_TYPE_FLOAT64, 8}};
  constexpr char kPrelu[] = R"(
    evaluations {
      inputs: 0
      activation { name: 'prelu' arguments { key: 'weight' value { tensor: 1 } } }
      quantities: 3
    })";
  for (const auto& [type, size] : types) {
    const std::string weight =
        absl::StrCat("tensors { element_type: ", type, " shape: 3 values: [0, 0, 0] }");
    const v1::Tensor data =
        RoundTrip(
            absl::StrCat(kPrelu, "tensors { element_type: 1 shape: 3 data: '123456' }", weight))
            .results(0)
            .parameter_gradients(0)
            .gradient();
    EXPECT_EQ(data.element_type(), type);
    EXPECT_EQ(data.data().size(), 3 * size);
    const v1::Tensor values =
        RoundTrip(
            absl::StrCat(kPrelu, "tensors { element_type: 1 shape: 3 values: [1, 2, 3] }", weight))
            .results(0)
            .parameter_gradients(0)
            .gradient();
    EXPECT_EQ(values.element_type(), type);
    EXPECT_THAT(values.values(), ElementsAre(0, 1, 2));
  }
  // `values` without an element type are float64.
  const v1::EvaluateResponse response = RoundTrip(absl::StrCat(
      kPrelu, "tensors { element_type: 1 shape: 1 data: '12' }", "tensors { shape: 1 values: 0 }"));
  EXPECT_EQ(response.results(0).parameter_gradients(0).gradient().element_type(),
            v1::ELEMENT_TYPE_FLOAT64);
}

TEST(ReplyTest, WidensEveryElementTypeToValues) {
  for (const char* type : {"FLOAT16", "BFLOAT16", "FLOAT32", "FLOAT64"}) {
    const v1::EvaluateResponse response =
        RoundTrip(std::string(kEvaluation) + "tensors { element_type: ELEMENT_TYPE_" + type +
                  " shape: 5 values: [0, 0, 0, 0, 0] }");
    EXPECT_THAT(response.results(0).value().values(), ElementsAre(0, 1, 2, 3, 4)) << type;
    EXPECT_TRUE(response.results(0).value().data().empty());
  }
}

TEST(ReplyTest, KeepsZeroSizedShapes) {
  const v1::EvaluateResponse response =
      RoundTrip(std::string(kEvaluation) + "tensors { shape: [2, 0] }");
  EXPECT_THAT(response.results(0).value().shape(), ElementsAre(2, 0));
  EXPECT_TRUE(response.results(0).value().values().empty());
}

}  // namespace
}  // namespace rectifier
