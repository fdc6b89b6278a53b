#include "server/posix/memory_limit.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <limits>

#include "core/run/cgroup.h"

namespace rectifier {
namespace {

constexpr int64_t kUnlimited = std::numeric_limits<int64_t>::max();

int64_t MachineMemory() {
  const int64_t pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
  return pages > 0 && page > 0 ? pages * page : kUnlimited;
}

// "max", or bytes; what is no number is no limit.
int64_t ReadLimit(const std::string& path) {
  std::ifstream file(path);
  int64_t limit = 0;
  return file >> limit && limit > 0 ? limit : kUnlimited;
}

}  // namespace

int64_t MemoryLimit(const std::string& root) {
  int64_t least = MachineMemory();
  ForEachCgroup(root, "memory", [&least](const std::string& directory, CgroupVersion version) {
    const char* file = version == CgroupVersion::kV2 ? "/memory.max" : "/memory.limit_in_bytes";
    least = std::min(least, ReadLimit(directory + file));
  });
  return least;
}

}  // namespace rectifier
