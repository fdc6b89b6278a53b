// Files in pieces: a server with small limits must give the bits of one with large limits.
#include "client/cpp/files/evaluate_file.h"

#include <gmock/gmock.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "rectifier/v1/status.pb.h"
#include "tests/support/rectifierd_process.h"
#include "tests/support/temporary_directory.h"

namespace rectifier::client {
namespace {

using rectifier::testing::RectifierdProcess;
using ::testing::HasSubstr;

constexpr char kSmallMessages[] = "--max_message_bytes=8192";

// Numbers between -8 and 8 without a pattern that pieces could share.
Tensor Scrambled(const Shape& shape, ElementType type = ElementType::kFloat32) {
  std::vector<double> elements(*ElementCount(shape));
  uint32_t state = 12345;
  for (double& element : elements) {
    state = state * 1664525 + 1013904223;
    element = static_cast<double>(state >> 8) / (1 << 20) - 8;
  }
  return Tensor::FromVector(std::move(elements), shape)->As(type);
}

class EvaluateFileTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    large_ = new RectifierdProcess();
    small_ = new RectifierdProcess({kSmallMessages, "--max_inflight_bytes=32768"});
  }
  static void TearDownTestSuite() {
    delete large_;
    delete small_;
  }

  struct Outcome {
    absl::Status status;
    std::map<std::string, Tensor> results = {};
    int pieces = 0;
  };

  static Outcome Evaluate(const RectifierdProcess& server, const Evaluation& evaluation,
                          std::optional<ElementType> type = {}) {
    Outcome outcome;
    Client client = Client::Connect(server.unix_target());
    const auto outputs = EvaluateWhole(
        client, evaluation,
        {.open = [](const std::string&, ElementType element_type,
                    const Shape& shape) { return NpyOutput::InMemory(element_type, shape); },
         .type = type,
         .progress = [&outcome](int64_t, int64_t) { ++outcome.pieces; }});
    outcome.status = outputs.status();
    if (!outputs.ok()) return outcome;
    for (const NamedOutput& output : *outputs) {
      outcome.results.emplace(output.name, output.array.tensor());
    }
    return outcome;
  }

  // The pieces' results are those of one call, bit by bit except for parameter gradients.
  static void ExpectSame(const Evaluation& evaluation, std::optional<ElementType> type = {}) {
    const Outcome whole = Evaluate(*large_, evaluation, type);
    const Outcome pieces = Evaluate(*small_, evaluation, type);
    ASSERT_TRUE(whole.status.ok()) << whole.status;
    ASSERT_TRUE(pieces.status.ok()) << pieces.status;
    EXPECT_EQ(whole.pieces, 0) << "one call was to be enough";
    EXPECT_GT(pieces.pieces, 1) << "the input was to be cut";
    ASSERT_EQ(whole.results.size(), pieces.results.size());
    for (const auto& [name, expected] : whole.results) {
      ASSERT_TRUE(pieces.results.count(name) > 0) << name;
      const Tensor& actual = pieces.results.at(name);
      EXPECT_EQ(actual.type(), expected.type()) << name;
      ASSERT_EQ(actual.shape(), expected.shape()) << name;
      if (absl::StartsWith(name, "parameter_gradient.")) {
        ExpectNear(actual, expected);
      } else {
        EXPECT_EQ(actual.bytes(), expected.bytes()) << name;
      }
    }
  }

  static void ExpectNear(const Tensor& actual, const Tensor& expected) {
    for (int64_t i = 0; i < expected.size(); ++i) {
      EXPECT_NEAR(actual[i], expected[i], 1e-5 * (1 + std::abs(expected[i])));
    }
  }

  static RectifierdProcess* large_;
  static RectifierdProcess* small_;
};
RectifierdProcess* EvaluateFileTest::large_ = nullptr;
RectifierdProcess* EvaluateFileTest::small_ = nullptr;

const std::vector<Quantity> kAll = {Quantity::kValue, Quantity::kGradient,
                                    Quantity::kSecondDerivative, Quantity::kParameterGradient};
const std::vector<Quantity> kValueAndGradient = {Quantity::kValue, Quantity::kGradient};

TEST_F(EvaluateFileTest, CutsElementsAnywhere) {
  const Tensor x = Scrambled({10007});
  ExpectSame({.activation = "gelu", .inputs = {x}, .quantities = kValueAndGradient});
  ExpectSame({.activation = "swish",
              .arguments = {{"beta", 1.5}},
              .inputs = {x},
              .upstream = x,
              .quantities = kAll});
}

TEST_F(EvaluateFileTest, ContinuesDrawsFromPieceToPiece) {
  for (const Shape& shape : {Shape{10007}, Shape{7, 30, 41}, Shape{3, 9001}}) {
    ExpectSame({.activation = "rrelu",
                .arguments = {{"seed", 3}},
                .inputs = {Scrambled(shape)},
                .quantities = kAll});
    ExpectSame({.activation = "rrelu",
                .arguments = {{"seed", 3}, {"offset", 12}},
                .inputs = {Scrambled(shape)},
                .quantities = kValueAndGradient});
  }
}

