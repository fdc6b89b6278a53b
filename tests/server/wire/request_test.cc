#include "server/wire/request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/field_error.h"
#include "rectifier/v1/activation.pb.h"
#include "server/wire/field_head.h"
#include "tests/support/evaluate.h"
#include "tests/support/raw_call.h"

namespace rectifier {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::RequestFromText;
using testing::ToByteBuffer;

constexpr Limits kSmallLimits = {.max_elements = 100,
                                 .max_values = 120,
                                 .max_tensors = 4,
                                 .max_evaluations = 3,
                                 .max_arguments = 2,
                                 .max_rank = 3};

const SharedBuffers& NoBuffers() {
  static const auto* const buffers = new SharedBuffers(Limits(), BufferGauges());
  return *buffers;
}

absl::StatusOr<DecodedRequest> Decode(const std::string& bytes) {
  return DecodeRequest(ToByteBuffer(bytes), kSmallLimits, NoBuffers());
}

absl::StatusOr<DecodedRequest> DecodeText(const std::string& text) {
  return Decode(RequestFromText(text).SerializeAsString());
}

template <class T>
std::vector<T> ElementsOf(const TensorView& tensor) {
  std::vector<T> elements(tensor.data.size() / sizeof(T));
  tensor.data.CopyTo(0, tensor.data.size(), reinterpret_cast<std::byte*>(elements.data()));
  return elements;
}

// A request that is right but for what is spoilt.
constexpr char kEvaluation[] = "evaluations { inputs: 0 activation { name: 'relu' } }";
constexpr char kTensor[] = "tensors { shape: 2 values: [1, -1] }";

TEST(DecodeRequestTest, GivesViewsOfWhatWasSent) {
  const auto request = DecodeText(R"(
    evaluations {
      inputs: 0
      activation {
        name: 'prelu'
        preset: 'pytorch'
        arguments { key: 'alpha' value { tensor: 1 axis: -1 } }
        arguments { key: 'gate' value { word: 'first' } }
      }
      quantities: [QUANTITY_GRADIENT, QUANTITY_PARAMETER_GRADIENT]
      upstream: 0
    }
    tensors { element_type: ELEMENT_TYPE_FLOAT32 shape: [1, 2] data: '\000\000\200\077\000\000\000\100' }
    tensors { values: 0.5 }
  )");
  ASSERT_TRUE(request.ok()) << request.status();
  const EvaluationRequest& evaluation = request->evaluations.at(0);
  EXPECT_EQ(evaluation.activation, "prelu");
  EXPECT_EQ(evaluation.preset, "pytorch");
  EXPECT_EQ(evaluation.inputs.at(0).type, ElementType::kFloat32);
  EXPECT_THAT(evaluation.inputs.at(0).shape, ElementsAre(1, 2));
  EXPECT_THAT(ElementsOf<float>(evaluation.inputs.at(0)), ElementsAre(1, 2));
  EXPECT_THAT(ElementsOf<float>(evaluation.upstream.value()), ElementsAre(1, 2));
  EXPECT_TRUE(evaluation.quantities.Has(Quantity::kGradient));
  EXPECT_TRUE(evaluation.quantities.Has(Quantity::kParameterGradient));
  EXPECT_FALSE(evaluation.quantities.Has(Quantity::kValue));
  ASSERT_EQ(evaluation.arguments.size(), 2u);
  EXPECT_EQ(evaluation.arguments[0].name, "alpha");
  EXPECT_EQ(evaluation.arguments[0].axis, -1);
  EXPECT_THAT(ElementsOf<double>(std::get<TensorView>(evaluation.arguments[0].value)),
              ElementsAre(0.5));
  EXPECT_EQ(std::get<absl::string_view>(evaluation.arguments[1].value), "first");
  EXPECT_THAT(request->forms, ElementsAre(PayloadForm::kData));
}

TEST(DecodeRequestTest, RoundsValuesToTheElementType) {
  const auto request = DecodeText(std::string(kEvaluation) + R"(
    tensors { element_type: ELEMENT_TYPE_FLOAT16 shape: 3 values: [1, 1e9, 0.1] })");
  ASSERT_TRUE(request.ok()) << request.status();
  EXPECT_THAT(ElementsOf<uint16_t>(request->evaluations.at(0).inputs.at(0)),
              ElementsAre(0x3c00, 0x7c00, 0x2e66));
  EXPECT_THAT(request->forms, ElementsAre(PayloadForm::kValues));
}

TEST(DecodeRequestTest, TakesRankZeroAndZeroSizedTensors) {
  const auto request = DecodeText(R"(
    evaluations { inputs: 0 activation { name: 'relu' } }
    evaluations { inputs: 1 activation { name: 'relu' } }
    evaluations { inputs: 2 activation { name: 'relu' } }
    tensors { values: -1 }
    tensors { shape: [2, 0, 3] }
    tensors { element_type: ELEMENT_TYPE_FLOAT32 shape: 0 })");
  ASSERT_TRUE(request.ok()) << request.status();
  EXPECT_EQ(request->evaluations.at(0).inputs.at(0).data.size(), 8u);
  EXPECT_THAT(request->evaluations.at(1).inputs.at(0).shape, ElementsAre(2, 0, 3));
  EXPECT_THAT(request->forms,
              ElementsAre(PayloadForm::kValues, PayloadForm::kValues, PayloadForm::kData));
}

TEST(DecodeRequestTest, ValuesWithoutAShapeAreAVector) {
  const auto request = DecodeText(std::string(kEvaluation) + "tensors { values: [1, 2, 3] }");
  ASSERT_TRUE(request.ok()) << request.status();
  const TensorView& input = request->evaluations.at(0).inputs.at(0);
  EXPECT_THAT(input.shape, ElementsAre(3));
  EXPECT_THAT(ElementsOf<double>(input), ElementsAre(1, 2, 3));
}

// A single number is of rank 0, whose shape is written the same way.
TEST(DecodeRequestTest, OneValueWithoutAShapeIsOfRankZero) {
  const auto request = DecodeText(std::string(kEvaluation) + "tensors { values: 1 }");
  ASSERT_TRUE(request.ok()) << request.status();
  EXPECT_TRUE(request->evaluations.at(0).inputs.at(0).shape.empty());
}

TEST(DecodeRequestTest, AVectorWithoutAShapeCountsAgainstTheLimit) {
  std::string values = "tensors { values: [0";
  for (int i = 0; i < 100; ++i) values += ", 0";
  const auto request = DecodeText(std::string(kEvaluation) + values + "] }");
  const auto violation = GetFieldViolation(request.status());
  ASSERT_TRUE(violation.has_value()) << request.status();
  EXPECT_EQ(violation->path, "tensors[0].values");
  EXPECT_EQ(violation->reason, "TOO_MANY_ELEMENTS");
}

// The one tensor that is neither an argument nor the upstream.
TEST(DecodeRequestTest, TheInputMayBeLeftOutWhereThereIsOneTensor) {
  const auto request = DecodeText(R"(
    evaluations { activation { name: 'prelu' arguments { key: 'weight' value { tensor: 0 } } }
                  upstream: 2 }
    tensors { values: 0.5 }
    tensors { element_type: ELEMENT_TYPE_FLOAT32 shape: 1 data: '\000\000\200\077' }
    tensors { shape: 1 values: 7 })");
  ASSERT_TRUE(request.ok()) << request.status();
  ASSERT_EQ(request->evaluations.at(0).inputs.size(), 1u);
  EXPECT_THAT(ElementsOf<float>(request->evaluations.at(0).inputs.at(0)), ElementsAre(1));
  EXPECT_THAT(request->forms, ElementsAre(PayloadForm::kData));
}

TEST(DecodeRequestTest, NamesEnumeratorsAsJsonTakesThem) {
  for (const auto& [text, expected] : std::vector<std::pair<std::string, std::string>>{
           {std::string(kEvaluation) + "tensors { shape: 1 data: '12345678' }",
            "ELEMENT_TYPE_UNSPECIFIED is given; one of ELEMENT_TYPE_FLOAT64 (4)"},
           {std::string(kEvaluation) + "tensors { element_type: 99 shape: 1 values: 1 }",
            "99 is given"},
           {std::string(kEvaluation) +
                "tensors { element_type: ELEMENT_TYPE_BFLOAT16 shape: 2 data: '123' }",
            "shape [2] of ELEMENT_TYPE_BFLOAT16 needs 4"},
           {std::string(kEvaluation) + "tensors { shape: 1 }", "`values`, `data` or `region`"},
           {std::string(kTensor) + "evaluations { inputs: 0 quantities: 77 }",
            "77 is given; allowed: QUANTITY_VALUE (1), QUANTITY_GRADIENT (2)"}}) {
    EXPECT_THAT(std::string(DecodeText(text).status().message()), HasSubstr(expected));
  }
}

TEST(DecodeRequestTest, AnUnknownBufferIsNotFoundAtTheWholePathOfItsToken) {
  for (const auto& [text, path] : std::vector<std::pair<std::string, std::string>>{
           {std::string(kEvaluation) + kTensor +
                "tensors { element_type: 4 shape: 1 region { token: 'x' length: 8 } }",
            "tensors[1].region.token"},
           {std::string(kTensor) +
                "evaluations { inputs: 0 destinations { quantity: 1 region { token: 'x' } } }",
            "evaluations[0].destinations[0].region.token"}}) {
    const auto request = DecodeText(text);
    EXPECT_EQ(request.status().code(), absl::StatusCode::kNotFound);
    const auto violation = GetFieldViolation(request.status());
    ASSERT_TRUE(violation.has_value()) << request.status();
    EXPECT_EQ(violation->path, path);
    EXPECT_EQ(violation->reason, "UNKNOWN_SHARED_BUFFER");
    EXPECT_THAT(std::string(request.status().message()), HasSubstr(path));
  }
}

struct BadRequest {
  std::string text;
  std::string field;
  std::string reason;
};
class BadRequestTest : public ::testing::TestWithParam<BadRequest> {};

TEST_P(BadRequestTest, IsInvalidArgumentThatNamesTheField) {
  const auto request = DecodeText(GetParam().text);
  EXPECT_EQ(request.status().code(), absl::StatusCode::kInvalidArgument);
  const auto violation = GetFieldViolation(request.status());
  ASSERT_TRUE(violation.has_value()) << request.status();
  EXPECT_EQ(violation->path, GetParam().field) << request.status();
  EXPECT_EQ(violation->reason, GetParam().reason) << request.status();
}

std::string WithTensor(const std::string& tensor) {
  return std::string(kEvaluation) + "tensors {" + tensor + "}";
}
std::string WithEvaluation(const std::string& evaluation) {
  return std::string(kTensor) + "evaluations {" + evaluation + "}";
}
std::string Repeat(const std::string& text, int times) {
  std::string repeated;
  for (int i = 0; i < times; ++i) repeated += text;
  return repeated;
}

INSTANTIATE_TEST_SUITE_P(
    Tensors, BadRequestTest,
    ::testing::Values(
        BadRequest{WithTensor("shape: 2 values: 1"), "tensors[0].values",
                   "PAYLOAD_LENGTH_MISMATCH"},
        BadRequest{WithTensor("shape: 0 values: 1"), "tensors[0].values",
                   "PAYLOAD_LENGTH_MISMATCH"},
        BadRequest{WithTensor("element_type: ELEMENT_TYPE_FLOAT32 shape: 2 data: '1234567'"),
                   "tensors[0].data", "PAYLOAD_LENGTH_MISMATCH"},
        BadRequest{WithTensor("element_type: ELEMENT_TYPE_FLOAT16 data: '1234'"), "tensors[0].data",
                   "PAYLOAD_LENGTH_MISMATCH"},
        BadRequest{WithTensor("shape: 1 values: 1 data: '12345678'"), "tensors[0].data",
                   "TWO_PAYLOADS"},
        BadRequest{WithTensor("shape: 1"), "tensors[0].data", "NO_PAYLOAD"},
        BadRequest{WithTensor("shape: 1 data: '12345678'"), "tensors[0].element_type",
                   "UNKNOWN_ELEMENT_TYPE"},
        BadRequest{WithTensor("element_type: 99 shape: 1 values: 1"), "tensors[0].element_type",
                   "UNKNOWN_ELEMENT_TYPE"},
        BadRequest{WithTensor("shape: [3, -1] values: 1"), "tensors[0].shape[1]",
                   "NEGATIVE_DIMENSION"},
        BadRequest{WithTensor("shape: [3037000500, 3037000500] values: 1"), "tensors[0].shape",
                   "TOO_MANY_ELEMENTS"},
        BadRequest{WithTensor("shape: [9223372036854775807, 2] values: 1"), "tensors[0].shape",
                   "TOO_MANY_ELEMENTS"},
        BadRequest{WithTensor("shape: [101] values: 1"), "tensors[0].shape", "TOO_MANY_ELEMENTS"},
        BadRequest{WithTensor("shape: [1, 1, 1, 1] values: 1"), "tensors[0].shape",
                   "RANK_TOO_HIGH"}));

INSTANTIATE_TEST_SUITE_P(
    Evaluations, BadRequestTest,
    ::testing::Values(
        BadRequest{kTensor, "evaluations", "NO_EVALUATIONS"},
        BadRequest{kTensor + WithEvaluation(""), "evaluations[0].inputs", "NO_INPUTS"},
        BadRequest{"evaluations { }", "evaluations[0].inputs", "NO_INPUTS"},
        BadRequest{WithEvaluation("upstream: 0"), "evaluations[0].inputs", "NO_INPUTS"},
        BadRequest{WithEvaluation("inputs: [0, 1]"), "evaluations[0].inputs[1]",
                   "INDEX_OUT_OF_RANGE"},
        BadRequest{WithEvaluation("inputs: 4294967295"), "evaluations[0].inputs[0]",
                   "INDEX_OUT_OF_RANGE"},
        BadRequest{WithEvaluation("inputs: 0 upstream: 7"), "evaluations[0].upstream",
                   "INDEX_OUT_OF_RANGE"},
        BadRequest{WithEvaluation("inputs: 0 quantities: [1, 1]"), "evaluations[0].quantities[1]",
                   "DUPLICATE_QUANTITY"},
        BadRequest{WithEvaluation("inputs: 0 quantities: QUANTITY_UNSPECIFIED"),
                   "evaluations[0].quantities[0]", "UNKNOWN_QUANTITY"},
        BadRequest{WithEvaluation("inputs: 0 quantities: [1, 77]"), "evaluations[0].quantities[1]",
                   "UNKNOWN_QUANTITY"},
        BadRequest{WithEvaluation("inputs: 0 activation { arguments { key: 'a' } }"),
                   "evaluations[0].activation.arguments[\"a\"]", "NO_ARGUMENT_VALUE"},
        BadRequest{
            WithEvaluation("inputs: 0 activation { arguments { key: 'a' value { tensor: 1 } } }"),
            "evaluations[0].activation.arguments[\"a\"].tensor", "INDEX_OUT_OF_RANGE"},
        BadRequest{WithEvaluation("inputs: 0 activation { name: '" + std::string(129, 'x') + "' }"),
                   "evaluations[0].activation.name", "NAME_TOO_LONG"},
        BadRequest{WithEvaluation("inputs: 0 activation { arguments { key: '" +
                                  std::string(129, 'x') + "' value { number: 1 } } }"),
                   "evaluations[0].activation.arguments", "NAME_TOO_LONG"},
        BadRequest{WithEvaluation("inputs: 0 destinations { quantity: 1 input: 3 }"),
                   "evaluations[0].destinations[0].input", "FIELD_NOT_APPLICABLE"},
        BadRequest{WithEvaluation("inputs: 0 destinations { quantity: 3 input: 1 }"),
                   "evaluations[0].destinations[0].input", "FIELD_NOT_APPLICABLE"},
        BadRequest{WithEvaluation("inputs: 0 destinations { quantity: 1 parameter: 'x' }"),
                   "evaluations[0].destinations[0].parameter", "FIELD_NOT_APPLICABLE"},
        BadRequest{WithEvaluation("inputs: 0 destinations { quantity: 2 parameter: 'x' }"),
                   "evaluations[0].destinations[0].parameter", "FIELD_NOT_APPLICABLE"},
        BadRequest{WithEvaluation("inputs: 0 destinations { quantity: 4 input: 1 }"),
                   "evaluations[0].destinations[0].input", "FIELD_NOT_APPLICABLE"},
        BadRequest{std::string(kEvaluation) + kTensor + "evaluations { inputs: 0 upstream: 9 }",
                   "evaluations[1].upstream", "INDEX_OUT_OF_RANGE"}));

INSTANTIATE_TEST_SUITE_P(
    Counts, BadRequestTest,
    ::testing::Values(
        BadRequest{kEvaluation + Repeat(kTensor, 5), "tensors", "TOO_MANY_TENSORS"},
        BadRequest{kTensor + Repeat(kEvaluation, 4), "evaluations", "TOO_MANY_EVALUATIONS"},
        BadRequest{WithTensor(Repeat("values: 1 ", 121)), "tensors[0].values", "TOO_MANY_VALUES"},
        BadRequest{kEvaluation + Repeat("tensors { " + Repeat("values: 1 ", 50) + " } ", 3),
                   "tensors[2].values", "TOO_MANY_VALUES"},
        BadRequest{WithEvaluation("inputs: 0 activation { arguments { key: 'a' } "
                                  "arguments { key: 'b' } arguments { key: 'c' } }"),
                   "evaluations[0].activation.arguments", "TOO_MANY_ARGUMENTS"},
        BadRequest{WithEvaluation(Repeat("inputs: 0 ", 1000)), "evaluations[0].inputs",
                   "TOO_MANY_INPUTS"},
        BadRequest{WithEvaluation("inputs: 0 " + Repeat("quantities: 1 ", 1000)),
                   "evaluations[0].quantities", "TOO_MANY_QUANTITIES"},
        BadRequest{WithTensor(Repeat("shape: 1 ", 1000)), "tensors[0].shape", "RANK_TOO_HIGH"}));

TEST(DecodeRequestTest, CountsNumbersBeforeTheyAreThere) {
  // Two gigabytes of numbers are claimed, and none has come.
  std::string tensor = FieldHead(v1::Tensor::kValuesFieldNumber, size_t{1} << 30);
  const absl::StatusOr<DecodedRequest> request = Decode(
      FieldHead(v1::EvaluateRequest::kTensorsFieldNumber, (size_t{1} << 30) + tensor.size()) +
      tensor);
  const std::optional<FieldViolation> violation = GetFieldViolation(request.status());
  ASSERT_TRUE(violation.has_value()) << request.status();
  EXPECT_EQ(violation->path, "tensors[0].values");
  EXPECT_EQ(violation->description,
            "the request has 134217728 numbers up to here; this server's limit for numbers as "
            "`values` is 120 (as `data` there may be more)");
}

TEST(DecodeRequestTest, CountsNumbersThatAreNotPacked) {
  std::string tensor;
  for (int i = 0; i < 121; ++i) tensor += std::string("\x71\0\0\0\0\0\0\xf0\x3f", 9);
  const absl::Status status =
      Decode(FieldHead(v1::EvaluateRequest::kTensorsFieldNumber, tensor.size()) + tensor).status();
  EXPECT_EQ(GetFieldViolation(status).value_or(FieldViolation()).reason, "TOO_MANY_VALUES");
}

TEST(DecodeRequestTest, RefusesBytesThatAreNoRequest) {
  const std::string good = RequestFromText(std::string(kEvaluation) + kTensor).SerializeAsString();
  ASSERT_TRUE(Decode(good).ok());
  for (const std::string& bad :
       {std::string("\xff\xff\xff"), std::string("\x0a\x05"), std::string("\x07"),
        std::string("\x00", 1), std::string("\x12\xff\xff\xff\xff\x07"), good + "\x0b",
        good + "\x7b\x7c", good + "\xf8\x80\x80\x80\x80\x01\x01"}) {
    const absl::Status status = Decode(bad).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(status.message()), HasSubstr("rectifier.v1 message"));
  }
}

