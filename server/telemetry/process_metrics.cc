#include "server/telemetry/process_metrics.h"

#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>

#include "server/telemetry/single_metric.h"

namespace rectifier {
namespace {

using prometheus::MetricFamily;
using prometheus::MetricType;

// The fields of /proc/self/stat from the third on (the second, the name, may hold spaces):
// fields[i] is number i + 3 of proc(5).
std::vector<std::string> ReadStat() {
  std::ifstream file("/proc/self/stat");
  const std::string content((std::istreambuf_iterator<char>(file)), {});
  std::istringstream rest(content.substr(content.rfind(')') + 1));
  return {std::istream_iterator<std::string>(rest), {}};
}

std::optional<double> BootTime() {
  std::ifstream file("/proc/stat");
  for (std::string key; file >> key;) {
    double value;
    if (key == "btime" && file >> value) return value;
    std::getline(file, key);
  }
  return std::nullopt;
}

std::optional<double> OpenDescriptors() {
  std::error_code error;
  const std::filesystem::directory_iterator descriptors("/proc/self/fd", error);
  if (error) return std::nullopt;
  return static_cast<double>(std::distance(begin(descriptors), end(descriptors)));
}

}  // namespace

std::vector<MetricFamily> ProcessMetrics::Collect() const {
  std::vector<MetricFamily> families;
  const std::vector<std::string> stat = ReadStat();
  const auto field = [&stat](size_t number) { return std::stod(stat[number - 3]); };
  if (stat.size() > 24 - 3) {
    const double ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
    families.push_back(SingleMetric("process_cpu_seconds_total", "User and system CPU time.",
                                    MetricType::Counter, (field(14) + field(15)) / ticks));
    families.push_back(
        SingleMetric("process_threads", "Threads of the process.", MetricType::Gauge, field(20)));
    families.push_back(SingleMetric("process_virtual_memory_bytes", "Virtual memory size.",
                                    MetricType::Gauge, field(23)));
    families.push_back(SingleMetric("process_resident_memory_bytes", "Resident memory size.",
                                    MetricType::Gauge,
                                    field(24) * static_cast<double>(sysconf(_SC_PAGESIZE))));
    if (const std::optional<double> boot = BootTime()) {
      families.push_back(SingleMetric("process_start_time_seconds",
                                      "Start of the process, Unix time.", MetricType::Gauge,
                                      *boot + field(22) / ticks));
    }
  }
  if (const std::optional<double> open = OpenDescriptors()) {
    families.push_back(
        SingleMetric("process_open_fds", "Open file descriptors.", MetricType::Gauge, *open));
  }
  rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    families.push_back(SingleMetric("process_max_fds", "Most file descriptors that may be open.",
                                    MetricType::Gauge, static_cast<double>(limit.rlim_cur)));
  }
  return families;
}

}  // namespace rectifier
