// Value and gradient of every activation over float32, on one thread, at sizes that fit L1, L2 and
// neither; beside them memcpy of the same traffic and oneDNN's forward and backward.
//
//   ./dev bench --benchmark_filter='gelu/'
#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "benchmark/benchmark.h"
#include "core/catalogue.h"
#include "core/engine.h"
#include "tests/benchmarks/onednn_peer.h"

namespace rectifier {
namespace {

constexpr int64_t kSizes[] = {int64_t{1} << 11, int64_t{1} << 17, int64_t{1} << 24};

void Report(benchmark::State& state, int64_t elements) {
  state.SetItemsProcessed(state.iterations() * elements);
  state.counters["time/element"] =
      benchmark::Counter(static_cast<double>(state.iterations() * elements),
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

// Reads one array and writes two, as value and gradient do.
void Memcpy(benchmark::State& state, int64_t elements) {
  const std::vector<float> x(static_cast<size_t>(elements), 1);
  std::vector<float> value(x), gradient(x);
  for (auto _ : state) {
    std::memcpy(value.data(), x.data(), x.size() * sizeof(float));
    std::memcpy(gradient.data(), x.data(), x.size() * sizeof(float));
    benchmark::ClobberMemory();
  }
  Report(state, elements);
}

std::vector<float> Inputs(int64_t elements) {
  std::vector<float> inputs;
  inputs.reserve(static_cast<size_t>(elements));
  for (int64_t i = 0; i < elements; ++i) inputs.push_back(static_cast<float>(i % 2048) / 128 - 8);
  return inputs;
}

void Evaluate(benchmark::State& state, absl::string_view activation, int64_t elements) {
  const std::vector<float> x = Inputs(elements);
  const TensorView input = {
      ElementType::kFloat32,
      {elements / 16, 16},
      absl::MakeConstSpan(reinterpret_cast<const std::byte*>(x.data()), x.size() * sizeof(float))};
  Job job{*Bind(Catalogue::Best(), {.activation = activation,
                                    .inputs = {input},
                                    .quantities = {Quantity::kValue, Quantity::kGradient}}),
          {}};
  std::vector<std::vector<std::byte>> memory;
  for (const OutputDescription& output : job.evaluation.outputs) {
    job.outputs.push_back(memory.emplace_back(output.bytes).data());
  }
  Engine engine({.threads = 1});
  for (auto _ : state) {
    if (!engine.Run({&job, 1}, {}).ok()) state.SkipWithError("the engine failed");
    benchmark::ClobberMemory();
  }
  Report(state, elements);
}

void OneDnn(benchmark::State& state, const std::string& activation, int64_t elements) {
  OneDnnPeer peer(activation, elements);
  for (auto _ : state) peer.Run();
  Report(state, elements);
}

// Peers stand back to back with what they are compared with.
const bool registered = [] {
  const std::vector<std::string> peers = OneDnnPeer::Names();
  for (int64_t size : kSizes) {
    benchmark::RegisterBenchmark(absl::StrCat("memcpy/", size).c_str(), Memcpy, size);
    for (const Activation& activation : Catalogue::Best().All()) {
      const std::string name(activation.spec->name);
      benchmark::RegisterBenchmark(
          absl::StrCat(name, "/", size).c_str(),
          [name, size](benchmark::State& state) { Evaluate(state, name, size); });
      if (std::find(peers.begin(), peers.end(), name) == peers.end()) continue;
      benchmark::RegisterBenchmark(
          absl::StrCat(name, "/", size, "/oneDNN").c_str(),
          [name, size](benchmark::State& state) { OneDnn(state, name, size); });
    }
  }
  return true;
}();

}  // namespace
}  // namespace rectifier
