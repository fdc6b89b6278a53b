// onednn_results NAME X VALUE GRADIENT: oneDNN's value and gradient of an activation, files of raw
// float32. Exits with 3 where oneDNN has no such activation.
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "tests/benchmarks/kernels/onednn_eltwise.h"

namespace rectifier {
namespace {

constexpr int kAbsent = 3;

std::vector<float> Read(const char* path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  std::vector<float> numbers(static_cast<size_t>(file.tellg()) / sizeof(float));
  file.seekg(0);
  file.read(reinterpret_cast<char*>(numbers.data()),
            static_cast<std::streamsize>(numbers.size() * sizeof(float)));
  return numbers;
}

bool Write(const char* path, const std::vector<float>& numbers) {
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(numbers.data()),
             static_cast<std::streamsize>(numbers.size() * sizeof(float)));
  return file.good();
}

struct Results {
  std::vector<float> value;
  std::vector<float> gradient;
};

Results Evaluate(const OneDnnEltwise& eltwise, std::vector<float> x) {
  Results results{std::vector<float>(x.size()), std::vector<float>(x.size())};
  std::vector<float> upstream(x.size(), 1);
  const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  dnnl::stream stream(engine);
  const dnnl::memory::desc layout({static_cast<dnnl::memory::dim>(x.size())},
                                  dnnl::memory::data_type::f32, dnnl::memory::format_tag::a);
  const dnnl::memory source(layout, engine, x.data());
  const OneDnnPasses passes = MakePasses(eltwise, layout, engine);
  passes.forward.execute(
      stream, {{DNNL_ARG_SRC, source}, {DNNL_ARG_DST, {layout, engine, results.value.data()}}});
  passes.backward.execute(stream, {{DNNL_ARG_SRC, source},
                                   {DNNL_ARG_DIFF_DST, {layout, engine, upstream.data()}},
                                   {DNNL_ARG_DIFF_SRC, {layout, engine, results.gradient.data()}}});
  stream.wait();
  return results;
}

int Main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr, "usage: onednn_results NAME X VALUE GRADIENT\n");
    return 2;
  }
  const OneDnnEltwise* const eltwise = FindOneDnnEltwise(argv[1]);
  if (eltwise == nullptr) return kAbsent;
  const Results results = Evaluate(*eltwise, Read(argv[2]));
  return Write(argv[3], results.value) && Write(argv[4], results.gradient) ? 0 : 1;
}

}  // namespace
}  // namespace rectifier

int main(int argc, char** argv) { return rectifier::Main(argc, argv); }
