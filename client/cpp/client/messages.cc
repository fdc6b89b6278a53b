#include "client/cpp/client/messages.h"

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"

namespace rectifier::client {
namespace {

v1::BufferRegion ToMessage(const BufferRegion& region) {
  v1::BufferRegion message;
  message.set_token(region.token);
  message.set_offset(region.offset);
  message.set_length(region.bytes.size());
  return message;
}

v1::Destination ToMessage(const Destination& destination) {
  v1::Destination message;
  message.set_quantity(static_cast<v1::Quantity>(destination.quantity));
  message.set_input(destination.input);
  message.set_parameter(destination.parameter);
  *message.mutable_region() = ToMessage(destination.region);
  return message;
}

// Adds tensors to a request, each once.
class TensorTable {
 public:
  explicit TensorTable(google::protobuf::RepeatedPtrField<v1::Tensor>& tensors)
      : tensors_(tensors) {}

  uint32_t IndexOf(const Tensor& tensor) {
    const auto key = std::make_tuple(tensor.bytes().data(), tensor.type(), tensor.shape());
    const auto [entry, added] = indices_.emplace(key, tensors_.size());
    if (added) Add(tensor);
    return entry->second;
  }

 private:
  void Add(const Tensor& tensor) {
    v1::Tensor& message = *tensors_.Add();
    message.set_element_type(static_cast<v1::ElementType>(tensor.type()));
    message.mutable_shape()->Add(tensor.shape().begin(), tensor.shape().end());
    if (const std::optional<BufferRegion> region = tensor.region()) {
      *message.mutable_region() = ToMessage(*region);
    } else {
      message.set_data(tensor.bytes().data(), tensor.bytes().size());
    }
  }

