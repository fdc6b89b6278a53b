#include "client/cpp/client/messages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

namespace rectifier::client {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(ToRequestTest, SendsASharedTensorOnce) {
  const Tensor x = Tensor::FromVector<float>({1, 2});
  const v1::EvaluateRequest request =
      ToRequest({{.activation = "relu", .inputs = {x}},
                 {.activation = "gelu", .inputs = {x}, .upstream = x}});
  EXPECT_EQ(request.tensors_size(), 1);
  EXPECT_THAT(request.evaluations(1).inputs(), ElementsAre(0));
  EXPECT_EQ(request.evaluations(1).upstream(), 0);
}

TEST(ToRequestTest, SendsViewsOfOneBufferWithDifferentShapesApart) {
  const Tensor x = Tensor::FromVector<float>({1, 2});
  const v1::EvaluateRequest request =
      ToRequest({{.activation = "relu", .inputs = {x}},
                 {.activation = "relu", .inputs = {x.Slice(0, {1, 2})}}});
  EXPECT_EQ(request.tensors_size(), 2);
}

TEST(ToRequestTest, SaysWhatEachArgumentIs) {
  const v1::EvaluateRequest request =
      ToRequest({{.activation = "glu",
                  .preset = "pytorch",
                  .arguments = {{"axis", 0},
                                {"gate", "first"},
                                {"slope", {Tensor::FromVector<double>({1}), -2}}},
                  .inputs = {Tensor::FromVector<float>({1, 2})}}});
  const v1::Activation& activation = request.evaluations(0).activation();
  EXPECT_EQ(activation.preset(), "pytorch");
  EXPECT_EQ(activation.arguments().at("axis").number(), 0);
  EXPECT_EQ(activation.arguments().at("gate").word(), "first");
  EXPECT_EQ(activation.arguments().at("slope").tensor(), 1);
  EXPECT_EQ(activation.arguments().at("slope").axis(), -2);
}

v1::EvaluateResponse ResponseWithValue(v1::ElementType type, int64_t size, int bytes) {
  v1::EvaluateResponse response;
  v1::Tensor& value = *response.add_results()->mutable_value();
  value.set_element_type(type);
  value.add_shape(size);
  value.set_data(std::string(bytes, '\0'));
  return response;
}

TEST(FromResponseTest, GivesTheQuantitiesThatAreThere) {
  const auto results =
      FromResponse(ResponseWithValue(v1::ELEMENT_TYPE_FLOAT16, 3, 6), {Evaluation()});
  ASSERT_TRUE(results.ok()) << results.status();
  EXPECT_THAT(results->at(0).value->shape(), ElementsAre(3));
  EXPECT_FALSE(results->at(0).second_derivative.has_value());
}

TEST(FromResponseTest, DoesNotTrustTheServer) {
  for (v1::EvaluateResponse response :
       {ResponseWithValue(v1::ELEMENT_TYPE_FLOAT32, 3, 11),
        ResponseWithValue(v1::ELEMENT_TYPE_UNSPECIFIED, 0, 0),
        ResponseWithValue(static_cast<v1::ElementType>(99), 0, 0)}) {
    EXPECT_EQ(FromResponse(std::move(response), {Evaluation()}).status().code(),
              absl::StatusCode::kInternal);
  }
  const auto missing = FromResponse({}, {Evaluation()});
  EXPECT_EQ(missing.status().code(), absl::StatusCode::kInternal);
  EXPECT_THAT(missing.status().message(), HasSubstr("0 results for 1"));
}

}  // namespace
}  // namespace rectifier::client
