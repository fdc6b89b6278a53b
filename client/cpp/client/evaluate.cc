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

// From here on other ways than a message are as fast or faster, and take less memory.
constexpr uint64_t kLargeBytes = uint64_t{16} << 20;

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
  if (absl::Status status = CheckHeader(evaluation, info.limits()); !status.ok()) return status;
  absl::StatusOr<Result> streamed =
      EvaluateInStream(connection, evaluation, info.limits(), options);
  if (!any || !AsksForAMessage(streamed.status())) return streamed;
  const absl::Span<const Evaluation> one(&evaluation, 1);
  if (!CheckMessage(one, info.limits()).ok()) return streamed;
  absl::StatusOr<std::vector<Result>> results = EvaluateInMessage(connection, one, options);
  if (!results.ok()) return results.status();
  return std::move(results->front());
}

// The error of the only evaluation of a call as that of number `index` of a batch.
absl::Status OfBatch(const absl::Status& status, size_t index) {
  return RenameFields(status, [index](const std::string& field) {
    absl::string_view rest = field;
    if (!absl::ConsumePrefix(&rest, "evaluations[0]")) return field;
    return absl::StrCat("evaluations[", index, "]", rest);
  });
}

}  // namespace

bool FitOneMessage(absl::Span<const Evaluation> evaluations, const CallOptions& options) {
  if (options.way != Way::kAutomatic) return options.way == Way::kMessage;
  return PayloadBytes(evaluations) <= kLargeBytes;
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
      CheckMessage(evaluations, info->limits()).ok()) {
    absl::StatusOr<std::vector<Result>> results =
        EvaluateInMessage(connection, evaluations, options);
    if (!IsTooLargeForAReply(results.status(), options)) return results;
  }
  // Nothing in the server changes, so that a batch by single calls is all or nothing as well.
  const std::vector<Evaluation> kept = KeepInputs(evaluations);
  std::vector<Result> results;
  for (size_t i = 0; i < kept.size(); ++i) {
    const absl::Span<const Evaluation> one = absl::MakeConstSpan(kept).subspan(i, 1);
    absl::StatusOr<Result> result;
    if (CanGoOtherwise(one.front())) {
      result = EvaluateLarge(connection, one.front(), *info, options);
    } else if (absl::Status status = CheckMessage(one, info->limits()); !status.ok()) {
      result = status;
    } else {
      absl::StatusOr<std::vector<Result>> alone = EvaluateInMessage(connection, one, options);
      result = alone.ok() ? absl::StatusOr<Result>(std::move(alone->front())) : alone.status();
    }
    if (!result.ok()) return OfBatch(result.status(), i);
    results.push_back(*std::move(result));
  }
  return results;
}

}  // namespace rectifier::client
