// ModelInferRequests as core's requests, and what is wrong with them.
#include "server/inference/infer_request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/field_error.h"
#include "google/protobuf/text_format.h"
#include "server/wire/field_head.h"
#include "tests/support/raw_call.h"

namespace rectifier {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using testing::ToByteBuffer;

inference::ModelInferRequest FromText(const std::string& text) {
  inference::ModelInferRequest request;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &request)) << text;
  return request;
}

absl::StatusOr<DecodedRequest> DecodeBytes(const std::string& bytes, const Limits& limits = {}) {
  return DecodeInferRequest(ToByteBuffer(bytes), Catalogue::Best(), limits);
}

absl::StatusOr<DecodedRequest> Decode(const std::string& text, const Limits& limits = {}) {
  return DecodeBytes(FromText(text).SerializeAsString(), limits);
}

// The elements of a tensor.
std::vector<double> Numbers(const TensorView& view) {
  std::vector<double> numbers;
  const size_t size = SizeOf(view.type);
  for (size_t offset = 0; offset < view.data.size(); offset += size) {
    std::byte room[sizeof(double)];
    numbers.push_back(LoadElement(view.type, view.data.Read(offset, size, room)));
  }
  return numbers;
}

// The field at fault, and the message.
struct Fault {
  std::string field;
  std::string reason;
  std::string message;
  absl::StatusCode code;
};
Fault FaultOf(const absl::StatusOr<DecodedRequest>& decoded) {
  EXPECT_FALSE(decoded.ok());
  const auto violation = GetFieldViolation(decoded.status()).value_or(FieldViolation());
  return {violation.path, violation.reason, std::string(decoded.status().message()),
          decoded.status().code()};
}

constexpr char kX[] = "inputs { name: 'x' datatype: 'FP32' shape: [2] } ";
constexpr char kRawX[] = "raw_input_contents: '\\000\\000\\200\\077\\000\\000\\000\\300' ";

std::string Gelu(const std::string& rest) { return absl::StrCat("model_name: 'gelu' ", rest); }

TEST(InferRequestTest, TakesRawContents) {
  const auto decoded = Decode(Gelu(absl::StrCat(kX, kRawX)));
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  ASSERT_THAT(decoded->evaluations, SizeIs(1));
  const EvaluationRequest& evaluation = decoded->evaluations[0];
  EXPECT_EQ(evaluation.activation, "gelu");
  ASSERT_THAT(evaluation.inputs, SizeIs(1));
  EXPECT_EQ(evaluation.inputs[0].type, ElementType::kFloat32);
  EXPECT_THAT(evaluation.inputs[0].shape, ElementsAre(2));
  EXPECT_THAT(Numbers(evaluation.inputs[0]), ElementsAre(1, -2));
  EXPECT_TRUE(evaluation.quantities.Has(Quantity::kValue));
}

TEST(InferRequestTest, DoesNotCopyLargeRawContents) {
  inference::ModelInferRequest message = FromText(Gelu(kX));
  message.mutable_inputs(0)->set_shape(0, 1 << 20);
  message.add_raw_input_contents(std::string(4 << 20, '\0'));
  const auto decoded = DecodeBytes(message.SerializeAsString());
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_TRUE(InferRequestOf(*decoded).copies.empty());
}

