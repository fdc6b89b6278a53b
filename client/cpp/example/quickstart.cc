// The first program of the README: one activation, from one span to another.
#include <iostream>
#include <span>
#include <vector>

#include "rectifier_client/client.h"

int main(int argc, char** argv) {
  // Without a target: RECTIFIER_TARGET, else the socket on which a server listens by default.
  auto client = rectifier::client::Client::Connect(argc > 1 ? argv[1] : "");
  const std::vector<float> x = {-1, 0, 2};
  std::vector<float> y(x.size());
  const absl::Status status = client.Evaluate("gelu", std::span(x), std::span(y));
  if (!status.ok()) {
    std::cerr << status.message() << "\n";  // it names the field at fault, and suggests
    return 1;
  }
  for (const float element : y) std::cout << element << "\n";
}
