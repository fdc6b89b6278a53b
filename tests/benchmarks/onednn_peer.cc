#include "tests/benchmarks/onednn_peer.h"

#include <omp.h>

#include <map>

#include "dnnl.hpp"

namespace rectifier {
namespace {

struct Algorithm {
  dnnl::algorithm algorithm;
  float alpha;
};

const std::map<std::string, Algorithm>& Algorithms() {
  static const auto* const algorithms = new std::map<std::string, Algorithm>{
      {"relu", {dnnl::algorithm::eltwise_relu, 0}},
      {"sigmoid", {dnnl::algorithm::eltwise_logistic, 0}},
      {"tanh", {dnnl::algorithm::eltwise_tanh, 0}},
      {"gelu", {dnnl::algorithm::eltwise_gelu_erf, 0}},
      {"gelu_tanh", {dnnl::algorithm::eltwise_gelu_tanh, 0}},
      {"silu", {dnnl::algorithm::eltwise_swish, 1}},
      {"softplus", {dnnl::algorithm::eltwise_soft_relu, 1}},
      {"elu", {dnnl::algorithm::eltwise_elu, 1}},
      {"mish", {dnnl::algorithm::eltwise_mish, 0}},
  };
  return *algorithms;
}

}  // namespace

struct OneDnnPeer::Primitives {
  Primitives(const Algorithm& algorithm, int64_t count)
      : engine(dnnl::engine::kind::cpu, 0),
        stream(engine),
        layout({count}, dnnl::memory::data_type::f32, dnnl::memory::format_tag::a),
        x(layout, engine),
        y(layout, engine),
        dy(layout, engine),
        dx(layout, engine) {
    const dnnl::eltwise_forward::primitive_desc forward_description(
        dnnl::eltwise_forward::desc(dnnl::prop_kind::forward_training, algorithm.algorithm, layout,
                                    algorithm.alpha, 0),
        engine);
    forward = dnnl::eltwise_forward(forward_description);
    backward = dnnl::eltwise_backward(dnnl::eltwise_backward::primitive_desc(
        dnnl::eltwise_backward::desc(algorithm.algorithm, layout, layout, algorithm.alpha, 0),
        engine, forward_description));
    auto* const inputs = static_cast<float*>(x.get_data_handle());
    auto* const upstream = static_cast<float*>(dy.get_data_handle());
    for (int64_t i = 0; i < count; ++i) {
      inputs[i] = static_cast<float>(i % 2048) / 128 - 8;
      upstream[i] = 1;
    }
  }

  dnnl::engine engine;
  dnnl::stream stream;
  dnnl::memory::desc layout;
  dnnl::memory x, y, dy, dx;
  dnnl::eltwise_forward forward;
  dnnl::eltwise_backward backward;
};

std::vector<std::string> OneDnnPeer::Names() {
  std::vector<std::string> names;
  for (const auto& [name, algorithm] : Algorithms()) names.push_back(name);
  return names;
}

OneDnnPeer::OneDnnPeer(const std::string& activation, int64_t count) {
  omp_set_num_threads(1);
  primitives_ = std::make_unique<Primitives>(Algorithms().at(activation), count);
}

OneDnnPeer::~OneDnnPeer() = default;

void OneDnnPeer::Run() {
  Primitives& p = *primitives_;
  p.forward.execute(p.stream, {{DNNL_ARG_SRC, p.x}, {DNNL_ARG_DST, p.y}});
  p.backward.execute(p.stream,
                     {{DNNL_ARG_SRC, p.x}, {DNNL_ARG_DIFF_DST, p.dy}, {DNNL_ARG_DIFF_SRC, p.dx}});
  p.stream.wait();
}

}  // namespace rectifier
