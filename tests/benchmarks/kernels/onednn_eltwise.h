// oneDNN's elementwise primitives by our names, at our default arguments.
#ifndef RECTIFIER_TESTS_BENCHMARKS_KERNELS_ONEDNN_ELTWISE_H_
#define RECTIFIER_TESTS_BENCHMARKS_KERNELS_ONEDNN_ELTWISE_H_

#include "absl/strings/string_view.h"
#include "oneapi/dnnl/dnnl.hpp"

namespace rectifier {

struct OneDnnEltwise {
  dnnl::algorithm algorithm;
  float alpha = 0;
  float beta = 0;
};

// Null where oneDNN has no such activation.
const OneDnnEltwise* FindOneDnnEltwise(absl::string_view activation);

struct OneDnnPasses {
  dnnl::primitive forward;   // SRC to DST
  dnnl::primitive backward;  // SRC and DIFF_DST to DIFF_SRC
};

// Errors: throws dnnl::error where this machine has no such primitive for the type of `layout`.
OneDnnPasses MakePasses(const OneDnnEltwise& eltwise, const dnnl::memory::desc& layout,
                        const dnnl::engine& engine);

}  // namespace rectifier

#endif  // RECTIFIER_TESTS_BENCHMARKS_KERNELS_ONEDNN_ELTWISE_H_
