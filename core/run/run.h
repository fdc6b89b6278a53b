// How each kind of evaluation is cut into independent pieces of work.
#ifndef RECTIFIER_CORE_RUN_RUN_H_
#define RECTIFIER_CORE_RUN_RUN_H_

#include <cstdint>
#include <memory>

#include "core/evaluation.h"
#include "core/windowed_run.h"

namespace rectifier {

// About how many elements a chunk holds. Most activations take some tens of microseconds for them.
// On the SCALAR target, which is the slowest, half of all activations, types and quantities take
// less than 0.8 ms and the slowest, entmax with the gradient of its alpha, 15 ms (2026-11-30, AMD
// EPYC). A row is never cut, so one with more elements is a chunk by itself.
inline constexpr int64_t kChunkElements = int64_t{1} << 15;

// Double-doubles take several times as long.
constexpr int64_t ChunkElements(ElementType type) {
  return type == ElementType::kFloat64 ? kChunkElements / 4 : kChunkElements;
}

// WindowedRun::Make calls these, by kind.
std::unique_ptr<WindowedRun> MakeElementwiseRun(const Evaluation& evaluation);
std::unique_ptr<WindowedRun> MakeRowsRun(const Evaluation& evaluation);
std::unique_ptr<WindowedRun> MakePairsRun(const Evaluation& evaluation);

}  // namespace rectifier

#endif  // RECTIFIER_CORE_RUN_RUN_H_
