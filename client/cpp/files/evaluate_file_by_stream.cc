#include "client/cpp/files/evaluate_file_by_stream.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/cpp/client/evaluation_stream.h"
#include "client/cpp/client/stream_exchange.h"
#include "client/cpp/files/result_assembly.h"

namespace rectifier::client {
namespace {

// Writes results where they belong, as they come.
class Receiver {
 public:
  Receiver(const Evaluation& whole, ElementType type, const WholeOptions& options)
      : whole_(whole), type_(type), options_(options) {}

  bool has_begun() const { return has_begun_; }

  absl::Status Take(const StreamedResult& result) {
    if (!has_begun_) {
      if (absl::Status status = Begin(result); !status.ok()) return status;
    }
    size_t next = 0;
    absl::Status status;
    if (Asks(Quantity::kValue)) status = Append(next++, result.value);
    if (Asks(Quantity::kGradient)) {
      for (size_t i = 0; status.ok() && i < whole_.inputs.size(); ++i) {
        status = i < result.gradients.size() ? Append(next++, result.gradients[i]) : Misfit();
      }
    }
    if (status.ok() && Asks(Quantity::kSecondDerivative)) {
      status = Append(next++, result.second_derivative);
    }
    if (!status.ok()) return status;
    ReportProgress();
    return KeepParameterGradients(result);
  }

  absl::StatusOr<std::vector<NamedOutput>> Finish() && {
    for (const Place& place : places_) {
      if (place.filled != place.bytes) return Misfit();
    }
    return std::move(outputs_);
  }

 private:
  struct Place {
    size_t bytes = 0;
    size_t filled = 0;
  };

  static absl::Status Misfit() {
    return absl::InternalError("the server sent results of the wrong size");
  }

  bool Asks(Quantity quantity) const {
    return std::find(whole_.quantities.begin(), whole_.quantities.end(), quantity) !=
           whole_.quantities.end();
  }

  absl::Status Begin(const StreamedResult& first) {
    has_begun_ = true;
    // The shape of a scalar is empty, and so is that of none.
    const Shape value = first.value_shape.value_or(Shape());
    if (whole_.upstream.has_value() && whole_.upstream->shape() != value) {
      return absl::InvalidArgumentError(absl::StrCat("upstream: its shape ",
                                                     ToString(whole_.upstream->shape()),
                                                     " is not the output's, ", ToString(value)));
    }
    const Shape& input = whole_.inputs.front().shape();
    absl::Status status;
    if (Asks(Quantity::kValue)) status = Open("value", value);
    if (Asks(Quantity::kGradient)) {
      const size_t gradients = whole_.inputs.size();
      for (size_t i = 0; i < gradients; ++i) {
        status.Update(Open(gradients == 1 ? "gradient" : absl::StrCat("gradient.", i), input));
      }
    }
    if (Asks(Quantity::kSecondDerivative)) status.Update(Open("second_derivative", input));
    return status;
  }

  absl::Status Open(const std::string& name, const Shape& shape) {
    absl::StatusOr<NpyOutput> output = options_.open(name, type_, shape);
    if (!output.ok()) return output.status();
    outputs_.push_back({name, *std::move(output)});
    places_.push_back({.bytes = *ElementCount(shape) * SizeOf(type_)});
    return absl::OkStatus();
  }

  absl::Status Append(size_t index, const std::string& bytes) {
    Place& place = places_[index];
    if (bytes.size() > place.bytes - place.filled) return Misfit();
    NpyOutput& output = outputs_[index].array;
    std::memcpy(output.data() + place.filled, bytes.data(), bytes.size());
    place.filled += bytes.size();
    output.ReleasePages();
    return absl::OkStatus();
  }

  void ReportProgress() const {
    if (places_.empty() || places_[0].bytes == 0) return;
    const int64_t elements = whole_.inputs.front().size();
    options_.progress(static_cast<int64_t>(static_cast<double>(elements) *
                                           (static_cast<double>(places_[0].filled) /
                                            static_cast<double>(places_[0].bytes))),
                      elements);
  }

  absl::Status KeepParameterGradients(const StreamedResult& result) {
    Result last;
    last.parameter_gradients = result.parameter_gradients;
    absl::StatusOr<std::vector<NamedOutput>> kept = Keep(last, options_.open);
    if (!kept.ok()) return kept.status();
    for (NamedOutput& output : *kept) outputs_.push_back(std::move(output));
    return absl::OkStatus();
  }

  const Evaluation& whole_;
  const ElementType type_;
  const WholeOptions& options_;
  bool has_begun_ = false;
  std::vector<NamedOutput> outputs_;
  std::vector<Place> places_;  // by output, but for parameter gradients
};

}  // namespace

absl::StatusOr<std::vector<NamedOutput>> EvaluateInStream(Client& client, const Evaluation& whole,
                                                          int64_t chunk_bytes,
                                                          const WholeOptions& options) {
  const Tensor& input = whole.inputs.front();
  const ElementType type = options.type.value_or(input.type());
  if (absl::Status status = CheckForStream(whole, type, options.type.has_value()); !status.ok()) {
    return status;
  }
  const std::unique_ptr<EvaluationStream> stream =
      client.EvaluateStream(ToStreamed(whole, type), options.call);
  Receiver receiver(whole, type, options);
  const absl::Status status =
      Exchange(*stream, whole, type, chunk_bytes,
               [&](const StreamedResult& result) { return receiver.Take(result); });
  if (!status.ok()) return status;
  return std::move(receiver).Finish();
}

}  // namespace rectifier::client
