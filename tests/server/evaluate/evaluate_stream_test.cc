// EvaluateStream through a server in this process.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/text_format.h"
#include "tests/server/serving_test.h"
#include "tests/support/evaluate.h"
#include "tests/support/stream.h"

namespace rectifier {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using testing::Evaluate;
using ::testing::HasSubstr;
using testing::Outcome;
using testing::RequestFromText;
using testing::RunStream;
using testing::StreamOf;
using testing::StreamOutcome;

class EvaluateStreamTest : public testing::ServingTest {
 protected:
  // Adds a float32 tensor of numbers between -8 and 8.
  static void AddTensor(v1::EvaluateRequest& request, const std::vector<int64_t>& shape) {
    std::mt19937 random(static_cast<unsigned>(request.tensors_size()) + 1);
    v1::Tensor& tensor = AddEmpty(request, v1::ELEMENT_TYPE_FLOAT32, shape);
    std::vector<float> elements(static_cast<size_t>(CountOf(shape)));
    for (float& element : elements) element = static_cast<float>(random()) / (1U << 28) - 8;
    tensor.set_data(elements.data(), elements.size() * sizeof(float));
  }

  // Adds a mask that leaves every third element out.
  static void AddMask(v1::EvaluateRequest& request, const std::vector<int64_t>& shape) {
    v1::Tensor& tensor = AddEmpty(request, v1::ELEMENT_TYPE_BOOL, shape);
    for (int64_t i = 0; i < CountOf(shape); ++i) tensor.mutable_data()->push_back(i % 3 != 0);
  }

  void ExpectSameBits(const v1::EvaluateRequest& request) {
    const Outcome whole = Evaluate(channel_, request);
    ASSERT_TRUE(whole.status.ok()) << whole.status.error_message();
    const v1::Result& expected = whole.response.results(0);
    for (const size_t longest : {5000, 300'000}) {
      const StreamOutcome stream = RunStream(channel_, StreamOf(request, longest, 7));
      ASSERT_TRUE(stream.status.ok()) << stream.status.error_message();
      EXPECT_GT(stream.replies, 1);
      EXPECT_TRUE(stream.whole.value() == expected.value().data());
      ASSERT_EQ(stream.whole.gradients_size(), expected.gradients_size());
      for (int i = 0; i < expected.gradients_size(); ++i) {
        EXPECT_TRUE(stream.whole.gradients(i) == expected.gradients(i).data()) << i;
      }
      EXPECT_TRUE(stream.whole.second_derivative() == expected.second_derivative().data());
      ASSERT_EQ(stream.whole.parameter_gradients_size(), expected.parameter_gradients_size());
      for (int i = 0; i < expected.parameter_gradients_size(); ++i) {
        EXPECT_EQ(stream.whole.parameter_gradients(i).SerializeAsString(),
                  expected.parameter_gradients(i).SerializeAsString());
      }
    }
  }

  // A stream of these messages, in protobuf's text format.
  StreamOutcome RunText(const std::vector<std::string>& messages) {
    std::vector<v1::EvaluateStreamRequest> requests;
    for (const std::string& text : messages) {
      EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &requests.emplace_back()));
    }
    return RunStream(channel_, requests);
  }

