#include "client/cpp/shared_memory/shared_buffer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "client/cpp/client/client.h"
#include "client/cpp/client/messages.h"
#include "tests/support/rectifierd_process.h"

namespace rectifier::client {
namespace {

using rectifier::testing::RectifierdProcess;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

static_assert(std::is_nothrow_move_constructible_v<SharedBuffer>);
static_assert(!std::is_copy_constructible_v<SharedBuffer>);

class SharedBufferTest : public ::testing::Test {
 protected:
  // The quota has so few bytes that what is not released shows.
  RectifierdProcess server_{
      {"--max_buffer_bytes=1048576", "--max_buffer_bytes_per_connection=1048576"}};
  Client client_ = Client::Connect(server_.unix_target());
};

TEST_F(SharedBufferTest, StartsAsZerosOfTheSizeAskedFor) {
  auto buffers = client_.ConnectBuffers();
  ASSERT_TRUE(buffers.ok()) << buffers.status();
  const auto buffer = buffers->Allocate(5000);
  ASSERT_TRUE(buffer.ok()) << buffer.status();
  EXPECT_EQ(buffer->bytes().size(), 5000u);
  EXPECT_EQ(buffer->token().size(), 16u);
  EXPECT_THAT(buffer->bytes(), Each(std::byte{0}));
}

TEST_F(SharedBufferTest, IsReleasedWhenItsLastViewGoes) {
  auto buffers = client_.ConnectBuffers();
  ASSERT_TRUE(buffers.ok());
  {
    absl::StatusOr<Tensor> view = absl::UnknownError("");
    {
      const auto buffer = buffers->Allocate(1 << 20);
      ASSERT_TRUE(buffer.ok()) << buffer.status();
      buffer->bytes()[0] = std::byte{1};
      view = Tensor::InRegion(ElementType::kFloat16, {2}, *buffer->Region(0, 4));
    }
    EXPECT_EQ(view->bytes()[0], std::byte{1});
    EXPECT_EQ(buffers->Allocate(1).status().code(), absl::StatusCode::kResourceExhausted);
  }
  EXPECT_TRUE(buffers->Allocate(1 << 20).ok());
}

TEST_F(SharedBufferTest, OutlivesTheObjectThatAllocatedIt) {
  auto buffers = std::make_unique<SharedBuffers>(*client_.ConnectBuffers());
  auto buffer = buffers->Allocate(10);
  buffers.reset();
  ASSERT_TRUE(buffer.ok());
  SharedBuffer moved = *std::move(buffer);
  moved.bytes()[9] = std::byte{1};
}

TEST_F(SharedBufferTest, ErrorsSayWhatWasGivenAndWhatIsAllowed) {
  auto buffers = client_.ConnectBuffers();
  ASSERT_TRUE(buffers.ok());
  for (const size_t bytes : {size_t{0}, size_t{1} << 21}) {
    const absl::Status status = buffers->Allocate(bytes).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(status.message()), HasSubstr("must be from 1 to 1048576"));
  }
  const auto buffer = buffers->Allocate(10);
  ASSERT_TRUE(buffer.ok());
  EXPECT_TRUE(buffer->Region(10, 0).ok());
  for (const auto& [offset, length] :
       {std::pair<size_t, size_t>{0, 11}, {11, 0}, {10, 1}, {SIZE_MAX, 2}, {2, SIZE_MAX}}) {
    const absl::Status status = buffer->Region(offset, length).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(status.message()), HasSubstr("the buffer has 10 bytes"));
  }
}

TEST_F(SharedBufferTest, ConnectNamesThePathAndTheReason) {
  const absl::Status absent = SharedBuffers::Connect("/absent/socket").status();
  EXPECT_EQ(absent.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(absent.message()), HasSubstr("/absent/socket: No such file"));
  EXPECT_EQ(SharedBuffers::Connect("").status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(SharedBuffers::Connect(std::string(200, 'x')).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(SharedBufferTest, ServerThatIsGoneIsAnErrorAndBuffersStay) {
  auto buffers = client_.ConnectBuffers();
  ASSERT_TRUE(buffers.ok());
  auto buffer = buffers->Allocate(10);
  ASSERT_TRUE(buffer.ok());
  server_.Signal(SIGKILL);
  server_.Wait();
  EXPECT_EQ(buffers->Allocate(1).status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(buffers->Allocate(1).status().code(), absl::StatusCode::kUnavailable);
  buffer->bytes()[0] = std::byte{1};
}

TEST_F(SharedBufferTest, TensorsAreSentAsRegions) {
  auto buffers = client_.ConnectBuffers();
  ASSERT_TRUE(buffers.ok());
  const auto x = buffers->Copy(Tensor::FromVector<float>({1, 2, 3}));
  ASSERT_TRUE(x.ok()) << x.status();
  EXPECT_THAT(x->ToDoubles(), ElementsAre(1, 2, 3));
  const auto y = buffers->Allocate(8);
  ASSERT_TRUE(y.ok());
  const Tensor slice = x->Slice(1, {2});
  const v1::EvaluateRequest request =
      ToRequest({{.activation = "relu",
                  .inputs = {slice},
                  .upstream = x->As(ElementType::kFloat64),
                  .destinations = {{Quantity::kGradient, 1, "beta", *y->Region(0, 8)}}}});
  EXPECT_EQ(request.tensors(0).region().token(), x->region()->token);
  EXPECT_EQ(request.tensors(0).region().offset(), 4u);
  EXPECT_EQ(request.tensors(0).region().length(), 8u);
  EXPECT_TRUE(request.tensors(0).data().empty());
  EXPECT_FALSE(request.tensors(1).has_region()) << "converted";
  const v1::Destination& destination = request.evaluations(0).destinations(0);
  EXPECT_EQ(destination.quantity(), v1::QUANTITY_GRADIENT);
  EXPECT_EQ(destination.input(), 1u);
  EXPECT_EQ(destination.parameter(), "beta");
  EXPECT_EQ(destination.region().token(), y->token());
  EXPECT_EQ(destination.region().length(), 8u);
}

TEST_F(SharedBufferTest, ResultsAreTensorsOverTheirDestinations) {
  auto buffers = client_.ConnectBuffers();
  ASSERT_TRUE(buffers.ok());
  const auto buffer = buffers->Allocate(100);
  ASSERT_TRUE(buffer.ok());
  const Evaluation evaluation{.destinations = {{.region = *buffer->Region(20, 8)}}};
  v1::EvaluateResponse response;
  v1::Tensor& value = *response.add_results()->mutable_value();
  value.set_element_type(v1::ELEMENT_TYPE_FLOAT32);
  value.add_shape(2);
  value.mutable_region()->set_token(buffer->token());
  value.mutable_region()->set_offset(20);
  value.mutable_region()->set_length(8);
  const auto results = FromResponse(response, {evaluation});
  ASSERT_TRUE(results.ok()) << results.status();
  EXPECT_EQ(results->front().value->bytes().data(), buffer->bytes().data() + 20);
  value.mutable_region()->set_offset(24);
  EXPECT_EQ(FromResponse(response, {evaluation}).status().code(), absl::StatusCode::kInternal);
}

}  // namespace
}  // namespace rectifier::client
