#include <algorithm>
#include <deque>
#include <optional>
#include <span>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "core/api_names.h"
#include "core/field_error.h"
#include "google/protobuf/arena.h"
#include "grpcpp/support/proto_buffer_reader.h"
#include "rectifier/v1/activation.pb.h"
#include "server/proto_enums.h"
#include "server/request_parser.h"
#include "server/status.h"
#include "server/stream_wire.h"
#include "server/wire.h"

namespace rectifier {
namespace {

// Of names and words: longer ones name nothing, and would only swell the error.
constexpr size_t kMaxNameBytes = 128;

absl::Status Violation(const std::string& path, const std::string& description,
                       const char* reason) {
  return FieldError({.path = path, .description = description, .reason = reason});
}

std::string ArgumentPath(const std::string& name) {
  return absl::StrFormat("activation.arguments[\"%s\"]", name);
}

absl::Status CheckName(const std::string& path, const std::string& name) {
  if (name.size() <= kMaxNameBytes) return absl::OkStatus();
  return Violation(
      path,
      absl::StrFormat("the name has %d bytes; at most %d are allowed", name.size(), kMaxNameBytes),
      "NAME_TOO_LONG");
}

// "ELEMENT_TYPE_UNSPECIFIED is given", or "7 is given", which has no name.
std::string GivenText(const std::string& name, int number) {
  return name.empty() ? absl::StrFormat("%d is given", number)
                      : absl::StrFormat("%s is given", name);
}

// "ELEMENT_TYPE_FLOAT64 (4), ELEMENT_TYPE_FLOAT32 (3)".
template <class Enum>
std::string ChoicesText(const Enum& choices) {
  return absl::StrJoin(choices, ", ", [](std::string* out, auto choice) {
    absl::StrAppendFormat(out, "%s (%d)", ApiName(choice), static_cast<int>(ToProto(choice)));
  });
}

// Payloads of up to so many bytes are put into one piece: copying them costs less than the care
// that pieces take.
constexpr size_t kSmallPayload = 4096;

// What the views of a DecodedRequest point into.
struct Storage {
  explicit Storage(const grpc::ByteBuffer& request) : bytes(request) {}

  grpc::ByteBuffer bytes;  // shares gRPC's slices
  google::protobuf::Arena arena;
  std::vector<DataField> data;                      // by tensor
  std::vector<std::shared_ptr<const void>> leases;  // of shared buffers
  // Payloads that were given as `values`, in their element type, or that had to be put together.
  std::deque<std::vector<std::byte>> copies;
};

struct DecodedTensor {
  TensorView view;
  PayloadForm form = PayloadForm::kData;
};

class Decoder {
 public:
  Decoder(const v1::EvaluateRequest& message, const Limits& limits, const SharedBuffers& buffers,
          Storage* storage)
      : message_(message), limits_(limits), buffers_(buffers), storage_(storage) {}

  absl::Status DecodeInto(DecodedRequest* request) {
    const absl::Status decoded = DecodeTensors();
    if (!decoded.ok()) return decoded;
    request->region_bytes = region_bytes_;
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
    absl::Status status = DecodeTensors();
    if (!status.ok()) return status;
    const absl::StatusOr<ElementType> type = DecodeElementType(header);
    if (!type.ok()) return type.status();
    constexpr int64_t kMaxElements = int64_t{1} << 53;  // whose indices are doubles as well
    const absl::StatusOr<int64_t> count = CountElements(header, kMaxElements);
    if (!count.ok()) return count.status();
    if (header.inputs() > 2) {
      return Violation("inputs", absl::StrFormat("%d given; 1 or 2 are allowed", header.inputs()),
                       "WRONG_INPUT_COUNT");
    }
    const TensorView view = MakeView(header, *type, {});
    decoded->inputs.assign(std::max<uint32_t>(header.inputs(), 1), view);
    if (header.has_upstream()) decoded->upstream = view;
    decoded->payloads_follow = true;
    status = DecodeActivation(header.activation(), decoded);
    return status.ok() ? DecodeQuantities(header, decoded) : status;
  }

 private:
  absl::Status DecodeTensors() {
    for (int i = 0; i < message_.tensors_size(); ++i) {
      absl::StatusOr<DecodedTensor> tensor =
          DecodeTensor(message_.tensors(i), storage_->data[static_cast<size_t>(i)]);
      if (!tensor.ok()) {
        return PrefixField(absl::StrFormat("tensors[%d].", i), tensor.status());
      }
      if (message_.tensors(i).has_region()) region_bytes_ += tensor->view.data.size();
      tensors_.push_back(*std::move(tensor));
    }
    return absl::OkStatus();
  }

