// How many CPUs this process may use.
#ifndef RECTIFIER_CORE_RUN_CPU_QUOTA_H_
#define RECTIFIER_CORE_RUN_CPU_QUOTA_H_

#include <string>

namespace rectifier {

// The smaller of the CPU affinity mask and the cgroup's CPU quota (v1 or v2, rounded up), at least
// 1. `root` stands in for "/" in tests; files that are missing or unreadable set no limit.
int AvailableCpus(const std::string& root = "");

}  // namespace rectifier

#endif  // RECTIFIER_CORE_RUN_CPU_QUOTA_H_