TEST_F(EvaluateFileTest, CutsArgumentsAlongEveryAxis) {
  const Tensor x = Scrambled({7, 30, 41});
  for (int32_t axis : {0, 1, -1}) {
    const int64_t size = x.shape()[axis < 0 ? 2 : axis];
    ExpectSame({.activation = "prelu",
                .arguments = {{"weight", {Scrambled({size}), axis}}},
                .inputs = {x},
                .upstream = Scrambled(x.shape()),
                .quantities = kAll});
  }
}

TEST_F(EvaluateFileTest, CutsArgumentsThatBroadcast) {
  const Tensor x = Scrambled({7, 30, 41});
  for (const Shape& shape : {Shape{}, Shape{41}, Shape{30, 1}, Shape{7, 1, 41}, Shape{7, 30, 41}}) {
    ExpectSame({.activation = "prelu",
                .arguments = {{"slope", Scrambled(shape, ElementType::kFloat64)}},  // an alias
                .inputs = {x},
                .quantities = kAll});
  }
}

// The weights outgrow the header of a stream. The gradients of the pieces are added in float64,
// whatever the type of the weights.
TEST_F(EvaluateFileTest, AddsTheGradientsOfPiecesBeforeTheyAreRounded) {
  const Tensor x = Scrambled({9, 4500}, ElementType::kBFloat16);
  for (ElementType type : kAllElementTypes) {
    const Evaluation evaluation{.activation = "prelu",
                                .arguments = {{"weight", Scrambled({4500}, type)}},
                                .inputs = {x},
                                .upstream = Scrambled(x.shape(), ElementType::kBFloat16),
                                .quantities = {Quantity::kParameterGradient}};
    const Outcome whole = Evaluate(*large_, evaluation), pieces = Evaluate(*small_, evaluation);
    ASSERT_TRUE(whole.status.ok() && pieces.status.ok()) << pieces.status;
    EXPECT_GT(pieces.pieces, 1);
    const Tensor& sum = pieces.results.at("parameter_gradient.weight");
    EXPECT_EQ(sum.type(), type);
    EXPECT_EQ(sum.bytes(), whole.results.at("parameter_gradient.weight").bytes());
  }
}

TEST_F(EvaluateFileTest, CutsBetweenRowsAlongEveryAxis) {
  const Tensor x = Scrambled({20, 30, 40});
  for (int axis : {0, 1, -1}) {
    ExpectSame({.activation = "softmax",
                .arguments = {{"axis", axis}},
                .inputs = {x},
                .upstream = Scrambled(x.shape()),
                .quantities = kValueAndGradient});
  }
}

TEST_F(EvaluateFileTest, DrawsOnInEveryPiece) {
  const Tensor x = Scrambled({100, 6, 8});
  for (int axis : {1, -1}) {
    ExpectSame({.activation = "gumbel_softmax",
                .arguments = {{"axis", axis}, {"seed", 7}, {"offset", 3}},
                .inputs = {x},
                .quantities = kValueAndGradient});
  }
}

TEST_F(EvaluateFileTest, CutsRowsThatGiveTwice) {
  const Tensor x = Scrambled({20, 30, 40});
  for (int axis : {0, 1, -1}) {
    ExpectSame({.activation = "crelu",
                .arguments = {{"axis", axis}},
                .inputs = {x},
                .quantities = kValueAndGradient});
  }
}

// One call could carry the input, but not the value.
TEST_F(EvaluateFileTest, CutsAnInputWhoseValueOutgrowsAMessage) {
  for (const Shape& shape : {Shape{8, 128}, Shape{2, 512}}) {
    const Tensor x = Scrambled(shape);
    Shape doubled = shape;
    doubled[0] *= 2;
    ExpectSame({.activation = "crelu", .arguments = {{"axis", 0}}, .inputs = {x}});
    ExpectSame({.activation = "crelu",
                .arguments = {{"axis", 0}},
                .inputs = {x},
                .upstream = Scrambled(doubled),
                .quantities = {Quantity::kGradient}});
    ExpectSame({.activation = "crelu", .arguments = {{"axis", 1}}, .inputs = {x}});
  }
}

TEST_F(EvaluateFileTest, CutsRowsThatAreReducedOrGrouped) {
  const Tensor x = Scrambled({20, 30, 40});
  for (int axis : {0, 1, -1}) {
    Shape reduced = x.shape();
    reduced.erase(reduced.begin() + (axis < 0 ? 2 : axis));
    ExpectSame({.activation = "logsumexp",
                .arguments = {{"axis", axis}},
                .inputs = {x},
                .upstream = Scrambled(reduced),
                .quantities = kValueAndGradient});
    ExpectSame({.activation = "maxout",
                .arguments = {{"axis", axis}, {"pieces", 5}},
                .inputs = {x},
                .quantities = kValueAndGradient});
  }
}

TEST_F(EvaluateFileTest, CutsPairsInOneTensorOrTwo) {
  const Tensor x = Scrambled({20, 30, 40});
  for (int axis : {0, 1, -1}) {
    ExpectSame({.activation = "swiglu",
                .arguments = {{"axis", axis}, {"layout", "interleaved"}},
                .inputs = {x},
                .quantities = kValueAndGradient});
  }
  ExpectSame({.activation = "glu",
              .inputs = {x, Scrambled(x.shape())},
              .upstream = x,
              .quantities = kValueAndGradient});
}

