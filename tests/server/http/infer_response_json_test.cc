#include "server/http/infer_response_json.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "inference/inference_service.pb.h"

namespace rectifier::http {
namespace {

using testing::HasSubstr;

constexpr size_t kMaxValues = 4;

inference::ModelInferResponse Reply() {
  inference::ModelInferResponse reply;
  reply.set_model_name("relu");
  reply.set_model_version("1");
  for (const char* name : {"value", "gradient"}) {
    auto* const output = reply.add_outputs();
    output->set_name(name);
    output->set_datatype("FP32");
    output->add_shape(1);
    reply.add_raw_output_contents(std::string("\0\0\x80\x3F", 4));
  }
  return reply;
}

Response Respond(const inference::ModelInferResponse& reply, const OutputForms& forms = {}) {
  // In two slices, as replies come.
  const std::string bytes = reply.SerializeAsString();
  const grpc::Slice slices[] = {grpc::Slice(bytes.substr(0, 20)), grpc::Slice(bytes.substr(20))};
  return InferResponse(grpc::ByteBuffer(slices, 2), forms, kMaxValues);
}

std::string Text(const Response& response) {
  std::string text;
  for (const grpc::Slice& slice : response.body) text.append(slice.begin(), slice.end());
  return text;
}

TEST(InferResponseTest, HasNumbersInJson) {
  EXPECT_EQ(Text(Respond(Reply())),
            R"({"model_name":"relu","model_version":"1","outputs":[)"
            R"({"name":"value","datatype":"FP32","shape":[1],"data":[1]},)"
            R"({"name":"gradient","datatype":"FP32","shape":[1],"data":[1]}]})");
}

TEST(InferResponseTest, HasBinaryDataBehindIt) {
  OutputForms forms;
  forms.is_binary["gradient"] = true;
  const Response response = Respond(Reply(), forms);
  ASSERT_EQ(response.fields.size(), 1);
  EXPECT_EQ(response.fields[0].first, "Inference-Header-Content-Length");
  const std::string text = Text(response);
  EXPECT_EQ(response.fields[0].second, std::to_string(text.size() - 4));
  EXPECT_THAT(text, HasSubstr(R"("parameters":{"binary_data_size":4}}]})"));
  EXPECT_EQ(text.substr(text.size() - 4), std::string("\0\0\x80\x3F", 4));
}

TEST(InferResponseTest, SaysWhereAnOutputInSharedMemoryIs) {
  inference::ModelInferResponse reply = Reply();
  auto& parameters = *reply.mutable_outputs(0)->mutable_parameters();
  parameters["shared_memory_region"].set_string_param("mine");
  parameters["shared_memory_byte_size"].set_int64_param(4);
  reply.set_raw_output_contents(0, "");
  EXPECT_THAT(Text(Respond(reply)),
              HasSubstr(R"("shape":[1],"parameters":{"shared_memory_byte_size":4,)"
                        R"("shared_memory_region":"mine"}},{"name":"gradient")"));
}

TEST(InferResponseTest, RefusesMoreNumbersThanThereMayBe) {
  inference::ModelInferResponse reply = Reply();
  reply.set_raw_output_contents(1, std::string(4 * kMaxValues, '\0'));
  const Response response = Respond(reply);
  EXPECT_EQ(response.status, 400);
  EXPECT_THAT(Text(response), HasSubstr("more than 4 numbers"));
}

TEST(InferResponseTest, AReplyThatIsNoneIsADefect) {
  inference::ModelInferResponse reply = Reply();
  reply.add_raw_output_contents("");
  EXPECT_EQ(Respond(reply).status, 500);
  const grpc::Slice junk("\xff\xff\xff");
  EXPECT_EQ(InferResponse(grpc::ByteBuffer(&junk, 1), {}, kMaxValues).status, 500);
}

}  // namespace
}  // namespace rectifier::http