  // Of a Tensor or a StreamHeader.
  template <class Message>
  absl::StatusOr<int64_t> CountElements(const Message& tensor, int64_t limit) const {
    const absl::Span<const int64_t> shape(tensor.shape().data(), tensor.shape_size());
    if (tensor.shape_size() > limits_.max_rank) {
      return Violation("shape",
                       absl::StrFormat("the rank is %d; this server's limit is %d",
                                       tensor.shape_size(), limits_.max_rank),
                       "RANK_TOO_HIGH");
    }
    for (int d = 0; d < tensor.shape_size(); ++d) {
      if (shape[d] < 0) {
        return Violation(absl::StrFormat("shape[%d]", d),
                         absl::StrFormat("%d is negative; a dimension is at least 0", shape[d]),
                         "NEGATIVE_DIMENSION");
      }
    }
    const std::optional<int64_t> count = ElementCount(shape);
    if (!count.has_value() || *count > limit) {
      return Violation("shape",
                       absl::StrFormat("[%s] has more than %d elements, this server's limit",
                                       absl::StrJoin(shape, ", "), limit),
                       "TOO_MANY_ELEMENTS");
    }
    return *count;
  }

  absl::StatusOr<DecodedTensor> DecodeTensor(const v1::Tensor& tensor, const DataField& data) {
    const absl::StatusOr<int64_t> count = CountElements(tensor, limits_.max_elements);
    if (!count.ok()) return count.status();
    const int payloads = !tensor.values().empty() + !data.empty() + tensor.has_region();
    if (payloads > 1) {
      return Violation(data.empty() ? "region" : "data",
                       "more than one of `values`, `data` and `region` is given; give exactly one",
                       "TWO_PAYLOADS");
    }
    if (*count > 0 && payloads == 0) {
      return Violation("data",
                       absl::StrFormat("there is no payload; shape [%s] needs %d elements in "
                                       "`values`, `data` or `region`",
                                       absl::StrJoin(tensor.shape(), ", "), *count),
                       "NO_PAYLOAD");
    }
    if (tensor.has_region()) return DecodeRegion(tensor, *count);
    if (IsVector(tensor)) return DecodeVector(tensor);
    // A zero-sized tensor has no payload to tell the form by.
    const bool is_values = !tensor.values().empty() ||
                           (data.empty() && tensor.element_type() == v1::ELEMENT_TYPE_UNSPECIFIED);
    return is_values ? DecodeValues(tensor, *count) : DecodeData(tensor, data, *count);
  }

  // Numbers without a shape are a vector of as many; a single one is of rank 0, whose shape is
  // written the same way.
  static bool IsVector(const v1::Tensor& tensor) {
    return tensor.shape().empty() && tensor.values_size() > 1;
  }

  absl::StatusOr<DecodedTensor> DecodeVector(const v1::Tensor& tensor) {
    const int64_t count = tensor.values_size();
    if (count > limits_.max_elements) {
      return Violation("values",
                       absl::StrFormat("there are %d numbers; this server's limit is %d", count,
                                       limits_.max_elements),
                       "TOO_MANY_ELEMENTS");
    }
    absl::StatusOr<DecodedTensor> vector = DecodeValues(tensor, count);
    if (vector.ok()) vector->view.shape = {count};
    return vector;
  }

  template <class Message>
  static absl::StatusOr<ElementType> DecodeElementType(const Message& tensor) {
    const std::optional<ElementType> type = FromProto(tensor.element_type());
    if (type.has_value()) return *type;
    constexpr ElementType kStored[] = {ElementType::kFloat64, ElementType::kFloat32,
                                       ElementType::kFloat16, ElementType::kBFloat16,
                                       ElementType::kBool};
    return Violation("element_type",
                     absl::StrFormat("%s; one of %s is needed",
                                     GivenText(v1::ElementType_Name(tensor.element_type()),
                                               tensor.element_type()),
                                     ChoicesText(kStored)),
                     "UNKNOWN_ELEMENT_TYPE");
  }

  absl::StatusOr<DecodedTensor> DecodeData(const v1::Tensor& tensor, const DataField& data,
                                           int64_t count) {
    const absl::StatusOr<ElementType> type = DecodeElementType(tensor);
    if (!type.ok()) return type.status();
    const size_t expected = static_cast<size_t>(count) * SizeOf(*type);
    if (data.size() != expected) {
      return Violation(
          "data",
          absl::StrFormat("the payload has %d bytes; shape [%s] of %s needs %d", data.size(),
                          absl::StrJoin(tensor.shape(), ", "), ApiName(*type), expected),
          "PAYLOAD_LENGTH_MISMATCH");
    }
    const Payload payload = data.payload();
    return DecodedTensor{
        MakeView(tensor, *type, expected <= kSmallPayload ? MakeWhole(payload) : payload),
        PayloadForm::kData};
  }

