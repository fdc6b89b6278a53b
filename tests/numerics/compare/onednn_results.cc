// onednn_results X FOLDER TYPE NAME...: oneDNN's results for the inputs in the file X, written to
// FOLDER/NAME.value.f32 and FOLDER/NAME.gradient.f32 for each activation NAME that oneDNN has.
#include <cstdio>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/benchmarks/kernels/onednn_eltwise.h"
#include "tests/numerics/compare/float_files.h"

namespace rectifier {
namespace {

using Tensor = std::vector<std::byte>;

struct Results {
  Tensor value;
  Tensor gradient;
};

std::optional<dnnl::memory::data_type> TypeOf(ElementType type) {
  if (type == ElementType::kFloat32) return dnnl::memory::data_type::f32;
  if (type == ElementType::kBFloat16) return dnnl::memory::data_type::bf16;
  return std::nullopt;
}

Tensor Ones(ElementType type, size_t bytes) {
  Tensor ones(bytes);
  for (size_t i = 0; i < bytes; i += SizeOf(type)) StoreElement(type, 1, &ones[i]);
  return ones;
}

// Errors: throws dnnl::error where this machine has no such primitive for the type.
Results Evaluate(const OneDnnEltwise& eltwise, ElementType type, Tensor x) {
  Results results{Tensor(x.size()), Tensor(x.size())};
  Tensor upstream = Ones(type, x.size());
  const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  dnnl::stream stream(engine);
  const dnnl::memory::desc layout({static_cast<dnnl::memory::dim>(x.size() / SizeOf(type))},
                                  *TypeOf(type), dnnl::memory::format_tag::a);
  const auto over = [&](Tensor& tensor) { return dnnl::memory(layout, engine, tensor.data()); };
  const OneDnnPasses passes = MakePasses(eltwise, layout, engine);
  passes.forward.execute(stream, {{DNNL_ARG_SRC, over(x)}, {DNNL_ARG_DST, over(results.value)}});
  passes.backward.execute(stream, {{DNNL_ARG_SRC, over(x)},
                                   {DNNL_ARG_DIFF_DST, over(upstream)},
                                   {DNNL_ARG_DIFF_SRC, over(results.gradient)}});
  stream.wait();
  return results;
}

void WriteResults(const std::string& name, ElementType type, const Tensor& x,
                  const std::string& folder) try {
  const OneDnnEltwise* const eltwise = FindOneDnnEltwise(name);
  if (eltwise == nullptr) return;
  const Results results = Evaluate(*eltwise, type, x);
  WriteTensor(absl::StrCat(folder, "/", name, ".value.f32"), type, results.value);
  WriteTensor(absl::StrCat(folder, "/", name, ".gradient.f32"), type, results.gradient);
} catch (const dnnl::error& error) {
  std::fprintf(stderr, "oneDNN has no %s: %s\n", name.c_str(), error.what());
}

int Main(const std::vector<std::string>& arguments) {
  const std::optional<ElementType> type =
      arguments.size() < 4 ? std::nullopt : ElementTypeNamed(arguments[3]);
  if (!type || !TypeOf(*type)) {
    std::fprintf(stderr, "usage: onednn_results X FOLDER float32|bfloat16 NAME...\n");
    return 2;
  }
  const Tensor x = ReadTensor(arguments[1], *type);
  for (size_t i = 4; i < arguments.size(); ++i) WriteResults(arguments[i], *type, x, arguments[2]);
  return 0;
}

}  // namespace
}  // namespace rectifier

int main(int argc, char** argv) { return rectifier::Main({argv, argv + argc}); }
