// Evaluations whose tensors lie in shared buffers, against the real server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <future>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "client/cpp/client/client.h"
#include "client/cpp/client/error.h"
#include "tests/integration/http.h"
#include "tests/support/evaluate.h"
#include "tests/support/rectifierd_process.h"

namespace rectifier::testing {
namespace {

using client::BufferRegion;
using client::Client;
using client::ElementType;
using client::GetFieldViolations;
using client::Quantity;
using client::SharedBuffer;
using client::SharedBuffers;
using client::Tensor;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr uint64_t kMost = std::numeric_limits<uint64_t>::max();

class SharedBuffersEvaluateTest : public ::testing::Test {
 protected:
  SharedBuffer Allocate(size_t bytes) { return *buffers_.Allocate(bytes); }

  static void Fill(const BufferRegion& region, const std::vector<float>& elements) {
    ASSERT_EQ(region.bytes.size(), elements.size() * sizeof(float));
    std::memcpy(region.bytes.data(), elements.data(), region.bytes.size());
  }
  static Tensor Vector(const BufferRegion& region) {
    const auto size = static_cast<int64_t>(region.bytes.size() / sizeof(float));
    return *Tensor::InRegion(ElementType::kFloat32, {size}, region);
  }
  // relu of one element in a region that is named as given, be it right or not.
  Outcome EvaluateRegion(const std::string& token, uint64_t offset, uint64_t length) {
    v1::EvaluateRequest request = Ones("relu", 1);
    request.mutable_tensors(0)->clear_data();
    v1::BufferRegion& region = *request.mutable_tensors(0)->mutable_region();
    region.set_token(token);
    region.set_offset(offset);
    region.set_length(length);
    return Evaluate(Connect(server_.unix_target()), request);
  }

