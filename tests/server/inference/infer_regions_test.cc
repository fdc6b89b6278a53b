// Tensors and results in system shared memory, through a server in this process.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/field_error.h"
#include "google/protobuf/text_format.h"
#include "inference/inference_service.pb.h"
#include "tests/server/serving_test.h"
#include "tests/support/evaluate.h"
#include "tests/support/raw_call.h"
#include "tests/support/shared_memory_file.h"

namespace rectifier {
namespace {

using testing::CallRaw;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::RawReply;
using testing::SharedMemoryFile;

constexpr char kService[] = "/inference.GRPCInferenceService/";
constexpr int64_t kBytes = 24;  // of x

std::string BytesOf(const std::vector<float>& numbers) {
  return std::string(reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(float));
}

const std::string kX = BytesOf({-1, 2, -3, 4, -5, 6});
const std::string kRelu = BytesOf({0, 2, 0, 4, 0, 6});
const std::string kReluGradient = BytesOf({0, 1, 0, 1, 0, 1});

class InferRegionsTest : public testing::ServingTest {
 protected:
  void Serve(const Limits& limits = {}) {
    Start(limits, {geteuid()});
    Register("r", file_.key(), 0, 4096);
    file_.Write(0, kX);
  }

  template <class Response>
  grpc::Status Call(const std::string& method, const google::protobuf::Message& request,
                    Response* response) {
    const RawReply reply = CallRaw(channel_, kService + method, request.SerializeAsString());
    EXPECT_TRUE(!reply.status.ok() || response->ParseFromString(reply.bytes));
    return reply.status;
  }

  grpc::Status TryToRegister(const std::string& name, const std::string& key, uint64_t offset,
                             uint64_t byte_size) {
    inference::SystemSharedMemoryRegisterRequest request;
    request.set_name(name);
    request.set_key(key);
    request.set_offset(offset);
    request.set_byte_size(byte_size);
    inference::SystemSharedMemoryRegisterResponse response;
    return Call("SystemSharedMemoryRegister", request, &response);
  }
  void Register(const std::string& name, const std::string& key, uint64_t offset,
                uint64_t byte_size) {
    const grpc::Status status = TryToRegister(name, key, offset, byte_size);
    EXPECT_TRUE(status.ok()) << status.error_message();
  }

  template <class Tensor>
  static void Place(Tensor* tensor, const std::string& region, int64_t offset, int64_t bytes) {
    auto& parameters = *tensor->mutable_parameters();
    parameters["shared_memory_region"].set_string_param(region);
    parameters["shared_memory_byte_size"].set_int64_param(bytes);
    if (offset != 0) parameters["shared_memory_offset"].set_int64_param(offset);
  }

  // A tensor of kX's shape.
  static inference::ModelInferRequest::InferInputTensor* AddInput(
      inference::ModelInferRequest* request, const std::string& name) {
    auto* input = request->add_inputs();
    input->set_name(name);
    input->set_datatype("FP32");
    input->add_shape(6);
    return input;
  }

  static inference::ModelInferRequest Relu(int64_t offset, int64_t bytes = kBytes) {
    inference::ModelInferRequest request;
    request.set_model_name("relu");
    Place(AddInput(&request, "x"), "r", offset, bytes);
    return request;
  }

  static auto* AddOutput(inference::ModelInferRequest* request, const std::string& name) {
    auto* output = request->add_outputs();
    output->set_name(name);
    return output;
  }

