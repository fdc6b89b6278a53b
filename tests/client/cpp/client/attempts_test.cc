// How often a call is tried whose server has computed it, but could not answer.
#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/cpp/client/client.h"
#include "client/cpp/client/evaluation_stream.h"
#include "tests/support/rectifierd_process.h"
#include "tests/support/temporary_directory.h"

namespace rectifier::client {
namespace {

constexpr int kAttemptsHere = 3;

class UnavailableService : public v1::ActivationService::Service {
 public:
  grpc::Status GetServerInfo(grpc::ServerContext*, const v1::GetServerInfoRequest*,
                             v1::GetServerInfoResponse* response) override {
    v1::Limits& limits = *response->mutable_limits();
    limits.set_max_message_bytes(1 << 20);
    limits.set_max_elements(1 << 20);
    limits.set_max_tensors(8);
    limits.set_max_evaluations(8);
    limits.set_max_arguments(8);
    limits.set_max_rank(8);
    return grpc::Status::OK;
  }

  grpc::Status Evaluate(grpc::ServerContext*, const v1::EvaluateRequest*,
                        v1::EvaluateResponse*) override {
    ++calls;
    return {grpc::StatusCode::UNAVAILABLE, "the connection broke"};
  }

  grpc::Status EvaluateStream(
      grpc::ServerContext*,
      grpc::ServerReaderWriter<v1::EvaluateStreamResponse, v1::EvaluateStreamRequest>*) override {
    ++calls;
    return {grpc::StatusCode::UNAVAILABLE, "the connection broke"};
  }

  std::atomic<int> calls = 0;
};

// Hands calls on to the real server. The first attempt that names shared buffers is cut off; the
// server carries it out when it has carried out the next one, which is not answered yet.
class LateService : public v1::ActivationService::Service {
 public:
  explicit LateService(const std::string& target)
      : stub_(v1::ActivationService::NewStub(
            grpc::CreateCustomChannel(target, grpc::InsecureChannelCredentials(), Unlimited()))) {}

  grpc::Status GetServerInfo(grpc::ServerContext*, const v1::GetServerInfoRequest* request,
                             v1::GetServerInfoResponse* response) override {
    grpc::ClientContext context;
    return stub_->GetServerInfo(&context, *request, response);
  }

  grpc::Status Evaluate(grpc::ServerContext*, const v1::EvaluateRequest* request,
                        v1::EvaluateResponse* response) override {
    const bool is_shared = request->tensors(0).has_region();
    shared += is_shared ? 1 : 0;
    if (is_shared && shared == 1) {
      late_ = *request;
      return {grpc::StatusCode::UNAVAILABLE, "the connection broke"};
    }
    const grpc::Status status = HandOn(*request, response);
    v1::EvaluateResponse unread;
    if (is_shared) HandOn(late_, &unread);  // an error where its buffers have been released
    return status;
  }

  int shared = 0;

 private:
  static grpc::ChannelArguments Unlimited() {
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(-1);
    return arguments;
  }

  grpc::Status HandOn(const v1::EvaluateRequest& request, v1::EvaluateResponse* response) {
    grpc::ClientContext context;
    return stub_->Evaluate(&context, request, response);
  }

  const std::unique_ptr<v1::ActivationService::Stub> stub_;
  v1::EvaluateRequest late_;
};

class AttemptsTest : public ::testing::Test {
 protected:
  AttemptsTest() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort(target_, grpc::InsecureServerCredentials());
    builder.RegisterService(&service_);
    fake_ = builder.BuildAndStart();
    client_ = std::make_unique<Client>(*Client::Connect(target_, {}, kAttemptsHere));
    Client real = Client::Connect(server_.unix_target());
    buffer_ = std::make_unique<SharedBuffer>(*real.ConnectBuffers()->Allocate(16));
  }

  BufferRegion At(size_t offset) { return *buffer_->Region(offset, 8); }
  Tensor TensorAt(size_t offset) {
    return *Tensor::InRegion(ElementType::kFloat32, {2}, At(offset));
  }

  int AttemptsAt(const Evaluation& evaluation) {
    service_.calls = 0;
    EXPECT_EQ(client_->Evaluate(evaluation).status().code(), absl::StatusCode::kUnavailable);
    const int attempts = service_.calls.exchange(0);
    EXPECT_EQ(client_->EvaluateAsync(evaluation).get().status().code(),
              absl::StatusCode::kUnavailable);
    EXPECT_EQ(service_.calls, attempts);
    return attempts;
  }

