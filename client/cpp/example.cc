// A complete client: PReLU with one learnable slope per channel, forward and backward.
//
//   rectifier_example [TARGET]
#include <iostream>
#include <string>

#include "client/cpp/client.h"
#include "client/cpp/error.h"
#include "proto/default_target.h"

using namespace rectifier::client;

int main(int argc, char** argv) {
  Client client = Client::Connect(argc > 1 ? argv[1] : rectifier::DefaultUnixTarget());

  // Two samples of three channels, and dL/dy for them.
  const absl::StatusOr<Tensor> x = Tensor::FromVector<float>({-1, 2, -3, 4, -5, 6}, {2, 3});
  const absl::StatusOr<Tensor> upstream = Tensor::FromVector<float>({1, 1, 1, 2, 2, 2}, {2, 3});
  const Tensor slopes = Tensor::FromVector<float>({0.1f, 0.2f, 0.3f});

  const absl::StatusOr<Result> result = client.Evaluate(
      {.activation = "prelu",
       .arguments = {{"weight", {slopes, /*axis=*/1}}},
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
  for (double y : result->value->ToDoubles()) std::cout << y << " ";
  std::cout << "\n";
  for (double dx : result->gradients[0].ToDoubles()) std::cout << dx << " ";
  std::cout << "\n";
  for (const auto& [parameter, gradient] : result->parameter_gradients) {
    std::cout << "d/d" << parameter << " " << ToString(gradient.shape()) << ":";
    for (double slope : gradient.ToDoubles()) std::cout << " " << slope;
    std::cout << "\n";
  }
}
