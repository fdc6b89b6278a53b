#include <cstdio>
#include <cstdlib>

#include "core/engine.h"
#include "tests/benchmarks/kernels/side.h"

namespace rectifier {
namespace {

class RectifierSide : public Side {
 public:
  std::string name() const override { return "rectifier"; }

  std::function<void()> Prepare(const Task& task) override {
    Job job{task.evaluation, {}};
    for (const OutputDescription& output : task.evaluation.outputs) {
      void* const to =
          output.quantity == Quantity::kValue ? task.arrays->value() : task.arrays->gradient();
      job.outputs.push_back(static_cast<std::byte*>(to));
    }
    auto engine = std::make_shared<Engine>(Engine::Options{.threads = task.threads});
    return [engine, job] {
      if (absl::Status status = engine->Run({&job, 1}, {}); !status.ok()) {
        std::fprintf(stderr, "the engine failed: %s\n", status.ToString().c_str());
        std::abort();
      }
    };
  }
};

}  // namespace

std::unique_ptr<Side> MakeRectifierSide() { return std::make_unique<RectifierSide>(); }

}  // namespace rectifier