  google::protobuf::RepeatedPtrField<v1::Tensor>& tensors_;
  std::map<std::tuple<const std::byte*, ElementType, Shape>, uint32_t> indices_;
};

v1::Argument ToMessage(const Argument& argument, TensorTable& tensors) {
  v1::Argument message;
  if (const auto* number = std::get_if<double>(&argument.value)) {
    message.set_number(*number);
  } else if (const auto* tensor = std::get_if<Tensor>(&argument.value)) {
    message.set_tensor(tensors.IndexOf(*tensor));
  } else {
    message.set_word(std::get<std::string>(argument.value));
  }
  if (argument.axis.has_value()) message.set_axis(*argument.axis);
  return message;
}

// The activation of an Evaluation or a StreamedEvaluation.
template <class Source>
v1::Activation ToActivation(const Source& evaluation, TensorTable& tensors) {
  v1::Activation activation;
  activation.set_name(evaluation.activation);
  activation.set_preset(evaluation.preset);
  for (const auto& [name, argument] : evaluation.arguments) {
    (*activation.mutable_arguments())[name] = ToMessage(argument, tensors);
  }
  return activation;
}

v1::Evaluation ToMessage(const Evaluation& evaluation, TensorTable& tensors) {
  v1::Evaluation message;
  for (const Tensor& input : evaluation.inputs) message.add_inputs(tensors.IndexOf(input));
  if (evaluation.upstream.has_value()) message.set_upstream(tensors.IndexOf(*evaluation.upstream));
  *message.mutable_activation() = ToActivation(evaluation, tensors);
  for (Quantity quantity : evaluation.quantities) {
    message.add_quantities(static_cast<v1::Quantity>(quantity));
  }
  for (const Destination& destination : evaluation.destinations) {
    if (destination.memory.data() == nullptr) *message.add_destinations() = ToMessage(destination);
  }
  return message;
}

// The region of this process that the server names in its reply; null where none is a destination.
const BufferRegion* FindDestination(const Evaluation& evaluation, const v1::BufferRegion& named) {
  for (const Destination& destination : evaluation.destinations) {
    const BufferRegion& region = destination.region;
    if (region.token == named.token() && region.offset == named.offset() &&
        region.bytes.size() == named.length()) {
      return &region;
    }
  }
  return nullptr;
}

// A tensor over the bytes of the message, or of the region that it names.
absl::StatusOr<Tensor> TakePayload(v1::Tensor message, const Evaluation& evaluation) {
  const auto type = static_cast<ElementType>(message.element_type());
  Shape shape(message.shape().begin(), message.shape().end());
  if (!message.has_region()) {
    return Tensor::FromBytes(type, std::move(shape), std::move(*message.mutable_data()));
  }
  const BufferRegion* const region = FindDestination(evaluation, message.region());
  if (region == nullptr) return absl::InternalError("its region is no destination");
  return Tensor::InRegion(type, std::move(shape), *region);
}

absl::StatusOr<Tensor> FromMessage(v1::Tensor message, const Evaluation& evaluation) {
  if (message.element_type() == v1::ELEMENT_TYPE_UNSPECIFIED ||
      !v1::ElementType_IsValid(message.element_type())) {
    return absl::InternalError("the server sent a tensor without an element type");
  }
  absl::StatusOr<Tensor> tensor = TakePayload(std::move(message), evaluation);
  if (!tensor.ok()) {
    return absl::InternalError(
        absl::StrCat("the server sent a bad tensor: ", tensor.status().message()));
  }
  return tensor;
}

absl::StatusOr<Result> FromMessage(v1::Result message, const Evaluation& evaluation) {
  absl::Status status;
  const auto take = [&](v1::Tensor& tensor, auto&& keep) {
    absl::StatusOr<Tensor> taken = FromMessage(std::move(tensor), evaluation);
    status.Update(taken.status());
    if (taken.ok()) keep(*std::move(taken));
  };
  Result result;
  if (message.has_value()) {
    take(*message.mutable_value(), [&](Tensor tensor) { result.value = std::move(tensor); });
  }
  for (v1::Tensor& gradient : *message.mutable_gradients()) {
    take(gradient, [&](Tensor tensor) { result.gradients.push_back(std::move(tensor)); });
  }
  if (message.has_second_derivative()) {
    take(*message.mutable_second_derivative(),
         [&](Tensor tensor) { result.second_derivative = std::move(tensor); });
  }
  for (v1::ParameterGradient& gradient : *message.mutable_parameter_gradients()) {
    take(*gradient.mutable_gradient(), [&](Tensor tensor) {
      result.parameter_gradients.emplace(gradient.parameter(), std::move(tensor));
    });
  }
  if (!status.ok()) return status;
  return result;
}

}  // namespace

v1::EvaluateRequest ToRequest(absl::Span<const Evaluation> evaluations) {
  v1::EvaluateRequest request;
  TensorTable tensors(*request.mutable_tensors());
  for (const Evaluation& evaluation : evaluations) {
    *request.add_evaluations() = ToMessage(evaluation, tensors);
  }
  return request;
}

absl::StatusOr<std::vector<Result>> FromResponse(v1::EvaluateResponse response,
                                                 absl::Span<const Evaluation> evaluations) {
  if (static_cast<size_t>(response.results_size()) != evaluations.size()) {
    return absl::InternalError(absl::StrCat("the server sent ", response.results_size(),
                                            " results for ", evaluations.size(), " evaluations"));
  }
  std::vector<Result> results;
  for (int i = 0; i < response.results_size(); ++i) {
    absl::StatusOr<Result> result =
        FromMessage(std::move(*response.mutable_results(i)), evaluations[i]);
    if (!result.ok()) return result.status();
    results.push_back(*std::move(result));
  }
  return results;
}

v1::EvaluateStreamRequest ToRequest(const StreamedEvaluation& evaluation) {
  v1::EvaluateStreamRequest request;
  v1::StreamHeader& header = *request.mutable_header();
  TensorTable tensors(*header.mutable_tensors());
  *header.mutable_activation() = ToActivation(evaluation, tensors);
  for (Quantity quantity : evaluation.quantities) {
    header.add_quantities(static_cast<v1::Quantity>(quantity));
  }
  header.set_element_type(static_cast<v1::ElementType>(evaluation.type));
  header.mutable_shape()->Add(evaluation.shape.begin(), evaluation.shape.end());
  header.set_inputs(evaluation.inputs);
  header.set_has_upstream(evaluation.has_upstream);
  return request;
}

absl::StatusOr<StreamedResult> FromResponse(v1::EvaluateStreamResponse response) {
  StreamedResult result;
  if (response.value_shape_size() > 0) {
    result.value_shape.emplace(response.value_shape().begin(), response.value_shape().end());
  }
  result.value = std::move(*response.mutable_value());
  for (std::string& gradient : *response.mutable_gradients()) {
    result.gradients.push_back(std::move(gradient));
  }
  result.second_derivative = std::move(*response.mutable_second_derivative());
  for (v1::ParameterGradient& gradient : *response.mutable_parameter_gradients()) {
    absl::StatusOr<Tensor> tensor = FromMessage(std::move(*gradient.mutable_gradient()), {});
    if (!tensor.ok()) return tensor.status();
    result.parameter_gradients.emplace(gradient.parameter(), *std::move(tensor));
  }
  return result;
}

}  // namespace rectifier::client
