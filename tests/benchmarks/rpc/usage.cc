#include "tests/benchmarks/rpc/usage.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

namespace rectifier {
namespace {

std::string ReadFile(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

// The fields of /proc/PID/stat after the name, which may hold anything: [0] is the third, "state".
std::vector<std::string> StatFields(pid_t pid) {
  const std::string stat = ReadFile(absl::StrCat("/proc/", pid, "/stat"));
  std::istringstream rest(stat.substr(std::min(stat.rfind(')') + 1, stat.size())));
  std::vector<std::string> fields;
  for (std::string field; rest >> field;) fields.push_back(field);
  return fields;
}

// A line "NAME:  123 kB" of /proc/PID/status, in bytes.
int64_t StatusBytes(const std::string& status, const std::string& name) {
  const size_t place = status.find("\n" + name + ":");
  if (place == std::string::npos) return 0;
  return std::atoll(status.c_str() + place + name.size() + 2) * 1024;
}

}  // namespace

// proc(5): minflt is field 10, utime and stime are 14 and 15.
Usage UsageOf(pid_t process) {
  const std::vector<std::string> fields = StatFields(process);
  const std::string status = ReadFile(absl::StrCat("/proc/", process, "/status"));
  if (fields.size() < 13) return {};
  const int64_t ticks = std::atoll(fields[11].c_str()) + std::atoll(fields[12].c_str());
  return {.cpu = absl::Seconds(static_cast<double>(ticks) / sysconf(_SC_CLK_TCK)),
          .faults = std::atoll(fields[7].c_str()),
          .peak_bytes = StatusBytes(status, "VmHWM"),
          .resident_bytes = StatusBytes(status, "VmRSS")};
}

}  // namespace rectifier
