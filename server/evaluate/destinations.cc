#include "server/evaluate/destinations.h"

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "core/api_names.h"
#include "core/field_error.h"

namespace rectifier {
namespace {

std::string PathOf(size_t evaluation, size_t destination) {
  return absl::StrFormat("evaluations[%d].destinations[%d]", evaluation, destination);
}

// `field` is a field of the destination, with a dot before it, or empty.
absl::Status Violation(size_t evaluation, size_t destination, const char* field,
                       const std::string& description, const char* reason) {
  return FieldError({.path = PathOf(evaluation, destination) + field,
                     .description = description,
                     .reason = reason});
}

bool Answers(const Parameter& parameter, absl::string_view name) {
  return parameter.name == name || std::find(parameter.aliases.begin(), parameter.aliases.end(),
                                             name) != parameter.aliases.end();
}

// Whether `destination` means that output of `evaluation`.
bool Names(const Destination& destination, const Evaluation& evaluation,
           const OutputDescription& output) {
  if (output.quantity != destination.quantity) return false;
  switch (output.quantity) {
    case Quantity::kGradient:
      return output.index == destination.input;
    case Quantity::kParameterGradient:
      return destination.parameter.empty() ||
             Answers(evaluation.activation->spec->parameters[output.index], destination.parameter);
    default:
      return true;
  }
}

// The memory of one evaluation.
struct Extent {
  const std::byte* begin = nullptr;
  size_t size = 0;
  size_t evaluation = 0;
  size_t destination = 0;

  // std::less orders any two pointers.
  bool EndsBefore(const std::byte* place) const {
    return !std::less<const std::byte*>()(place, begin + size);
  }
  bool Overlaps(const Extent& other) const {
    return size > 0 && other.size > 0 && !EndsBefore(other.begin) && !other.EndsBefore(begin);
  }
};

// The destinations by address, which do not overlap.
class Writes {
 public:
  absl::Status Add(const DecodedRequest& request) {
    for (size_t i = 0; i < request.destinations.size(); ++i) {
      for (size_t k = 0; k < request.destinations[i].size(); ++k) {
        const absl::Span<std::byte> bytes = request.destinations[i][k].bytes;
        if (!bytes.empty()) extents_.push_back({bytes.data(), bytes.size(), i, k});
      }
    }
    std::sort(extents_.begin(), extents_.end(), [](const Extent& a, const Extent& b) {
      return std::less<const std::byte*>()(a.begin, b.begin);
    });
    for (size_t i = 1; i < extents_.size(); ++i) {
      if (!extents_[i].Overlaps(extents_[i - 1])) continue;
      return Violation(
          extents_[i].evaluation, extents_[i].destination, ".region",
          absl::StrFormat("its region overlaps that of %s",
                          PathOf(extents_[i - 1].evaluation, extents_[i - 1].destination)),
          "REGIONS_OVERLAP");
    }
    return absl::OkStatus();
  }

  // Checks that no destination would spoil `read`. Its own evaluation may work in place.
  absl::Status Check(const Extent& read) const {
    auto write = std::partition_point(extents_.begin(), extents_.end(), [&](const Extent& extent) {
      return extent.EndsBefore(read.begin);
    });
    for (; write != extents_.end() && write->Overlaps(read); ++write) {
      const bool in_place = write->evaluation == read.evaluation && write->begin == read.begin &&
                            write->size == read.size;
      if (in_place) continue;
      return Violation(write->evaluation, write->destination, ".region",
                       absl::StrFormat("its region overlaps a tensor that evaluations[%d] reads; "
                                       "only the evaluation's own input or upstream may be "
                                       "written to, as a whole",
                                       read.evaluation),
                       "REGIONS_OVERLAP");
    }
    return absl::OkStatus();
  }

  bool empty() const { return extents_.empty(); }