TEST(InferRequestTest, TakesEachFieldOfTypedContents) {
  struct Case {
    const char* datatype;
    const char* contents;
  };
  for (const Case& item :
       {Case{"FP32", "fp32_contents: [1, -2]"}, Case{"FP64", "fp64_contents: [1, -2]"}}) {
    const auto decoded =
        Decode(Gelu(absl::StrCat("inputs { name: 'x' datatype: '", item.datatype,
                                 "' shape: [2] contents { ", item.contents, " } }")));
    ASSERT_TRUE(decoded.ok()) << decoded.status();
    EXPECT_THAT(Numbers(decoded->evaluations[0].inputs[0]), ElementsAre(1, -2)) << item.datatype;
  }
  // Whole numbers are arguments.
  for (const Case& item :
       {Case{"INT8", "int_contents: [1, 2]"}, Case{"INT16", "int_contents: [1, 2]"},
        Case{"INT32", "int_contents: [1, 2]"}, Case{"INT64", "int64_contents: [1, 2]"},
        Case{"UINT8", "uint_contents: [1, 2]"}, Case{"UINT16", "uint_contents: [1, 2]"},
        Case{"UINT32", "uint_contents: [1, 2]"}, Case{"UINT64", "uint64_contents: [1, 2]"}}) {
    const auto decoded = Decode(absl::StrCat(
        "model_name: 'prelu' inputs { name: 'x' datatype: 'FP64' shape: [2] contents { "
        "fp64_contents: [3, 4] } } inputs { name: 'alpha' datatype: '",
        item.datatype, "' shape: [2] contents { ", item.contents, " } }"));
    ASSERT_TRUE(decoded.ok()) << decoded.status();
    const Argument& argument = decoded->evaluations[0].arguments[0];
    EXPECT_THAT(Numbers(std::get<TensorView>(argument.value)), ElementsAre(1, 2)) << item.datatype;
  }
  for (const char* beyond :
       {"int64_contents: [1, -9007199254740993]", "int64_contents: [1, 9007199254740992]"}) {
    const auto decoded = Decode(absl::StrCat(
        "model_name: 'prelu' inputs { name: 'x' datatype: 'FP64' shape: [2] contents { "
        "fp64_contents: [3, 4] } } inputs { name: 'alpha' datatype: 'INT64' shape: [2] contents { ",
        beyond, " } }"));
    EXPECT_EQ(FaultOf(decoded).reason, "VALUE_OUT_OF_RANGE") << beyond;
  }
  const auto masked = Decode(
      "model_name: 'softmax' inputs { name: 'x' datatype: 'FP32' shape: [2] contents { "
      "fp32_contents: [3, 4] } } inputs { name: 'mask' datatype: 'BOOL' shape: [2] contents { "
      "bool_contents: [true, false] } }");
  ASSERT_TRUE(masked.ok()) << masked.status();
  const Argument& mask = masked->evaluations[0].arguments[0];
  EXPECT_THAT(Numbers(std::get<TensorView>(mask.value)), ElementsAre(1, 0));
}

TEST(InferRequestTest, WidensRawWholeNumbersWithTheirSigns) {
  for (const auto& [datatype, bytes] : std::vector<std::pair<const char*, std::string>>{
           {"INT8", "\xfe"},
           {"INT16", "\xfe\xff"},
           {"INT32", "\xfe\xff\xff\xff"},
           {"INT64", "\xfe\xff\xff\xff\xff\xff\xff\xff"}}) {
    inference::ModelInferRequest message = FromText(
        "model_name: 'softmax' inputs { name: 'x' datatype: 'FP32' shape: [1, 1, 1] } "
        "inputs { name: 'axis' shape: [1] } raw_input_contents: 'abcd'");
    message.mutable_inputs(1)->set_datatype(datatype);
    message.add_raw_input_contents(bytes);
    const auto decoded = DecodeBytes(message.SerializeAsString());
    ASSERT_TRUE(decoded.ok()) << decoded.status();
    const Argument& axis = decoded->evaluations[0].arguments[0];
    EXPECT_THAT(Numbers(std::get<TensorView>(axis.value)), ElementsAre(-2)) << datatype;
  }
}

TEST(InferRequestTest, TakesNumbersThatAreNotPacked) {
  std::string contents;  // two elements, each with its tag (fp32_contents, fixed32)
  contents += std::string("\x35\x00\x00\x80\x3f", 5) + std::string("\x35\x00\x00\x00\xc0", 5);
  inference::ModelInferRequest message = FromText(Gelu(""));
  auto* input = message.add_inputs();
  input->set_name("x");
  input->set_datatype("FP32");
  input->add_shape(2);
  std::string serialized = input->SerializeAsString();
  serialized += std::string("\x2a") + static_cast<char>(contents.size()) + contents;
  message.clear_inputs();
  std::string bytes = message.SerializeAsString();
  bytes += std::string("\x2a") + static_cast<char>(serialized.size()) + serialized;
  inference::ModelInferRequest expected;
  ASSERT_TRUE(expected.ParseFromString(bytes));
  ASSERT_THAT(expected.inputs(0).contents().fp32_contents(), ElementsAre(1, -2));
  const auto decoded = DecodeBytes(bytes);
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_THAT(Numbers(decoded->evaluations[0].inputs[0]), ElementsAre(1, -2));
}

