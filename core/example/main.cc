// GELU and its gradient. Prints what output.txt holds, on every machine.
#include <cstdio>
#include <vector>

#include "absl/status/statusor.h"
#include "rectifier/catalogue.h"
#include "rectifier/engine.h"
#include "rectifier/evaluation.h"

using rectifier::Quantity;

namespace {

int Fail(const absl::Status& status) {
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
  return 1;
}

}  // namespace

int main() {
  const std::vector<float> x = {-6, -3, -1, -0.5, 0, 0.5, 1, 3, 6};

  // Bind checks everything once; what it gives may run any number of times.
  const absl::StatusOr<rectifier::Evaluation> gelu = rectifier::Bind(
      rectifier::Catalogue::Best(), {.activation = "gelu",
                                     .inputs = {rectifier::TensorView::Of(x)},
                                     .quantities = {Quantity::kValue, Quantity::kGradient}});
  if (!gelu.ok()) return Fail(gelu.status());

  // An engine holds threads: a program needs one.
  rectifier::Engine engine({});
  std::vector<float> value(x.size()), gradient(x.size());
  const absl::Status status = engine.Run(*gelu, {value, gradient});
  if (!status.ok()) return Fail(status);

  std::printf("%4s %15s %15s\n", "x", "gelu(x)", "gelu'(x)");
  for (size_t i = 0; i < x.size(); ++i) {
    std::printf("%4g %15.8g %15.8g\n", x[i], value[i], gradient[i]);
  }
}