  RectifierdProcess server_;
  Client client_ = Client::Connect(server_.unix_target());
  SharedBuffers buffers_ = *client_.ConnectBuffers();
};

TEST_F(SharedBuffersEvaluateTest, InputsAndResultsStayInTheBuffer) {
  const SharedBuffer buffer = Allocate(1 << 12);
  const BufferRegion x = *buffer.Region(0, 12);
  const BufferRegion y = *buffer.Region(100, 12);
  const BufferRegion dx = *buffer.Region(200, 12);
  Fill(x, {-2, 0, 3});
  const auto result = client_.Evaluate(
      {.activation = "leaky_relu",
       .arguments = {{"negative_slope", 0.5}},
       .inputs = {Vector(x)},
       .quantities = {Quantity::kValue, Quantity::kGradient},
       .destinations = {{Quantity::kGradient, 0, "", dx}, {Quantity::kValue, 0, "", y}}});
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->value->bytes().data(), y.bytes.data());
  EXPECT_THAT(result->value->ToDoubles(), ElementsAre(-1, 0, 3));
  EXPECT_THAT(result->gradients[0].ToDoubles(), ElementsAre(0.5, 0.5, 1));
  EXPECT_THAT(Vector(y).ToDoubles(), ElementsAre(-1, 0, 3));
}

TEST_F(SharedBuffersEvaluateTest, RegionInAndReplyOut) {
  const Tensor x = *buffers_.Copy(Tensor::FromVector<float>({-1, 2}));
  const auto result = client_.Evaluate({.activation = "relu", .inputs = {x}});
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_FALSE(result->value->region().has_value());
  EXPECT_THAT(result->value->ToDoubles(), ElementsAre(0, 2));
}

TEST_F(SharedBuffersEvaluateTest, BytesInAndRegionOut) {
  const SharedBuffer buffer = Allocate(8);
  const auto result = client_.Evaluate({.activation = "relu",
                                        .inputs = {Tensor::FromVector<float>({-1, 2})},
                                        .destinations = {{.region = *buffer.Region(0, 8)}}});
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_THAT(Vector(*buffer.Region(0, 8)).ToDoubles(), ElementsAre(0, 2));
}

TEST_F(SharedBuffersEvaluateTest, ComputesInPlace) {
  const SharedBuffer buffer = Allocate(1 << 22);
  const BufferRegion x = *buffer.Region(0, 1 << 22);
  Fill(x, std::vector<float>(1 << 20, -3.0f));
  const auto result = client_.Evaluate(
      {.activation = "abs", .inputs = {Vector(x)}, .destinations = {{.region = x}}});
  ASSERT_TRUE(result.ok()) << result.status();
  for (const double element : result->value->ToDoubles()) ASSERT_EQ(element, 3);
}

TEST_F(SharedBuffersEvaluateTest, RefusesRegionsThatOverlapInPart) {
  const SharedBuffer buffer = Allocate(100);
  const auto result = client_.Evaluate({.activation = "relu",
                                        .inputs = {Vector(*buffer.Region(0, 16))},
                                        .destinations = {{.region = *buffer.Region(4, 16)}}});
  EXPECT_EQ(result.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(GetFieldViolations(result.status())[0].field,
              HasSubstr("evaluations[0].destinations[0]"));
}

TEST_F(SharedBuffersEvaluateTest, SaysWhichResultsADestinationMayBeFor) {
  const SharedBuffer buffer = Allocate(100);
  const auto result = client_.Evaluate({.activation = "relu",
                                        .inputs = {Vector(*buffer.Region(0, 16))},
                                        .destinations = {{.quantity = client::Quantity::kGradient,
                                                          .region = *buffer.Region(32, 16)}}});
  EXPECT_EQ(result.status().code(), absl::StatusCode::kInvalidArgument);
  const auto violations = GetFieldViolations(result.status());
  EXPECT_EQ(violations[0].field, "evaluations[0].destinations[0].quantity");
  EXPECT_EQ(violations[0].description,
            "QUANTITY_GRADIENT is given; the evaluation gives QUANTITY_VALUE");
}

TEST_F(SharedBuffersEvaluateTest, GivesTheBitsOfACallWithBytesWhereverTheRegionLies) {
  std::vector<float> elements(1001);
  for (size_t i = 0; i < elements.size(); ++i) {
    elements[i] = static_cast<float>(i) / 100 - 5;
  }
  const auto expected =
      client_.Evaluate({.activation = "gelu", .inputs = {Tensor::FromVector<float>(elements)}});
  ASSERT_TRUE(expected.ok());
  const size_t size = elements.size() * sizeof(float);
  const SharedBuffer buffer = Allocate(2 * size + 16);
  for (size_t misalignment = 0; misalignment < 8; ++misalignment) {
    const BufferRegion x = *buffer.Region(misalignment, size);
    const BufferRegion y = *buffer.Region(size + 16 - misalignment, size);
    Fill(x, elements);
    const auto result = client_.Evaluate(
        {.activation = "gelu", .inputs = {Vector(x)}, .destinations = {{.region = y}}});
    ASSERT_TRUE(result.ok()) << result.status();
    EXPECT_TRUE(result->value->bytes() == expected->value->bytes()) << misalignment;
  }
}

TEST_F(SharedBuffersEvaluateTest, UnknownAndReleasedBuffersAreNotFound) {
  EXPECT_EQ(EvaluateRegion("0123456789abcdef", 0, 4).status.error_code(),
            grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(EvaluateRegion("", 0, 4).status.error_code(), grpc::StatusCode::NOT_FOUND);
  auto buffer = std::make_unique<SharedBuffer>(Allocate(4));
  const std::string token = buffer->token();
  EXPECT_TRUE(EvaluateRegion(token, 0, 4).status.ok());
  buffer.reset();
  const Outcome outcome = EvaluateRegion(token, 0, 4);
  EXPECT_EQ(outcome.status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(outcome.details.reason, "UNKNOWN_SHARED_BUFFER");
}

TEST_F(SharedBuffersEvaluateTest, WrappingAndOverlongRegionsAreRefused) {
  const SharedBuffer buffer = Allocate(1 << 12);
  const struct {
    uint64_t offset;
    uint64_t length;
  } regions[] = {
      {kMost, 4}, {kMost - 3, 4}, {4, kMost}, {(1 << 12) - 3, 4}, {1 << 12, 4},
      {0, 3},     {0, 5},         {0, 0},     {kMost, kMost},     {kMost / 2 + 1, kMost / 2 + 1}};
  for (const auto& [offset, length] : regions) {
    const Outcome outcome = EvaluateRegion(buffer.token(), offset, length);
    EXPECT_EQ(outcome.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT)
        << offset << " " << length;
    EXPECT_THAT(outcome.details.field, HasSubstr("tensors[0]"));
  }
}

TEST_F(SharedBuffersEvaluateTest, ResultOfAnotherSizeThanTheRegionIsRefused) {
  const SharedBuffer buffer = Allocate(100);
  const auto result = client_.Evaluate({.activation = "relu",
                                        .inputs = {Tensor::FromVector<float>({-1, 2})},
                                        .destinations = {{.region = *buffer.Region(0, 12)}}});
  EXPECT_EQ(result.status().code(), absl::StatusCode::kInvalidArgument);
}

// The gradient has its argument's type, not the input's.
TEST_F(SharedBuffersEvaluateTest, AParameterGradientTakesTheSizeOfItsArgument) {
  const SharedBuffer buffer = Allocate(100);
  const Tensor x = Tensor::FromVector<float>({-1, -2}).As(ElementType::kFloat16);
  const auto evaluate = [&](const client::Argument& weight, size_t bytes) {
    return client_.Evaluate(
        {.activation = "prelu",
         .arguments = {{"weight", weight}},
         .inputs = {x},
         .quantities = {Quantity::kParameterGradient},
         .destinations = {{Quantity::kParameterGradient, 0, "weight", *buffer.Region(8, bytes)}}});
  };
  const auto of_number = evaluate(0.25, 8);
  ASSERT_TRUE(of_number.ok()) << of_number.status();
  const Tensor& sum = of_number->parameter_gradients.at("weight");
  EXPECT_EQ(sum.type(), ElementType::kFloat64);
  EXPECT_EQ(sum.bytes().data(), buffer.Region(8, 8)->bytes.data());
  EXPECT_THAT(sum.ToDoubles(), ElementsAre(-3));

  const auto of_tensor = evaluate(Tensor::FromVector<float>({0.25, 0.5}), 8);
  ASSERT_TRUE(of_tensor.ok()) << of_tensor.status();
  EXPECT_EQ(of_tensor->parameter_gradients.at("weight").type(), ElementType::kFloat32);
  EXPECT_THAT(Vector(*buffer.Region(8, 8)).ToDoubles(), ElementsAre(-1, -2));

  const auto too_small = evaluate(0.25, 2);
  EXPECT_EQ(too_small.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(too_small.status().message(),
              HasSubstr("has 2 bytes; the result QUANTITY_PARAMETER_GRADIENT takes 8"));
}

TEST_F(SharedBuffersEvaluateTest, OneOfSeveralParameterGradientsIsNamed) {
  const SharedBuffer buffer = Allocate(100);
  const auto evaluate = [&](const std::string& parameter) {
    return client_.Evaluate({.activation = "xielu",
                             .inputs = {Tensor::FromVector<float>({-1, -2})},
                             .quantities = {Quantity::kParameterGradient},
                             .destinations = {{Quantity::kParameterGradient, 0, parameter,
                                               *buffer.Region(8, sizeof(double))}}});
  };
  EXPECT_TRUE(evaluate("alpha_n").ok());
  const auto unnamed = evaluate("");
  EXPECT_EQ(unnamed.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(unnamed.status().message(),
              HasSubstr("destinations[0].parameter: there are several parameter gradients; name "
                        "one of alpha_p, alpha_n"));
}

TEST_F(SharedBuffersEvaluateTest, ReleaseDuringACallLeavesItsMemory) {
  const auto scrape = [this] {
    return SeriesValue(HttpGet(server_.metrics_address(), "/metrics").body,
                       "rectifier_shared_buffer_bytes");
  };
  constexpr size_t kBytes = size_t{64} << 20;
  auto buffer = std::make_unique<SharedBuffer>(Allocate(kBytes));
  v1::EvaluateRequest request = Ones("gelu", kBytes / sizeof(float));
  request.mutable_tensors(0)->clear_data();
  v1::BufferRegion& region = *request.mutable_tensors(0)->mutable_region();
  region.set_token(buffer->token());
  region.set_length(kBytes);
  const v1::BufferRegion whole = region;
  v1::Destination& destination = *request.mutable_evaluations(0)->add_destinations();
  destination.set_quantity(v1::QUANTITY_VALUE);
  *destination.mutable_region() = whole;
  auto call = std::async(std::launch::async, [&] {
    return Evaluate(Connect(server_.unix_target()), request).status.error_code();
  });
  buffer.reset();
  const grpc::StatusCode code = call.get();
  EXPECT_TRUE(code == grpc::StatusCode::OK || code == grpc::StatusCode::NOT_FOUND) << code;
  while (scrape() != 0) {
  }
}

}  // namespace
}  // namespace rectifier::testing