TEST(InferRequestTest, ParametersAreArgumentsAndThePreset) {
  const auto decoded = Decode(absl::StrCat(
      "model_name: 'softmax' ", kX, kRawX,
      "parameters { key: 'axis' value { int64_param: -1 } }"
      "parameters { key: 'temperature' value { double_param: 0.5 } }"
      "parameters { key: 'preset' value { string_param: 'pytorch' } }"
      "parameters { key: 'timeout' value { int64_param: 7 } }"
      "parameters { key: 'triton_enable_empty_final_response' value { bool_param: true } }"));
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  const EvaluationRequest& evaluation = decoded->evaluations[0];
  EXPECT_EQ(evaluation.preset, "pytorch");
  ASSERT_THAT(evaluation.arguments, SizeIs(2));
  EXPECT_EQ(evaluation.arguments[0].name, "axis");
  EXPECT_EQ(std::get<double>(evaluation.arguments[0].value), -1);
  EXPECT_EQ(evaluation.arguments[1].name, "temperature");
  EXPECT_EQ(std::get<double>(evaluation.arguments[1].value), 0.5);
}

TEST(InferRequestTest, GateAndValueAreToldApartByTheirNames) {
  const auto decoded = Decode(
      "model_name: 'swiglu' inputs { name: 'value' datatype: 'FP64' shape: [1] contents { "
      "fp64_contents: [5] } } inputs { name: 'gate' datatype: 'FP64' shape: [1] contents { "
      "fp64_contents: [7] } } outputs { name: 'gradient.value' } outputs { name: 'gradient.gate' "
      "}");
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  const EvaluationRequest& evaluation = decoded->evaluations[0];
  ASSERT_THAT(evaluation.inputs, SizeIs(2));
  EXPECT_THAT(Numbers(evaluation.inputs[0]), ElementsAre(7));
  EXPECT_THAT(Numbers(evaluation.inputs[1]), ElementsAre(5));
  ASSERT_THAT(evaluation.arguments, SizeIs(1));
  EXPECT_EQ(std::get<absl::string_view>(evaluation.arguments[0].value), "first");
  const auto& outputs = InferRequestOf(*decoded).outputs;
  ASSERT_THAT(outputs, SizeIs(2));
  EXPECT_EQ(outputs[0].output.input, 1u);
  EXPECT_EQ(outputs[1].output.input, 0u);
}

