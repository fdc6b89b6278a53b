#include <array>

#include "ATen/ATen.h"
#include "ATen/Parallel.h"
#include "absl/container/flat_hash_map.h"
#include "c10/core/InferenceMode.h"
#include "tests/benchmarks/kernels/side.h"

namespace rectifier {
namespace {

// Tensors over the task's arrays, of its element type. y and dx may be narrower than x (glu).
struct Tensors {
  at::Tensor x, dy, y, dx;
  at::Tensor buffer;  // what log_sigmoid keeps for its backward
};

// y = f(x) and dx = f'(x) dy, by the functions that autograd calls, into memory that is there.
using Function = void (*)(Tensors& t);

constexpr double kSeluAlpha = 1.6732632423543772848170429916717;
constexpr double kSeluScale = 1.0507009873554804934193349852946;

// They stand by our names, at our default arguments.
const absl::flat_hash_map<absl::string_view, Function>& Functions() {
  static const auto* const functions = new absl::flat_hash_map<absl::string_view, Function>{
      {"relu",
       [](Tensors& t) {
         at::clamp_min_out(t.y, t.x, 0);  // what relu calls; relu_out copies once more
         at::threshold_backward_out(t.dx, t.dy, t.x, 0);
       }},
      {"leaky_relu",
       [](Tensors& t) {
         at::leaky_relu_out(t.y, t.x, 0.01);
         at::leaky_relu_backward_out(t.dx, t.dy, t.x, 0.01, false);
       }},
      {"relu_n",
       [](Tensors& t) {
         at::hardtanh_out(t.y, t.x, 0, 6);
         at::hardtanh_backward_out(t.dx, t.dy, t.x, 0, 6);
       }},
      {"hard_tanh",
       [](Tensors& t) {
         at::hardtanh_out(t.y, t.x, -1, 1);
         at::hardtanh_backward_out(t.dx, t.dy, t.x, -1, 1);
       }},
      {"thresholded_relu",
       [](Tensors& t) {
         at::threshold_out(t.y, t.x, 1, 0);
         at::threshold_backward_out(t.dx, t.dy, t.x, 1);
       }},
      {"hard_sigmoid",
       [](Tensors& t) {
         at::hardsigmoid_out(t.y, t.x);
         at::hardsigmoid_backward_out(t.dx, t.dy, t.x);
       }},
      {"hard_swish",
       [](Tensors& t) {
         at::hardswish_out(t.y, t.x);
         t.dx = at::hardswish_backward(t.dy, t.x);  // its _out copies once more
       }},
      {"hard_shrink",
       [](Tensors& t) {
         at::hardshrink_out(t.y, t.x, 0.5);
         at::hardshrink_backward_out(t.dx, t.dy, t.x, 0.5);
       }},
      {"soft_shrink",
       [](Tensors& t) {
         at::softshrink_out(t.y, t.x, 0.5);
         at::softshrink_backward_out(t.dx, t.dy, t.x, 0.5);
       }},
      {"softplus",
       [](Tensors& t) {
         at::softplus_out(t.y, t.x, 1, 20);
         at::softplus_backward_out(t.dx, t.dy, t.x, 1, 20);
       }},
      {"log_sigmoid",
       [](Tensors& t) {
         at::log_sigmoid_forward_out(t.y, t.buffer, t.x);
         at::log_sigmoid_backward_out(t.dx, t.dy, t.x, t.buffer);
       }},
      {"elu",
       [](Tensors& t) {
         at::elu_out(t.y, t.x, 1, 1, 1);
         at::elu_backward_out(t.dx, t.dy, 1, 1, 1, false, t.x);
       }},
      {"celu",
       [](Tensors& t) {
         at::elu_out(t.y, t.x, 1, 1, 1);
         at::elu_backward_out(t.dx, t.dy, 1, 1, 1, false, t.x);
       }},
      {"selu",
       [](Tensors& t) {
         at::elu_out(t.y, t.x, kSeluAlpha, kSeluScale, 1);
         at::elu_backward_out(t.dx, t.dy, kSeluAlpha, kSeluScale, 1, false, t.x);
       }},
      {"gelu",
       [](Tensors& t) {
         at::gelu_out(t.y, t.x);
         at::gelu_backward_out(t.dx, t.dy, t.x);
       }},
      {"gelu_tanh",
       [](Tensors& t) {
         at::gelu_out(t.y, t.x, "tanh");
         at::gelu_backward_out(t.dx, t.dy, t.x, "tanh");
       }},
      {"silu",
       [](Tensors& t) {
         at::silu_out(t.y, t.x);
         at::silu_backward_out(t.dx, t.dy, t.x);
       }},
      {"mish",
       [](Tensors& t) {
         at::mish_out(t.y, t.x);
         t.dx = at::mish_backward(t.dy, t.x);  // has no _out
       }},
      {"sigmoid",
       [](Tensors& t) {
         at::sigmoid_out(t.y, t.x);
         at::sigmoid_backward_out(t.dx, t.dy, t.y);
       }},
      {"tanh",
       [](Tensors& t) {
         at::tanh_out(t.y, t.x);
         at::tanh_backward_out(t.dx, t.dy, t.y);
       }},
      {"softmax",
       [](Tensors& t) {
         at::_softmax_out(t.y, t.x, 1, false);
         at::_softmax_backward_data_out(t.dx, t.dy, t.y, 1, t.x.scalar_type());
       }},
      {"log_softmax",
       [](Tensors& t) {
         at::_log_softmax_out(t.y, t.x, 1, false);
         at::_log_softmax_backward_data_out(t.dx, t.dy, t.y, 1, t.x.scalar_type());
       }},
      {"glu",
       [](Tensors& t) {
         at::glu_out(t.y, t.x, 1);
         at::glu_backward_out(t.dx, t.dy, t.x, 1);
       }},
  };
  return *functions;
}

at::ScalarType TypeOf(ElementType type) {
  constexpr std::array kTypes = {at::kDouble, at::kFloat, at::kHalf, at::kBFloat16};
  return kTypes[static_cast<size_t>(type)];
}

at::Tensor TensorOver(void* memory, const OutputDescription& output, ElementType type) {
  return at::from_blob(memory, at::IntArrayRef(output.shape.data(), output.shape.size()),
                       at::dtype(TypeOf(type)));
}

Tensors TensorsOf(const Task& task) {
  const ElementType type = task.evaluation.type;
  Tensors tensors;
  tensors.x = at::from_blob(task.arrays->x(), {task.rows(), task.row}, at::dtype(TypeOf(type)));
  for (const OutputDescription& output : task.evaluation.outputs) {
    if (output.quantity == Quantity::kValue) {
      tensors.y = TensorOver(task.arrays->value(), output, type);
      tensors.dy = TensorOver(task.arrays->upstream(), output, type);
    } else {
      tensors.dx = TensorOver(task.arrays->gradient(), output, type);
    }
  }
  tensors.buffer = at::zeros_like(tensors.x);
  return tensors;
}

class PyTorchSide : public Side {
 public:
  std::string name() const override { return "PyTorch"; }

  std::function<void()> Prepare(const Task& task) override try {
    const auto function = Functions().find(task.activation());
    if (function == Functions().end()) return nullptr;
    at::set_num_threads(task.threads);
    const c10::InferenceMode no_autograd;
    auto tensors = std::make_shared<Tensors>(TensorsOf(task));
    function->second(*tensors);  // throws where there is no kernel for the element type
    return [tensors, run = function->second] {
      const c10::InferenceMode no_autograd;
      run(*tensors);
    };
  } catch (const c10::Error&) {
    return nullptr;
  }
};

}  // namespace

std::unique_ptr<Side> MakePyTorchSide() { return std::make_unique<PyTorchSide>(); }

}  // namespace rectifier
