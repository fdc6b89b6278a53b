// What all that takes memory may have together.
#ifndef RECTIFIER_SERVER_MEMORY_BUDGET_H_
#define RECTIFIER_SERVER_MEMORY_BUDGET_H_

#include <cstdint>
#include <functional>

#include "absl/strings/string_view.h"
#include "server/options.h"

namespace rectifier {

// Lowers what `options` have by default so that all of it fits into `memory` bytes: of these, an
// eighth is for calls in progress, a quarter for requests that gRPC holds, an eighth for shared
// buffers, a sixteenth for idle replies; the rest is for the process itself, for what malloc loses,
// and for pages in between. What a flag has set (`is_given`) stays as it is, and so does what is
// small enough; what must be no less than a flag that is given is raised to it. A
// --max_receive_bytes of 0 gets the number that it stands for.
void FitIntoMemory(int64_t memory, const std::function<bool(absl::string_view flag)>& is_given,
                   Options* options);

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_MEMORY_BUDGET_H_
