#include "client/cpp/client/evaluate.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "client/cpp/client/error.h"
#include "client/cpp/client/field_error.h"
#include "client/cpp/client/kept_inputs.h"
#include "client/cpp/client/limits.h"

namespace rectifier::client {
namespace {

// Up to this, sent or received, a message goes without a question before; above it shared memory
// pays, and the server's limits are worth knowing.
constexpr uint64_t kLittleBytes = uint64_t{1} << 20;

// Above this an evaluation goes by a stream where it does not go by shared memory: that is as fast
// as a message, from twice as many bytes on faster, and takes less memory.
constexpr uint64_t kStreamedBytes = uint64_t{4} << 20;

// Above this a batch does not go in one message, which both sides would hold whole.
constexpr uint64_t kBatchBytes = uint64_t{64} << 20;

// Whether one evaluation can go otherwise than in a message.
bool CanGoOtherwise(const Evaluation& evaluation) {
  if (evaluation.inputs.empty() || evaluation.inputs.size() > 2) return false;
  for (const Destination& destination : evaluation.destinations) {
    if (destination.memory.data() == nullptr) return false;
    if (destination.quantity == Quantity::kParameterGradient) return false;
  }
  const auto is_elsewhere = [](const Tensor& tensor) { return tensor.region().has_value(); };
  for (const Tensor& input : evaluation.inputs) {
    if (is_elsewhere(input) || input.type() == ElementType::kBool) return false;
  }
  return !evaluation.upstream.has_value() || !is_elsewhere(*evaluation.upstream);
}

bool IsTooLargeForAReply(const absl::Status& status, const CallOptions& options) {
  return options.way == Way::kAutomatic && GetReason(status) == "REPLY_TOO_LARGE";
}

absl::StatusOr<Result> EvaluateAlone(ServerConnection& connection, const Evaluation& evaluation,
                                     const CallOptions& options) {
  absl::StatusOr<std::vector<Result>> results =
      EvaluateInMessage(connection, {&evaluation, 1}, options);
  if (!results.ok()) return results.status();
  return std::move(results->front());
}

// Whether the server would have taken the evaluation in one message.
bool AsksForAMessage(const absl::Status& status) {
  return GetReason(status) == "ROWS_TOO_LONG" || status.code() == absl::StatusCode::kUnimplemented;
}

absl::StatusOr<Result> EvaluateLarge(ServerConnection& connection, const Evaluation& evaluation,
                                     const v1::GetServerInfoResponse& info,
                                     const CallOptions& options) {
  const bool any = options.way == Way::kAutomatic;
  if (any || options.way == Way::kSharedMemory) {
    absl::StatusOr<Result> result = EvaluateInBuffers(connection, evaluation, info, options);
    if (!any || result.status().code() != absl::StatusCode::kFailedPrecondition) return result;
  }
  const absl::Span<const Evaluation> one(&evaluation, 1);
  const bool fits_a_message = CheckMessage(one, info.limits()).ok();
  if (any && fits_a_message && ExchangedBytes(one) <= kStreamedBytes) {
    absl::StatusOr<Result> result = EvaluateAlone(connection, evaluation, options);
    if (!IsTooLargeForAReply(result.status(), options)) return result;
  }
  if (absl::Status status = CheckHeader(evaluation, info.limits()); !status.ok()) return status;
  absl::StatusOr<Result> streamed =
      EvaluateInStream(connection, evaluation, info.limits(), options);
  if (!any || !AsksForAMessage(streamed.status()) || !fits_a_message) return streamed;
  return EvaluateAlone(connection, evaluation, options);
}

// The error of the only evaluation of a call as that of number `index` of a batch.
absl::Status OfBatch(const absl::Status& status, size_t index) {
  return RenameFields(status, [index](const std::string& field) {
    absl::string_view rest = field;
    if (!absl::ConsumePrefix(&rest, "evaluations[0]")) return field;
    return absl::StrCat("evaluations[", index, "]", rest);
  });
}

// One after the other. Nothing in the server changes, so that this is all or nothing as well.
absl::StatusOr<std::vector<Result>> EvaluateOneByOne(ServerConnection& connection,
                                                     absl::Span<const Evaluation> evaluations,
                                                     const v1::GetServerInfoResponse& info,
                                                     const CallOptions& options) {
  std::vector<Result> results;
  for (size_t i = 0; i < evaluations.size(); ++i) {
    const absl::Span<const Evaluation> one = evaluations.subspan(i, 1);
    absl::StatusOr<Result> result;
    if (CanGoOtherwise(one.front())) {
      result = EvaluateLarge(connection, one.front(), info, options);
    } else if (absl::Status status = CheckMessage(one, info.limits()); !status.ok()) {
      result = status;
    } else {
      result = EvaluateAlone(connection, one.front(), options);
    }
    if (!result.ok()) return OfBatch(result.status(), i);
    results.push_back(*std::move(result));
  }
  return results;
}

}  // namespace

bool FitOneMessage(absl::Span<const Evaluation> evaluations, const CallOptions& options) {
  if (options.way != Way::kAutomatic) return options.way == Way::kMessage;
  return ExchangedBytes(evaluations) <= kLittleBytes;
}

absl::StatusOr<std::vector<Result>> Evaluate(ServerConnection& connection,
                                             absl::Span<const Evaluation> evaluations,
                                             const CallOptions& options) {
  if (FitOneMessage(evaluations, options)) {
    absl::StatusOr<std::vector<Result>> results =
        EvaluateInMessage(connection, evaluations, options);
    if (!IsTooLargeForAReply(results.status(), options)) return results;
  }
  const absl::StatusOr<v1::GetServerInfoResponse> info = connection.ServerInfo(options);
  if (!info.ok()) return info.status();
  const bool is_large_batch = evaluations.size() > 1 && !FitOneMessage(evaluations, options);
  if (is_large_batch && options.way == Way::kAutomatic &&
      ExchangedBytes(evaluations) <= kBatchBytes &&
      CheckMessage(evaluations, info->limits()).ok()) {
    absl::StatusOr<std::vector<Result>> results =
        EvaluateInMessage(connection, evaluations, options);
    if (!IsTooLargeForAReply(results.status(), options)) return results;
  }
  return EvaluateOneByOne(connection, KeepInputs(evaluations), *info, options);
}

}  // namespace rectifier::client
