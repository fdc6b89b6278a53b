#include "server/rpc/load_reports.h"

#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <utility>

#include "xds/data/orca/v3/orca_load_report.pb.h"

namespace rectifier {
namespace {

constexpr std::chrono::milliseconds kAge(250);

absl::Duration CpuTime() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return absl::DurationFromTimespec(time);
}

int64_t ResidentBytes() {
  std::ifstream file("/proc/self/statm");
  int64_t all = 0, resident = 0;
  file >> all >> resident;
  return resident * sysconf(_SC_PAGESIZE);
}

}  // namespace

LoadReports::LoadReports(const Machine& machine, std::function<double()> waiting)
    : machine_(machine), waiting_(std::move(waiting)), began_(Clock::now()), cpu_time_(CpuTime()) {}

// The first call of a process has a report, too, of what little time there was.
std::string LoadReports::Count(bool has_succeeded) {
  const double waiting = waiting_();
  const absl::MutexLock lock(&mutex_);
  ++calls_;
  failed_ += !has_succeeded;
  waiting_sum_ += waiting;
  const auto age = Clock::now() - began_;
  if (report_.empty() || age >= kAge) {
    report_ = Make(std::max(std::chrono::duration<double>(age).count(), 1e-3));
  }
  return report_;
}

std::string LoadReports::Make(double seconds) {
  const absl::Duration cpu_time = CpuTime();
  const auto calls = static_cast<double>(calls_);
  xds::data::orca::v3::OrcaLoadReport report;
  report.set_cpu_utilization(absl::ToDoubleSeconds(cpu_time - cpu_time_) / seconds / machine_.cpus);
  if (machine_.memory_bytes > 0) {
    report.set_mem_utilization(static_cast<double>(ResidentBytes()) /
                               static_cast<double>(machine_.memory_bytes));
  }
  report.set_rps_fractional(calls / seconds);
  report.set_eps(static_cast<double>(failed_) / seconds);
  report.set_application_utilization(waiting_sum_ / calls);
  began_ = Clock::now();
  cpu_time_ = cpu_time;
  calls_ = failed_ = 0;
  waiting_sum_ = 0;
  return report.SerializeAsString();
}

}  // namespace rectifier
