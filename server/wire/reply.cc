#include "server/wire/reply.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

#include "rectifier/v1/activation.pb.h"
#include "server/status.h"
#include "server/wire/field_head.h"
#include "server/wire/proto_enums.h"

namespace rectifier {
namespace {

// A payload of so many bytes or more has a buffer of the pool for itself.
constexpr size_t kLargePayload = size_t{32} << 10;

// Where the count of a reply's bytes stops: far above what is sent, far below where it would wrap.
constexpr size_t kMostBytes = size_t{1} << 62;

// Puts `head`, and `payload` bytes to come, into a field of an outer message.
std::string Enclose(int field, std::string head, size_t payload) {
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
  if (destination != nullptr) return 0;
  return elements * (form == PayloadForm::kValues ? sizeof(double) : SizeOf(type));
}

bool Reply::Piece::is_large() const { return payload_bytes() >= kLargePayload; }

void Reply::Piece::WidenInPlace() const {
  if (destination != nullptr || form == PayloadForm::kData || type == ElementType::kFloat64) return;
  const std::byte* results = payload + result_offset();
  for (size_t i = 0; i < elements; ++i) {
    const double wide = LoadElement(type, results + i * SizeOf(type));
    std::memcpy(payload + i * sizeof(double), &wide, sizeof(double));
  }
}

std::byte* Reply::Piece::results() const {
  if (destination != nullptr) return destination->bytes.data();
  return payload_bytes() > 0 ? payload + result_offset() : nullptr;
}

Reply::Piece Reply::LayOut(const Evaluation& evaluation, const OutputDescription& output,
                           PayloadForm form, const Destination* destination) {
  Piece piece{.head = {},
              .type = output.type,
              .form = form,
              .elements = output.bytes / SizeOf(output.type),
              .destination = destination};
  const size_t payload = piece.payload_bytes();
  std::string tensor = TensorHead(output.type, output.shape, form, payload, destination);
  piece.head = ResultField(evaluation, output, std::move(tensor), payload);
  return piece;
}

Reply::Reply(absl::Span<const Job> jobs, absl::Span<const PayloadForm> forms,
             const OutputDestinations& destinations) {
  for (size_t i = 0; i < jobs.size(); ++i) {
    const Evaluation& evaluation = jobs[i].evaluation;
    Result result;
    size_t result_bytes = 0;
    for (size_t k = 0; k < evaluation.outputs.size(); ++k) {
      const Piece& piece = result.pieces.emplace_back(
          LayOut(evaluation, evaluation.outputs[k], forms[i], destinations[i][k]));
      result_bytes += piece.head.size() + piece.payload_bytes();
    }
    result.head = FieldHead(v1::EvaluateResponse::kResultsFieldNumber, result_bytes);
    bytes_ = std::min(bytes_ + result.head.size() + result_bytes, kMostBytes);
    results_.push_back(std::move(result));
  }
}

// What lies between large payloads becomes one segment.
void Reply::Cut() {
  segments_.clear();
  const auto small = [this]() -> Segment& {
    if (segments_.empty() || segments_.back().is_large) segments_.emplace_back();
    return segments_.back();
  };
  for (const Result& result : results_) {
    small().bytes += result.head.size();
    for (const Piece& piece : result.pieces) {
      small().bytes += piece.head.size();
      if (piece.is_large()) {
        segments_.push_back({.bytes = piece.payload_bytes(), .is_large = true});
      } else {
        small().bytes += piece.payload_bytes();
      }
    }
  }
}

bool Reply::AllocateSegments(ReplyPool& pool) {
  for (Segment& segment : segments_) {
    if (segment.is_large) {
      segment.buffer = pool.Acquire(segment.bytes);
    } else {
      segment.own.reset(new (std::nothrow) std::byte[segment.bytes]);
    }
    if (segment.memory() == nullptr) return false;
  }
  return true;
}

// Writes the heads, and tells each piece where its payload is.
void Reply::Fill() {
  auto segment = segments_.begin();
  size_t offset = 0;
  const auto reserve = [&](size_t bytes) {
    if (offset == segment->bytes) {
      ++segment;
      offset = 0;
    }
    std::byte* const memory = segment->memory() + offset;
    offset += bytes;
    return memory;
  };
  const auto put = [&](const std::string& head) {
    std::memcpy(reserve(head.size()), head.data(), head.size());
  };
  for (Result& result : results_) {
    put(result.head);
    for (Piece& piece : result.pieces) {
      put(piece.head);
      piece.payload = piece.payload_bytes() > 0 ? reserve(piece.payload_bytes()) : nullptr;
    }
  }
}

absl::Status Reply::Allocate(absl::Span<Job> jobs, ReplyPool& pool) {
  Cut();
  if (!AllocateSegments(pool)) {
    return OutOfMemory("the reply");
  }
  Fill();
  for (size_t i = 0; i < jobs.size(); ++i) {
    jobs[i].outputs.clear();
    for (const Piece& piece : results_[i].pieces) {
      jobs[i].outputs.push_back(piece.results());
    }
  }
  return absl::OkStatus();
}

grpc::Slice Reply::Segment::Release() {
  if (is_large) return std::move(buffer).Release(bytes);
  const auto destroy = [](void* memory) { delete[] static_cast<std::byte*>(memory); };
  return grpc::Slice(own.release(), bytes, destroy);
}

grpc::ByteBuffer Reply::Take() {
  for (const Result& result : results_) {
    for (const Piece& piece : result.pieces) piece.WidenInPlace();
  }
  std::vector<grpc::Slice> slices;
  for (Segment& segment : segments_) slices.push_back(segment.Release());
  segments_.clear();
  return grpc::ByteBuffer(slices.data(), slices.size());
}

}  // namespace rectifier
