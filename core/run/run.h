// How each kind of evaluation is cut into independent pieces of work.
#ifndef RECTIFIER_CORE_RUN_RUN_H_
#define RECTIFIER_CORE_RUN_RUN_H_

#include <cstdint>
#include <memory>

#include "core/evaluation.h"
#include "core/windowed_run.h"

namespace rectifier {

// About how many elements one piece of work holds, which take a few tens of microseconds.
inline constexpr int64_t kChunkElements = int64_t{1} << 15;

// WindowedRun::Make calls these, by kind.
std::unique_ptr<WindowedRun> MakeElementwiseRun(const Evaluation& evaluation);
std::unique_ptr<WindowedRun> MakeRowsRun(const Evaluation& evaluation);
std::unique_ptr<WindowedRun> MakePairsRun(const Evaluation& evaluation);

}  // namespace rectifier

#endif  // RECTIFIER_CORE_RUN_RUN_H_
