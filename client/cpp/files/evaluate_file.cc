#include "client/cpp/files/evaluate_file.h"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "absl/time/clock.h"
#include "client/cpp/client/catalogue.h"
#include "client/cpp/client/error.h"
#include "client/cpp/files/evaluate_file_by_stream.h"
#include "client/cpp/files/piece_plan.h"
#include "client/cpp/files/result_assembly.h"
#include "client/cpp/files/slice.h"

namespace rectifier::client {
namespace {

// The result of call(options), which is repeated while the server is too busy for it and there is
// time.
template <class Call>
auto Patiently(const CallOptions& options, const Call& call) -> decltype(call(options)) {
  const absl::Time deadline = absl::Now() + options.timeout;
  for (;;) {
    CallOptions rest = options;
    rest.timeout = deadline - absl::Now();
    auto result = call(rest);
    const std::optional<absl::Duration> delay = GetRetryDelay(result.status());
    if (result.ok() || !delay.has_value() || absl::Now() + *delay >= deadline) return result;
    absl::SleepFor(*delay);
  }
}

absl::StatusOr<Result> EvaluatePatiently(Client& client, const Evaluation& evaluation,
                                         const CallOptions& options) {
  CallOptions in_one_message = options;
  in_one_message.way = Way::kMessage;
  return Patiently(in_one_message,
                   [&](const CallOptions& call) { return client.Evaluate(evaluation, call); });
}

void Convert(std::optional<ElementType> type, Evaluation& evaluation) {
  if (!type.has_value()) return;
  for (Tensor& input : evaluation.inputs) input = input.As(*type);
  if (evaluation.upstream.has_value()) evaluation.upstream = evaluation.upstream->As(*type);
}

// Whether the evaluation draws random numbers.
bool Draws(const v1::ActivationDescription& activation, const Evaluation& evaluation) {
  return std::any_of(activation.parameters().begin(), activation.parameters().end(),
                     [&](const v1::ParameterDescription& parameter) {
                       return parameter.type() == v1::PARAMETER_TYPE_SEED &&
                              FindArgument(parameter, evaluation) != nullptr;
                     });
}

// Draws go by an element's index, so this tells the server where in the whole the slice begins.
void ContinueDraws(const Box& piece, const Shape& whole, Evaluation& slice) {
  const std::string kOffsetParameter = "offset";
  int64_t first = 0;
  for (size_t i = 0; i < whole.size(); ++i) first = first * whole[i] + piece.start[i];
  const auto [entry, added] = slice.arguments.try_emplace(kOffsetParameter, 0);
  if (auto* const offset = std::get_if<double>(&entry->second.value)) {
    *offset += static_cast<double>(first);
  }
}

absl::StatusOr<std::vector<NamedOutput>> EvaluateInOneCall(Client& client, Evaluation evaluation,
                                                           const WholeOptions& options) {
  Convert(options.type, evaluation);
  const absl::StatusOr<Result> result = EvaluatePatiently(client, evaluation, options.call);
  if (!result.ok()) return result.status();
  return Keep(*result, options.open);
}

absl::StatusOr<std::vector<NamedOutput>> EvaluateInPieces(Client& client, const Evaluation& whole,
                                                          const CallCapacity& capacity,
                                                          const WholeOptions& options) {
  const auto activation = Describe(client, whole.activation, options.call);
  if (!activation.ok()) return activation.status();
  const absl::StatusOr<RowAxis> axis = FindRowAxis(*activation, whole);
  if (!axis.ok()) return axis.status();
  const Tensor& input = whole.inputs.front();
  const bool draws = Draws(*activation, whole);
  const absl::StatusOr<PiecePlan> plan =
      PiecePlan::Make(input.shape(), *axis, capacity,
                      draws ? PiecePlan::Pieces::kContiguous : PiecePlan::Pieces::kBoxes);
  if (!plan.ok()) return plan.status();
  ResultAssembly assembly(whole, *activation, *axis, options.open);
  int64_t done = 0;
  for (int64_t i = 0; i < plan->size(); ++i) {
    const Box piece = (*plan)[i];
    absl::StatusOr<Evaluation> slice = Slice(whole, piece, *axis);
    if (!slice.ok()) return slice.status();
    if (draws) ContinueDraws(piece, input.shape(), *slice);
    Convert(options.type, *slice);
    const absl::StatusOr<Result> result = EvaluatePatiently(client, *slice, options.call);
    if (!result.ok()) return result.status();
    if (absl::Status status = assembly.Add(piece, *result); !status.ok()) return status;
    done += *ElementCount(piece.count);
    options.progress(done, input.size());
  }
  return std::move(assembly).Finish();
}

// A server that is too busy refuses a stream at its beginning, as a rule; asked again, it begins
// anew.
absl::StatusOr<std::vector<NamedOutput>> EvaluateInOneStream(Client& client,
                                                             const Evaluation& whole,
                                                             const CallCapacity& capacity,
                                                             const v1::Limits& limits,
                                                             const WholeOptions& options) {
  constexpr int64_t kChunkBytes = int64_t{1} << 20;
  const int64_t chunk_bytes =
      std::clamp<int64_t>(static_cast<int64_t>(limits.max_message_bytes()) / 2, 1, kChunkBytes);
  const int64_t pieces = whole.inputs.front().size() / std::max<int64_t>(capacity.preferred, 1) + 1;
  CallOptions whole_stream = options.call;
  whole_stream.timeout *= pieces;
  return Patiently(whole_stream, [&](const CallOptions& call) {
    WholeOptions timed = options;
    timed.call = call;
    return EvaluateInStream(client, whole, chunk_bytes, timed);
  });
}

// Whether the tensors among the arguments fit the one message that a stream has for them.
bool FitHeader(const Evaluation& whole, const v1::Limits& limits) {
  constexpr uint64_t kOverhead = 4096;
  uint64_t bytes = kOverhead;
  for (const auto& [name, argument] : whole.arguments) {
    if (const auto* tensor = std::get_if<Tensor>(&argument.value)) bytes += tensor->bytes().size();
  }
  return bytes <= limits.max_message_bytes();
}

// Whether the same may be had in pieces.
bool NeedsPieces(const absl::Status& status) {
  return GetReason(status) == "ROWS_TOO_LONG" || status.code() == absl::StatusCode::kUnimplemented;
}

absl::StatusOr<std::vector<NamedOutput>> EvaluateWithin(Client& client, const Evaluation& whole,
                                                        const CallCapacity& capacity,
                                                        const v1::Limits& limits,
                                                        const WholeOptions& options) {
  const Tensor& input = whole.inputs.front();
  if (input.size() > capacity.preferred && FitHeader(whole, limits)) {
    absl::StatusOr<std::vector<NamedOutput>> outputs =
        EvaluateInOneStream(client, whole, capacity, limits, options);
    if (!NeedsPieces(outputs.status())) return outputs;
  }
  if (input.size() <= capacity.limit) return EvaluateInOneCall(client, whole, options);
  return EvaluateInPieces(client, whole, capacity, options);
}

}  // namespace

absl::StatusOr<std::vector<NamedOutput>> EvaluateWhole(Client& client, const Evaluation& whole,
                                                       const WholeOptions& options) {
  if (whole.inputs.empty()) return EvaluateInOneCall(client, whole, options);  // refused
  const auto info = client.GetServerInfo(options.call);
  if (!info.ok()) return info.status();
  const ElementType type = options.type.value_or(whole.inputs.front().type());
  absl::StatusOr<std::vector<NamedOutput>> outputs = EvaluateWithin(
      client, whole, FindCallCapacity(whole, type, info->limits()), info->limits(), options);
  if (GetReason(outputs.status()) != "REPLY_TOO_LARGE") return outputs;
  // The value has more elements than the input, such as crelu's, which has twice as many.
  constexpr int64_t kMostValues = 2;
  return EvaluateWithin(client, whole, FindCallCapacity(whole, type, info->limits(), kMostValues),
                        info->limits(), options);
}

}  // namespace rectifier::client
