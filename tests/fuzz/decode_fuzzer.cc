// Feeds the decoder of requests with bytes cut into slices anywhere, and holds it to protobuf: it
// refuses what protobuf refuses, takes what protobuf takes unless it says why, and sees the same.
// See README.md.
#include <cstdint>
#include <string>
#include <vector>

#include "core/element_type.h"
#include "grpcpp/support/byte_buffer.h"
#include "rectifier/v1/activation.pb.h"
#include "server/wire/request.h"
#include "tests/fuzz/require.h"
#include "tests/fuzz/slices.h"
#include "tests/fuzz/verdict.h"

namespace rectifier {
namespace {

constexpr Limits kLimits = {.max_elements = 1 << 16,
                            .max_tensors = 8,
                            .max_evaluations = 8,
                            .max_arguments = 4,
                            .max_rank = 6};

const SharedBuffers kNoBuffers{Limits(), BufferGauges()};

std::string BytesOf(const TensorView& view) {
  std::string bytes(view.data.size(), '\0');
  view.data.CopyTo(0, bytes.size(), reinterpret_cast<std::byte*>(bytes.data()));
  return bytes;
}

// The payload as it must have been understood.
std::string ExpectedBytes(const v1::Tensor& tensor, const TensorView& view) {
  if (tensor.values().empty()) return tensor.data();
  std::string bytes(static_cast<size_t>(tensor.values_size()) * SizeOf(view.type), '\0');
  auto* to = reinterpret_cast<std::byte*>(bytes.data());
  for (const double value : tensor.values()) {
    StoreElement(view.type, value, to);
    to += SizeOf(view.type);
  }
  return bytes;
}

void RequireSame(const v1::Tensor& tensor, const TensorView& view) {
  Shape shape(tensor.shape().begin(), tensor.shape().end());
  if (shape.empty() && tensor.values_size() > 1) shape = {tensor.values_size()};
  Require(shape == view.shape, "another shape than protobuf's");
  Require(BytesOf(view) == ExpectedBytes(tensor, view), "other bytes than protobuf's");
}

void RequireSame(const v1::EvaluateRequest& request, const v1::Evaluation& evaluation,
                 const EvaluationRequest& decoded) {
  Require(decoded.activation == evaluation.activation().name(), "another name than protobuf's");
  Require(decoded.preset == evaluation.activation().preset(), "another preset than protobuf's");
  Require(decoded.arguments.size() == evaluation.activation().arguments().size(),
          "other arguments than protobuf's");
  const auto given = static_cast<size_t>(evaluation.inputs_size());
  Require(decoded.inputs.size() == std::max<size_t>(given, 1), "other inputs than protobuf's");
  for (size_t i = 0; i < given; ++i) {
    const uint32_t index = evaluation.inputs(static_cast<int>(i));
    RequireSame(request.tensors(static_cast<int>(index)), decoded.inputs[i]);
  }
  Require(decoded.upstream.has_value() == evaluation.has_upstream(), "another upstream");
  if (decoded.upstream) {
    RequireSame(request.tensors(static_cast<int>(evaluation.upstream())), *decoded.upstream);
  }
}

void Check(const std::string& bytes, uint32_t seed) {
  v1::EvaluateRequest expected;
  const bool valid = expected.ParseFromString(bytes);
  const absl::StatusOr<DecodedRequest> decoded =
      DecodeRequest(Cut(bytes, seed), kLimits, kNoBuffers);
  RequireVerdict(decoded.status(), valid);
  if (!decoded.ok()) return;
  Require(decoded->evaluations.size() == static_cast<size_t>(expected.evaluations_size()),
          "other evaluations than protobuf's");
  for (size_t i = 0; i < decoded->evaluations.size(); ++i) {
    RequireSame(expected, expected.evaluations(static_cast<int>(i)), decoded->evaluations[i]);
  }
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
