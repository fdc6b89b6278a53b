#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "client/cpp/client/attempts.h"
#include "client/cpp/client/error.h"
#include "client/cpp/client/evaluate.h"
#include "client/cpp/client/evaluation_stream.h"
#include "client/cpp/client/field_error.h"
#include "client/cpp/client/result_memory.h"
#include "client/cpp/client/stream_exchange.h"

namespace rectifier::client {
namespace {

constexpr int64_t kStreamChunkBytes = int64_t{1} << 20;

// Puts results together as they come.
class ResultReceiver {
 public:
  ResultReceiver(const Evaluation& evaluation, ElementType type)
      : evaluation_(evaluation), type_(type) {}

  // Whether there are results, which may stand in the caller's memory.
  bool has_begun() const { return has_begun_; }

  absl::Status Take(const StreamedResult& result) {
    if (!has_begun_) {
      if (absl::Status status = Begin(result.value_shape.value_or(Shape())); !status.ok()) {
        return status;
      }
    }
    absl::Status status;
    if (value_.has_value()) status.Update(value_->Append(result.value));
    for (size_t i = 0; i < std::min(gradients_.size(), result.gradients.size()); ++i) {
      status.Update(gradients_[i].Append(result.gradients[i]));
    }
    if (second_.has_value()) status.Update(second_->Append(result.second_derivative));
    for (const auto& [name, gradient] : result.parameter_gradients) {
      done_.parameter_gradients.emplace(name, gradient);
    }
    return status;
  }

  absl::StatusOr<Result> Finish() && {
    absl::Status status;
    const auto finish = [&](ResultBytes& bytes, auto&& keep) {
      absl::StatusOr<Tensor> tensor = std::move(bytes).Finish();
      status.Update(tensor.status());
      if (tensor.ok()) keep(*std::move(tensor));
    };
    if (value_.has_value()) finish(*value_, [&](Tensor t) { done_.value = std::move(t); });
    for (ResultBytes& gradient : gradients_) {
      finish(gradient, [&](Tensor t) { done_.gradients.push_back(std::move(t)); });
    }
    if (second_.has_value()) {
      finish(*second_, [&](Tensor t) { done_.second_derivative = std::move(t); });
    }
    if (!status.ok()) return status;
    return std::move(done_);
  }

 private:
  absl::Status Begin(const Shape& value_shape) {
    has_begun_ = true;
    if (evaluation_.upstream.has_value() && evaluation_.upstream->shape() != value_shape) {
      return FieldError("evaluations[0].upstream",
                        absl::StrCat("shape ", ToString(evaluation_.upstream->shape()),
                                     "; must be the output's, ", ToString(value_shape)),
                        "SHAPE_MISMATCH");
    }
    const Shape& input = evaluation_.inputs.front().shape();
    for (const Quantity quantity : evaluation_.quantities) {
      const bool is_gradient = quantity == Quantity::kGradient;
      if (quantity == Quantity::kParameterGradient) continue;
      for (uint32_t i = 0; i < (is_gradient ? evaluation_.inputs.size() : 1); ++i) {
        absl::StatusOr<ResultBytes> bytes = ResultBytes::Make(
            evaluation_, quantity, i, type_, quantity == Quantity::kValue ? value_shape : input);
        if (!bytes.ok()) return bytes.status();
        if (is_gradient) gradients_.push_back(*std::move(bytes));
        if (quantity == Quantity::kValue) value_ = *std::move(bytes);
        if (quantity == Quantity::kSecondDerivative) second_ = *std::move(bytes);
      }
    }
    return absl::OkStatus();
  }

  const Evaluation& evaluation_;
  const ElementType type_;
  bool has_begun_ = false;
  std::optional<ResultBytes> value_;
  std::vector<ResultBytes> gradients_;
  std::optional<ResultBytes> second_;
  Result done_;
};

// A field of a stream's messages by the name that it has in an Evaluation.
std::string InEvaluation(const std::string& field) {
  absl::string_view rest = field;
  const std::string evaluation = "evaluations[0].";
  if (rest == "chunk.input") return absl::StrCat(evaluation, "inputs[0]");
  if (rest == "chunk.second_input") return absl::StrCat(evaluation, "inputs[1]");
  if (rest == "chunk.upstream") return absl::StrCat(evaluation, "upstream");
  if (!absl::ConsumePrefix(&rest, "header.")) return field;
  if (rest == "shape" || rest == "element_type") return absl::StrCat(evaluation, "inputs[0]");
  if (absl::ConsumePrefix(&rest, "tensors")) return absl::StrCat("tensors", rest);
  return absl::StrCat(evaluation, rest);
}

absl::StatusOr<Result> Finish(const Evaluation& evaluation, ResultReceiver receiver) {
  absl::StatusOr<Result> result = std::move(receiver).Finish();
  if (!result.ok()) return result;
  if (absl::Status moved = MoveToMemory(evaluation, *result); !moved.ok()) return moved;
  return result;
}

}  // namespace

absl::StatusOr<Result> EvaluateInStream(ServerConnection& connection, const Evaluation& evaluation,
                                        const v1::Limits& limits, const CallOptions& options) {
  const ElementType type = evaluation.inputs.front().type();
  if (absl::Status status = CheckForStream(evaluation, type, false); !status.ok()) return status;
  const int64_t chunk_bytes = std::clamp<int64_t>(
      static_cast<int64_t>(limits.max_message_bytes()) / 2, 1, kStreamChunkBytes);
  Attempts attempts(connection.attempts(), options);
  while (true) {
    EvaluationStream stream(connection.stub_without_retries(), ToStreamed(evaluation, type),
                            connection.NewCall(options, attempts.begin()));
    ResultReceiver receiver(evaluation, type);
    const absl::Status status =
        Exchange(stream, evaluation, type, chunk_bytes,
                 [&](const StreamedResult& result) { return receiver.Take(result); });
    if (status.ok()) return Finish(evaluation, std::move(receiver));
    if (receiver.has_begun() || !attempts.AwaitNext(status)) {
      return RenameFields(status, InEvaluation);
    }
  }
}

}  // namespace rectifier::client
