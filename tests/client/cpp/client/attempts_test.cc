// How often a call is tried whose server has computed it, but could not answer.
#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>

#include "absl/strings/str_cat.h"
#include "client/cpp/client/client.h"
#include "tests/support/rectifierd_process.h"
#include "tests/support/temporary_directory.h"

namespace rectifier::client {
namespace {

constexpr int kAttemptsHere = 3;

class UnavailableService : public v1::ActivationService::Service {
 public:
  grpc::Status Evaluate(grpc::ServerContext*, const v1::EvaluateRequest*,
                        v1::EvaluateResponse*) override {
    ++calls;
    return {grpc::StatusCode::UNAVAILABLE, "the connection broke"};
  }

  std::atomic<int> calls = 0;
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

}  // namespace
}  // namespace rectifier::client
