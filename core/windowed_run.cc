#include "core/windowed_run.h"

#include <algorithm>

#include "core/run/run.h"

namespace rectifier {

int64_t WorkOf(const Evaluation& evaluation, int64_t elements) {
  // Double-doubles take about so many times as long as doubles; terms of parameters are made of
  // them.
  constexpr int64_t kDoubleDouble = 4;
  const auto is_sum = [](const OutputDescription& output) {
    return output.quantity == Quantity::kParameterGradient;
  };
  const bool is_wide = evaluation.type == ElementType::kFloat64 ||
                       std::any_of(evaluation.outputs.begin(), evaluation.outputs.end(), is_sum);
  return elements * (is_wide ? kDoubleDouble : 1);
}

std::unique_ptr<WindowedRun> WindowedRun::Make(const Evaluation& evaluation) {
  switch (evaluation.activation->kind()) {
    case Kind::kElementwise:
      return MakeElementwiseRun(evaluation);
    case Kind::kRows:
      return MakeRowsRun(evaluation);
    case Kind::kPairs:
      break;
  }
  return MakePairsRun(evaluation);
}

}  // namespace rectifier
