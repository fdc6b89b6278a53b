#include <cstdio>
#include <cstdlib>

#include "core/engine.h"
#include "core/tensor_view.h"
#include "tests/benchmarks/kernels/side.h"

namespace rectifier {
namespace {

class RectifierSide : public Side {
 public:
  std::string name() const override { return "rectifier"; }

  std::function<void()> Prepare(const Task& task) override {
    std::vector<OutputView> outputs;
    for (const OutputDescription& output : task.evaluation.outputs) {
      void* const to =
          output.quantity == Quantity::kValue ? task.arrays->value() : task.arrays->gradient();
      Visit(task.evaluation.type, [&]<class T>(std::type_identity<T>) {
        outputs.emplace_back(absl::MakeSpan(static_cast<T*>(to), output.bytes / sizeof(T)));
      });
    }
    auto engine = std::make_shared<Engine>(Engine::Options{.threads = task.threads});
    return [engine, outputs, evaluation = task.evaluation] {
      if (absl::Status status = engine->Run(evaluation, outputs); !status.ok()) {
        std::fprintf(stderr, "the engine failed: %s\n", status.ToString().c_str());
        std::abort();
      }
    };
  }
};

}  // namespace

std::unique_ptr<Side> MakeRectifierSide() { return std::make_unique<RectifierSide>(); }

}  // namespace rectifier