// Cutting at a field's end leaves a message that means something else; all other cuts, and those
// too, must give an answer and never more than the limits allow.
TEST(DecodeRequestTest, EveryPrefixGivesAnAnswer) {
  const std::string good = RequestFromText(std::string(kEvaluation) + kTensor).SerializeAsString();
  for (size_t length = 0; length < good.size(); ++length) {
    const absl::Status status = Decode(good.substr(0, length)).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << length;
  }
}

TEST(DecodeRequestTest, ToleratesAFewUnknownFieldsAndRefusesAFlood) {
  const std::string good = RequestFromText(std::string(kEvaluation) + kTensor).SerializeAsString();
  const std::string unknown = "\x78\x01";  // field 15, a varint
  EXPECT_TRUE(Decode(good + Repeat(unknown, 1024)).ok());
  const absl::Status status = Decode(good + Repeat(unknown, 1025)).status();
  EXPECT_THAT(std::string(status.message()), HasSubstr("does not know"));
}

TEST(DecodeRequestTest, RefusesStringsThatAreNotUtf8) {
  std::string bytes = RequestFromText(std::string(kEvaluation) + kTensor).SerializeAsString();
  bytes.replace(bytes.find("relu"), 4, "\xff\xfe\xfd\xfc");
  EXPECT_EQ(Decode(bytes).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(DecodeRequestTest, ReadsAcrossSlices) {
  const std::string good = RequestFromText(std::string(kEvaluation) + kTensor).SerializeAsString();
  std::vector<grpc::Slice> slices;
  for (const char byte : good) slices.emplace_back(std::string(1, byte));
  const auto request =
      DecodeRequest(grpc::ByteBuffer(slices.data(), slices.size()), kSmallLimits, NoBuffers());
  ASSERT_TRUE(request.ok()) << request.status();
  EXPECT_THAT(ElementsOf<double>(request->evaluations.at(0).inputs.at(0)), ElementsAre(1, -1));
}

TEST(DecodeRequestTest, LeavesLargePayloadsWhereTheyArrived) {
  v1::EvaluateRequest message = RequestFromText(std::string(kEvaluation) + kTensor);
  std::string data(8 * 1000, '\0');
  for (size_t i = 0; i < data.size(); ++i) data[i] = static_cast<char>(i * 7);
  v1::Tensor& tensor = *message.mutable_tensors(0);
  tensor.Clear();
  tensor.set_element_type(v1::ELEMENT_TYPE_FLOAT64);
  tensor.add_shape(1000);
  tensor.set_data(data);
  const std::string bytes = message.SerializeAsString();
  std::vector<grpc::Slice> slices;
  for (size_t start = 0; start < bytes.size(); start += 333) {
    slices.emplace_back(bytes.substr(start, 333));
  }
  const auto request = DecodeRequest(grpc::ByteBuffer(slices.data(), slices.size()),
                                     {.max_elements = 1000}, NoBuffers());
  ASSERT_TRUE(request.ok()) << request.status();
  const Payload& payload = request->evaluations.at(0).inputs.at(0).data;
  EXPECT_FALSE(payload.is_whole());
  std::string copy(payload.size(), '\0');
  payload.CopyTo(0, copy.size(), reinterpret_cast<std::byte*>(copy.data()));
  EXPECT_EQ(copy, data);
}

// Payloads of over 4 KiB arrive in pieces, and arguments are wanted in one.
TEST(DecodeRequestTest, AnArgumentIsCopiedOnceHoweverManyEvaluationsHaveIt) {
  std::string text;
  for (int i = 0; i < 3; ++i) {
    text += R"(evaluations { inputs: 0 activation {
      name: 'prelu' arguments { key: 'weight' value { tensor: 1 } } } })";
  }
  v1::EvaluateRequest message = RequestFromText(text + kTensor);
  v1::Tensor& tensor = *message.add_tensors();
  tensor.set_element_type(v1::ELEMENT_TYPE_FLOAT64);
  tensor.add_shape(1000);
  tensor.set_data(std::string(8000, 'x'));
  const std::string bytes = message.SerializeAsString();
  const std::string halves[] = {bytes.substr(0, bytes.size() - 4000),
                                bytes.substr(bytes.size() - 4000)};
  std::vector<grpc::Slice> slices(std::begin(halves), std::end(halves));
  const grpc::ByteBuffer buffer(slices.data(), slices.size());
  const auto decode = [&](int64_t max_message_bytes) {
    return DecodeRequest(buffer, {.max_message_bytes = max_message_bytes, .max_elements = 1000},
                         NoBuffers());
  };

  const auto request = decode(8000);
  ASSERT_TRUE(request.ok()) << request.status();
  const auto data = [&](int evaluation) {
    const Argument& argument = request->evaluations.at(evaluation).arguments.at(0);
    return std::get<TensorView>(argument.value).data.data();
  };
  EXPECT_EQ(data(1), data(0));
  EXPECT_EQ(data(2), data(0));

  const auto violation = GetFieldViolation(decode(7999).status());
  ASSERT_TRUE(violation);
  EXPECT_EQ(violation->reason, "ARGUMENTS_TOO_LARGE");
  EXPECT_EQ(violation->path, "evaluations[0].activation.arguments[\"weight\"].tensor");
}

