// The client against the vectors of all clients, by each way that tensors can go.
#include "tests/client/cpp/vectors/vectors.h"

#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "client/cpp/client/error.h"
#include "tests/support/raw_call.h"

namespace rectifier::client {
namespace {

using nlohmann::json;
using ::testing::Gt;
using ::testing::IsEmpty;

Client ConnectFor(const VectorServer& server, const json& vector) {
  return *Client::Connect(server.target(), {.token = vector.value("token", "")});
}

CallOptions OptionsFor(const json& vector, Way way) {
  CallOptions options{.way = way};
  if (vector.contains("timeout")) options.timeout = absl::Seconds(vector["timeout"].get<double>());
  return options;
}

// What is wrong with the client's outcome of a case.
std::vector<std::string> FaultsOf(Client& client, const json& vector, Way way) {
  const absl::StatusOr<std::vector<Result>> results =
      client.EvaluateBatch(ToEvaluations(vector), OptionsFor(vector, way));
  if (vector.contains("error")) return Differences(results.status(), vector["error"]);
  if (!results.ok()) return {results.status().ToString()};
  return Differences(*results, vector["results"]);
}

grpc::Status Send(v1::ActivationService::Stub& stub, const json& vector) {
  grpc::ClientContext context;
  if (vector.contains("request")) {
    v1::EvaluateRequest request;
    if (!request.ParseFromString(FromHex(vector["request"]))) return {};  // see FaultsOfBytes
    v1::EvaluateResponse response;
    return stub.Evaluate(&context, request, &response);
  }
  const auto stream = stub.EvaluateStream(&context);
  for (const std::string message : vector["stream"]) {
    v1::EvaluateStreamRequest request;
    EXPECT_TRUE(request.ParseFromString(FromHex(message)));
    stream->Write(request);
  }
  stream->WritesDone();
  v1::EvaluateStreamResponse response;
  while (stream->Read(&response)) {
  }
  return stream->Finish();
}

// The same of a case in bytes, which only stubs send.
std::vector<std::string> FaultsOfBytes(const VectorServer& server, const json& vector) {
  const auto channel = grpc::CreateChannel(server.target(), grpc::InsecureChannelCredentials());
  const auto stub = v1::ActivationService::NewStub(channel);
  grpc::Status status = Send(*stub, vector);
  if (status.ok()) {  // bytes that are no message
    status = testing::CallRaw(channel, "/rectifier.v1.ActivationService/Evaluate",
                              FromHex(vector["request"]))
                 .status;
  }
  return Differences(FromGrpc(status), vector["error"]);
}

class VectorsTest : public ::testing::TestWithParam<std::string> {
 protected:
  const json file_ = ReadVectors(GetParam());
  const VectorServer server_{file_};
};

TEST_P(VectorsTest, GiveTheirResultsAndErrors) {
  ASSERT_THAT(file_["cases"], ::testing::SizeIs(Gt(0)));
  std::optional<Client> client;
  for (const json& vector : file_["cases"]) {
    if (!client.has_value() || vector.contains("token")) client = ConnectFor(server_, vector);
    const bool is_raw = vector.contains("request") || vector.contains("stream");
    EXPECT_THAT(
        is_raw ? FaultsOfBytes(server_, vector) : FaultsOf(*client, vector, Way::kAutomatic),
        IsEmpty())
        << vector["name"];
  }
}

TEST_P(VectorsTest, AreSeenToBeSpoilt) {
  json vector = file_["cases"][0];
  if (vector.contains("results")) {
    std::string data = vector["results"][0]["value"]["data"];
    data[0] = data[0] == '0' ? '1' : '0';
    vector["results"][0]["value"]["data"] = data;
  } else {
    vector["error"]["code"] = "OK";
  }
  Client client = ConnectFor(server_, vector);
  const bool is_raw = vector.contains("request") || vector.contains("stream");
  EXPECT_THAT(is_raw ? FaultsOfBytes(server_, vector) : FaultsOf(client, vector, Way::kAutomatic),
              ::testing::Not(IsEmpty()));
}

INSTANTIATE_TEST_SUITE_P(All, VectorsTest, ::testing::ValuesIn(VectorFiles()),
                         [](const auto& info) { return info.param; });

// By a stream and by shared memory the same evaluations have the same bits.
class OtherWaysTest : public VectorsTest {};

TEST_P(OtherWaysTest, GiveTheSameBits) {
  Client client = Client::Connect(server_.target());
  int shared = 0;
  for (const json& vector : file_["cases"]) {
    EXPECT_THAT(FaultsOf(client, vector, Way::kStream), IsEmpty()) << vector["name"];
    if (vector.contains("error")) continue;
    const absl::StatusOr<std::vector<Result>> results =
        client.EvaluateBatch(ToEvaluations(vector), OptionsFor(vector, Way::kSharedMemory));
    // A value of another size than the input's does not go this way, nor does no element.
    if (results.status().code() == absl::StatusCode::kFailedPrecondition) continue;
    ASSERT_TRUE(results.ok()) << results.status() << vector["name"];
    EXPECT_THAT(Differences(*results, vector["results"]), IsEmpty()) << vector["name"];
    ++shared;
  }
  EXPECT_GE(shared, static_cast<int>(file_["cases"].size()) / 2);
}

INSTANTIATE_TEST_SUITE_P(All, OtherWaysTest,
                         ::testing::Values("elementwise", "rows", "pairs", "forms", "large"),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace rectifier::client
