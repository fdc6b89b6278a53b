#include "core/run/cpu_quota.h"

#include <sched.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <thread>

#include "core/run/cgroup.h"

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

int CgroupCpus(const std::string& root) {
  int cpus = kUnlimited;
  ForEachCgroup(root, "cpu", [&cpus](const std::string& directory, CgroupVersion version) {
    cpus = std::min(cpus, version == CgroupVersion::kV2 ? QuotaV2(directory) : QuotaV1(directory));
  });
  return cpus;
}

}  // namespace

int AvailableCpus(const std::string& root) {
  const int cpus = std::min(AffinityCpus(), CgroupCpus(root));
  if (cpus != kUnlimited) return std::max(cpus, 1);
  return std::max(static_cast<int>(std::thread::hardware_concurrency()), 1);
}

}  // namespace rectifier
