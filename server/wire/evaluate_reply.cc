#include "server/wire/evaluate_reply.h"

#include <string>

#include "rectifier/v1/activation.pb.h"
#include "server/wire/field_head.h"
#include "server/wire/proto_enums.h"

namespace rectifier {
namespace {

// Puts `head`, and `payload` bytes to come, into a field of an outer message.
std::string Enclose(int field, const std::string& head, size_t payload) {
  return FieldHead(field, head.size() + payload) + head;
}

// A Tensor up to its payload of `payload` bytes; all of it where that lies at `destination`.
std::string TensorHead(ElementType type, const Shape& shape, PayloadForm form, size_t payload,
                       const Destination* destination) {
  v1::Tensor tensor;
  tensor.set_element_type(ToProto(type));
  tensor.mutable_shape()->Add(shape.begin(), shape.end());
  if (destination != nullptr) {
    *tensor.mutable_region() = *destination->region;
    return tensor.SerializeAsString();
  }
  const int field =
      form == PayloadForm::kValues ? v1::Tensor::kValuesFieldNumber : v1::Tensor::kDataFieldNumber;
  return tensor.SerializeAsString() + FieldHead(field, payload);
}

// The same, as a field of the Result it belongs to.
std::string ResultField(const Evaluation& evaluation, const OutputDescription& output,
                        const std::string& tensor, size_t payload) {
  switch (output.quantity) {
    case Quantity::kValue:
      return Enclose(v1::Result::kValueFieldNumber, tensor, payload);
    case Quantity::kGradient:
      return Enclose(v1::Result::kGradientsFieldNumber, tensor, payload);
    case Quantity::kSecondDerivative:
      return Enclose(v1::Result::kSecondDerivativeFieldNumber, tensor, payload);
    case Quantity::kParameterGradient:
      break;
  }
  v1::ParameterGradient gradient;
  gradient.set_parameter(std::string(evaluation.activation->spec->parameters[output.index].name));
  return Enclose(v1::Result::kParameterGradientsFieldNumber,
                 gradient.SerializeAsString() +
                     Enclose(v1::ParameterGradient::kGradientFieldNumber, tensor, payload),
                 payload);
}

ReplyPiece LayOut(const Evaluation& evaluation, const OutputDescription& output, PayloadForm form,
                  const Destination* destination) {
  ReplyPiece piece{.head = {},
                   .type = output.type,
                   .form = form,
                   .elements = output.bytes / SizeOf(output.type),
                   .destination = destination};
  const size_t payload = piece.payload_bytes();
  std::string tensor = TensorHead(output.type, output.shape, form, payload, destination);
  piece.head = ResultField(evaluation, output, tensor, payload);
  return piece;
}

}  // namespace

std::vector<ReplyPart> LayOutEvaluateReply(absl::Span<const Job> jobs,
                                           absl::Span<const PayloadForm> forms,
                                           const OutputDestinations& destinations) {
  std::vector<ReplyPart> parts;
  parts.reserve(jobs.size());
  for (size_t i = 0; i < jobs.size(); ++i) {
    const Evaluation& evaluation = jobs[i].evaluation;
    ReplyPart& part = parts.emplace_back();
    part.pieces.reserve(evaluation.outputs.size());
    for (size_t k = 0; k < evaluation.outputs.size(); ++k) {
      part.pieces.push_back(
          LayOut(evaluation, evaluation.outputs[k], forms[i], destinations[i][k]));
    }
    part.head = FieldHead(v1::EvaluateResponse::kResultsFieldNumber, part.bytes());
  }
  return parts;
}

}  // namespace rectifier