TEST(InferRequestTest, NamesTheFieldAtFault) {
  struct Case {
    std::string text;
    std::string field;
    std::string reason;
  };
  const std::string xs = absl::StrCat(kX, kRawX);
  const std::vector<Case> cases = {
      {"inputs { name: 'y' datatype: 'FP32' shape: [2] }" + std::string(kRawX), "inputs[0].name",
       "UNKNOWN_INPUT"},
      {absl::StrCat(kX, kX, kRawX, kRawX), "inputs[\"x\"]", "DUPLICATE_INPUT"},
      {"", "inputs", "WRONG_INPUT_COUNT"},
      {"inputs { name: 'upstream' datatype: 'FP32' shape: [2] }" + std::string(kRawX), "inputs",
       "WRONG_INPUT_COUNT"},
      {"inputs { name: 'x' datatype: 'BYTES' shape: [1] } raw_input_contents: 'abc'",
       "inputs[\"x\"].datatype", "UNKNOWN_ELEMENT_TYPE"},
      {"inputs { name: 'x' datatype: 'INT64' shape: [1] } raw_input_contents: '12345678'",
       "inputs[\"x\"].datatype", "UNKNOWN_ELEMENT_TYPE"},
      {"inputs { name: 'x' datatype: 'FP32' shape: [-2] }" + std::string(kRawX),
       "inputs[\"x\"].shape[0]", "NEGATIVE_DIMENSION"},
      {"inputs { name: 'x' datatype: 'FP32' shape: [4294967296, 4294967296, 4294967296] }" +
           std::string(kRawX),
       "inputs[\"x\"].shape", "TOO_MANY_ELEMENTS"},
      {"inputs { name: 'x' datatype: 'FP32' shape: [3] }" + std::string(kRawX),
       "raw_input_contents[0]", "PAYLOAD_LENGTH_MISMATCH"},
      {absl::StrCat(kX, kRawX, kRawX), "raw_input_contents", "WRONG_INPUT_COUNT"},
      {kX, "inputs[\"x\"].contents", "NO_PAYLOAD"},
      {"inputs { name: 'x' datatype: 'FP32' shape: [2] contents { fp32_contents: [1, 2] } }" +
           std::string(kRawX),
       "inputs[\"x\"].contents", "TWO_PAYLOADS"},
      {"inputs { name: 'x' datatype: 'FP32' shape: [2] contents { fp32_contents: [1] } }",
       "inputs[\"x\"].contents", "PAYLOAD_LENGTH_MISMATCH"},
      {"inputs { name: 'x' datatype: 'FP32' shape: [2] contents { fp32_contents: [1, 2, 3] } }",
       "inputs[\"x\"].contents", "PAYLOAD_LENGTH_MISMATCH"},
      {"inputs { name: 'x' datatype: 'FP32' shape: [2] contents { fp64_contents: [1, 2] } }",
       "inputs[\"x\"].contents", "WRONG_CONTENTS"},
      {"inputs { name: 'x' datatype: 'FP16' shape: [2] contents { int_contents: [1, 2] } }",
       "inputs[\"x\"].contents", "WRONG_CONTENTS"},
      {xs + "outputs { name: 'values' }", "outputs[0].name", "UNKNOWN_OUTPUT"},
      {xs + "outputs { name: 'value' } outputs { name: 'value' }", "outputs[\"value\"]",
       "DUPLICATE_OUTPUT"},
      {std::string(
           "inputs { name: 'x' datatype: 'FP32' shape: [2] parameters { key: 'axis' value { "
           "int64_param: 0 } } } ") +
           kRawX,
       "inputs[\"x\"].parameters[\"axis\"]", "UNKNOWN_PARAMETER"},
      {xs + "outputs { name: 'value' parameters { key: 'classification' value { int64_param: 3 } "
            "} }",
       "outputs[\"value\"].parameters[\"classification\"]", "UNKNOWN_PARAMETER"},
      {xs + "outputs { name: 'value' parameters { key: 'shared_memory_region' value { "
            "string_param: 'r' } } }",
       "outputs[\"value\"].parameters[\"shared_memory_region\"]", "NO_SHARED_MEMORY"},
      {xs + "outputs { name: 'value' parameters { key: 'shared_memory_offset' value { "
            "int64_param: 3 } } }",
       "outputs[\"value\"].parameters[\"shared_memory_region\"]", "NO_REGION"},
      {"inputs { name: 'x' datatype: 'FP32' shape: [2] parameters { key: 'shared_memory_region' "
       "value { string_param: 'r' } } }",
       "inputs[\"x\"].parameters[\"shared_memory_region\"]", "NO_SHARED_MEMORY"},
      {xs + "parameters { key: 'preset' value { int64_param: 3 } }", "parameters[\"preset\"]",
       "WRONG_ARGUMENT_TYPE"},
      {xs + "parameters { key: 'alpha' value { } }", "parameters[\"alpha\"]", "NO_ARGUMENT_VALUE"},
      {xs + "parameters { key: 'alpha' value { int64_param: -9007199254740993 } }",
       "parameters[\"alpha\"]", "ARGUMENT_OUT_OF_RANGE"},
      {xs + "parameters { key: 'alpha' value { uint64_param: 18446744073709551615 } }",
       "parameters[\"alpha\"]", "ARGUMENT_OUT_OF_RANGE"},
      {xs + "parameters { key: 'a' value { string_param: '" + std::string(5000, 'w') + "' } }",
       "parameters", "TEXT_TOO_LONG"},
  };
  for (const Case& item : cases) {
    const Fault fault = FaultOf(Decode(Gelu(item.text)));
    EXPECT_EQ(fault.field, item.field) << item.text << fault.message;
    EXPECT_EQ(fault.reason, item.reason) << item.text;
    EXPECT_EQ(fault.code, absl::StatusCode::kInvalidArgument);
  }
}

