// The control groups that this process is in.
#ifndef RECTIFIER_CORE_RUN_CGROUP_H_
#define RECTIFIER_CORE_RUN_CGROUP_H_

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"

namespace rectifier {

enum class CgroupVersion { kV1, kV2 };

// Tells the folder of every group whose limits for `controller` ("cpu", "memory") bind this
// process: its own, and those around it. `root` stands in for "/" in tests. A folder may not be
// there.
void ForEachCgroup(
    const std::string& root, absl::string_view controller,
    absl::FunctionRef<void(const std::string& directory, CgroupVersion version)> tell);

}  // namespace rectifier

#endif  // RECTIFIER_CORE_RUN_CGROUP_H_