  rectifier::testing::RectifierdProcess server_;
  rectifier::testing::TemporaryDirectory directory_;
  const std::string target_ = absl::StrCat("unix:", directory_.File("fake"));
  UnavailableService service_;
  std::unique_ptr<grpc::Server> fake_;
  std::unique_ptr<Client> client_;
  std::unique_ptr<SharedBuffer> buffer_;
};

// A second attempt would take the results of the first for its inputs.
TEST_F(AttemptsTest, ThereIsOneInPlace) {
  EXPECT_EQ(
      AttemptsAt(
          {.activation = "relu", .inputs = {TensorAt(0)}, .destinations = {{.region = At(8)}}}),
      kAttemptsHere);
  EXPECT_EQ(
      AttemptsAt(
          {.activation = "relu", .inputs = {TensorAt(0)}, .destinations = {{.region = At(0)}}}),
      1);
  EXPECT_EQ(AttemptsAt({.activation = "relu",
                        .inputs = {TensorAt(0)},
                        .upstream = TensorAt(8),
                        .quantities = {Quantity::kGradient},
                        .destinations = {{.quantity = Quantity::kGradient, .region = At(8)}}}),
            1);
}

TEST_F(AttemptsTest, AStreamHasAsManyAsACall) {
  const Evaluation relu{.activation = "relu", .inputs = {Tensor::FromVector<float>({1, 2})}};
  const auto result = client_->Evaluate(relu, {.way = Way::kStream});
  EXPECT_EQ(result.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(service_.calls, kAttemptsHere);
}

TEST_F(AttemptsTest, AStreamOfTheCallerHasOne) {
  const auto stream = client_->EvaluateStream({.activation = "relu", .shape = {2}});
  EXPECT_FALSE(stream->Read().has_value());
  EXPECT_EQ(stream->Finish().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(service_.calls, 1);
}

// The server has gone, and another is in its place, when the stream begins on the connection to the
// former. gRPC's own attempts lose a chunk then, most of the times.
TEST(StreamAttemptTest, BeginsAnewWhereItsConnectionHasDied) {
  auto server = std::make_unique<rectifier::testing::RectifierdProcess>();
  const std::string address = server->tcp_target();
  Client client = Client::Connect(address);
  const Tensor x = Tensor::FromVector(std::vector<float>(size_t{1} << 21, -1));
  for (int i = 0; i < 10; ++i) {
    absl::StatusOr<Result> result = absl::UnavailableError("not called");
    while (result.status().code() == absl::StatusCode::kUnavailable) {  // gRPC connects in its time
      result = client.Evaluate({.activation = "abs", .inputs = {x}}, {.way = Way::kStream});
    }
    ASSERT_TRUE(result.ok()) << result.status();
    EXPECT_EQ((*result->value)[0], 1);
    server->Signal(SIGKILL);
    server->Wait();
    server = std::make_unique<rectifier::testing::RectifierdProcess>(
        std::vector<std::string>{absl::StrCat("--listen=", address)});
  }
}

// Buffers of a call whose connection broke have no other user, since the server may not know that
// yet.
TEST(LateAttemptTest, AFirstAttemptThatIsStillComputedDoesNotWriteToLaterResults) {
  rectifier::testing::RectifierdProcess server;
  const rectifier::testing::TemporaryDirectory directory;
  const std::string target = absl::StrCat("unix:", directory.File("late"));
  LateService service(server.unix_target());
  grpc::ServerBuilder builder;
  builder.AddListeningPort(target, grpc::InsecureServerCredentials());
  builder.SetMaxReceiveMessageSize(-1);
  builder.RegisterService(&service);
  const std::unique_ptr<grpc::Server> late = builder.BuildAndStart();
  Client client = Client::Connect(target);
  const Tensor x = Tensor::FromVector(std::vector<float>(size_t{1} << 19, -1));
  for (const char* activation : {"abs", "relu"}) {
    const auto result = client.Evaluate({.activation = activation, .inputs = {x}});
    ASSERT_TRUE(result.ok()) << result.status();
    EXPECT_EQ((*result->value)[0], activation == std::string("abs") ? 1 : 0);
  }
  EXPECT_EQ(service.shared, 3);  // the second attempt has buffers of its own
}

}  // namespace
}  // namespace rectifier::client
