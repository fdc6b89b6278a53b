// Calls relu as a user of the C++ client does: see tests/benchmarks/clients/drivers.py for what it
// is asked, and answers.
#include <algorithm>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "client/cpp/client/client.h"

namespace {

using rectifier::client::Client;
using rectifier::client::Evaluation;
using rectifier::client::Result;
using rectifier::client::Tensor;

std::vector<float> Ramp(size_t bytes) {
  std::vector<float> x(bytes / sizeof(float));
  for (size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i % 512) - 256;
  return x;
}

Tensor Call(Client& client, const Evaluation& evaluation) {
  absl::StatusOr<Result> result = client.Evaluate(evaluation);
  if (result.ok()) return *result->value;
  std::cerr << result.status() << '\n';
  std::exit(1);
}

// Whether every element is that of the input, or 0 where that is negative.
bool IsRelu(const Tensor& y, const std::vector<float>& x) {
  const auto* const values = reinterpret_cast<const float*>(y.bytes().data());
  return y.bytes().size() == x.size() * sizeof(float) &&
         std::equal(x.begin(), x.end(), values,
                    [](float from, float to) { return to == std::max(from, 0.0f); });
}

int64_t Turn(Client& client, const Evaluation& evaluation, int64_t calls) {
  const auto begin = std::chrono::steady_clock::now();
  for (int64_t i = 0; i < calls; ++i) Call(client, evaluation);
  const std::chrono::nanoseconds time = std::chrono::steady_clock::now() - begin;
  return time.count();
}

int WriteGelu(Client& client, uint32_t count, const std::string& file) {
  std::vector<float> x(count);
  for (uint32_t i = 0; i < count; ++i) x[i] = std::bit_cast<float>(i * 2654435761u);
  const Tensor y =
      Call(client, {.activation = "gelu", .inputs = {*Tensor::View<float>(x, {int64_t{count}})}});
  std::ofstream out(file, std::ios::binary);
  out.write(reinterpret_cast<const char*>(y.bytes().data()),
            static_cast<std::streamsize>(y.bytes().size()));
  return out.flush().good() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  Client client = Client::Connect();
  if (argc > 2) return WriteGelu(client, static_cast<uint32_t>(std::stoul(argv[1])), argv[2]);
  std::vector<float> x;
  Evaluation evaluation;
  int64_t bytes = 0;
  int64_t calls = 0;
  while (std::cin >> bytes >> calls) {
    if (static_cast<size_t>(bytes) != x.size() * sizeof(float)) {
      x = Ramp(static_cast<size_t>(bytes));
      const int64_t count = static_cast<int64_t>(x.size());
      evaluation = {.activation = "relu", .inputs = {*Tensor::View<float>(x, {count})}};
      if (!IsRelu(Call(client, evaluation), x)) {
        std::cerr << "a value is wrong\n";
        return 1;
      }
    }
    std::cout << Turn(client, evaluation, calls) << std::endl;
  }
}
