#include "server/evaluate/repeated_requests.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "server/evaluate/evaluate_protocol.h"
#include "server/evaluate/request_cost.h"
#include "tests/support/evaluate.h"

namespace rectifier {
namespace {

constexpr CallerId kCaller = 5;

absl::Span<const std::byte> Bytes(const std::string& text) {
  return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}

std::string Message(const std::string& activation, int evaluations = 1, int tensors = 1) {
  v1::EvaluateRequest request = testing::Ones(activation, 1);
  for (int i = 1; i < evaluations; ++i) *request.add_evaluations() = request.evaluations(0);
  for (int i = 1; i < tensors; ++i) *request.add_tensors() = request.tensors(0);
  for (auto& evaluation : *request.mutable_evaluations()) {
    if (evaluation.inputs().empty()) evaluation.add_inputs(0);
  }
  return request.SerializeAsString();
}

std::unique_ptr<PreparedRequest> Prepared(const std::string& bytes) {
  static const auto* const buffers = new SharedBuffers(Limits(), BufferGauges());
  auto prepared = std::make_unique<PreparedRequest>();
  prepared->message.emplace(Bytes(bytes));
  absl::StatusOr<DecodedRequest> request =
      DecodeRequest(prepared->message->bytes(), Limits(), *buffers);
  EXPECT_TRUE(request.ok()) << request.status();
  prepared->request = *std::move(request);
  prepared->bytes = PreparedBytes(prepared->request);
  prepared->message->LetPayloadsDiffer(prepared->request);
  return prepared;
}

class RepeatedRequestsTest : public ::testing::Test {
 protected:
  void Keep(const std::string& bytes) { repeated_.Keep(kCaller, protocol_, Prepared(bytes)); }
  std::unique_ptr<PreparedRequest> Take(const std::string& bytes) {
    return repeated_.Take(kCaller, protocol_, Bytes(bytes));
  }

  EvaluateProtocol protocol_;
  RepeatedRequests repeated_;
};

TEST_F(RepeatedRequestsTest, GiveWhatWasKeptOnce) {
  EXPECT_EQ(Take(Message("relu")), nullptr);
  std::unique_ptr<PreparedRequest> request = Prepared(Message("relu"));
  const PreparedRequest* const kept = request.get();
  repeated_.Keep(kCaller, protocol_, std::move(request));
  EXPECT_EQ(Take(Message("gelu")), nullptr);
  EXPECT_EQ(Take(Message("relu")).get(), kept);
  EXPECT_EQ(Take(Message("relu")), nullptr);
}

TEST_F(RepeatedRequestsTest, KeepACopyForEachThatIsUnderWay) {
  Keep(Message("relu"));
  Keep(Message("relu"));
  EXPECT_NE(Take(Message("relu")), nullptr);
  EXPECT_NE(Take(Message("relu")), nullptr);
  EXPECT_EQ(Take(Message("relu")), nullptr);
}

TEST_F(RepeatedRequestsTest, GiveNothingToOtherCallersOrProtocols) {
  Keep(Message("relu"));
  const EvaluateProtocol other;
  for (CallerId caller = 0; caller < 64; ++caller) {
    if (caller != kCaller) {
      EXPECT_EQ(repeated_.Take(caller, protocol_, Bytes(Message("relu"))), nullptr) << caller;
    }
  }
  EXPECT_EQ(repeated_.Take(kCaller, other, Bytes(Message("relu"))), nullptr);
  EXPECT_NE(Take(Message("relu")), nullptr);
}

TEST_F(RepeatedRequestsTest, AreBounded) {
  for (int i = 0; i < 1000; ++i) Keep(Message(absl::StrCat("activation", i)));
  int kept = 0;
  for (int i = 0; i < 1000; ++i) kept += Take(Message(absl::StrCat("activation", i))) != nullptr;
  EXPECT_EQ(kept, 8);
  EXPECT_EQ(Take(Message("activation999")), nullptr);  // was among them
}

TEST_F(RepeatedRequestsTest, KeepTheNewest) {
  Keep(Message("first"));
  for (int i = 0; i < 8; ++i) Keep(Message(absl::StrCat("later", i)));
  EXPECT_EQ(Take(Message("first")), nullptr);
  EXPECT_NE(Take(Message("later0")), nullptr);
}

TEST_F(RepeatedRequestsTest, DoNotKeepWhatIsLarge) {
  Keep(Message("relu", /*evaluations=*/100));
  EXPECT_EQ(Take(Message("relu", 100)), nullptr);
  Keep(Message("relu", 1, /*tensors=*/100));
  EXPECT_EQ(Take(Message("relu", 1, 100)), nullptr);
}

TEST_F(RepeatedRequestsTest, DoNotKeepWhatHoldsSharedBuffersOrTheCallersMessage) {
  std::unique_ptr<PreparedRequest> sharing = Prepared(Message("relu"));
  sharing->request.holds_buffers = true;
  repeated_.Keep(kCaller, protocol_, std::move(sharing));
  EXPECT_EQ(Take(Message("relu")), nullptr);
  repeated_.Keep(kCaller, protocol_, std::make_unique<PreparedRequest>());
  EXPECT_EQ(Take(Message("relu")), nullptr);
}

}  // namespace
}  // namespace rectifier
