#include "server/wire/stream_reply.h"

#include <string>
#include <utility>

#include "rectifier/v1/activation.pb.h"
#include "server/status.h"
#include "server/wire/field_head.h"
#include "server/wire/proto_enums.h"

namespace rectifier {
namespace {

// The field of the reply that a quantity goes to.
int FieldOf(Quantity quantity) {
  switch (quantity) {
    case Quantity::kValue:
      return v1::EvaluateStreamResponse::kValueFieldNumber;
    case Quantity::kGradient:
      return v1::EvaluateStreamResponse::kGradientsFieldNumber;
    case Quantity::kSecondDerivative:
      return v1::EvaluateStreamResponse::kSecondDerivativeFieldNumber;
    case Quantity::kParameterGradient:
      break;
  }
  return v1::EvaluateStreamResponse::kParameterGradientsFieldNumber;
}

}  // namespace

absl::Status StreamReply::Allocate(const Evaluation& evaluation, const Items& items, int64_t count,
                                   ReplyPool& pool) {
  const size_t size = static_cast<size_t>(count) * SizeOf(evaluation.type);
  for (const OutputDescription& output : evaluation.outputs) {
    std::byte*& to = outputs_.emplace_back(nullptr);
    if (output.quantity == Quantity::kParameterGradient) continue;
    const int64_t elements =
        output.quantity == Quantity::kValue ? items.output_elements : items.input_elements;
    Piece& piece = pieces_.emplace_back();
    piece.bytes = size * static_cast<size_t>(elements);
    piece.head = FieldHead(FieldOf(output.quantity), piece.bytes);
    if (piece.bytes == 0) continue;
    piece.buffer = pool.Acquire(piece.bytes);
    to = piece.buffer.data();
    if (to != nullptr) continue;
    return OutOfMemory("the reply");
  }
  return absl::OkStatus();
}

void StreamReply::AddValueShape(const Evaluation& evaluation) {
  v1::EvaluateStreamResponse response;
  response.mutable_value_shape()->Add(evaluation.output_shape.begin(),
                                      evaluation.output_shape.end());
  rest_ += response.SerializeAsString();
}

void StreamReply::AddParameterGradients(const Evaluation& evaluation,
                                        absl::Span<const std::vector<std::byte>> gradients) {
  v1::EvaluateStreamResponse response;
  for (size_t i = 0; i < gradients.size(); ++i) {
    const OutputDescription& output = evaluation.outputs[i];
    if (output.quantity != Quantity::kParameterGradient) continue;
    v1::ParameterGradient& added = *response.add_parameter_gradients();
    added.set_parameter(std::string(evaluation.activation->spec->parameters[output.index].name));
    v1::Tensor& tensor = *added.mutable_gradient();
    tensor.set_element_type(ToProto(output.type));
    tensor.mutable_shape()->Add(output.shape.begin(), output.shape.end());
    tensor.set_data(gradients[i].data(), gradients[i].size());
  }
  rest_ += response.SerializeAsString();
}

grpc::ByteBuffer StreamReply::Take() {
  std::vector<grpc::Slice> slices;
  for (Piece& piece : pieces_) {
    slices.emplace_back(piece.head);
    if (piece.bytes > 0) slices.push_back(std::move(piece.buffer).Release(piece.bytes));
  }
  if (!rest_.empty()) slices.emplace_back(rest_);
  return grpc::ByteBuffer(slices.data(), slices.size());
}

}  // namespace rectifier
