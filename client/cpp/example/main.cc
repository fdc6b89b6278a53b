// A complete client: PReLU with one learnable slope per channel, forward and backward.
//
//   rectifier_example [TARGET]
//
// TARGET is 127.0.0.1:50051 by default; on the same machine a unix socket, unix:PATH, is faster.
#include <iostream>
#include <string>

#include "rectifier_client/client.h"
#include "rectifier_client/error.h"

using rectifier::client::Client;
using rectifier::client::FieldViolation;
using rectifier::client::GetFieldViolations;
using rectifier::client::Quantity;
using rectifier::client::Result;
using rectifier::client::Tensor;

namespace {

void Print(const std::string& name, const Tensor& tensor) {
  std::cout << name << " =";
  for (double element : tensor.ToDoubles()) std::cout << " " << element;
  std::cout << "\n";
}

}  // namespace

int main(int argc, char** argv) {
  Client client = Client::Connect(argc > 1 ? argv[1] : "127.0.0.1:50051");

  // Two samples of three channels, and dL/dy for them.
  const absl::StatusOr<Tensor> x = Tensor::FromVector<float>({-1, 2, -3, 4, -5, 6}, {2, 3});
  const absl::StatusOr<Tensor> upstream = Tensor::FromVector<float>({1, 1, 1, 2, 2, 2}, {2, 3});
  const Tensor slopes = Tensor::FromVector<float>({0.1f, 0.2f, 0.3f});

  const absl::StatusOr<Result> result = client.Evaluate(
      {.activation = "prelu",
       .arguments = {{"weight", {slopes, /*along=*/1}}},
       .inputs = {*x},
       .upstream = *upstream,
       .quantities = {Quantity::kValue, Quantity::kGradient, Quantity::kParameterGradient}},
      {.timeout = absl::Seconds(10)});

  if (!result.ok()) {
    std::cerr << result.status().message() << "\n";
    for (const FieldViolation& violation : GetFieldViolations(result.status())) {
      std::cerr << violation.field << ": " << violation.description << "\n";
    }
    return 1;
  }
  Print("y", *result->value);
  Print("dL/dx", result->gradients[0]);
  for (const auto& [parameter, gradient] : result->parameter_gradients) {
    Print("dL/d" + parameter, gradient);
  }
}
