#include "server/wire/request.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/container/inlined_vector.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "core/field_error.h"
#include "google/protobuf/arena.h"
#include "grpcpp/support/proto_buffer_reader.h"
#include "server/wire/proto_enums.h"
#include "server/wire/tensor_decoder.h"
#include "server/wire/violation.h"

namespace rectifier {
namespace {

// A name or a word may have so many bytes: longer ones name nothing, and would only swell the
// error.
constexpr size_t kMaxNameBytes = 128;
// Most calls give no more arguments.
constexpr size_t kUsualArguments = 4;

std::string ArgumentPath(const std::string& name) {
  return absl::StrFormat("activation.arguments[\"%s\"]", name);
}

absl::Status CheckName(absl::string_view path, const std::string& name) {
  if (name.size() <= kMaxNameBytes) return absl::OkStatus();
  return Violation(
      std::string(path),
      absl::StrFormat("the name has %d bytes; at most %d are allowed", name.size(), kMaxNameBytes),
      "NAME_TOO_LONG");
}

class RequestDecoder {
 public:
  RequestDecoder(const v1::EvaluateRequest& message, const Limits& limits,
                 const SharedBuffers& buffers, Storage* storage)
      : message_(message), limits_(limits), tensors_(limits, buffers, storage) {}

  absl::Status DecodeInto(DecodedRequest* request) {
    const absl::Status decoded = tensors_.Decode(message_);
    if (!decoded.ok()) return decoded;
    request->region_bytes = tensors_.region_bytes();
    if (message_.evaluations().empty()) {
      return Violation("evaluations", "there are none; at least one is needed", "NO_EVALUATIONS");
    }
    for (int i = 0; i < message_.evaluations_size(); ++i) {
      const absl::Status status = DecodeEvaluation(message_.evaluations(i), request);
      if (!status.ok()) return PrefixField(absl::StrFormat("evaluations[%d].", i), status);
    }
    return absl::OkStatus();
  }

  // The evaluation of a stream, whose arguments are among the tensors.
  absl::Status DecodeHeader(const v1::StreamHeader& header, EvaluationRequest* decoded) {
    absl::Status status = tensors_.Decode(message_);
    if (!status.ok()) return status;
    const absl::StatusOr<ElementType> type =
        TensorDecoder::DecodeElementType(header.element_type());
    if (!type.ok()) return type.status();
    constexpr int64_t kMaxElements = int64_t{1} << 53;  // whose indices are doubles as well
    const absl::StatusOr<int64_t> count = CountElements(header.shape(), limits_, kMaxElements);
    if (!count.ok()) return count.status();
    if (header.inputs() > 2) {
      return Violation("inputs", absl::StrFormat("%d given; 1 or 2 are allowed", header.inputs()),
                       "WRONG_INPUT_COUNT");
    }
    const TensorView view = MakeView(header.shape(), *type, {});
    decoded->inputs.assign(std::max<uint32_t>(header.inputs(), 1), view);
    if (header.has_upstream()) decoded->upstream = view;
    decoded->payloads_follow = true;
    status = DecodeActivation(header.activation(), decoded);
    return status.ok() ? DecodeQuantities(header, decoded) : status;
  }

 private:
  absl::Status DecodeEvaluation(const v1::Evaluation& evaluation, DecodedRequest* request) {
    EvaluationRequest decoded;
    absl::Status status = DecodeInputs(evaluation, &decoded);
    if (status.ok()) status = DecodeActivation(evaluation.activation(), &decoded);
    if (status.ok()) status = DecodeQuantities(evaluation, &decoded);
    if (status.ok()) status = DecodeDestinations(evaluation, &request->destinations.emplace_back());
    if (!status.ok()) return status;
    request->evaluations.push_back(std::move(decoded));
    const std::optional<size_t> only =
        evaluation.inputs().empty() ? OnlyInput(evaluation) : evaluation.inputs(0);
    request->forms.push_back(tensors_.tensors()[*only].form);
    return absl::OkStatus();
  }

  // The index of the one tensor that the evaluation uses neither as an argument nor as the
  // upstream, where there is just one.
  std::optional<size_t> OnlyInput(const v1::Evaluation& evaluation) const {
    std::optional<size_t> only;
    for (size_t i = 0; i < tensors_.tensors().size(); ++i) {
      const bool is_argument =
          std::any_of(evaluation.activation().arguments().begin(),
                      evaluation.activation().arguments().end(), [i](const auto& argument) {
                        return argument.second.has_tensor() && argument.second.tensor() == i;
                      });
      if (is_argument || (evaluation.has_upstream() && evaluation.upstream() == i)) continue;
      if (only) return std::nullopt;
      only = i;
    }
    return only;
  }