  absl::StatusOr<DecodedTensor> DecodeRegion(const v1::Tensor& tensor, int64_t count) {
    const absl::StatusOr<ElementType> type = DecodeElementType(tensor);
    if (!type.ok()) return type.status();
    const size_t expected = static_cast<size_t>(count) * SizeOf(*type);
    if (tensor.region().length() != expected) {
      return Violation(
          "region.length",
          absl::StrFormat("%d bytes given; shape [%s] of %s needs %d", tensor.region().length(),
                          absl::StrJoin(tensor.shape(), ", "), ApiName(*type), expected),
          "PAYLOAD_LENGTH_MISMATCH");
    }
    const absl::StatusOr<absl::Span<std::byte>> bytes = FindRegion(tensor.region());
    if (!bytes.ok()) return bytes.status();
    return DecodedTensor{MakeView(tensor, *type, *bytes), PayloadForm::kData};
  }

  // The memory that a caller names, for as long as the request lives.
  absl::StatusOr<absl::Span<std::byte>> FindRegion(const v1::BufferRegion& region) const {
    absl::StatusOr<SharedRegion> found =
        buffers_.Find(region.token(), region.offset(), region.length());
    if (!found.ok()) return found.status();
    storage_->leases.push_back(std::move(found->lease));
    return found->bytes;
  }

  absl::StatusOr<DecodedTensor> DecodeValues(const v1::Tensor& tensor, int64_t count) {
    ElementType type = ElementType::kFloat64;
    if (tensor.element_type() != v1::ELEMENT_TYPE_UNSPECIFIED) {
      const absl::StatusOr<ElementType> given = DecodeElementType(tensor);
      if (!given.ok()) return given.status();
      type = *given;
    }
    if (tensor.values_size() != count) {
      return Violation(
          "values",
          absl::StrFormat("there are %d numbers; shape [%s] needs %d", tensor.values_size(),
                          absl::StrJoin(tensor.shape(), ", "), count),
          "PAYLOAD_LENGTH_MISMATCH");
    }
    if (type == ElementType::kFloat64) {
      return DecodedTensor{
          MakeView(tensor, type, std::as_bytes(std::span(tensor.values().data(), count))),
          PayloadForm::kValues};
    }
    const size_t bytes = static_cast<size_t>(count) * SizeOf(type);
    std::vector<std::byte>& converted = storage_->copies.emplace_back(bytes);
    for (int64_t i = 0; i < count; ++i) {
      const double value = tensor.values(static_cast<int>(i));
      if (type == ElementType::kBool && value != 0 && value != 1) {
        return Violation(absl::StrFormat("values[%d]", i),
                         absl::StrFormat("%g is neither 0 nor 1, which a bool is", value),
                         "VALUE_OUT_OF_RANGE");
      }
      StoreElement(type, value, converted.data() + i * SizeOf(type));
    }
    return DecodedTensor{MakeView(tensor, type, converted), PayloadForm::kValues};
  }

  template <class Message>
  static TensorView MakeView(const Message& tensor, ElementType type, const Payload& payload) {
    return {.type = type,
            .shape = Shape(tensor.shape().begin(), tensor.shape().end()),
            .data = payload};
  }

  // The payload itself, or a copy of its pieces.
  Payload MakeWhole(const Payload& payload) const {
    return payload.is_whole() ? payload : Copy(payload);
  }
  Payload Copy(const Payload& payload) const {
    std::vector<std::byte>& copy = storage_->copies.emplace_back(payload.size());
    payload.CopyTo(0, payload.size(), copy.data());
    return copy;
  }

  absl::StatusOr<const DecodedTensor*> FindTensor(const std::string& path, uint32_t index) const {
    if (index < tensors_.size()) return &tensors_[index];
    return Violation(
        path, absl::StrFormat("there is no tensor %d; the request has %d", index, tensors_.size()),
        "INDEX_OUT_OF_RANGE");
  }

  absl::Status DecodeEvaluation(const v1::Evaluation& evaluation, DecodedRequest* request) const {
    EvaluationRequest decoded;
    absl::Status status = DecodeInputs(evaluation, &decoded);
    if (status.ok()) status = DecodeActivation(evaluation.activation(), &decoded);
    if (status.ok()) status = DecodeQuantities(evaluation, &decoded);
    if (status.ok()) status = DecodeDestinations(evaluation, &request->destinations.emplace_back());
    if (!status.ok()) return status;
    request->evaluations.push_back(std::move(decoded));
    const std::optional<size_t> only =
        evaluation.inputs().empty() ? OnlyInput(evaluation) : evaluation.inputs(0);
    request->forms.push_back(tensors_[*only].form);
    return absl::OkStatus();
  }

