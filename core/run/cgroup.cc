#include "core/run/cgroup.h"

#include <fstream>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace rectifier {

void ForEachCgroup(
    const std::string& root, absl::string_view controller,
    absl::FunctionRef<void(const std::string& directory, CgroupVersion version)> tell) {
  std::ifstream groups(root + "/proc/self/cgroup");  // lines "id:controllers:path"
  for (std::string line; std::getline(groups, line);) {
    const std::vector<absl::string_view> fields = absl::StrSplit(line, absl::MaxSplits(':', 2));
    if (fields.size() != 3) continue;
    const bool is_v2 = fields[1].empty();
    bool binds = is_v2;
    for (const absl::string_view each : absl::StrSplit(fields[1], ',')) {
      binds = binds || each == controller;
    }
    if (!binds) continue;
    const std::string mount =
        absl::StrCat(root, "/sys/fs/cgroup", is_v2 ? "" : "/", is_v2 ? "" : controller);
    const CgroupVersion version = is_v2 ? CgroupVersion::kV2 : CgroupVersion::kV1;
    tell(mount, version);  // in a container that is the process's own group
    absl::string_view group = absl::StripSuffix(fields[2], "/");
    for (; !group.empty(); group = group.substr(0, group.rfind('/'))) {
      tell(absl::StrCat(mount, group), version);
    }
  }
}

}  // namespace rectifier
