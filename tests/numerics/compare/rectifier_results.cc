// rectifier_results X FOLDER TYPE NAME...: our results for the inputs in the file X, written to
// FOLDER/NAME.QUANTITY.f32 for each activation NAME and the quantities value, gradient and
// second_derivative.
#include <cstdio>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/catalogue.h"
#include "core/engine.h"
#include "tests/numerics/compare/float_files.h"

namespace rectifier {
namespace {

using Tensor = std::vector<std::byte>;

absl::Status WriteResults(const std::string& name, ElementType type, const Tensor& x,
                          const std::string& folder) {
  const TensorView input{type, {static_cast<int64_t>(x.size() / SizeOf(type))}, x};
  const absl::StatusOr<Evaluation> evaluation =
      Bind(Catalogue::Best(),
           {.activation = name,
            .inputs = {input},
            .quantities = {Quantity::kValue, Quantity::kGradient, Quantity::kSecondDerivative}});
  if (!evaluation.ok()) return evaluation.status();
  Job job{*evaluation, {}};
  std::vector<Tensor> results;
  for (const OutputDescription& output : evaluation->outputs) results.emplace_back(output.bytes);
  for (Tensor& result : results) job.outputs.push_back(result.data());
  Engine engine({});
  if (absl::Status status = engine.Run({&job, 1}, {}); !status.ok()) return status;
  for (size_t i = 0; i < results.size(); ++i) {
    const absl::string_view quantity = Name(evaluation->outputs[i].quantity);
    WriteTensor(absl::StrCat(folder, "/", name, ".", quantity, ".f32"), type, results[i]);
  }
  return absl::OkStatus();
}

int Main(const std::vector<std::string>& arguments) {
  const std::optional<ElementType> type =
      arguments.size() < 4 ? std::nullopt : ElementTypeNamed(arguments[3]);
  if (!type) {
    std::fprintf(stderr, "usage: rectifier_results X FOLDER TYPE NAME...\n");
    return 2;
  }
  const Tensor x = ReadTensor(arguments[1], *type);
  for (size_t i = 4; i < arguments.size(); ++i) {
    if (absl::Status status = WriteResults(arguments[i], *type, x, arguments[2]); !status.ok()) {
      std::fprintf(stderr, "%s: %s\n", arguments[i].c_str(), status.ToString().c_str());
      return 1;
    }
  }
  return 0;
}

}  // namespace
}  // namespace rectifier

int main(int argc, char** argv) { return rectifier::Main({argv, argv + argc}); }
