// How much memory this process may use.
#ifndef RECTIFIER_SERVER_POSIX_MEMORY_LIMIT_H_
#define RECTIFIER_SERVER_POSIX_MEMORY_LIMIT_H_

#include <cstdint>
#include <string>

namespace rectifier {

// The least of the machine's memory and the limits of the cgroups (v1 or v2) that this process is
// in, in bytes. `root` stands in for "/" in tests; files that are missing or unreadable set no
// limit.
int64_t MemoryLimit(const std::string& root = "");

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_POSIX_MEMORY_LIMIT_H_