TEST(InferRequestTest, AnUnknownModelIsNotFoundAndTheNearestIsNamed) {
  const Fault model = FaultOf(Decode(absl::StrCat("model_name: 'gelo' ", kX, kRawX)));
  EXPECT_EQ(model.code, absl::StatusCode::kNotFound);
  EXPECT_EQ(model.field, "model_name");
  EXPECT_THAT(model.message, HasSubstr("\"gelu\""));
  const Fault version = FaultOf(Decode(Gelu(absl::StrCat("model_version: '2' ", kX, kRawX))));
  EXPECT_EQ(version.code, absl::StatusCode::kNotFound);
  EXPECT_EQ(version.field, "model_version");
  EXPECT_TRUE(Decode(Gelu(absl::StrCat("model_version: '1' ", kX, kRawX))).ok());
}

TEST(InferRequestTest, OutputsAreThoseOfTheInputsGiven) {
  const Fault fault = FaultOf(
      Decode("model_name: 'swiglu' inputs { name: 'x' datatype: 'FP64' shape: [2] contents { "
             "fp64_contents: [5, 6] } } outputs { name: 'gradient.gate' }"));
  EXPECT_EQ(fault.reason, "UNKNOWN_OUTPUT");
  EXPECT_THAT(fault.message, HasSubstr("allowed: value, gradient"));
}

TEST(InferRequestTest, CountsBeforeItAllocates) {
  const auto repeated = [](const std::string& field, int count) {
    std::string bytes = FromText(Gelu("")).SerializeAsString();
    for (int i = 0; i < count; ++i) bytes += field;
    return bytes;
  };
  const std::string empty_input("\x2a\x00", 2), empty_output("\x32\x00", 2),
      empty_raw("\x3a\x00", 2), empty_parameter("\x22\x00", 2);
  EXPECT_EQ(FaultOf(DecodeBytes(repeated(empty_input, 100))).reason, "TOO_MANY_INPUTS");
  EXPECT_EQ(FaultOf(DecodeBytes(repeated(empty_output, 100))).reason, "TOO_MANY_OUTPUTS");
  EXPECT_EQ(FaultOf(DecodeBytes(repeated(empty_raw, 100))).reason, "TOO_MANY_INPUTS");
  EXPECT_EQ(FaultOf(DecodeBytes(repeated(empty_parameter, 100))).reason, "TOO_MANY_PARAMETERS");
  // Elements one by one, and whole numbers: of one input, so that nothing else is too many.
  const auto with_contents = [](const std::string& contents) {
    inference::ModelInferRequest message = FromText(Gelu("inputs { name: 'x' datatype: 'FP32' }"));
    inference::InferTensorContents parsed;
    EXPECT_TRUE(parsed.ParseFromString(contents));
    std::string input = message.inputs(0).SerializeAsString();
    input += FieldHead(inference::ModelInferRequest::InferInputTensor::kContentsFieldNumber,
                       contents.size()) +
             contents;
    message.clear_inputs();
    return message.SerializeAsString() +
           FieldHead(inference::ModelInferRequest::kInputsFieldNumber, input.size()) + input;
  };
  std::string unpacked;
  for (int i = 0; i < 5000; ++i) unpacked += std::string("\x35\x00\x00\x80\x3f", 5);
  EXPECT_EQ(FaultOf(DecodeBytes(with_contents(unpacked))).reason, "CONTENTS_NOT_PACKED");
  const std::string integers = FieldHead(3, 5000) + std::string(5000, '\1');
  EXPECT_EQ(FaultOf(DecodeBytes(with_contents(integers))).reason, "TOO_MANY_INTEGERS");
}

}  // namespace
}  // namespace rectifier
