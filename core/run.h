// How each kind of evaluation is cut into independent pieces of work. Used by the engine.
#ifndef RECTIFIER_CORE_RUN_H_
#define RECTIFIER_CORE_RUN_H_

#include <cstddef>
#include <cstdint>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/types/span.h"
#include "core/evaluation.h"

namespace rectifier {

// Calls body(i) once for each i in [0, count), in any order and in parallel; stops early with an
// error. The bodies of one call write to disjoint memory.
using ParallelFor =
    absl::FunctionRef<absl::Status(int64_t count, absl::FunctionRef<void(int64_t)> body)>;

// Elements that one piece of work holds, about: a few tens of microseconds.
inline constexpr int64_t kChunkElements = int64_t{1} << 15;

// Each runs `evaluation` into `outputs` (see Job in core/engine.h). The bits of the results do not
// depend on how `parallel_for` works.
absl::Status RunElementwise(const Evaluation& evaluation, absl::Span<std::byte* const> outputs,
                            bool streamed, ParallelFor parallel_for);
absl::Status RunRows(const Evaluation& evaluation, absl::Span<std::byte* const> outputs,
                     ParallelFor parallel_for);
absl::Status RunPairs(const Evaluation& evaluation, absl::Span<std::byte* const> outputs,
                      ParallelFor parallel_for);

}  // namespace rectifier

#endif  // RECTIFIER_CORE_RUN_H_
