// Times value and gradient of every activation, through the engine, beside memcpy and the peers
// that were found at build time. Prints one JSON object per line: what this is, then one per
// timing. kernels.py makes tables of them: ./dev bench kernels
#include <malloc.h>

#include <cstdio>
#include <limits>
#include <regex>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "core/catalogue.h"
#include "nlohmann/json.hpp"
#include "tests/benchmarks/kernels/arrays.h"
#include "tests/benchmarks/kernels/measure.h"
#include "tests/benchmarks/kernels/side.h"

ABSL_FLAG(std::string, filter, "", "times the activations whose name matches this expression");
ABSL_FLAG(bool, quick, false, "fewer rounds, and float32 alone");
ABSL_FLAG(bool, upstream, false, "gives us an upstream of ones to read, which peers always read");

namespace rectifier {
namespace {

constexpr int64_t kFirstLevelCache = int64_t{1} << 11;
constexpr int64_t kSecondLevelCache = int64_t{1} << 17;
constexpr int64_t kMemory = int64_t{1} << 24;
constexpr int64_t kManyRows = int64_t{1} << 20;
constexpr size_t kLargestElement = 8;

// What is timed of one activation.
struct Case {
  ElementType type;
  int64_t elements;
  int64_t row;
  int threads;
};

std::vector<Case> CasesOf(const Activation& activation, ElementType type) {
  if (activation.kind() == Kind::kRows) {
    if (type != ElementType::kFloat32) return {};
    std::vector<Case> cases;
    for (int64_t row : {16, 128, 1024, 4096}) cases.push_back({type, kManyRows, row, 1});
    return cases;
  }
  if (type != ElementType::kFloat32) return {{type, kMemory, 1024, 1}};
  return {{type, kFirstLevelCache, 1024, 1},
          {type, kSecondLevelCache, 1024, 1},
          {type, kMemory, 1024, 1},
          // On two threads the smallest size would be the same: the engine does it at once.
          {type, kSecondLevelCache, 1024, 2},
          {type, kMemory, 1024, 2}};
}

TensorView ViewOf(ElementType type, const Shape& shape, const void* memory) {
  const auto bytes = static_cast<size_t>(*ElementCount(shape)) * SizeOf(type);
  return {type, shape, absl::MakeConstSpan(static_cast<const std::byte*>(memory), bytes)};
}

Task TaskOf(const Activation& activation, const Case& c, const Arrays& arrays) {
  EvaluationRequest request{.activation = activation.spec->name,
                            .inputs = {ViewOf(c.type, {c.elements / c.row, c.row}, arrays.x())},
                            .quantities = {Quantity::kValue, Quantity::kGradient}};
  Evaluation evaluation = *Bind(Catalogue::Best(), request);
  if (absl::GetFlag(FLAGS_upstream)) {
    request.upstream = ViewOf(c.type, evaluation.outputs[0].shape, arrays.upstream());
    evaluation = *Bind(Catalogue::Best(), request);
  }
  return {std::move(evaluation), &arrays, c.row, c.threads};
}

Effort EffortOf(const Case& c) {
  Effort effort;
  if (absl::GetFlag(FLAGS_quick)) effort = {.rounds = 8, .batch = absl::Microseconds(100)};
  if (c.threads == 1) {
    effort.time_of = TimeOf::kThread;
  } else {
    effort.pause = absl::Milliseconds(10);
  }
  return effort;
}

absl::string_view NameOf(Kind kind) {
  if (kind == Kind::kElementwise) return "elementwise";
  return kind == Kind::kRows ? "rows" : "pairs";
}

void Print(const nlohmann::json& line) {
  std::printf("%s\n", line.dump().c_str());
  std::fflush(stdout);
}

void PrintTiming(const Task& task, const std::string& side, const Timing& timing) {
  const Evaluation& evaluation = task.evaluation;
  const auto per_element = [&](absl::Duration time) {
    return absl::ToDoubleNanoseconds(time) / static_cast<double>(evaluation.elements);
  };
  Print({{"activation", std::string(task.activation())},
         {"family", std::string(evaluation.activation->family)},
         {"kind", std::string(NameOf(evaluation.activation->kind()))},
         {"type", std::string(Name(evaluation.type))},
         {"elements", evaluation.elements},
         {"row", task.row},
         {"threads", task.threads},
         {"side", side},
         {"best", per_element(timing.best)},
         {"median", per_element(timing.median)}});
}

void Compare(absl::Span<const std::unique_ptr<Side>> sides, const Task& task,
             const Effort& effort) {
  std::vector<std::string> names;
  std::vector<std::function<void()>> contenders;
  for (const std::unique_ptr<Side>& side : sides) {
    std::function<void()> run = side->Prepare(task);
    if (run == nullptr) continue;
    names.push_back(side->name());
    contenders.push_back(std::move(run));
  }
  const std::vector<Timing> timings = Measure(contenders, effort);
  for (size_t i = 0; i < names.size(); ++i) PrintTiming(task, names[i], timings[i]);
}

void PrintHeader(absl::Span<const std::unique_ptr<Side>> sides) {
  std::vector<std::string> names;
  for (const std::unique_ptr<Side>& side : sides) names.push_back(side->name());
  Print({{"target", std::string(Catalogue::Best().target())},
         {"targets", Catalogue::Targets()},
         {"sides", names},
         {"quick", absl::GetFlag(FLAGS_quick)},
         {"upstream", absl::GetFlag(FLAGS_upstream)}});
}

void CompareAll() {
  const std::regex filter(absl::GetFlag(FLAGS_filter));
  const std::vector<std::unique_ptr<Side>> sides = AllSides();
  PrintHeader(sides);
  Arrays arrays(static_cast<size_t>(kMemory) * kLargestElement);
  for (ElementType type : {ElementType::kFloat32, ElementType::kFloat64, ElementType::kFloat16,
                           ElementType::kBFloat16}) {
    if (type != ElementType::kFloat32 && absl::GetFlag(FLAGS_quick)) break;
    arrays.Fill(type, kMemory);
    for (const Activation& activation : Catalogue::Best().All()) {
      if (!std::regex_search(std::string(activation.spec->name), filter)) continue;
      for (const Case& c : CasesOf(activation, type)) {
        Compare(sides, TaskOf(activation, c, arrays), EffortOf(c));
      }
    }
  }
}

}  // namespace
}  // namespace rectifier

int main(int argc, char** argv) {
  // Memory that a peer allocates in a run is kept and given again, touched already.
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
  absl::SetProgramUsageMessage("Times kernels and peers; ./dev bench kernels makes tables of it.");
  absl::ParseCommandLine(argc, argv);
  rectifier::CompareAll();
  return 0;
}