 private:
  std::vector<Extent> extents_;
};

absl::Status CheckReads(absl::Span<const Job> jobs, const Writes& writes) {
  for (size_t i = 0; i < jobs.size(); ++i) {
    const Evaluation& evaluation = jobs[i].evaluation;
    const auto check = [&](const TensorView& tensor) {
      if (!tensor.data.is_whole()) return absl::OkStatus();  // of the message
      return writes.Check({tensor.data.data(), tensor.data.size(), i});
    };
    for (const TensorView& input : evaluation.inputs) {
      if (absl::Status status = check(input); !status.ok()) return status;
    }
    if (!evaluation.upstream) continue;
    if (absl::Status status = check(*evaluation.upstream); !status.ok()) return status;
  }
  return absl::OkStatus();
}

// The names of the parameters whose gradients `evaluation` gives.
std::vector<std::string> LearnedParameters(const Evaluation& evaluation) {
  std::vector<std::string> names;
  for (const OutputDescription& output : evaluation.outputs) {
    if (output.quantity != Quantity::kParameterGradient) continue;
    names.emplace_back(evaluation.activation->spec->parameters[output.index].name);
  }
  return names;
}

// A result as a destination names it.
std::string ResultName(Quantity quantity, absl::string_view parameter) {
  if (parameter.empty()) return std::string(ApiName(quantity));
  return absl::StrFormat("%s of \"%s\"", ApiName(quantity), parameter);
}

absl::Status NoSuchResult(const Destination& destination, const Evaluation& evaluation,
                          size_t index, size_t number) {
  std::vector<std::string> results;
  for (const OutputDescription& output : evaluation.outputs) {
    const bool is_gradient = output.quantity == Quantity::kParameterGradient;
    results.push_back(
        ResultName(output.quantity,
                   is_gradient ? evaluation.activation->spec->parameters[output.index].name : ""));
  }
  return Violation(index, number, destination.parameter.empty() ? ".quantity" : ".parameter",
                   absl::StrFormat("%s is given; the evaluation gives %s",
                                   ResultName(destination.quantity, destination.parameter),
                                   absl::StrJoin(results, ", ")),
                   "NO_SUCH_RESULT");
}

// Puts one destination at the output that it names.
absl::Status Place(const Destination& destination, const Evaluation& evaluation, size_t index,
                   size_t number, std::vector<const Destination*>* places) {
  if (destination.quantity == Quantity::kParameterGradient && destination.parameter.empty()) {
    const std::vector<std::string> names = LearnedParameters(evaluation);
    if (names.size() > 1) {
      return Violation(index, number, ".parameter",
                       absl::StrFormat("there are several parameter gradients; name one of %s",
                                       absl::StrJoin(names, ", ")),
                       "NO_SUCH_RESULT");
    }
  }
  for (size_t k = 0; k < evaluation.outputs.size(); ++k) {
    const OutputDescription& output = evaluation.outputs[k];
    if (!Names(destination, evaluation, output)) continue;
    if ((*places)[k] != nullptr) {
      return Violation(index, number, "", "another destination is for the same result",
                       "DUPLICATE_DESTINATION");
    }
    if (destination.bytes.size() != output.bytes) {
      return Violation(
          index, number, ".region.length",
          absl::StrFormat("its region has %d bytes; the result %s takes %d",
                          destination.bytes.size(), ApiName(output.quantity), output.bytes),
          "PAYLOAD_LENGTH_MISMATCH");
    }
    (*places)[k] = &destination;
    return absl::OkStatus();
  }
  return NoSuchResult(destination, evaluation, index, number);
}

}  // namespace

absl::StatusOr<OutputDestinations> MatchDestinations(absl::Span<const Job> jobs,
                                                     const DecodedRequest& request) {
  OutputDestinations matched(jobs.size());
  for (size_t i = 0; i < jobs.size(); ++i) {
    const Evaluation& evaluation = jobs[i].evaluation;
    matched[i].assign(evaluation.outputs.size(), nullptr);
    for (size_t k = 0; k < request.destinations[i].size(); ++k) {
      absl::Status status = Place(request.destinations[i][k], evaluation, i, k, &matched[i]);
      if (!status.ok()) return status;
    }
  }
  Writes writes;
  if (absl::Status status = writes.Add(request); !status.ok()) return status;
  if (writes.empty()) return matched;
  if (absl::Status status = CheckReads(jobs, writes); !status.ok()) return status;
  return matched;
}

}  // namespace rectifier
