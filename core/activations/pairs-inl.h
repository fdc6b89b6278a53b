// Gated pairs: an activation of the gate times the value.

#if defined(RECTIFIER_CORE_ACTIVATIONS_PAIRS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RECTIFIER_CORE_ACTIVATIONS_PAIRS_INL_H_
#undef RECTIFIER_CORE_ACTIVATIONS_PAIRS_INL_H_
#else
#define RECTIFIER_CORE_ACTIVATIONS_PAIRS_INL_H_
#endif

#include "core/activations/bounded-inl.h"
#include "core/activations/piecewise-inl.h"
#include "core/activations/self_gated-inl.h"
#include "core/loops/pairs-inl.h"
#include "core/spec.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {

inline constexpr Parameter kAxis = {.name = kAxisParameter,
                                    .aliases = {"dim"},
                                    .summary = "axis that one tensor is split along",
                                    .type = ParameterType::kInteger,
                                    .default_value = -1};
inline constexpr Parameter kGateIsFirst = {.name = kGateParameter,
                                           .summary = "which half (or input) is the gate",
                                           .type = ParameterType::kWord,
                                           .words = {"first", "second"}};
inline constexpr Parameter kGateIsSecond = {.name = kGateParameter,
                                            .summary = "which half (or input) is the gate",
                                            .type = ParameterType::kWord,
                                            .words = {"second", "first"}};
inline constexpr Parameter kLayout = {.name = kLayoutParameter,
                                      .summary =
                                          "how one tensor holds the two: as halves of the "
                                          "axis, or interleaved along it",
                                      .type = ParameterType::kWord,
                                      .words = {"halves", "interleaved"}};

// A(gate) * value, for an elementwise activation A.
template <class A, class N>
struct Gated {
  A gate;
  Double value;

  HWY_INLINE Gated(A gate, Double value) : gate(gate), value(value) {}
  HWY_INLINE Gated(Double gate, Double value) : gate(gate), value(value) {}
  HWY_INLINE N Value() const { return gate.Value() * value; }
  HWY_INLINE N ByGate() const { return gate.Derivative() * value; }
  HWY_INLINE N ByValue() const { return gate.Value(); }
};

template <class N>
struct Glu : Gated<Sigmoid<N>, N> {
  static constexpr Spec kSpec = {
      .name = "glu",
      .aliases = {"GLU"},
      .summary = "The gated linear unit: a value times the logistic function of its gate.",
      .formula = "value/(1 + exp(-gate))",
      .parameters = {kAxis, kGateIsSecond, kLayout},
      .source = "Dauphin, Fan, Auli and Grangier, arXiv:1612.08083; torch.nn.GLU",
      .source_checked = true,
      .conventions = "The gate is the second half, as in PyTorch and JAX.",
      .accuracy = {.value = {.f64 = 2.9},
                   .gradient = {.f64 = 4.5},
                   .hard_spots = {{Quantity::kValue, -1e4, -700, 1e-300},
                                  {Quantity::kGradient, -1e4, -700, 1e-300}},
                   .note = "f64: one more product than its gate, which is rounded before it where "
                           "it underflows."},
  };
  HWY_INLINE Glu(Double gate, Double value) : Gated<Sigmoid<N>, N>(gate, value) {}
};

template <class N>
struct SwiGlu : Gated<SwishOf<N>, N> {
  static constexpr Spec kSpec = {
      .name = "swiglu",
      .aliases = {"SwiGLU", "silu_and_mul"},
      .summary = "A value times the SiLU of its gate.",
      .formula = "value*gate/(1 + exp(-alpha*gate))",
      .parameters = {kAxis,
                     kGateIsFirst,
                     kLayout,
                     {.name = "alpha",
                      .aliases = {"beta"},
                      .summary = "sharpness of the gate",
                      .default_value = 1,
                      .range = kModerate}},
      .other_names = {{"mul_and_silu", "gate=second"}},
      .source = "Shazeer, arXiv:2002.05202",
      .source_checked = true,
      .conventions =
          "The gate is the first half, as in the paper, whose SwiGLU has a sharpness too, fixed at "
          "1 "
          "in its experiments.",
      .accuracy = {.value = {.f64 = 2.9},
                   .gradient = {.f64 = 11.7},
                   .hard_spots = {{Quantity::kGradient, -1.5, -1.1, 1e-15, "alpha"},
                                  {Quantity::kValue, -1e4, -700, 1e-300, "alpha"},
                                  {Quantity::kGradient, -1e4, -700, 1e-300, "alpha"}},
                   .note = "f64: one more product than its gate, which is rounded before it where "
                           "it underflows."},
  };
  HWY_INLINE SwiGlu(Double gate, Double value, Double alpha)
      : Gated<SwishOf<N>, N>(SwishOf<N>(gate, alpha), value) {}
};

