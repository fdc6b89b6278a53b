// The Open Inference Protocol through a server in this process; its results are Evaluate's, bit for
// bit.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "google/protobuf/text_format.h"
#include "inference/inference_service.pb.h"
#include "tests/server/serving_test.h"
#include "tests/support/evaluate.h"
#include "tests/support/raw_call.h"
#include "tests/support/raw_stream.h"

namespace rectifier {
namespace {

using ::testing::AllOf;
using testing::CallRaw;
using testing::DetailsOf;
using ::testing::ElementsAre;
using testing::Evaluate;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;
using testing::Outcome;
using testing::RawReply;
using testing::RawStream;
using testing::RequestFromText;

constexpr char kService[] = "/inference.GRPCInferenceService/";

inference::ModelInferRequest FromText(const std::string& text) {
  inference::ModelInferRequest request;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &request)) << text;
  return request;
}

// Bytes as protobuf's text format has them.
std::string Octal(const std::string& bytes) {
  std::string text;
  for (const char byte : bytes) absl::StrAppendFormat(&text, "\\%03o", static_cast<uint8_t>(byte));
  return text;
}

template <class T>
std::string BytesOf(const std::vector<T>& numbers) {
  return std::string(reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(T));
}

class InferTest : public testing::ServingTest {
 protected:
  template <class Response>
  grpc::Status Call(const std::string& method, const google::protobuf::Message& request,
                    Response* response) {
    const RawReply reply = CallRaw(channel_, kService + method, request.SerializeAsString());
    EXPECT_TRUE(!reply.status.ok() || response->ParseFromString(reply.bytes));
    return reply.status;
  }

