#include "client/cpp/files/result_assembly.h"

#include <cmath>
#include <cstring>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "client/cpp/client/catalogue.h"
#include "client/cpp/files/slice.h"

namespace rectifier::client {
namespace {

std::string ParameterGradientName(const std::string& parameter) {
  return absl::StrCat("parameter_gradient.", parameter);
}

// Calls visit(name, tensor) for all but the parameter gradients; gives the first error.
template <class Visit>
absl::Status ForEachTensor(const Result& result, const Visit& visit) {
  absl::Status status;
  if (result.value.has_value()) status.Update(visit("value", *result.value));
  const size_t gradients = result.gradients.size();
  for (size_t i = 0; i < gradients; ++i) {
    status.Update(
        visit(gradients == 1 ? "gradient" : absl::StrCat("gradient.", i), result.gradients[i]));
  }
  if (result.second_derivative.has_value()) {
    status.Update(visit("second_derivative", *result.second_derivative));
  }
  return status;
}

absl::Status Misfit(const std::string& name, const Tensor& tensor) {
  return absl::InternalError(
      absl::StrCat("the server sent a ", name, " of the wrong shape ", ToString(tensor.shape())));
}

// The part of the whole parameter gradient that belongs to a piece; that of a number has rank 0.
absl::StatusOr<Box> GradientBox(const Argument* argument, const Box& piece, const Shape& input) {
  const auto* tensor = argument == nullptr ? nullptr : std::get_if<Tensor>(&argument->value);
  if (tensor == nullptr) return Box{};
  return ArgumentBox(piece, input, tensor->shape(), argument->axis);
}

// The type and shape of the whole parameter gradient: those of the argument, or of a number.
std::pair<ElementType, Shape> TypeAndShape(const Argument* argument) {
  const auto* tensor = argument == nullptr ? nullptr : std::get_if<Tensor>(&argument->value);
  if (tensor == nullptr) return {ElementType::kFloat64, {}};
  return {tensor->type(), tensor->shape()};
}

}  // namespace

// Knuth's TwoSum.
void ResultAssembly::Sum::Add(int64_t element, double term) {
  double& sum = high[static_cast<size_t>(element)];
  const double next = sum + term, shadow = next - sum;
  low[static_cast<size_t>(element)] += (sum - (next - shadow)) + (term - shadow);
  sum = next;
}

double ResultAssembly::Sum::Rounded(int64_t element) const {
  const double sum = high[static_cast<size_t>(element)], rest = low[static_cast<size_t>(element)];
  // Beside an infinity `rest` says nothing; one of 0 would take the sign from -0.
  return std::isfinite(rest) && rest != 0 ? sum + rest : sum;
}

absl::StatusOr<std::vector<NamedOutput>> Keep(const Result& result, const OpenOutput& open) {
  std::vector<NamedOutput> outputs;
  const auto keep = [&](const std::string& name, const Tensor& tensor) -> absl::Status {
    absl::StatusOr<NpyOutput> output = open(name, tensor.type(), tensor.shape());
    if (!output.ok()) return output.status();
    Scatter(tensor, WholeBox(tensor.shape()), tensor.shape(), output->data());
    outputs.push_back({name, *std::move(output)});
    return absl::OkStatus();
  };
  absl::Status status = ForEachTensor(result, keep);
  for (const auto& [parameter, gradient] : result.parameter_gradients) {
    status.Update(keep(ParameterGradientName(parameter), gradient));
  }
  if (!status.ok()) return status;
  return outputs;
}

absl::Status ResultAssembly::Add(const Box& piece, const Result& result) {
  absl::Status status = ForEachTensor(result, [&](const std::string& name, const Tensor& tensor) {
    return Place(name, tensor, piece);
  });
  for (const auto& [parameter, gradient] : result.parameter_gradients) {
    status.Update(AddParameterGradient(parameter, gradient, piece));
  }
  return status;
}

absl::Status ResultAssembly::Place(const std::string& name, const Tensor& tensor,
                                   const Box& piece) {
  // For gradients, which keep the input's shape, these are the input's shape and the piece.
  const Shape shape = OutputShape(whole_.inputs.front().shape(), axis_, tensor.shape());
  const Box box = OutputBox(piece, axis_, shape);
  if (box.count != tensor.shape()) return Misfit(name, tensor);
  const absl::StatusOr<NpyOutput*> output = Open(name, tensor.type(), shape);
  if (!output.ok()) return output.status();
  Scatter(tensor, box, shape, (*output)->data());
  (*output)->ReleasePages();
  return absl::OkStatus();
}

absl::Status ResultAssembly::AddParameterGradient(const std::string& parameter,
                                                  const Tensor& gradient, const Box& piece) {
  const Argument* argument = nullptr;
  for (const v1::ParameterDescription& description : activation_.parameters()) {
    if (description.name() == parameter) argument = FindArgument(description, whole_);
  }
  const auto [type, shape] = TypeAndShape(argument);
  const absl::StatusOr<Box> box = GradientBox(argument, piece, whole_.inputs.front().shape());
  if (!box.ok()) return box.status();
  if (box->count != gradient.shape()) return Misfit(ParameterGradientName(parameter), gradient);
  Sum& sum = sums_.try_emplace(parameter, Sum{type, shape, {}, {}}).first->second;
  if (sum.high.empty()) {
    sum.high.assign(*ElementCount(shape), -0.0);  // so that a sum of negative zeros is one
    sum.low.assign(*ElementCount(shape), 0.0);
  }
  int64_t next = 0;
  ForEachRun(sum.shape, *box, [&](int64_t offset, int64_t length) {
    for (int64_t i = 0; i < length; ++i) sum.Add(offset + i, gradient[next++]);
  });
  return absl::OkStatus();
}

absl::StatusOr<NpyOutput*> ResultAssembly::Open(const std::string& name, ElementType type,
                                                const Shape& shape) {
  for (NamedOutput& output : outputs_) {
    if (output.name == name) return &output.array;
  }
  absl::StatusOr<NpyOutput> output = open_(name, type, shape);
  if (!output.ok()) return output.status();
  outputs_.push_back({name, *std::move(output)});
  return &outputs_.back().array;
}

absl::StatusOr<std::vector<NamedOutput>> ResultAssembly::Finish() && {
  for (const auto& [parameter, sum] : sums_) {
    absl::StatusOr<NpyOutput*> output = Open(ParameterGradientName(parameter), sum.type, sum.shape);
    if (!output.ok()) return output.status();
    std::byte* to = (*output)->data();
    for (size_t i = 0; i < sum.high.size(); ++i) {
      StoreElement(sum.type, sum.Rounded(static_cast<int64_t>(i)), to);
      to += SizeOf(sum.type);
    }
  }
  return std::move(outputs_);
}

}  // namespace rectifier::client
