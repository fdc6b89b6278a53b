#include "core/windowed_run.h"

#include "core/run/run.h"

namespace rectifier {

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