  // The index of the one tensor that the evaluation uses neither as an argument nor as the
  // upstream, where there is just one.
  std::optional<size_t> OnlyInput(const v1::Evaluation& evaluation) const {
    std::optional<size_t> only;
    for (size_t i = 0; i < tensors_.size(); ++i) {
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
                                         tensors_.size()),
                         "NO_INPUTS");
      }
      decoded->inputs.push_back(tensors_[*only].view);
    }
    for (int i = 0; i < evaluation.inputs_size(); ++i) {
      const absl::StatusOr<const DecodedTensor*> input =
          FindTensor(absl::StrFormat("inputs[%d]", i), evaluation.inputs(i));
      if (!input.ok()) return input.status();
      decoded->inputs.push_back((*input)->view);
    }
    if (!evaluation.has_upstream()) return absl::OkStatus();
    const absl::StatusOr<const DecodedTensor*> upstream =
        FindTensor("upstream", evaluation.upstream());
    if (!upstream.ok()) return upstream.status();
    decoded->upstream = (*upstream)->view;
    return absl::OkStatus();
  }

  absl::Status DecodeActivation(const v1::Activation& activation,
                                EvaluationRequest* decoded) const {
    absl::Status status = CheckName("activation.name", activation.name());
    if (status.ok()) status = CheckName("activation.preset", activation.preset());
    if (!status.ok()) return status;
    decoded->activation = activation.name();
    decoded->preset = activation.preset();
    for (const auto& [name, argument] : activation.arguments()) {
      status = CheckName("activation.arguments", name);
      if (status.ok()) status = DecodeArgument(name, argument, decoded);
      if (!status.ok()) return status;
    }
    // A map has no order; errors should have one.
    std::sort(decoded->arguments.begin(), decoded->arguments.end(),
              [](const Argument& a, const Argument& b) { return a.name < b.name; });
    return absl::OkStatus();
  }

  absl::Status DecodeArgument(const std::string& name, const v1::Argument& argument,
                              EvaluationRequest* decoded) const {
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
        const absl::StatusOr<const DecodedTensor*> tensor =
            FindTensor(ArgumentPath(name) + ".tensor", argument.tensor());
        if (!tensor.ok()) return tensor.status();
        TensorView view = (*tensor)->view;
        // Arguments are small, as a rule, and read at random. What is checked of them must not
        // change any more: a caller may write to a shared buffer at any time.
        const bool is_shared = message_.tensors(static_cast<int>(argument.tensor())).has_region();
        view.data = is_shared ? Copy(view.data) : MakeWhole(view.data);
        target.value = std::move(view);
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

  // Of an Evaluation or a StreamHeader.
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

  absl::Status DecodeDestinations(const v1::Evaluation& evaluation,
                                  std::vector<Destination>* decoded) const {
    for (int i = 0; i < evaluation.destinations_size(); ++i) {
      const v1::Destination& destination = evaluation.destinations(i);
      const std::string path = absl::StrFormat("destinations[%d].", i);
      const std::optional<Quantity> quantity = FromProto(destination.quantity());
      if (!quantity.has_value()) return UnknownQuantity(path + "quantity", destination.quantity());
      absl::Status status = CheckName(path + "parameter", destination.parameter());
      if (!status.ok()) return status;
      const absl::StatusOr<absl::Span<std::byte>> bytes = FindRegion(destination.region());
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
  const SharedBuffers& buffers_;
  Storage* storage_;
  std::vector<DecodedTensor> tensors_;
  size_t region_bytes_ = 0;
};

}  // namespace

absl::StatusOr<DecodedRequest> DecodeRequest(const grpc::ByteBuffer& bytes, const Limits& limits,
                                             const SharedBuffers& buffers) {
  auto storage = std::make_shared<Storage>(bytes);
  auto* message = google::protobuf::Arena::CreateMessage<v1::EvaluateRequest>(&storage->arena);
  grpc::ProtoBufferReader stream(&storage->bytes);
  const absl::Status parsed = ParseRequest(&stream, limits, message, &storage->data);
  if (!parsed.ok()) return parsed;
  DecodedRequest request;
  const absl::Status decoded =
      Decoder(*message, limits, buffers, storage.get()).DecodeInto(&request);
  if (!decoded.ok()) return decoded;
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
  Decoder decoder(storage->message.batch, limits, buffers, storage.get());
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
