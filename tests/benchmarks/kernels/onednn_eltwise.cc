#include "tests/benchmarks/kernels/onednn_eltwise.h"

#include "absl/container/flat_hash_map.h"

namespace rectifier {

using dnnl::algorithm;

const OneDnnEltwise* FindOneDnnEltwise(absl::string_view activation) {
  static const auto* const eltwises = new absl::flat_hash_map<absl::string_view, OneDnnEltwise>{
      {"identity", {algorithm::eltwise_linear, 1}},
      {"relu", {algorithm::eltwise_relu}},
      {"leaky_relu", {algorithm::eltwise_relu, 0.01F}},
      {"relu_n", {algorithm::eltwise_bounded_relu, 6}},
      {"hard_tanh", {algorithm::eltwise_clip_v2, -1, 1}},
      {"hard_swish", {algorithm::eltwise_hardswish}},
      {"sigmoid", {algorithm::eltwise_logistic}},
      {"tanh", {algorithm::eltwise_tanh}},
      {"gelu", {algorithm::eltwise_gelu_erf}},
      {"gelu_tanh", {algorithm::eltwise_gelu_tanh}},
      {"silu", {algorithm::eltwise_swish, 1}},
      {"swish", {algorithm::eltwise_swish, 1}},
      {"quick_gelu", {algorithm::eltwise_swish, 1.702F}},
      {"softplus", {algorithm::eltwise_soft_relu, 1}},
      {"log_sigmoid", {algorithm::eltwise_logsigmoid}},
      {"elu", {algorithm::eltwise_elu, 1}},
      {"celu", {algorithm::eltwise_elu, 1}},
      {"exponential", {algorithm::eltwise_exp}},
      {"mish", {algorithm::eltwise_mish}},
  };
  const auto found = eltwises->find(activation);
  return found == eltwises->end() ? nullptr : &found->second;
}

OneDnnPasses MakePasses(const OneDnnEltwise& eltwise, const dnnl::memory::desc& layout,
                        const dnnl::engine& engine) {
  const dnnl::eltwise_forward::primitive_desc forward(
      dnnl::eltwise_forward::desc(dnnl::prop_kind::forward_training, eltwise.algorithm, layout,
                                  eltwise.alpha, eltwise.beta),
      engine);
  const dnnl::eltwise_backward::primitive_desc backward(
      dnnl::eltwise_backward::desc(eltwise.algorithm, layout, layout, eltwise.alpha, eltwise.beta),
      engine, forward);
  return {dnnl::eltwise_forward(forward), dnnl::eltwise_backward(backward)};
}

}  // namespace rectifier
