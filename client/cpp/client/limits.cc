#include "client/cpp/client/limits.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <set>
#include <string>
#include <utility>
#include <variant>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "client/cpp/client/field_error.h"

namespace rectifier::client {
namespace {

// What a message has besides payloads: names, shapes, indices.
constexpr uint64_t kOtherBytes = 1024;

constexpr uint64_t kMaxProtobufBytes = std::numeric_limits<int32_t>::max();

constexpr char kAdvice[] =
    "; an evaluation by itself goes through a stream, unless its rows are longer than that: split "
    "the tensor, or see rectifier_client/evaluate_file.h";

using Visit = absl::FunctionRef<void(const std::string&, const Tensor&)>;

// Each tensor that is sent, with its path.
void ForEachArgument(const std::string& path, const Evaluation& evaluation, Visit visit) {
  for (const auto& [name, argument] : evaluation.arguments) {
    if (const auto* const tensor = std::get_if<Tensor>(&argument.value)) {
      visit(absl::StrCat(path, "activation.arguments[\"", name, "\"].tensor"), *tensor);
    }
  }
}

void ForEachTensor(absl::Span<const Evaluation> evaluations, Visit visit) {
  for (size_t i = 0; i < evaluations.size(); ++i) {
    const std::string path = absl::StrCat("evaluations[", i, "].");
    for (size_t j = 0; j < evaluations[i].inputs.size(); ++j) {
      visit(absl::StrCat(path, "inputs[", j, "]"), evaluations[i].inputs[j]);
    }
    if (evaluations[i].upstream.has_value()) {
      visit(absl::StrCat(path, "upstream"), *evaluations[i].upstream);
    }
    ForEachArgument(path, evaluations[i], visit);
  }
}

// What one message has to carry, against what it may.
class MessageLoad {
 public:
  void Add(const std::string& path, const Tensor& tensor) {
    if (tensor.size() > most_elements_) {
      most_elements_ = tensor.size();
      longest_ = path;
    }
    const absl::Span<const std::byte> payload = tensor.bytes();
    if (tensor.region().has_value() || !seen_.emplace(payload.data(), payload.size()).second) {
      return;
    }
    bytes_ += payload.size();
    if (payload.size() < largest_bytes_) return;
    largest_bytes_ = payload.size();
    largest_ = path;
  }

  uint64_t bytes() const { return bytes_; }

  absl::Status Check(const v1::Limits& limits, absl::string_view too_large) const {
    if (static_cast<uint64_t>(most_elements_) > limits.max_elements()) {
      return FieldError(longest_,
                        absl::StrCat("it has ", most_elements_,
                                     " elements; this server's limit for "
                                     "a tensor in a message is ",
                                     limits.max_elements(), kAdvice),
                        "TOO_MANY_ELEMENTS");
    }
    const uint64_t most = std::min<uint64_t>(limits.max_message_bytes(), kMaxProtobufBytes);
    if (bytes_ + kOtherBytes <= most) return absl::OkStatus();
    return FieldError(largest_,
                      absl::StrCat("with its ", largest_bytes_, " bytes the request has ", bytes_,
                                   "; this server's limit for a message is ", most, kAdvice),
                      too_large);
  }

 private:
  int64_t most_elements_ = 0;
  std::string longest_;
  std::set<std::pair<const std::byte*, size_t>> seen_;
  uint64_t bytes_ = 0;
  size_t largest_bytes_ = 0;
  std::string largest_;
};

MessageLoad LoadOf(absl::Span<const Evaluation> evaluations) {
  MessageLoad load;
  ForEachTensor(evaluations,
                [&](const std::string& path, const Tensor& tensor) { load.Add(path, tensor); });
  return load;
}

// Of the results that come in the reply: those with a region come there.
uint64_t ResultBytes(const Evaluation& evaluation) {
  uint64_t bytes = 0;
  const auto add = [&](Quantity quantity, uint32_t input) {
    const bool is_elsewhere = std::any_of(
        evaluation.destinations.begin(), evaluation.destinations.end(), [&](const Destination& to) {
          return to.quantity == quantity && to.input == input && to.memory.data() == nullptr;
        });
    if (!is_elsewhere) bytes += evaluation.inputs[input].bytes().size();
  };
  for (const Quantity quantity : evaluation.quantities) {
    if (quantity == Quantity::kParameterGradient || evaluation.inputs.empty()) continue;
    const size_t count = quantity == Quantity::kGradient ? evaluation.inputs.size() : 1;
    for (uint32_t i = 0; i < count; ++i) add(quantity, i);
  }
  return bytes;
}

}  // namespace

uint64_t ExchangedBytes(absl::Span<const Evaluation> evaluations) {
  uint64_t results = 0;
  for (const Evaluation& evaluation : evaluations) results += ResultBytes(evaluation);
  return std::max(LoadOf(evaluations).bytes(), results);
}

absl::Status CheckMessage(absl::Span<const Evaluation> evaluations, const v1::Limits& limits) {
  return LoadOf(evaluations).Check(limits, "REQUEST_TOO_LARGE");
}

absl::Status CheckHeader(const Evaluation& evaluation, const v1::Limits& limits) {
  MessageLoad load;
  ForEachArgument("evaluations[0].", evaluation,
                  [&](const std::string& path, const Tensor& tensor) { load.Add(path, tensor); });
  return load.Check(limits, "ARGUMENTS_TOO_LARGE");
}

}  // namespace rectifier::client
