// Feeds the decoder of ModelInferRequests with bytes cut into slices anywhere, and holds it to
// protobuf, as decode_fuzzer.cc does with Evaluate's. See README.md.
#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/catalogue.h"
#include "core/element_type.h"
#include "grpcpp/support/byte_buffer.h"
#include "inference/inference_service.pb.h"
#include "server/inference/datatype.h"
#include "server/inference/infer_request.h"
#include "tests/fuzz/require.h"
#include "tests/fuzz/slices.h"
#include "tests/fuzz/verdict.h"

namespace rectifier {
namespace {

using Message = inference::ModelInferRequest;
using Input = Message::InferInputTensor;

constexpr Limits kLimits = {.max_elements = 1 << 16, .max_arguments = 4, .max_rank = 6};

std::string BytesOf(const TensorView& view) {
  std::string bytes(view.data.size(), '\0');
  view.data.CopyTo(0, bytes.size(), reinterpret_cast<std::byte*>(bytes.data()));
  return bytes;
}

template <class Number, class Numbers>
std::string Packed(const Numbers& numbers) {
  std::string bytes;
  for (const auto number : numbers) {
    const auto stored = static_cast<Number>(number);
    bytes.append(reinterpret_cast<const char*>(&stored), sizeof(stored));
  }
  return bytes;
}

// A little-endian whole number, one of `type`'s, which has `type.size` bytes at `from`.
double WholeNumber(const Datatype& type, const char* from) {
  double number = 0;
  for (size_t i = type.size; i-- > 0;) {
    const auto byte = static_cast<uint8_t>(from[i]);
    const bool is_sign = type.is_signed && i + 1 == type.size;
    number = number * 256 + (is_sign ? static_cast<int8_t>(byte) : byte);
  }
  return number;
}

// The payload as it must have been understood.
std::string ExpectedBytes(const Input& input, const std::string* raw, const Datatype& type) {
  if (raw != nullptr) {
    if (type.stored) return *raw;
    std::vector<double> numbers;
    for (size_t i = 0; i < raw->size(); i += type.size) {
      numbers.push_back(WholeNumber(type, raw->data() + i));
    }
    return Packed<double>(numbers);
  }
  const inference::InferTensorContents& contents = input.contents();
  return Packed<uint8_t>(contents.bool_contents()) + Packed<float>(contents.fp32_contents()) +
         Packed<double>(contents.fp64_contents()) + Packed<double>(contents.int_contents()) +
         Packed<double>(contents.int64_contents()) + Packed<double>(contents.uint_contents()) +
         Packed<double>(contents.uint64_contents());
}

// Packed bools are taken as the bytes that they are in the message. Where one is neither 0 nor 1,
// maybe a part of a longer number, core refuses the tensor.
bool HasOddBools(const TensorView& view) {
  const std::string bytes = BytesOf(view);
  return view.type == ElementType::kBool &&
         std::any_of(bytes.begin(), bytes.end(), [](char byte) { return byte != 0 && byte != 1; });
}

void RequireSame(const Message& message, int index, const TensorView& view) {
  const Input& input = message.inputs(index);
  Require(Shape(input.shape().begin(), input.shape().end()) == view.shape,
          "another shape than protobuf's");
  const std::string* raw =
      message.raw_input_contents().empty() ? nullptr : &message.raw_input_contents(index);
  Require(BytesOf(view) == ExpectedBytes(input, raw, *FindDatatype(input.datatype())),
          "other bytes than protobuf's");
}

bool HasOddBools(const EvaluationRequest& evaluation) {
  return std::any_of(evaluation.arguments.begin(), evaluation.arguments.end(),
                     [](const Argument& argument) {
                       const auto* tensor = std::get_if<TensorView>(&argument.value);
                       return tensor != nullptr && HasOddBools(*tensor);
                     });
}

// The index of the input of that name, which must be there.
int IndexOf(const Message& message, absl::string_view name) {
  const auto& inputs = message.inputs();
  const auto found = std::find_if(inputs.begin(), inputs.end(),
                                  [name](const Input& input) { return input.name() == name; });
  Require(found != inputs.end(), "an input that protobuf does not see");
  return static_cast<int>(found - inputs.begin());
}

void RequireSame(const Message& message, const DecodedRequest& decoded) {
  const EvaluationRequest& evaluation = decoded.evaluations[0];
  const InferRequest& request = InferRequestOf(decoded);
  Require(evaluation.activation == message.model_name(), "another name than protobuf's");
  Require(request.message->id() == message.id(), "another id than protobuf's");
  size_t seen = 0;
  for (size_t i = 0; i < evaluation.inputs.size(); ++i, ++seen) {
    RequireSame(message, IndexOf(message, request.inputs[i]), evaluation.inputs[i]);
  }
  if (evaluation.upstream) {
    RequireSame(message, IndexOf(message, kUpstreamInput), *evaluation.upstream);
    ++seen;
  }
  for (const Argument& argument : evaluation.arguments) {
    const auto* tensor = std::get_if<TensorView>(&argument.value);
    if (tensor == nullptr) continue;
    RequireSame(message, IndexOf(message, argument.name), *tensor);
    ++seen;
  }
  Require(seen == static_cast<size_t>(message.inputs_size()), "other inputs than protobuf's");
  Require(request.outputs.size() == std::max<size_t>(message.outputs().size(), 1),
          "other outputs than protobuf's");
}

void Check(const std::string& bytes, uint32_t seed) {
  Message expected;
  const bool valid = expected.ParseFromString(bytes);
  const grpc::ByteBuffer cut = Cut(bytes, seed);
  const absl::StatusOr<DecodedRequest> decoded =
      DecodeInferRequest(cut, Catalogue::Best(), kLimits);
  const std::string id = RequestId(cut);
  Require(!valid || expected.id().size() > 4000 || id == expected.id() || !decoded.ok(),
          "another id than protobuf's");
  if (decoded.ok() && HasOddBools(decoded->evaluations[0])) return;
  RequireVerdict(decoded.status(), valid);
  if (!decoded.ok()) return;
  RequireSame(expected, *decoded);
}

}  // namespace
}  // namespace rectifier

// The last four bytes choose the slices.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string bytes(reinterpret_cast<const char*>(data), size);
  const uint32_t seed = rectifier::TakeSeed(bytes);
  rectifier::Check(bytes, seed);
  return 0;
}
