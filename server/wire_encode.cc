#include <cstdlib>
#include <cstring>

#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/wire_format_lite.h"
#include "rectifier/v1/activation.pb.h"
#include "server/proto_enums.h"
#include "server/status.h"
#include "server/wire.h"

namespace rectifier {
namespace {

using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedOutputStream;
using google::protobuf::io::StringOutputStream;

// Tag and length of a field that holds `length` bytes.
std::string FieldHead(int field, size_t length) {
  std::string head;
  StringOutputStream stream(&head);
  CodedOutputStream coded(&stream);
  coded.WriteTag(WireFormatLite::MakeTag(field, WireFormatLite::WIRETYPE_LENGTH_DELIMITED));
  coded.WriteVarint64(length);
  coded.Trim();
  return head;
}

// Puts `head`, and `payload` bytes to come, into a field of an outer message.
std::string Enclose(int field, std::string head, size_t payload) {
  return FieldHead(field, head.size() + payload) + head;
}

// A Tensor up to its payload of `payload` bytes.
std::string TensorHead(ElementType type, const Shape& shape, PayloadForm form, size_t payload) {
  v1::Tensor tensor;
  tensor.set_element_type(ToProto(type));
  tensor.mutable_shape()->Add(shape.begin(), shape.end());
  const int field =
      form == PayloadForm::kValues ? v1::Tensor::kValuesFieldNumber : v1::Tensor::kDataFieldNumber;
  return tensor.SerializeAsString() + FieldHead(field, payload);
}

// The same, as a field of the Result it belongs to.
std::string ResultField(const Evaluation& evaluation, const OutputDescription& output,
                        std::string tensor, size_t payload) {
  switch (output.quantity) {
    case Quantity::kValue:
      return Enclose(v1::Result::kValueFieldNumber, std::move(tensor), payload);
    case Quantity::kGradient:
      return Enclose(v1::Result::kGradientsFieldNumber, std::move(tensor), payload);
    case Quantity::kSecondDerivative:
      return Enclose(v1::Result::kSecondDerivativeFieldNumber, std::move(tensor), payload);
    case Quantity::kParameterGradient:
      break;
  }
  v1::ParameterGradient gradient;
  gradient.set_parameter(std::string(evaluation.activation->spec->parameters[output.index].name));
  return Enclose(v1::Result::kParameterGradientsFieldNumber,
                 gradient.SerializeAsString() + Enclose(v1::ParameterGradient::kGradientFieldNumber,
                                                        std::move(tensor), payload),
                 payload);
}

}  // namespace

size_t Reply::Piece::payload_bytes() const {
  return elements * (form == PayloadForm::kValues ? sizeof(double) : SizeOf(type));
}

void Reply::Piece::WidenInPlace(std::byte* payload) const {
  if (form == PayloadForm::kData || type == ElementType::kFloat64) return;
  const std::byte* results = payload + result_offset();
  for (size_t i = 0; i < elements; ++i) {
    const double wide = LoadElement(type, results + i * SizeOf(type));
    std::memcpy(payload + i * sizeof(double), &wide, sizeof(double));
  }
}

Reply::Piece Reply::LayOut(const Evaluation& evaluation, const OutputDescription& output,
                           PayloadForm form) {
  Piece piece{.head = {},
              .type = evaluation.type,
              .form = form,
              .elements = output.bytes / SizeOf(evaluation.type)};
  const size_t payload = piece.payload_bytes();
  piece.head = ResultField(evaluation, output,
                           TensorHead(evaluation.type, output.shape, form, payload), payload);
  return piece;
}

Reply::Reply(absl::Span<const Job> jobs, absl::Span<const PayloadForm> forms) {
  for (size_t i = 0; i < jobs.size(); ++i) {
    const Evaluation& evaluation = jobs[i].evaluation;
    Result result;
    size_t result_bytes = 0;
    for (const OutputDescription& output : evaluation.outputs) {
      const Piece& piece = result.pieces.emplace_back(LayOut(evaluation, output, forms[i]));
      result_bytes += piece.head.size() + piece.payload_bytes();
    }
    result.head = FieldHead(v1::EvaluateResponse::kResultsFieldNumber, result_bytes);
    bytes_ += result.head.size() + result_bytes;
    results_.push_back(std::move(result));
  }
}

absl::Status Reply::Allocate(absl::Span<Job> jobs) {
  message_.reset(static_cast<std::byte*>(std::malloc(bytes_)));
  if (message_ == nullptr && bytes_ > 0) {
    return RetryLater(absl::StatusCode::kResourceExhausted, "OUT_OF_MEMORY",
                      "the server has no memory for the reply", absl::Seconds(1));
  }
  std::byte* cursor = message_.get();
  const auto put = [&cursor](const std::string& head) {
    std::memcpy(cursor, head.data(), head.size());
    cursor += head.size();
  };
  for (size_t i = 0; i < jobs.size(); ++i) {
    put(results_[i].head);
    jobs[i].outputs.clear();
    for (const Piece& piece : results_[i].pieces) {
      put(piece.head);
      jobs[i].outputs.push_back(cursor + piece.result_offset());
      cursor += piece.payload_bytes();
    }
  }
  return absl::OkStatus();
}

grpc::ByteBuffer Reply::Take() {
  std::byte* cursor = message_.get();
  for (const Result& result : results_) {
    cursor += result.head.size();
    for (const Piece& piece : result.pieces) {
      cursor += piece.head.size();
      piece.WidenInPlace(cursor);
      cursor += piece.payload_bytes();
    }
  }
  const grpc::Slice message(message_.release(), bytes_, std::free);
  return grpc::ByteBuffer(&message, 1);
}

}  // namespace rectifier