  absl::Status DecodeInputs(const v1::Evaluation& evaluation, EvaluationRequest* decoded) const {
    if (evaluation.inputs().empty()) {
      const std::optional<size_t> only = OnlyInput(evaluation);
      if (!only) {
        return Violation("inputs",
                         absl::StrFormat("there are none, which would do if just one of the "
                                         "request's %d tensors were neither an argument nor the "
                                         "upstream; give the input's index",
                                         tensors_.tensors().size()),
                         "NO_INPUTS");
      }
      decoded->inputs.push_back(tensors_.tensors()[*only].view);
    }
    for (int i = 0; i < evaluation.inputs_size(); ++i) {
      const absl::StatusOr<const DecodedTensor*> input =
          tensors_.Find(absl::StrFormat("inputs[%d]", i), evaluation.inputs(i));
      if (!input.ok()) return input.status();
      decoded->inputs.push_back((*input)->view);
    }
    if (!evaluation.has_upstream()) return absl::OkStatus();
    const absl::StatusOr<const DecodedTensor*> upstream =
        tensors_.Find("upstream", evaluation.upstream());
    if (!upstream.ok()) return upstream.status();
    decoded->upstream = (*upstream)->view;
    return absl::OkStatus();
  }

  absl::Status DecodeActivation(const v1::Activation& activation, EvaluationRequest* decoded) {
    absl::Status status = CheckName("activation.name", activation.name());
    if (status.ok()) status = CheckName("activation.preset", activation.preset());
    if (!status.ok()) return status;
    decoded->activation = activation.name();
    decoded->preset = activation.preset();
    // A map has no order; errors should have one.
    absl::InlinedVector<const std::string*, kUsualArguments> names;
    for (const auto& argument : activation.arguments()) names.push_back(&argument.first);
    std::sort(names.begin(), names.end(),
              [](const std::string* a, const std::string* b) { return *a < *b; });
    for (const std::string* const name : names) {
      status = CheckName("activation.arguments", *name);
      if (status.ok()) status = DecodeArgument(*name, activation.arguments().at(*name), decoded);
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

  absl::Status DecodeArgument(const std::string& name, const v1::Argument& argument,
                              EvaluationRequest* decoded) {
    Argument& target = decoded->arguments.emplace_back();
    target.name = name;
    if (argument.has_axis()) target.axis = argument.axis();
    switch (argument.value_case()) {
      case v1::Argument::kNumber:
        target.value = argument.number();
        return absl::OkStatus();
      case v1::Argument::kWord:
        target.value = absl::string_view(argument.word());
        return CheckName(ArgumentPath(name) + ".word", argument.word());
      case v1::Argument::kTensor: {
        const absl::StatusOr<TensorView> tensor =
            tensors_.FindArgument(ArgumentPath(name) + ".tensor", argument.tensor());
        if (!tensor.ok()) return tensor.status();
        target.value = *tensor;
        return absl::OkStatus();
      }
      case v1::Argument::VALUE_NOT_SET:
        break;
    }
    return Violation(ArgumentPath(name), "there is no value; give a number, a tensor or a word",
                     "NO_ARGUMENT_VALUE");
  }

  static absl::Status UnknownQuantity(const std::string& path, int quantity) {
    return Violation(
        path,
        absl::StrFormat("%s; allowed: %s", GivenText(v1::Quantity_Name(quantity), quantity),
                        ChoicesText(kAllQuantities)),
        "UNKNOWN_QUANTITY");
  }

  // Reads what an Evaluation and a StreamHeader share.
  template <class Message>
  static absl::Status DecodeQuantities(const Message& evaluation, EvaluationRequest* decoded) {
    if (evaluation.quantities().empty()) return absl::OkStatus();  // core's default: the value
    decoded->quantities = {};
    for (int i = 0; i < evaluation.quantities_size(); ++i) {
      const std::string path = absl::StrFormat("quantities[%d]", i);
      const std::optional<Quantity> quantity = FromProto(evaluation.quantities(i));
      if (!quantity.has_value()) {
        return UnknownQuantity(path, evaluation.quantities(i));
      }
      if (decoded->quantities.Has(*quantity)) {
        return Violation(
            path,
            absl::StrFormat("%s is asked for twice", v1::Quantity_Name(evaluation.quantities(i))),
            "DUPLICATE_QUANTITY");
      }
      decoded->quantities.Add(*quantity);
    }
    return absl::OkStatus();
  }

  // Each of the fields that choose among several results belongs to one quantity.
  static absl::Status CheckChoice(const v1::Destination& destination, const std::string& path) {
    const auto misplaced = [&](const std::string& field, v1::Quantity owner) {
      return Violation(
          path + field,
          absl::StrFormat("it chooses among results of %s, not of %s; leave it out",
                          v1::Quantity_Name(owner), v1::Quantity_Name(destination.quantity())),
          "FIELD_NOT_APPLICABLE");
    };
    if (destination.input() != 0 && destination.quantity() != v1::QUANTITY_GRADIENT) {
      return misplaced("input", v1::QUANTITY_GRADIENT);
    }
    if (!destination.parameter().empty() &&
        destination.quantity() != v1::QUANTITY_PARAMETER_GRADIENT) {
      return misplaced("parameter", v1::QUANTITY_PARAMETER_GRADIENT);
    }
    return absl::OkStatus();
  }

  absl::Status DecodeDestinations(const v1::Evaluation& evaluation,
                                  std::vector<Destination>* decoded) const {
    for (int i = 0; i < evaluation.destinations_size(); ++i) {
      const v1::Destination& destination = evaluation.destinations(i);
      const std::string path = absl::StrFormat("destinations[%d].", i);
      const std::optional<Quantity> quantity = FromProto(destination.quantity());
      if (!quantity.has_value()) return UnknownQuantity(path + "quantity", destination.quantity());
      absl::Status status = CheckName(path + "parameter", destination.parameter());
      if (status.ok()) status = CheckChoice(destination, path);
      if (!status.ok()) return status;
      const absl::StatusOr<absl::Span<std::byte>> bytes = tensors_.FindRegion(destination.region());
      if (!bytes.ok()) return PrefixField(path, bytes.status());
      decoded->push_back({.quantity = *quantity,
                          .input = destination.input(),
                          .parameter = destination.parameter(),
                          .region = &destination.region(),
                          .bytes = *bytes});
    }
    return absl::OkStatus();
  }

  const v1::EvaluateRequest& message_;
  const Limits& limits_;
  TensorDecoder tensors_;
};

}  // namespace

absl::StatusOr<DecodedRequest> DecodeRequest(const grpc::ByteBuffer& bytes, const Limits& limits,
                                             const SharedBuffers& buffers) {
  auto storage = std::make_shared<Storage>(bytes);
  auto* message = google::protobuf::Arena::Create<v1::EvaluateRequest>(&storage->arena);
  grpc::ProtoBufferReader stream(&storage->bytes);
  const absl::Status parsed = ParseRequest(&stream, limits, message, &storage->data);
  if (!parsed.ok()) return parsed;
  DecodedRequest request;
  const absl::Status decoded =
      RequestDecoder(*message, limits, buffers, storage.get()).DecodeInto(&request);
  if (!decoded.ok()) return decoded;
  request.tensors = storage->data.size();
  request.holds_buffers = !storage->leases.empty();
  request.storage = std::move(storage);
  return request;
}

absl::StatusOr<DecodedHeader> DecodeHeader(const grpc::ByteBuffer& bytes, const Limits& limits,
                                           const SharedBuffers& buffers) {
  struct HeaderStorage : Storage {
    using Storage::Storage;
    HeaderMessage message;
  };
  auto storage = std::make_shared<HeaderStorage>(bytes);
  grpc::ProtoBufferReader stream(&storage->bytes);
  const absl::Status parsed = ParseHeader(&stream, limits, &storage->message);
  if (!parsed.ok()) return parsed;
  storage->data = std::move(storage->message.data);
  DecodedHeader header;
  RequestDecoder decoder(storage->message.tensors, limits, buffers, storage.get());
  const absl::Status decoded = decoder.DecodeHeader(storage->message.header, &header.evaluation);
  if (!decoded.ok()) return PrefixField("header.", decoded);
  header.storage = std::move(storage);
  return header;
}

absl::StatusOr<ChunkMessage> DecodeChunk(grpc::ByteBuffer* bytes, const Limits& limits) {
  grpc::ProtoBufferReader stream(bytes);
  ChunkMessage chunk;
  const absl::Status parsed = ParseChunk(&stream, limits, &chunk);
  if (!parsed.ok()) return parsed;
  return chunk;
}

}  // namespace rectifier