template <class N>
struct GeGlu : Gated<Gelu<N>, N> {
  static constexpr Spec kSpec = {
      .name = "geglu",
      .aliases = {"GEGLU", "gelu_and_mul"},
      .summary = "A value times the GELU of its gate.",
      .formula = "value*gate*erfc(-gate/sqrt(2))/2",
      .parameters = {kAxis, kGateIsFirst, kLayout},
      .other_names = {{"mul_and_gelu", "gate=second"}},
      .source = "Shazeer, arXiv:2002.05202",
      .source_checked = true,
      .conventions = "The gate is the first half, as in the paper.",
      .accuracy = {.value = {.f64 = 4.1},
                   .gradient = {.f64 = 5},
                   .hard_spots = {{Quantity::kGradient, -0.9, -0.6, 1e-15},
                                  {Quantity::kValue, -1e4, -37, 1e-300},
                                  {Quantity::kGradient, -1e4, -37, 1e-300}},
                   .note = "f64: one more product than its gate, which is rounded before it where "
                           "it underflows."},
  };
  HWY_INLINE GeGlu(Double gate, Double value) : Gated<Gelu<N>, N>(gate, value) {}
};

template <class N>
struct GeGluTanh : Gated<GeluTanh<N>, N> {
  static constexpr Spec kSpec = {
      .name = "geglu_tanh",
      .aliases = {"gelu_tanh_and_mul", "GEGLUTanh"},
      .summary = "A value times the tanh approximation of the GELU of its gate.",
      .formula = "value*gate/(1 + exp(-2*sqrt(2/pi)*(gate + 0.044715*gate**3)))",
      .parameters = {kAxis, kGateIsFirst, kLayout},
      .source = "Shazeer, arXiv:2002.05202; vllm GeluAndMul(approximate='tanh')",
      .conventions = "The gate is the first half. See gelu_tanh for how it differs from geglu.",
      .accuracy = {.value = {.f64 = 4.1},
                   .gradient = {.f64 = 11.7},
                   .hard_spots = {{Quantity::kGradient, -0.9, -0.6, 1e-15},
                                  {Quantity::kValue, -1e4, -20, 1e-300},
                                  {Quantity::kGradient, -1e4, -20, 1e-300}},
                   .note = "f64: one more product than its gate, which is rounded before it where "
                           "it underflows."},
  };
  HWY_INLINE GeGluTanh(Double gate, Double value) : Gated<GeluTanh<N>, N>(gate, value) {}
};

template <class N>
struct ReGlu : Gated<Relu<N>, N> {
  static constexpr Spec kSpec = {
      .name = "reglu",
      .aliases = {"ReGLU", "relu_and_mul"},
      .summary = "A value times the ReLU of its gate.",
      .formula = "Piecewise((value*gate, gate > 0), (0, True))",
      .parameters = {kAxis, kGateIsFirst, kLayout},
      .other_names = {{"mul_and_relu", "gate=second"}},
      .source = "Shazeer, arXiv:2002.05202",
      .source_checked = true,
      .conventions =
          "The gate is the first half, as in the paper. The gradient at a gate of 0 is 0.",
  };
  HWY_INLINE ReGlu(Double gate, Double value) : Gated<Relu<N>, N>(gate, value) {}
  // A closed gate gives 0, whatever the value: 0 times infinity would be a NaN.
  HWY_INLINE N Value() const {
    return SelectOrZero(this->gate.positive, Product<N>(this->gate.x, this->value));
  }
  HWY_INLINE N ByGate() const { return SelectOrZero(this->gate.positive, this->value); }
};

template <class N>
struct FatReGlu {
  static constexpr Spec kSpec = {
      .name = "fatrelu_and_mul",
      .aliases = {"FatreluAndMul", "fatreglu"},
      .summary = "A value times its gate where that is above a threshold; by default ReGLU.",
      .formula = "Piecewise((value*gate, gate > threshold), (0, True))",
      .parameters = {kAxis,
                     kGateIsFirst,
                     kLayout,
                     {.name = "threshold",
                      .aliases = {"theta"},
                      .summary = "of the gate, above which it is open",
                      .default_value = 0,
                      .range = kAnyBound}},
      .source = "vllm FatreluAndMul; Kurtz et al., ICML 2020 (FATReLU)",
      .conventions =
          "The gate is the first half. At the threshold the result and the gradients are 0.",
  };

