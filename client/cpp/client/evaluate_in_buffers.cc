#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "client/cpp/client/error.h"
#include "client/cpp/client/evaluate.h"
#include "client/cpp/client/result_memory.h"
#include "client/cpp/shared_memory/buffer_pool.h"

namespace rectifier::client {
namespace {

// Regions begin on a cache line.
constexpr size_t kRegionAlignment = 64;

size_t Aligned(size_t bytes) {
  return (bytes + kRegionAlignment - 1) / kRegionAlignment * kRegionAlignment;
}

absl::Status NotThisWay() { return absl::FailedPreconditionError("shared memory does not serve"); }

// Whether another way may do: the error is about shared memory, or about a server that was away or
// full for a moment.
bool MaySucceedOtherwise(const absl::Status& status) {
  if (absl::IsUnavailable(status) || absl::IsResourceExhausted(status)) return true;
  const std::string reason = GetReason(status);
  if (reason == "UNKNOWN_SHARED_BUFFER") return true;
  if (reason != "PAYLOAD_LENGTH_MISMATCH" && reason != "TOO_MANY_ELEMENTS") return false;
  const std::vector<FieldViolation> violations = GetFieldViolations(status);
  return !violations.empty() && (absl::StrContains(violations[0].field, "destinations[") ||
                                 absl::StartsWith(violations[0].field, "tensors["));
}

// One evaluation with its tensors in one buffer and its results in another.
class BufferedEvaluation {
 public:
  explicit BufferedEvaluation(const Evaluation& evaluation)
      : evaluation_(evaluation), copy_(evaluation) {}

  size_t input_bytes() const {
    size_t bytes = 0;
    for (const Tensor& input : evaluation_.inputs) bytes += Aligned(input.bytes().size());
    if (evaluation_.upstream.has_value()) bytes += Aligned(evaluation_.upstream->bytes().size());
    return bytes;
  }

  // The value is taken to be as large as the input; where it is not, the server says so before it
  // computes.
  size_t output_bytes() const { return outputs() * Aligned(InputSize()); }

  absl::Status Place(const BufferLoan& inputs, const BufferLoan& results) {
    size_t offset = 0;
    absl::Status status;
    for (Tensor& input : copy_.inputs) status.Update(Copy(inputs, offset, input));
    if (copy_.upstream.has_value()) status.Update(Copy(inputs, offset, *copy_.upstream));
    copy_.destinations.clear();
    offset = 0;
    for (const Quantity quantity : evaluation_.quantities) {
      const bool is_gradient = quantity == Quantity::kGradient;
      if (quantity == Quantity::kParameterGradient) continue;
      for (uint32_t i = 0; i < (is_gradient ? evaluation_.inputs.size() : 1); ++i) {
        absl::StatusOr<BufferRegion> region = results.Region(offset, InputSize());
        if (!region.ok()) return region.status();
        copy_.destinations.push_back(
            {.quantity = quantity, .input = i, .region = *std::move(region)});
        offset += Aligned(InputSize());
      }
    }
    return status;
  }

  // It is tried once: were it tried again after its connection broke, the first attempt could still
  // write to the results when the second has been answered, and the buffers have other users.
  absl::StatusOr<Result> Call(ServerConnection& connection, const CallOptions& options) const {
    absl::StatusOr<std::vector<Result>> results =
        EvaluateInMessageOnce(connection, {&copy_, 1}, options);
    if (!results.ok()) return results.status();
    absl::Status status = MoveToMemory(evaluation_, results->front());
    if (!status.ok()) return status;
    return std::move(results->front());
  }

 private:
  size_t InputSize() const { return evaluation_.inputs.front().bytes().size(); }

  size_t outputs() const {
    size_t count = 0;
    for (const Quantity quantity : evaluation_.quantities) {
      if (quantity == Quantity::kGradient) count += evaluation_.inputs.size();
      if (quantity == Quantity::kValue || quantity == Quantity::kSecondDerivative) ++count;
    }
    return count;
  }

  static absl::Status Copy(const BufferLoan& buffer, size_t& offset, Tensor& tensor) {
    const absl::Span<const std::byte> from = tensor.bytes();
    const absl::StatusOr<BufferRegion> region = buffer.Region(offset, from.size());
    if (!region.ok()) return region.status();
    if (!from.empty()) std::memcpy(region->bytes.data(), from.data(), from.size());
    offset += Aligned(from.size());
    absl::StatusOr<Tensor> there = Tensor::InRegion(tensor.type(), tensor.shape(), *region);
    if (!there.ok()) return there.status();
    tensor = *std::move(there);
    return absl::OkStatus();
  }

  const Evaluation& evaluation_;
  Evaluation copy_;
};

bool Fits(const BufferedEvaluation& buffered, const Evaluation& evaluation,
          const v1::Limits& limits) {
  const auto elements = static_cast<uint64_t>(evaluation.inputs.front().size());
  return elements > 0 && elements <= limits.max_elements() &&
         buffered.input_bytes() + buffered.output_bytes() <=
             limits.max_buffer_bytes_per_connection() / 2;
}

// Closes the pool where the server does not know its buffers, or the connection to it broke.
absl::StatusOr<Result> TryInBuffers(ServerConnection& connection, BufferPool& pool,
                                    const Evaluation& evaluation, const CallOptions& options) {
  BufferedEvaluation buffered(evaluation);
  const auto inputs = pool.Take(buffered.input_bytes());
  if (!inputs.ok()) return NotThisWay();
  const auto results = pool.Take(std::max<size_t>(buffered.output_bytes(), 1));
  if (!results.ok()) return NotThisWay();
  if (absl::Status status = buffered.Place(**inputs, **results); !status.ok()) return status;
  absl::StatusOr<Result> result = buffered.Call(connection, options);
  const bool is_lost = absl::IsUnavailable(result.status());
  if (is_lost || GetReason(result.status()) == "UNKNOWN_SHARED_BUFFER") pool.Close();
  if (result.ok()) {
    (*inputs)->EndCall();
    (*results)->EndCall();
  }
  return MaySucceedOtherwise(result.status()) ? NotThisWay() : std::move(result);
}

}  // namespace

absl::StatusOr<Result> EvaluateInBuffers(ServerConnection& connection, const Evaluation& evaluation,
                                         const v1::GetServerInfoResponse& info,
                                         const CallOptions& options) {
  if (!Fits(BufferedEvaluation(evaluation), evaluation, info.limits())) return NotThisWay();
  absl::StatusOr<Result> result = NotThisWay();
  constexpr int kTries = 2;  // the server may have been started anew
  for (int i = 0; i < kTries; ++i) {
    const std::shared_ptr<BufferPool> pool = connection.Buffers(info);
    if (pool == nullptr) break;
    result = TryInBuffers(connection, *pool, evaluation, options);
    if (pool->is_open()) break;
  }
  return result;
}

}  // namespace rectifier::client
