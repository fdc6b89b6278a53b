#include <algorithm>
#include <cstring>

#include "oneapi/tbb/parallel_for.h"
#include "oneapi/tbb/task_arena.h"
#include "tests/benchmarks/kernels/side.h"

namespace rectifier {
namespace {

constexpr size_t kBlock = size_t{16} << 10;
constexpr size_t kWhole = size_t{1} << 62;

// The traffic of a task without its arithmetic: it reads x, and writes as many bytes as the outputs
// have.
struct Traffic {
  const std::byte* x;
  std::byte* value;
  std::byte* gradient;
  size_t value_bytes = 0;
  size_t gradient_bytes = 0;

  explicit Traffic(const Task& task)
      : x(static_cast<const std::byte*>(task.arrays->x())),
        value(static_cast<std::byte*>(task.arrays->value())),
        gradient(static_cast<std::byte*>(task.arrays->gradient())) {
    for (const OutputDescription& output : task.evaluation.outputs) {
      (output.quantity == Quantity::kValue ? value_bytes : gradient_bytes) += output.bytes;
    }
  }

  size_t bytes() const { return std::max(value_bytes, gradient_bytes); }

  void Copy(size_t begin, size_t end, size_t block) const {
    for (; begin < end; begin += std::min(block, end - begin)) {
      const size_t stop = begin + std::min(block, end - begin);
      CopyInto(value, value_bytes, begin, stop);
      CopyInto(gradient, gradient_bytes, begin, stop);
    }
  }

 private:
  void CopyInto(std::byte* to, size_t bytes, size_t begin, size_t end) const {
    end = std::min(end, bytes);
    if (begin < end) std::memcpy(to + begin, x + begin, end - begin);
  }
};

class MemcpySide : public Side {
 public:
  MemcpySide(std::string name, size_t block) : name_(std::move(name)), block_(block) {}

  std::string name() const override { return name_; }

  std::function<void()> Prepare(const Task& task) override {
    const Traffic traffic(task);
    if (task.threads == 1) {
      return [traffic, block = block_] { traffic.Copy(0, traffic.bytes(), block); };
    }
    auto arena = std::make_shared<tbb::task_arena>(task.threads);
    return [traffic, block = block_, arena, parts = static_cast<size_t>(task.threads)] {
      arena->execute([&] {
        tbb::parallel_for(
            size_t{0}, parts,
            [&](size_t i) {
              traffic.Copy(traffic.bytes() * i / parts, traffic.bytes() * (i + 1) / parts, block);
            },
            tbb::static_partitioner());
      });
    };
  }

 private:
  std::string name_;
  size_t block_;
};

}  // namespace

std::unique_ptr<Side> MakeMemcpyInBlocksSide() {
  return std::make_unique<MemcpySide>("memcpy in blocks", kBlock);
}

std::unique_ptr<Side> MakeMemcpyWholeSide() {
  return std::make_unique<MemcpySide>("memcpy whole", kWhole);
}

}  // namespace rectifier