  Double gate, value;
  Mask open;

  HWY_INLINE FatReGlu(Double gate, Double value, Double threshold)
      : gate(gate), value(value), open(Exceeds(gate, threshold)) {}
  HWY_INLINE N Value() const { return SelectOrZero(open, Product<N>(gate, value)); }
  HWY_INLINE N ByGate() const { return SelectOrZero(open, value); }
  HWY_INLINE N ByValue() const { return SelectOrZero(open, gate); }
};

template <class N>
struct BilinearGlu {
  static constexpr Spec kSpec = {
      .name = "bilinear_glu",
      .aliases = {"BilinearGLU", "bilinear"},
      .summary = "A value times its gate, without a nonlinearity.",
      .formula = "value*gate",
      .parameters = {kAxis, kGateIsFirst, kLayout},
      .source = "Shazeer, arXiv:2002.05202",
      .source_checked = true,
      .conventions = "The gate is the first half, as in the paper. 0 times infinity is a NaN.",
  };

  Double gate, value;

  HWY_INLINE BilinearGlu(Double gate, Double value) : gate(gate), value(value) {}
  HWY_INLINE N Value() const { return Product<N>(gate, value); }
  HWY_INLINE N ByGate() const { return value; }
  HWY_INLINE N ByValue() const { return gate; }
};

template <class N>
struct SwiGluOai {
  static constexpr Spec kSpec = {
      .name = "swiglu_oai",
      .aliases = {"swigluoai", "SwigluOAI", "swigluoai_and_mul"},
      .summary = "The clamped SwiGLU of gpt-oss: a value plus 1, times the swish of its gate.",
      .formula =
          "Piecewise((gate, gate <= limit), (limit, True))"
          "/(1 + exp(-alpha*Piecewise((gate, gate <= limit), (limit, True))))"
          "*(1 + Piecewise((limit, value > limit), (value, value >= -limit), (-limit, True)))",
      .parameters = {kAxis,
                     kGateIsFirst,
                     {.name = kLayoutParameter,
                      .summary = "how one tensor holds the two: as halves of the axis, or "
                                 "interleaved along it",
                      .type = ParameterType::kWord,
                      .words = {"interleaved", "halves"}},
                     {.name = "alpha",
                      .summary = "sharpness of the gate",
                      .default_value = 1.702,
                      .range = kModerate},
                     {.name = "limit",
                      .summary = "bound of the gate from above, and of the value on both sides",
                      .default_value = 7,
                      .range = kPositiveBound}},
      .source = "openai/gpt-oss, torch/model.py; transformers GptOssExperts; vLLM swigluoai",
      .source_checked = true,
      .conventions =
          "The gate comes first and the two are interleaved, as in gpt-oss. At a limit "
          "the derivative is that of the inside, as of torch.clamp.",
      .accuracy = {.value = {.f64 = 0.6},
                   .gradient = {.f64 = 0.6},
                   .hard_spots = {{Quantity::kValue, -1e4, -700, 1e-300, "alpha"},
                                  {Quantity::kGradient, -1e4, -700, 1e-300, "alpha"}},
                   .note = "f64: one more product than its gate, which is rounded before it where "
                           "it underflows."},
  };

  Mask gate_is_inside, value_is_inside;
  SwishOf<N> swish;
  N factor;  // the clamped value, plus 1

  HWY_INLINE SwiGluOai(Double gate, Double value, Double alpha, Double limit)
      : gate_is_inside(gate <= limit),
        value_is_inside(Abs(value) <= limit),
        swish(Smaller(gate, limit), alpha),
        factor(SumOf<N>(Larger(Smaller(value, limit), -limit), 1.0)) {}
  HWY_INLINE N Value() const { return swish.Value() * factor; }
  HWY_INLINE N ByGate() const { return SelectOrZero(gate_is_inside, swish.Derivative() * factor); }
  HWY_INLINE N ByValue() const { return SelectOrZero(value_is_inside, swish.Value()); }
};

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#endif  // RECTIFIER_CORE_ACTIVATIONS_PAIRS_INL_H_
