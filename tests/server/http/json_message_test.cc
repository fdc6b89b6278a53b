// Messages from JSON and to it, beside protobuf's own.
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "google/protobuf/util/field_comparator.h"
#include "google/protobuf/util/json_util.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"
#include "inference/inference_service.pb.h"
#include "rectifier/v1/activation.pb.h"
#include "server/http/json_to_message.h"
#include "server/http/message_to_json.h"

namespace rectifier::http {
namespace {

using google::protobuf::util::JsonStringToMessage;
using google::protobuf::util::MessageDifferencer;
using testing::HasSubstr;

constexpr size_t kMost = size_t{1} << 20;

template <class Message>
Message FromJson(const std::string& json) {
  std::string bytes;
  const absl::Status status = JsonToMessage(json, *Message::descriptor(), {}, &bytes);
  EXPECT_TRUE(status.ok()) << status << "\n" << json;
  Message message;
  EXPECT_TRUE(message.ParseFromString(bytes)) << json;
  return message;
}

std::string ErrorOf(const std::string& json, size_t most = kMost) {
  std::string bytes;
  return std::string(
      JsonToMessage(json, *v1::EvaluateRequest::descriptor(), {.max_bytes = most}, &bytes)
          .message());
}

std::string ToJson(const google::protobuf::Message& message,
                   JsonStyle style = JsonStyle::kProtobuf) {
  std::string json;
  AppendMessage(message, style, &json);
  return json;
}

// NaN counts as equal to itself.
bool AreEqual(const google::protobuf::Message& a, const google::protobuf::Message& b) {
  google::protobuf::util::DefaultFieldComparator numbers;
  numbers.set_treat_nan_as_equal(true);
  MessageDifferencer differencer;
  differencer.set_field_comparator(&numbers);
  return differencer.Compare(a, b);
}

TEST(JsonToMessageTest, GivesWhatProtobufGives) {
  for (const std::string& json : std::vector<std::string>{
           "{}", R"({"tensors": [], "evaluations": [{}, {}]})",
           R"({"tensors": [{"values": [1, -2.5, 1e300, "3.5", "NaN", "-Infinity", 0.1]}]})",
           R"({"tensors": [{"elementType": "ELEMENT_TYPE_FLOAT16", "shape": [2, "3", 4.0, 5e0]}]})",
           R"({"tensors": [{"element_type": 3, "data": "AAECAwQ=", "shape": [-1]}]})",
           R"({"tensors": [{"data": "_-8", "region": null}]})",
           R"({"tensors": [{"region": {"token": "AQ==", "offset": "18446744073709551615"}}]})",
           R"({"evaluations": [{"inputs": [0, 1], "quantities": ["QUANTITY_VALUE", 3],
               "activation": {"name": "a\u00e9\n", "arguments": {"a": {"number": 1},
               "b": {"word": ""}, "": {"tensor": 7, "axis": -1}}}}]})"}) {
    v1::EvaluateRequest expected;
    ASSERT_TRUE(JsonStringToMessage(json, &expected).ok()) << json;
    const auto got = FromJson<v1::EvaluateRequest>(json);
    EXPECT_TRUE(AreEqual(got, expected)) << json << "\n" << got.DebugString();
  }
}

TEST(JsonToMessageTest, HasErrorsThatNameTheField) {
  EXPECT_THAT(ErrorOf(R"({"tensors": [{}, {"values": [1, true]}]})"),
              HasSubstr("tensors[1].values[1]: a number is expected at byte 32"));
  EXPECT_THAT(ErrorOf(R"({"tensors": [{"shape": [9223372036854775808]}]})"),
              HasSubstr("tensors[0].shape[0]: \"9223372036854775808\" is not a whole number from "
                        "-9223372036854775808 to 9223372036854775807"));
  EXPECT_THAT(ErrorOf(R"({"evaluations": [{"inputs": [-1]}]})"),
              HasSubstr("evaluations[0].inputs[0]: \"-1\" is not a whole number from 0 to"));
  EXPECT_THAT(ErrorOf(R"({"evaluations": [{"inputs": [4294967296.0]}]})"), HasSubstr("inputs[0]"));
  EXPECT_THAT(ErrorOf(R"({"evaluations": [{"inputs": [" 1"]}]})"), HasSubstr("inputs[0]"));
  EXPECT_THAT(ErrorOf(R"({"tensors": [null]})"), HasSubstr("tensors[0]: an object is expected"));
  EXPECT_THAT(ErrorOf(R"({"tensors": {}})"), HasSubstr("tensors: an array is expected"));
}

TEST(JsonToMessageTest, StopsWhereTheMessageIsTooLarge) {
  std::string json = R"({"tensors": [{})";
  for (int i = 0; i < 1000; ++i) json += ",{}";
  EXPECT_THAT(ErrorOf(json + "]}", 1000), HasSubstr("more than 1000 bytes"));
  EXPECT_EQ(ErrorOf(json + "]}", 3000), "");
}

TEST(MessageToJsonTest, GivesWhatProtobufTakes) {
  v1::EvaluateResponse response;
  v1::Tensor* const tensor = response.add_results()->mutable_value();
  tensor->set_element_type(v1::ELEMENT_TYPE_FLOAT64);
  tensor->add_shape(std::numeric_limits<int64_t>::max());
  for (const double value : {0.1, -0.0, 5e-324, 1.7976931348623157e308, 1e22, 123456789.0}) {
    tensor->add_values(value);
  }
  tensor->add_values(-std::numeric_limits<double>::infinity());
  tensor->set_data("\x00\xff", 2);
  v1::EvaluateResponse again;
  ASSERT_TRUE(JsonStringToMessage(ToJson(response), &again).ok()) << ToJson(response);
  EXPECT_TRUE(MessageDifferencer::Equals(response, again)) << ToJson(response);
  EXPECT_EQ(FromJson<v1::EvaluateResponse>(ToJson(response)).SerializeAsString(),
            response.SerializeAsString());
}

TEST(MessageToJsonTest, NaNIsAString) {
  v1::Tensor tensor;
  tensor.add_values(std::nan(""));
  EXPECT_EQ(ToJson(tensor), R"({"values":["NaN"]})");
}

TEST(MessageToJsonTest, TheInferenceProtocolsStyleHasEverythingAndNumbers) {
  inference::StatisticDuration duration;
  duration.set_ns(12345678901);
  EXPECT_EQ(ToJson(duration, JsonStyle::kInference), R"({"count":0,"ns":12345678901})");
  inference::ModelReadyRequest request;
  request.set_name("a\"\\\n");
  EXPECT_EQ(ToJson(request, JsonStyle::kInference), R"({"name":"a\"\\\u000a","version":""})");
}

}  // namespace
}  // namespace rectifier::http