  void ExpectRefused(const std::vector<std::string>& messages, const std::string& field,
                     const std::string& reason) {
    const StreamOutcome outcome = RunText(messages);
    EXPECT_EQ(outcome.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    EXPECT_EQ(outcome.details.field, field) << outcome.status.error_message();
    EXPECT_EQ(outcome.details.reason, reason) << outcome.status.error_message();
  }

 private:
  static v1::Tensor& AddEmpty(v1::EvaluateRequest& request, v1::ElementType type,
                              const std::vector<int64_t>& shape) {
    v1::Tensor& tensor = *request.add_tensors();
    tensor.set_element_type(type);
    for (const int64_t size : shape) tensor.add_shape(size);
    return tensor;
  }

  static int64_t CountOf(const std::vector<int64_t>& shape) {
    return std::accumulate(shape.begin(), shape.end(), int64_t{1}, std::multiplies<>());
  }
};

constexpr char kHeader[] =
    "header { activation { name: 'relu' } element_type: ELEMENT_TYPE_FLOAT32 shape: [2] }";
constexpr char kFour[] = "chunk { input: '\\000\\000\\200\\077' }";

TEST_F(EvaluateStreamTest, GivesTheBitsOfOneEvaluateElementwise) {
  Start();
  v1::EvaluateRequest request = RequestFromText(R"(
    evaluations {
      inputs: 0
      upstream: 1
      activation { name: 'prelu' arguments { key: 'alpha' value { tensor: 2 axis: 1 } } }
      quantities: [1, 2, 3, 4]
    })");
  AddTensor(request, {30, 50, 70});
  AddTensor(request, {30, 50, 70});
  AddTensor(request, {50});
  ExpectSameBits(request);
}

TEST_F(EvaluateStreamTest, GivesAParameterGradientTheTypeOfItsArgument) {
  Start();
  for (const char* argument : {"number: 0.5", "tensor: 1"}) {
    v1::EvaluateRequest request = RequestFromText(absl::StrCat(R"(
      evaluations {
        inputs: 0
        activation { name: 'prelu' arguments { key: 'weight' value { )",
                                                               argument, R"( } } }
        quantities: [1, 3]
      })"));
    v1::Tensor& x = *request.add_tensors();
    x.set_element_type(v1::ELEMENT_TYPE_BFLOAT16);
    x.add_shape(300'000);
    for (int i = 0; i < 300'000; ++i) x.mutable_data()->append("\x80\xbf");  // -1
    AddTensor(request, {1});
    ExpectSameBits(request);
    const StreamOutcome stream = RunStream(channel_, StreamOf(request, 5000, 7));
    const v1::Tensor& sum = stream.whole.parameter_gradients(0).gradient();
    if (sum.element_type() == v1::ELEMENT_TYPE_FLOAT32) {
      const float expected = -300'000;
      EXPECT_EQ(sum.data(), std::string(reinterpret_cast<const char*>(&expected), 4)) << argument;
    } else {
      const double expected = -300'000;
      EXPECT_EQ(sum.element_type(), v1::ELEMENT_TYPE_FLOAT64) << argument;
      EXPECT_EQ(sum.data(), std::string(reinterpret_cast<const char*>(&expected), 8)) << argument;
    }
  }
}

TEST_F(EvaluateStreamTest, GivesTheBitsOfOneEvaluateWithDraws) {
  Start();
  v1::EvaluateRequest request = RequestFromText(R"(
    evaluations {
      inputs: 0
      activation { name: 'rrelu' arguments { key: 'seed' value { number: 5 } } }
      quantities: [1, 2]
    })");
  AddTensor(request, {100, 701});
  ExpectSameBits(request);
}

TEST_F(EvaluateStreamTest, GivesTheBitsOfOneEvaluateOfRows) {
  Start();
  for (const std::string axis : {"-1", "1"}) {
    v1::EvaluateRequest request = RequestFromText(R"(
      evaluations {
        inputs: 0
        upstream: 1
        activation {
          name: 'softmax'
          arguments { key: 'axis' value { number: )" +
                                                  axis + R"( } }
          arguments { key: 'mask' value { tensor: 2 } }
        }
        quantities: [1, 2]
      })");
    AddTensor(request, {30, 50, 70});
    AddTensor(request, {30, 50, 70});
    AddMask(request, {30, 1, 70});
    ExpectSameBits(request);
  }
}

TEST_F(EvaluateStreamTest, GivesTheBitsOfOneEvaluateOfPairs) {
  Start();
  v1::EvaluateRequest split =
      RequestFromText("evaluations { inputs: 0 activation { name: 'swiglu' } quantities: [1, 2] }");
  AddTensor(split, {1000, 70});
  ExpectSameBits(split);
  v1::EvaluateRequest apart = RequestFromText(
      "evaluations { inputs: [0, 1] activation { name: 'geglu' } quantities: [1, 2] upstream: 2 }");
  for (int i = 0; i < 3; ++i) AddTensor(apart, {1000, 70});
  ExpectSameBits(apart);
}

TEST_F(EvaluateStreamTest, SaysTheShapeOfTheValueOnce) {
  Start();
  const StreamOutcome outcome =
      RunText({"header { activation { name: 'logsumexp' } element_type: ELEMENT_TYPE_FLOAT32 "
               "shape: [2, 1] }",
               kFour, kFour});
  ASSERT_TRUE(outcome.status.ok()) << outcome.status.error_message();
  EXPECT_EQ(outcome.replies, 2);
  EXPECT_THAT(outcome.whole.value_shape(), ElementsAre(2));
}

TEST_F(EvaluateStreamTest, AnswersAnEmptyTensorWithOneReply) {
  Start();
  const StreamOutcome outcome = RunText(
      {"header { activation { name: 'prelu' } element_type: ELEMENT_TYPE_FLOAT32 shape: [0, 3] "
       "quantities: [1, 3] }"});
  ASSERT_TRUE(outcome.status.ok()) << outcome.status.error_message();
  EXPECT_EQ(outcome.replies, 1);
  EXPECT_EQ(outcome.whole.parameter_gradients_size(), 1);
}

TEST_F(EvaluateStreamTest, RefusesMessagesThatAreNotDue) {
  Start();
  ExpectRefused({kFour}, "header", "HEADER_EXPECTED");
  ExpectRefused({""}, "header", "HEADER_EXPECTED");
  ExpectRefused({kHeader, kHeader}, "chunk", "CHUNK_EXPECTED");
  ExpectRefused({kHeader, ""}, "chunk", "CHUNK_EXPECTED");
  ExpectRefused({}, "", "HEADER_EXPECTED");
}

TEST_F(EvaluateStreamTest, RefusesTooManyBytesAndTooFew) {
  Start();
  ExpectRefused({kHeader, kFour, kFour, kFour}, "chunk.input", "TOO_MANY_BYTES");
  ExpectRefused({kHeader, kFour}, "chunk.input", "STREAM_TOO_SHORT");
  ExpectRefused({kHeader, "chunk { second_input: 'x' }"}, "chunk.second_input", "TOO_MANY_BYTES");
  ExpectRefused({kHeader, "chunk { upstream: 'x' }"}, "chunk.upstream", "TOO_MANY_BYTES");
}

TEST_F(EvaluateStreamTest, NamesTheFieldOfTheHeaderAtFault) {
  Start();
  ExpectRefused({"header { activation { name: 'gelo' } element_type: ELEMENT_TYPE_FLOAT32 }"},
                "header.activation.name", "UNKNOWN_ACTIVATION");
  ExpectRefused({"header { activation { name: 'gelu' } }"}, "header.element_type",
                "UNKNOWN_ELEMENT_TYPE");
  ExpectRefused({"header { activation { name: 'gelu' } element_type: ELEMENT_TYPE_FLOAT32 "
                 "shape: [-1] }"},
                "header.shape[0]", "NEGATIVE_DIMENSION");
}

// Twenty bytes of a header would otherwise ask for terabytes of replies.
TEST_F(EvaluateStreamTest, RefusesMoreResultsThanInputsAndLimitAllow) {
  Start({.max_elements = 100});
  const auto header = [](const std::string& activation, const std::string& shape) {
    return "header { activation { name: '" + activation +
           "' } element_type: ELEMENT_TYPE_FLOAT32 shape: [" + shape + "] }";
  };
  const StreamOutcome refused = RunText({header("logsumexp", "1099511627776, 0")});
  EXPECT_EQ(refused.replies, 0);
  EXPECT_EQ(refused.details.field, "header.shape");
  EXPECT_EQ(refused.details.reason, "TOO_MANY_ELEMENTS");
  EXPECT_THAT(refused.details.description, AllOf(HasSubstr("1099511627776 elements for 0 of"),
                                                 HasSubstr("or 100, this server's limit")));
  ExpectRefused({header("logmeanexp", "101, 0")}, "header.shape", "TOO_MANY_ELEMENTS");
  ExpectRefused({header("logsumexp", "4611686018427387904, 0")}, "header.shape",
                "TOO_MANY_ELEMENTS");
  EXPECT_TRUE(RunText({header("logsumexp", "100, 0")}).status.ok());
  // Two for each input, however many.
  const std::string chunk = "chunk { input: '" + std::string(4 * 200, 'x') + "' }";
  EXPECT_TRUE(RunText({header("crelu", "200"), chunk}).status.ok());
}

TEST_F(EvaluateStreamTest, NamesShapeAndTypeOfTheHeaderWhereARequestHasInputs) {
  Start();
  ExpectRefused({"header { activation { name: 'swiglu' } element_type: ELEMENT_TYPE_FLOAT32 "
                 "shape: [3] }"},
                "header.shape", "AXIS_NOT_DIVISIBLE");
  ExpectRefused({"header { activation { name: 'relu' } element_type: ELEMENT_TYPE_BOOL }"},
                "header.element_type", "ELEMENT_TYPE_NOT_OFFERED");
}

TEST_F(EvaluateStreamTest, RefusesRowsThatOutgrowAMessage) {
  Start({.max_message_bytes = 10'000, .max_inflight_bytes = 100'000});
  ExpectRefused({"header { activation { name: 'softmax' } element_type: ELEMENT_TYPE_FLOAT32 "
                 "shape: [3, 2000] }"},
                "header.shape", "ROWS_TOO_LONG");
}

TEST_F(EvaluateStreamTest, RefusesTensorsThatDoNotKeepPace) {
  Start();
  v1::EvaluateRequest request = RequestFromText(
      "evaluations { inputs: 0 activation { name: 'gelu' } quantities: [2] upstream: 1 }");
  AddTensor(request, {2 << 20});
  AddTensor(request, {2 << 20});
  std::vector<v1::EvaluateStreamRequest> messages = StreamOf(request, 1 << 20, 1);
  for (v1::EvaluateStreamRequest& message : messages) {
    if (message.has_chunk()) message.mutable_chunk()->clear_upstream();
  }
  const StreamOutcome outcome = RunStream(channel_, messages);
  EXPECT_EQ(outcome.details.reason, "UNEQUAL_PROGRESS");
  EXPECT_THAT(outcome.details.description, HasSubstr("upstream"));
}

TEST_F(EvaluateStreamTest, RepliesBeforeTheStreamEndsAndMakesRoomAfterIt) {
  Start({.max_streams = 1});
  const auto stub = v1::ActivationService::NewStub(channel_);
  v1::EvaluateStreamRequest header, chunk;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(kHeader, &header));
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(kFour, &chunk));
  v1::EvaluateStreamResponse reply;
  {
    grpc::ClientContext context;
    const auto stream = stub->EvaluateStream(&context);
    ASSERT_TRUE(stream->Write(header));
    ASSERT_TRUE(stream->Write(chunk));
    ASSERT_TRUE(stream->Read(&reply));
    EXPECT_EQ(reply.value(), chunk.chunk().input());
    const StreamOutcome refused = RunText({kHeader, kFour, kFour});
    EXPECT_EQ(refused.status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
    EXPECT_EQ(refused.details.reason, "TOO_MANY_STREAMS");
    EXPECT_TRUE(refused.details.retry_delay.has_value());
    context.TryCancel();
    EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
  }
  // The cancelled stream gives its place back.
  const absl::Time deadline = absl::Now() + absl::Seconds(30);
  while (!RunText({kHeader, kFour, kFour}).status.ok()) ASSERT_LT(absl::Now(), deadline);
  EXPECT_TRUE(server_->Drain(absl::Seconds(30)));
}

}  // namespace
}  // namespace rectifier
