#include "core/run/cpu_quota.h"

#include <sched.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <sstream>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

namespace rectifier {
namespace {

constexpr int kUnlimited = std::numeric_limits<int>::max();

int AffinityCpus() {
  cpu_set_t cpus;
  if (sched_getaffinity(0, sizeof(cpus), &cpus) != 0) return kUnlimited;
  return CPU_COUNT(&cpus);
}

// CPUs that `quota` microseconds in every `period` allow.
int QuotaCpus(double quota, double period) {
  if (!(quota > 0) || !(period > 0)) return kUnlimited;
  return static_cast<int>(std::ceil(quota / period));
}

// cgroup v2, one file: "max 100000" or "150000 100000".
int QuotaV2(const std::string& directory) {
  std::ifstream file(directory + "/cpu.max");
  double quota = 0, period = 0;
  return file >> quota >> period ? QuotaCpus(quota, period) : kUnlimited;
}

// cgroup v1, two files; a quota of -1 is none.
int QuotaV1(const std::string& directory) {
  std::ifstream quota_file(directory + "/cpu.cfs_quota_us");
  std::ifstream period_file(directory + "/cpu.cfs_period_us");
  double quota = 0, period = 0;
  return quota_file >> quota && period_file >> period ? QuotaCpus(quota, period) : kUnlimited;
}

// The tightest quota of `group` (a path such as /a/b) and the groups around it.
int TightestQuota(const std::string& mount, absl::string_view group,
                  int (*quota)(const std::string&)) {
  int cpus = quota(mount);
  while (!group.empty() && group != "/") {
    cpus = std::min(cpus, quota(absl::StrCat(mount, group)));
    group = group.substr(0, group.rfind('/'));
  }
  return cpus;
}

int CgroupCpus(const std::string& root) {
  int cpus = kUnlimited;
  std::ifstream groups(root + "/proc/self/cgroup");  // lines "id:controllers:path"
  for (std::string line; std::getline(groups, line);) {
    const std::vector<absl::string_view> fields = absl::StrSplit(line, absl::MaxSplits(':', 2));
    if (fields.size() != 3) continue;
    const absl::string_view path = absl::StripSuffix(fields[2], "/");
    if (fields[1].empty()) {
      cpus = std::min(cpus, TightestQuota(root + "/sys/fs/cgroup", path, QuotaV2));
    }
    for (absl::string_view controller : absl::StrSplit(fields[1], ',')) {
      if (controller != "cpu") continue;
      cpus = std::min(cpus, TightestQuota(root + "/sys/fs/cgroup/cpu", path, QuotaV1));
    }
  }
  return cpus;
}

}  // namespace

int AvailableCpus(const std::string& root) {
  const int cpus = std::min(AffinityCpus(), CgroupCpus(root));
  if (cpus != kUnlimited) return std::max(cpus, 1);
  return std::max(static_cast<int>(std::thread::hardware_concurrency()), 1);
}

}  // namespace rectifier