  inference::ModelInferResponse Infer(const std::string& text) {
    inference::ModelInferResponse response;
    const grpc::Status status = Call("ModelInfer", FromText(text), &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }

  grpc::Status Refused(const std::string& text) {
    inference::ModelInferResponse response;
    const grpc::Status status = Call("ModelInfer", FromText(text), &response);
    EXPECT_FALSE(status.ok());
    return status;
  }
};

const std::string kX = BytesOf<float>({-1.5, 0, 0.25, 3, -7, 1e-8f});
const std::string kUpstream = BytesOf<float>({1, 2, 3, 4, 5, 6});
const std::string kAlpha = BytesOf<float>({0.5, 0.125, 2});

TEST_F(InferTest, GivesTheBitsOfEvaluateInTheOrderAskedFor) {
  Start();
  const inference::ModelInferResponse inferred = Infer(absl::StrCat(
      "model_name: 'prelu' id: 'one' parameters { key: 'preset' value { string_param: 'jax' } }"
      "inputs { name: 'x' datatype: 'FP32' shape: [2, 3] }"
      "inputs { name: 'upstream' datatype: 'FP32' shape: [2, 3] }"
      "inputs { name: 'alpha' datatype: 'FP32' shape: [3] }"
      "outputs { name: 'parameter_gradient.alpha' } outputs { name: 'gradient' }"
      "outputs { name: 'value' }"
      "raw_input_contents: ['",
      Octal(kX), "', '", Octal(kUpstream), "', '", Octal(kAlpha), "']"));
  const Outcome evaluated = Evaluate(
      channel_,
      RequestFromText(absl::StrCat(
          "evaluations { inputs: 0 upstream: 1 quantities: [1, 2, 3] activation { name: 'prelu' "
          "preset: 'jax' arguments { key: 'alpha' value { tensor: 2 } } } }"
          "tensors { element_type: ELEMENT_TYPE_FLOAT32 shape: [2, 3] data: '",
          Octal(kX), "' } tensors { element_type: ELEMENT_TYPE_FLOAT32 shape: [2, 3] data: '",
          Octal(kUpstream), "' } tensors { element_type: ELEMENT_TYPE_FLOAT32 shape: [3] data: '",
          Octal(kAlpha), "' }")));
  ASSERT_TRUE(evaluated.status.ok()) << evaluated.status.error_message();
  const v1::Result& result = evaluated.response.results(0);
  EXPECT_EQ(inferred.model_name(), "prelu");
  EXPECT_EQ(inferred.model_version(), "1");
  EXPECT_EQ(inferred.id(), "one");
  ASSERT_EQ(inferred.outputs_size(), 3);
  EXPECT_EQ(inferred.outputs(0).name(), "parameter_gradient.alpha");
  EXPECT_EQ(inferred.outputs(0).datatype(), "FP32");
  EXPECT_THAT(inferred.outputs(0).shape(), ElementsAre(3));
  EXPECT_THAT(inferred.outputs(1).shape(), ElementsAre(2, 3));
  EXPECT_THAT(inferred.raw_output_contents(),
              ElementsAre(result.parameter_gradients(0).gradient().data(),
                          result.gradients(0).data(), result.value().data()));
}

TEST_F(InferTest, GivesOneOfSeveralParameterGradients) {
  Start();
  const std::string request = absl::StrCat(
      "model_name: 'pelu' inputs { name: 'x' datatype: 'FP32' shape: [6] } raw_input_contents: '",
      Octal(kX), "'");
  const auto all = Infer(request +
                         "outputs { name: 'parameter_gradient.alpha' }"
                         "outputs { name: 'parameter_gradient.beta' }");
  const auto second = Infer(request + "outputs { name: 'parameter_gradient.beta' }");
  ASSERT_EQ(all.raw_output_contents_size(), 2);
  ASSERT_EQ(second.raw_output_contents_size(), 1);
  EXPECT_EQ(second.outputs(0).datatype(), "FP64");
  EXPECT_EQ(second.outputs(0).shape_size(), 0);
  EXPECT_EQ(all.raw_output_contents(1), second.raw_output_contents(0));
  EXPECT_NE(all.raw_output_contents(0), all.raw_output_contents(1));
}

TEST_F(InferTest, GivesOneOfTheGradientsOfAPair) {
  Start();
  const std::string request = absl::StrCat(
      "model_name: 'swiglu' inputs { name: 'value' datatype: 'FP32' shape: [6] }"
      "inputs { name: 'gate' datatype: 'FP32' shape: [6] } raw_input_contents: ['",
      Octal(kX), "', '", Octal(kUpstream), "']");
  const auto both =
      Infer(request + "outputs { name: 'gradient.gate' } outputs { name: 'gradient.value' }");
  const auto one = Infer(request + "outputs { name: 'gradient.value' }");
  EXPECT_EQ(both.raw_output_contents(1), one.raw_output_contents(0));
  const Outcome evaluated = Evaluate(
      channel_,
      RequestFromText(absl::StrCat(
          "evaluations { inputs: [0, 1] quantities: [2] activation { name: 'swiglu' "
          "arguments { key: 'gate' value { word: 'first' } } } }"
          "tensors { element_type: ELEMENT_TYPE_FLOAT32 shape: [6] data: '",
          Octal(kUpstream), "' } tensors { element_type: ELEMENT_TYPE_FLOAT32 shape: [6] data: '",
          Octal(kX), "' }")));
  ASSERT_TRUE(evaluated.status.ok()) << evaluated.status.error_message();
  EXPECT_THAT(both.raw_output_contents(),
              ElementsAre(evaluated.response.results(0).gradients(0).data(),
                          evaluated.response.results(0).gradients(1).data()));
}

TEST_F(InferTest, TypedAndRawContentsHaveOneResult) {
  Start();
  const auto raw = Infer(absl::StrCat(
      "model_name: 'gelu' inputs { name: 'x' datatype: 'FP32' shape: [6] } raw_input_contents: '",
      Octal(kX), "'"));
  const auto typed = Infer(
      "model_name: 'gelu' inputs { name: 'x' datatype: 'FP32' shape: [6] contents { "
      "fp32_contents: [-1.5, 0, 0.25, 3, -7, 1e-8] } }");
  EXPECT_EQ(raw.raw_output_contents(0), typed.raw_output_contents(0));
  EXPECT_EQ(raw.outputs(0).name(), "value");
}

TEST_F(InferTest, ZeroSizedAndScalarTensorsAreLegal) {
  Start();
  const auto empty = Infer(
      "model_name: 'gelu' inputs { name: 'x' datatype: 'FP16' shape: [0, 3] } "
      "outputs { name: 'value' } outputs { name: 'gradient' }");
  EXPECT_THAT(empty.raw_output_contents(), ElementsAre("", ""));
  EXPECT_THAT(empty.outputs(0).shape(), ElementsAre(0, 3));
  const auto scalar = Infer(
      "model_name: 'relu' inputs { name: 'x' datatype: 'BF16' } raw_input_contents: '\\200\\077'");
  EXPECT_THAT(scalar.raw_output_contents(), ElementsAre("\x80\x3f"));
  EXPECT_EQ(scalar.outputs(0).datatype(), "BF16");
}

TEST_F(InferTest, LargeContentsGoThroughPiecesAndThePool) {
  Start();
  inference::ModelInferRequest request =
      FromText("model_name: 'relu' inputs { name: 'x' datatype: 'FP32' shape: [2000000] }");
  std::vector<float> numbers(2'000'000);
  for (size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<float>(i) - 1e6f;
  request.add_raw_input_contents(BytesOf(numbers));
  inference::ModelInferResponse response;
  const grpc::Status status = Call("ModelInfer", request, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  for (float& number : numbers) number = std::max(number, 0.0f);
  EXPECT_TRUE(response.raw_output_contents(0) == BytesOf(numbers));
}

TEST_F(InferTest, ErrorsOfCoreSpeakTheProtocolsWords) {
  Start();
  struct Case {
    std::string text;
    std::string field;
    std::string description;
  };
  const std::string x = "model_name: 'prelu' inputs { name: 'x' datatype: 'FP32' shape: [1] } ";
  const std::string raw = "raw_input_contents: 'abcd' ";
  for (const Case& item : {
           Case{x + raw + "parameters { key: 'weigh' value { double_param: 1 } }",
                "parameters[\"weigh\"]", "did you mean \"weight\"?"},
           Case{x + raw + "parameters { key: 'preset' value { string_param: 'torhc' } }",
                "parameters[\"preset\"]", "allowed: pytorch"},
           Case{x + "inputs { name: 'upstream' datatype: 'FP64' shape: [1] } " + raw +
                    "raw_input_contents: 'abcdefgh'",
                "inputs[\"upstream\"]", "element type FP64; must be the input's, FP32"},
           Case{x + "inputs { name: 'alpha' datatype: 'FP32' shape: [3] } " + raw +
                    "raw_input_contents: 'abcdefghijkl'",
                "inputs[\"alpha\"]", ""},
           Case{x +
                    "inputs { name: 'alpha' datatype: 'FP32' shape: [1] parameters { key: 'axis' "
                    "value { int64_param: 4 } } } " +
                    raw + raw,
                "inputs[\"alpha\"].parameters[\"axis\"]", ""},
       }) {
    const grpc::Status status = Refused(item.text);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    EXPECT_EQ(DetailsOf(status).field, item.field) << status.error_message();
    EXPECT_THAT(status.error_message(), HasSubstr(item.description));
  }
  EXPECT_EQ(Refused("model_name: 'no'").error_code(), grpc::StatusCode::NOT_FOUND);
  const grpc::Status bias = Refused(
      "model_name: 'softmax' inputs { name: 'x' datatype: 'FP32' shape: [1] } "
      "raw_input_contents: 'abcd' outputs { name: 'parameter_gradient.bias' }");
  EXPECT_THAT(bias.error_message(), HasSubstr("\"bias\" is not given"));
}

TEST_F(InferTest, AStreamAnswersEachMessageAndOutlivesErrors) {
  Start();
  RawStream stream(channel_, absl::StrCat(kService, "ModelStreamInfer"));
  const auto ask = [&stream](const std::string& text) {
    stream.Write(FromText(text).SerializeAsString());
    inference::ModelStreamInferResponse response;
    const auto bytes = stream.Read();
    EXPECT_TRUE(bytes && response.ParseFromString(*bytes));
    return response;
  };
  const std::string rest =
      "inputs { name: 'x' datatype: 'FP32' shape: [1] } raw_input_contents: '\\000\\000\\200\\077'";
  for (const char* id : {"a", "b"}) {
    const auto good = ask(absl::StrCat("model_name: 'relu' id: '", id, "' ", rest));
    EXPECT_EQ(good.error_message(), "");
    EXPECT_EQ(good.infer_response().id(), id);
    EXPECT_THAT(good.infer_response().raw_output_contents(),
                ElementsAre(std::string("\0\0\x80\x3f", 4)));
    EXPECT_TRUE(good.infer_response().parameters().at("triton_final_response").bool_param());
    const auto bad = ask(absl::StrCat("model_name: 'nolu' id: 'c' ", rest));
    EXPECT_THAT(bad.error_message(), HasSubstr("model_name: there is no model \"nolu\""));
    EXPECT_EQ(bad.infer_response().id(), "c");
    EXPECT_EQ(bad.infer_response().outputs_size(), 0);
  }
  stream.Write("\xff");
  inference::ModelStreamInferResponse response;
  ASSERT_TRUE(response.ParseFromString(stream.Read().value_or("\xff")));
  EXPECT_THAT(response.error_message(), HasSubstr("is not a serialized inference message"));
  stream.WriteLast(FromText("model_name: 'relu' " + rest).SerializeAsString());
  EXPECT_TRUE(stream.Read());
  EXPECT_FALSE(stream.Read());
  EXPECT_TRUE(stream.Finish().ok());
}

TEST_F(InferTest, DescribesServerAndModels) {
  Start();
  inference::ServerLiveResponse live;
  EXPECT_TRUE(Call("ServerLive", inference::ServerLiveRequest(), &live).ok());
  EXPECT_TRUE(live.live());
  inference::ServerReadyResponse ready;
  EXPECT_TRUE(Call("ServerReady", inference::ServerReadyRequest(), &ready).ok());
  EXPECT_TRUE(ready.ready());
  inference::ServerMetadataResponse server;
  EXPECT_TRUE(Call("ServerMetadata", inference::ServerMetadataRequest(), &server).ok());
  EXPECT_EQ(server.name(), "rectifier");

  inference::ModelMetadataRequest ask;
  ask.set_name("torch.nn.PReLU");
  inference::ModelMetadataResponse model;
  EXPECT_TRUE(Call("ModelMetadata", ask, &model).ok());
  EXPECT_EQ(model.name(), "torch.nn.PReLU");
  EXPECT_THAT(model.versions(), ElementsAre("1"));
  std::vector<std::string> inputs, outputs;
  for (const auto& input : model.inputs()) inputs.push_back(input.name());
  for (const auto& output : model.outputs()) outputs.push_back(output.name());
  EXPECT_THAT(inputs, ElementsAre("x", "upstream", "weight"));
  EXPECT_THAT(outputs, IsSupersetOf({"value", "gradient", "parameter_gradient.weight"}));
  ask.set_name("swiglu");
  EXPECT_TRUE(Call("ModelMetadata", ask, &model).ok());
  EXPECT_EQ(model.inputs(0).name(), "gate");
  EXPECT_EQ(model.outputs(2).name(), "gradient.value");
  ask.set_version("3");
  EXPECT_EQ(Call("ModelMetadata", ask, &model).error_code(), grpc::StatusCode::NOT_FOUND);

  inference::RepositoryIndexResponse index;
  EXPECT_TRUE(Call("RepositoryIndex", inference::RepositoryIndexRequest(), &index).ok());
  EXPECT_EQ(static_cast<size_t>(index.models_size()), Catalogue::Best().All().size());
  EXPECT_EQ(index.models(0).state(), "READY");

  server_->AnnounceDrain();
  EXPECT_TRUE(Call("ServerReady", inference::ServerReadyRequest(), &ready).ok());
  EXPECT_FALSE(ready.ready());
}

// Every model's outputs can be asked for together, which load generators do.
TEST_F(InferTest, EveryModelGivesAllTheOutputsOfItsMetadata) {
  Start();
  for (const Activation& activation : Catalogue::Best().All()) {
    inference::ModelConfigRequest ask;
    ask.set_name(std::string(activation.spec->name));
    inference::ModelConfigResponse described;
    ASSERT_TRUE(Call("ModelConfig", ask, &described).ok());
    const inference::ModelConfig& config = described.config();
    EXPECT_EQ(config.max_batch_size(), 0);
    inference::ModelInferRequest request;
    request.set_model_name(config.name());
    for (const inference::ModelInput& input : config.input()) {
      if (input.optional() && input.name() != "bias") continue;  // without which it has no gradient
      auto* tensor = request.add_inputs();
      tensor->set_name(input.name());
      tensor->set_datatype("FP32");
      tensor->add_shape(8);
      *request.add_raw_input_contents() = BytesOf<float>({1, 2, 3, 4, 5, 6, 7, 8});
    }
    for (const inference::ModelOutput& output : config.output()) {
      request.add_outputs()->set_name(output.name());
    }
    inference::ModelInferResponse response;
    const grpc::Status status = Call("ModelInfer", request, &response);
    EXPECT_TRUE(status.ok()) << config.name() << ": " << status.error_message();
    EXPECT_EQ(response.outputs_size(), config.output_size()) << config.name();
    EXPECT_EQ(response.raw_output_contents_size(), config.output_size()) << config.name();
  }
}

TEST_F(InferTest, StatisticsGrowByOneForEachRequest) {
  Start();
  const std::string request =
      "model_name: 'mish' inputs { name: 'x' datatype: 'FP32' shape: [1] } "
      "raw_input_contents: 'abcd' ";
  inference::ModelStatisticsRequest ask;
  inference::ModelStatisticsResponse told;
  EXPECT_TRUE(Call("ModelStatistics", ask, &told).ok());
  EXPECT_EQ(told.model_stats_size(), 0);
  for (uint64_t count = 1; count <= 3; ++count) {
    Infer(request);
    Refused(request + "parameters { key: 'a' value { double_param: 1 } }");
    EXPECT_TRUE(Call("ModelStatistics", ask, &told).ok());
    ASSERT_EQ(told.model_stats_size(), 1);
    const inference::ModelStatistics& statistics = told.model_stats(0);
    EXPECT_EQ(statistics.name(), "mish");
    EXPECT_EQ(statistics.inference_count(), count);
    EXPECT_EQ(statistics.execution_count(), count);
    const inference::InferStatistics& stats = statistics.inference_stats();
    for (const auto* each : {&stats.success(), &stats.queue(), &stats.compute_input(),
                             &stats.compute_infer(), &stats.compute_output(), &stats.fail()}) {
      EXPECT_EQ(each->count(), count);
    }
    EXPECT_GE(stats.success().ns(), stats.compute_infer().ns());
    EXPECT_GT(statistics.last_inference(), 0u);
  }
  ask.set_name("relu");
  EXPECT_TRUE(Call("ModelStatistics", ask, &told).ok());
  EXPECT_EQ(told.model_stats(0).inference_count(), 0u);
}

TEST_F(InferTest, SharedMemoryOfCallersIsRefusedAndSaid) {
  Start();
  inference::SystemSharedMemoryRegisterRequest region;
  region.set_name("r");
  region.set_key("/r");
  region.set_byte_size(64);
  inference::SystemSharedMemoryRegisterResponse registered;
  const grpc::Status status = Call("SystemSharedMemoryRegister", region, &registered);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNIMPLEMENTED);
  EXPECT_THAT(status.error_message(),
              AllOf(HasSubstr("SystemSharedMemoryRegister"), HasSubstr("shared buffers")));
  // Load generators begin with these.
  inference::SystemSharedMemoryUnregisterResponse unregistered;
  EXPECT_TRUE(Call("SystemSharedMemoryUnregister", inference::SystemSharedMemoryUnregisterRequest(),
                   &unregistered)
                  .ok());
  inference::SystemSharedMemoryStatusResponse none;
  inference::SystemSharedMemoryStatusRequest ask;
  EXPECT_TRUE(Call("SystemSharedMemoryStatus", ask, &none).ok());
  EXPECT_TRUE(none.regions().empty());
  ask.set_name("r");
  EXPECT_EQ(Call("SystemSharedMemoryStatus", ask, &none).error_code(), grpc::StatusCode::NOT_FOUND);
  inference::RepositoryModelLoadResponse loaded;
  EXPECT_EQ(
      Call("RepositoryModelLoad", inference::RepositoryModelLoadRequest(), &loaded).error_code(),
      grpc::StatusCode::UNIMPLEMENTED);
}

TEST_F(InferTest, LimitsHoldForItToo) {
  Start({.max_message_bytes = 4096, .max_elements = 512});
  const std::string head = "model_name: 'gelu' inputs { name: 'x' datatype: 'FP32' shape: ";
  EXPECT_EQ(DetailsOf(Refused(head + "[513] }")).reason, "TOO_MANY_ELEMENTS");
  // The reply is three times as large as the request.
  std::string outputs;
  for (const char* name : {"value", "gradient", "second_derivative"}) {
    outputs += absl::StrCat("outputs { name: '", name, "' } ");
  }
  EXPECT_EQ(DetailsOf(Refused(absl::StrCat(head, "[400] } ", outputs, "raw_input_contents: '",
                                           std::string(1600, 'a'), "'")))
                .reason,
            "REPLY_TOO_LARGE");
}

}  // namespace
}  // namespace rectifier
