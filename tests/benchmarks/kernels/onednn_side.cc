#include <omp.h>

#include <optional>

#include "oneapi/dnnl/dnnl.hpp"
#include "tests/benchmarks/kernels/onednn_eltwise.h"
#include "tests/benchmarks/kernels/side.h"

namespace rectifier {
namespace {

using dnnl::memory;

std::optional<memory::data_type> TypeOf(ElementType type) {
  if (type == ElementType::kFloat32) return memory::data_type::f32;
  if (type == ElementType::kBFloat16) return memory::data_type::bf16;
  return std::nullopt;
}

// Two primitives make two passes over memory: y = f(x), then dx = f'(x) dy. A softmax's backward
// reads y in place of x.
class Primitives {
 public:
  Primitives(const Task& task, memory::data_type type)
      : engine_(dnnl::engine::kind::cpu, 0),
        stream_(engine_),
        layout_({task.rows(), task.row}, type, memory::format_tag::ab),
        x_(layout_, engine_, task.arrays->x()),
        dy_(layout_, engine_, task.arrays->upstream()),
        y_(layout_, engine_, task.arrays->value()),
        dx_(layout_, engine_, task.arrays->gradient()) {}

  void MakeEltwise(const OneDnnEltwise& eltwise) {
    const OneDnnPasses passes = MakePasses(eltwise, layout_, engine_);
    forward_ = passes.forward;
    backward_ = passes.backward;
    backward_reads_ = {DNNL_ARG_SRC, x_};
  }

  template <class Forward, class Backward>
  void MakeRows() {
    const typename Forward::primitive_desc forward(
        typename Forward::desc(dnnl::prop_kind::forward_training, layout_, 1), engine_);
    forward_ = Forward(forward);
    backward_ = Backward(typename Backward::primitive_desc(
        typename Backward::desc(layout_, layout_, 1), engine_, forward));
    backward_reads_ = {DNNL_ARG_DST, y_};
  }

  void Run() {
    forward_.execute(stream_, {{DNNL_ARG_SRC, x_}, {DNNL_ARG_DST, y_}});
    backward_.execute(stream_,
                      {backward_reads_, {DNNL_ARG_DIFF_DST, dy_}, {DNNL_ARG_DIFF_SRC, dx_}});
    stream_.wait();
  }

 private:
  dnnl::engine engine_;
  dnnl::stream stream_;
  memory::desc layout_;
  memory x_, dy_, y_, dx_;
  dnnl::primitive forward_, backward_;
  std::pair<int, memory> backward_reads_;
};

class OneDnnSide : public Side {
 public:
  std::string name() const override { return "oneDNN"; }

  std::function<void()> Prepare(const Task& task) override try {
    const std::optional<memory::data_type> type = TypeOf(task.evaluation.type);
    if (!type) return nullptr;
    omp_set_num_threads(task.threads);
    auto primitives = std::make_shared<Primitives>(task, *type);
    if (const OneDnnEltwise* eltwise = FindOneDnnEltwise(task.activation())) {
      primitives->MakeEltwise(*eltwise);
    } else if (task.activation() == "softmax") {
      primitives->MakeRows<dnnl::softmax_forward, dnnl::softmax_backward>();
    } else if (task.activation() == "log_softmax") {
      primitives->MakeRows<dnnl::logsoftmax_forward, dnnl::logsoftmax_backward>();
    } else {
      return nullptr;
    }
    return [primitives] { primitives->Run(); };
  } catch (const dnnl::error&) {
    return nullptr;  // no such primitive for this type on this machine
  }
};

}  // namespace

std::unique_ptr<Side> MakeOneDnnSide() { return std::make_unique<OneDnnSide>(); }

}  // namespace rectifier