TEST_F(EvaluateFileTest, RoundsPieceByPiece) {
  const Tensor x = Scrambled({5000}, ElementType::kFloat64);
  for (ElementType type : kAllElementTypes) {
    ExpectSame(
        {.activation = "silu", .inputs = {x}, .upstream = x, .quantities = kValueAndGradient},
        type);
  }
}

TEST_F(EvaluateFileTest, RefusesARowThatOutgrowsAMessage) {
  const Outcome outcome =
      Evaluate(*small_, {.activation = "softmax", .inputs = {Scrambled({5000})}});
  EXPECT_EQ(outcome.status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(outcome.status.message(), HasSubstr("one row of the input has 5000 elements"));
}

TEST_F(EvaluateFileTest, ErrorsOfABigInputAreThoseOfASmallOne) {
  const Tensor x = Scrambled({5000});
  EXPECT_THAT(Evaluate(*small_, {.activation = "gelo", .inputs = {x}}).status.message(),
              HasSubstr("\"gelu\""));
  EXPECT_THAT(
      Evaluate(*small_, {.activation = "softplus", .arguments = {{"beta", -1}}, .inputs = {x}})
          .status.message(),
      HasSubstr("arguments[\"beta\"]"));
  EXPECT_THAT(
      Evaluate(*small_, {.activation = "gelu", .inputs = {x}, .upstream = Scrambled({5001})})
          .status.message(),
      HasSubstr("upstream"));
}

TEST_F(EvaluateFileTest, EvaluatesNothingAndRankZero) {
  for (const Shape& shape : {Shape{0}, Shape{3, 0}, Shape{}}) {
    const Outcome outcome = Evaluate(*small_, {.activation = "relu", .inputs = {Scrambled(shape)}});
    ASSERT_TRUE(outcome.status.ok()) << outcome.status;
    EXPECT_EQ(outcome.results.at("value").shape(), shape);
  }
}

// Says that it is too busy a few times, and when to come again; then answers with the input.
class BusyService : public v1::ActivationService::Service {
 public:
  BusyService(int refusals, absl::Duration delay) : refusals_(refusals) {
    v1::RetryInfo retry;
    retry.mutable_retry_delay()->set_seconds(absl::ToInt64Seconds(delay));
    retry.mutable_retry_delay()->set_nanos(
        static_cast<int32_t>(absl::ToInt64Nanoseconds(delay % absl::Seconds(1))));
    google::protobuf::Any& detail = *details_.add_details();
    detail.set_type_url("type.googleapis.com/google.rpc.RetryInfo");
    detail.set_value(retry.SerializeAsString());
  }

  grpc::Status Evaluate(grpc::ServerContext*, const v1::EvaluateRequest* request,
                        v1::EvaluateResponse* response) override {
    if (refusals_-- > 0) {
      return grpc::Status(grpc::RESOURCE_EXHAUSTED, "too busy", details_.SerializeAsString());
    }
    *response->add_results()->mutable_value() = request->tensors(0);
    return grpc::Status::OK;
  }

  grpc::Status GetServerInfo(grpc::ServerContext*, const v1::GetServerInfoRequest*,
                             v1::GetServerInfoResponse* response) override {
    response->mutable_limits()->set_max_message_bytes(1 << 20);
    response->mutable_limits()->set_max_elements(1 << 20);
    response->mutable_limits()->set_max_inflight_bytes(1 << 20);
    return grpc::Status::OK;
  }

 private:
  int refusals_;
  v1::Status details_;
};

absl::Status EvaluateOnBusyServer(int refusals, absl::Duration delay, absl::Duration timeout) {
  const rectifier::testing::TemporaryDirectory directory;
  const std::string target = "unix:" + directory.File("busy.sock");
  BusyService service(refusals, delay);
  grpc::ServerBuilder builder;
  builder.AddListeningPort(target, grpc::InsecureServerCredentials());
  builder.RegisterService(&service);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  Client client = *Client::Connect(target, {}, /*attempts=*/1);
  return EvaluateWhole(client, {.activation = "relu", .inputs = {Scrambled({4})}},
                       {.open = [](const std::string&, ElementType type,
                                   const Shape& shape) { return NpyOutput::InMemory(type, shape); },
                        .call = {.timeout = timeout}})
      .status();
}

TEST(BusyServerTest, IsAskedAgainAfterTheDelayItNames) {
  const absl::Time start = absl::Now();
  EXPECT_TRUE(EvaluateOnBusyServer(2, absl::Milliseconds(5), absl::Minutes(1)).ok());
  EXPECT_GE(absl::Now() - start, absl::Milliseconds(10));
}

TEST(BusyServerTest, IsGivenUpWhereTheDelayOutlastsTheTimeout) {
  const absl::Status status = EvaluateOnBusyServer(1, absl::Minutes(2), absl::Minutes(1));
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted) << status;
}

}  // namespace
}  // namespace rectifier::client