TEST(DecodeRequestTest, TakesFieldsInAnyOrderAndTheLastOfThoseGivenTwice) {
  const v1::EvaluateRequest evaluation = RequestFromText(kEvaluation);
  v1::Tensor type_and_shape, data, other_data;
  type_and_shape.set_element_type(v1::ELEMENT_TYPE_FLOAT16);
  type_and_shape.add_shape(1);
  data.set_data("12");
  other_data.set_data("345");
  const std::string tensor = other_data.SerializeAsString() + data.SerializeAsString() +
                             type_and_shape.SerializeAsString();
  const auto request = Decode(std::string("\x12") + static_cast<char>(tensor.size()) + tensor +
                              evaluation.SerializeAsString());
  ASSERT_TRUE(request.ok()) << request.status();
  EXPECT_THAT(ElementsOf<uint16_t>(request->evaluations.at(0).inputs.at(0)), ElementsAre(0x3231));
}

TEST(DecodeHeaderTest, RefusesATensorThatIsLongerThanTheHeaderItIsIn) {
  v1::EvaluateStreamRequest request;
  v1::StreamHeader& header = *request.mutable_header();
  header.mutable_activation()->set_name("relu");
  header.set_element_type(v1::ELEMENT_TYPE_FLOAT32);
  header.add_tensors()->add_values(1);
  std::string bytes = request.SerializeAsString();
  EXPECT_TRUE(DecodeHeader(ToByteBuffer(bytes), kSmallLimits, NoBuffers()).ok());
  const size_t tensor = header.tensors(0).ByteSizeLong();  // comes last, after its length
  ++bytes[bytes.size() - tensor - 1];
  EXPECT_FALSE(v1::EvaluateStreamRequest().ParseFromString(bytes));
  const auto decoded = DecodeHeader(ToByteBuffer(bytes), kSmallLimits, NoBuffers());
  EXPECT_THAT(decoded.status().message(), HasSubstr("is not a serialized"));
}

}  // namespace
}  // namespace rectifier