  inference::ModelInferResponse Infer(const inference::ModelInferRequest& request) {
    inference::ModelInferResponse response;
    const grpc::Status status = Call("ModelInfer", request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  std::string Refused(const inference::ModelInferRequest& request,
                      grpc::StatusCode code = grpc::StatusCode::INVALID_ARGUMENT) {
    inference::ModelInferResponse response;
    const grpc::Status status = Call("ModelInfer", request, &response);
    EXPECT_EQ(status.error_code(), code) << status.error_message();
    return status.error_message();
  }

  const SharedMemoryFile file_{4096};
};

TEST_F(InferRegionsTest, ReadsXAndWritesResultsWhereTheyAreWanted) {
  Serve();
  inference::ModelInferRequest request = Relu(0);
  Place(AddOutput(&request, "gradient"), "r", 100, 1000);
  AddOutput(&request, "value");
  const auto response = Infer(request);
  EXPECT_EQ(file_.Read(100, kReluGradient.size()), kReluGradient);
  EXPECT_EQ(file_.Read(100 + kReluGradient.size(), 8), std::string(8, '\0'));
  // The contents are found by the place of the output.
  EXPECT_THAT(response.raw_output_contents(), ElementsAre("", kRelu));
  const auto& parameters = response.outputs(0).parameters();
  EXPECT_EQ(parameters.at("shared_memory_region").string_param(), "r");
  EXPECT_EQ(parameters.at("shared_memory_offset").int64_param(), 100);
  EXPECT_EQ(parameters.at("shared_memory_byte_size").int64_param(), kBytes);
  EXPECT_TRUE(response.outputs(1).parameters().empty());
}

TEST_F(InferRegionsTest, TheSameRequestAgainReadsWhatIsThereThen) {
  Serve();
  inference::ModelInferRequest request = Relu(0);
  Place(AddOutput(&request, "value"), "r", 100, kBytes);
  Infer(request);
  file_.Write(0, BytesOf({1, 1, 1, 1, 1, 1}));
  Infer(request);
  EXPECT_EQ(file_.Read(100, kBytes), BytesOf({1, 1, 1, 1, 1, 1}));
  inference::SystemSharedMemoryUnregisterRequest unregister;
  inference::SystemSharedMemoryUnregisterResponse unregistered;
  ASSERT_TRUE(Call("SystemSharedMemoryUnregister", unregister, &unregistered).ok());
  Refused(request, grpc::StatusCode::NOT_FOUND);
}

TEST_F(InferRegionsTest, AResultMayReplaceItsInput) {
  Serve();
  inference::ModelInferRequest request = Relu(0);
  Place(AddOutput(&request, "value"), "r", 0, kBytes);
  Infer(request);
  EXPECT_EQ(file_.Read(0, kBytes), kRelu);
}

TEST_F(InferRegionsTest, SomeInputsAreRawOrTypedAndOthersShared) {
  Serve();
  for (const bool is_raw : {true, false}) {
    inference::ModelInferRequest request;
    request.set_model_name("relu");
    auto* upstream = AddInput(&request, "upstream");
    Place(AddInput(&request, "x"), "r", 0, kBytes);
    if (is_raw) {
      request.add_raw_input_contents(BytesOf({1, 2, 3, 4, 5, 6}));
    } else {
      for (const float number : {1, 2, 3, 4, 5, 6}) {
        upstream->mutable_contents()->add_fp32_contents(number);
      }
    }
    AddOutput(&request, "gradient");
    EXPECT_THAT(Infer(request).raw_output_contents(), ElementsAre(BytesOf({0, 2, 0, 4, 0, 6})));
  }
}

TEST_F(InferRegionsTest, TakesAnAxisFromARegionToo) {
  Serve();
  file_.Write(200, std::string("\0\0\0\0\0\0\0\0", 8));
  inference::ModelInferRequest request;
  request.set_model_name("softmax");
  Place(AddInput(&request, "x"), "r", 0, kBytes);
  auto* axis = request.add_inputs();
  axis->set_name("axis");
  axis->set_datatype("INT64");
  axis->add_shape(1);
  Place(axis, "r", 200, 8);
  EXPECT_EQ(Infer(request).outputs(0).shape(0), 6);
  file_.Write(200, std::string("\5\0\0\0\0\0\0\0", 8));
  EXPECT_THAT(Refused(request), HasSubstr("axis"));
}

TEST_F(InferRegionsTest, LargeTensorsAreCopiedInTurns) {
  constexpr size_t kElements = size_t{3} << 20;
  const SharedMemoryFile large(2 * kElements * sizeof(float));
  Serve();
  Register("large", large.key(), 0, 2 * kElements * sizeof(float));
  std::vector<float> numbers(kElements);
  for (size_t i = 0; i < kElements; ++i) numbers[i] = static_cast<float>(i % 7) - 3;
  large.Write(0, BytesOf(numbers));
  inference::ModelInferRequest request;
  request.set_model_name("relu");
  auto* x = AddInput(&request, "x");
  x->set_shape(0, kElements);
  Place(x, "large", 0, kElements * sizeof(float));
  Place(AddOutput(&request, "value"), "large", kElements * sizeof(float),
        kElements * sizeof(float));
  Infer(request);
  for (float& number : numbers) number = std::max(number, 0.0f);
  EXPECT_EQ(large.Read(kElements * sizeof(float), kElements * sizeof(float)), BytesOf(numbers));
}

TEST_F(InferRegionsTest, NamesTheParameterAtFault) {
  Serve();
  const std::string of_x = "inputs[\"x\"].parameters[\"shared_memory_";
  EXPECT_THAT(Refused(Relu(0, 20)), HasSubstr(of_x + "byte_size\"]: 20 is given"));
  EXPECT_THAT(Refused(Relu(4090)), HasSubstr("the region has 4096"));
  EXPECT_THAT(Refused(Relu(-1)), HasSubstr(of_x + "offset"));
  EXPECT_THAT(Refused(Relu(INT64_MAX)), HasSubstr("the region has 4096"));
  EXPECT_THAT(Refused(Relu(8, INT64_MAX)), HasSubstr("the region has 4096"));
  inference::ModelInferRequest request = Relu(0);
  request.mutable_inputs(0)->mutable_parameters()->erase("shared_memory_byte_size");
  EXPECT_THAT(Refused(request), HasSubstr(of_x + "byte_size\"]: it is needed"));
  request = Relu(0);
  Place(request.mutable_inputs(0), "q", 0, kBytes);
  EXPECT_THAT(Refused(request, grpc::StatusCode::NOT_FOUND), HasSubstr("no region \"q\""));
  request = Relu(0);
  request.add_raw_input_contents(kX);
  EXPECT_THAT(Refused(request), HasSubstr("raw_input_contents: there are 1"));
  request = Relu(0);
  request.mutable_inputs(0)->mutable_contents()->add_fp32_contents(1);
  EXPECT_THAT(Refused(request), HasSubstr("beside a region"));
}

TEST_F(InferRegionsTest, ResultsNeedRoomThatIsTheirsAlone) {
  Serve();
  Register("again", file_.key(), 50, 1000);
  inference::ModelInferRequest request = Relu(0);
  Place(AddOutput(&request, "value"), "r", 100, kBytes - 1);
  EXPECT_THAT(Refused(request), HasSubstr("the result takes 24"));
  request = Relu(0);
  Place(AddOutput(&request, "value"), "r", 100, 1000);
  Place(AddOutput(&request, "gradient"), "again", 73, 500);
  EXPECT_THAT(Refused(request), HasSubstr("overlap those of output \"value\""));
  // Room that is left over may be another's.
  Place(request.mutable_outputs(1), "again", 74, 500);
  Infer(request);
  EXPECT_EQ(file_.Read(100, 2 * kBytes), kRelu + kReluGradient);
}

TEST_F(InferRegionsTest, SharedMemoryThatIsCutShortIsAnError) {
  Serve();
  file_.Resize(0);
  EXPECT_THAT(Refused(Relu(0)), HasSubstr("cut short"));
  file_.Resize(4096);
  file_.Write(0, kX);
  inference::ModelInferRequest request = Relu(0);
  Place(AddOutput(&request, "value"), "r", 2000, kBytes);
  file_.Resize(1000);
  EXPECT_THAT(Refused(request), HasSubstr("outputs[\"value\"]"));
  EXPECT_EQ(file_.size(), 1000u);
}

TEST_F(InferRegionsTest, CopiesCountAsTheMessageThatTheySpare) {
  Serve({.max_message_bytes = 1 << 20});
  const SharedMemoryFile large(size_t{16} << 20);
  Register("large", large.key(), 0, size_t{16} << 20);
  inference::ModelInferRequest request = Relu(0, 1 << 20);
  request.mutable_inputs(0)->set_shape(0, 1 << 18);
  Place(request.mutable_inputs(0), "large", 0, 1 << 20);
  EXPECT_THAT(Refused(request), HasSubstr("this server's limit is 1048576"));
  // Half as much would do, but not its three results.
  request.mutable_inputs(0)->set_shape(0, 1 << 17);
  Place(request.mutable_inputs(0), "large", 0, 1 << 19);
  int64_t offset = 0;
  for (const char* name : {"value", "gradient", "second_derivative"}) {
    Place(AddOutput(&request, name), "large", offset += 1 << 20, 1 << 19);
  }
  EXPECT_THAT(Refused(request), HasSubstr("this server's limit for a message is 1048576"));
  request.mutable_outputs()->RemoveLast();
  request.mutable_outputs()->RemoveLast();
  Infer(request);
}

TEST_F(InferRegionsTest, StatusListsWhatIsRegisteredAndUnregisterEndsIt) {
  Serve();
  Register("other", file_.key(), 8, 16);
  inference::SystemSharedMemoryStatusRequest ask;
  inference::SystemSharedMemoryStatusResponse status;
  ASSERT_TRUE(Call("SystemSharedMemoryStatus", ask, &status).ok());
  ASSERT_EQ(status.regions_size(), 2);
  EXPECT_EQ(status.regions().at("other").key(), file_.key());
  EXPECT_EQ(status.regions().at("other").offset(), 8u);
  EXPECT_EQ(status.regions().at("other").byte_size(), 16u);
  EXPECT_THAT(TryToRegister("other", file_.key(), 8, 16).error_message(),
              HasSubstr("name: a region of this name is already registered"));
  inference::SystemSharedMemoryUnregisterRequest unregister;
  inference::SystemSharedMemoryUnregisterResponse unregistered;
  ask.set_name("other");
  unregister.set_name("other");
  ASSERT_TRUE(Call("SystemSharedMemoryUnregister", unregister, &unregistered).ok());
  EXPECT_EQ(Call("SystemSharedMemoryStatus", ask, &status).error_code(),
            grpc::StatusCode::NOT_FOUND);
  Infer(Relu(0));
  unregister.set_name("");
  ASSERT_TRUE(Call("SystemSharedMemoryUnregister", unregister, &unregistered).ok());
  EXPECT_THAT(Refused(Relu(0), grpc::StatusCode::NOT_FOUND), HasSubstr("no region \"r\""));
}

TEST_F(InferRegionsTest, IsOffUnlessOwnersAreNamed) {
  Start();
  const grpc::Status refused = TryToRegister("r", file_.key(), 0, 16);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::UNIMPLEMENTED);
  EXPECT_THAT(refused.error_message(), HasSubstr("--system_shared_memory_owners"));
  EXPECT_THAT(Refused(Relu(0)), HasSubstr("no shared memory is registered with this server"));
}

}  // namespace
}  // namespace rectifier
