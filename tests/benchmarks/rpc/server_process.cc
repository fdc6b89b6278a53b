#include "tests/benchmarks/rpc/server_process.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/support/command.h"

namespace rectifier {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(60);
constexpr absl::Duration kPoll = absl::Milliseconds(2);

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

ServerProcess::ServerProcess(std::vector<std::string> command) {
  const std::string ports_file = directory_.File("ports");
  command.push_back("--listen=unix:" + directory_.File("server.sock") + ",127.0.0.1:0");
  command.push_back("--ports_file=" + ports_file);
  pid_ = testing::Spawn(command, STDIN_FILENO, STDERR_FILENO, STDERR_FILENO);
  WaitUntilServing(ports_file);
  idle_bytes_ = UsageNow().resident_bytes;
}

ServerProcess::~ServerProcess() {
  kill(pid_, SIGKILL);
  testing::WaitForExit(pid_);
}

void ServerProcess::WaitUntilServing(const std::string& ports_file) {
  const absl::Time start = absl::Now();
  while (access(ports_file.c_str(), R_OK) != 0) {
    const bool ended = waitpid(pid_, nullptr, WNOHANG) != 0;
    if (ended || absl::Now() - start > kPatience) {
      std::fprintf(stderr, "rpc_benchmark: a server did not come up\n");
      std::exit(1);
    }
    absl::SleepFor(kPoll);
  }
  std::istringstream lines(ReadFile(ports_file));
  for (std::string protocol, address; lines >> protocol >> address;) {
    if (protocol != "grpc") continue;
    (address.rfind("unix:", 0) == 0 ? unix_target_ : tcp_target_) = address;
  }
}

// proc(5): minflt is field 10, utime and stime are 14 and 15.
Usage ServerProcess::UsageNow() const {
  const std::vector<std::string> fields = StatFields(pid_);
  const std::string status = ReadFile(absl::StrCat("/proc/", pid_, "/status"));
  if (fields.size() < 13) return {};
  const int64_t ticks = std::atoll(fields[11].c_str()) + std::atoll(fields[12].c_str());
  return {.cpu = absl::Seconds(static_cast<double>(ticks) / sysconf(_SC_CLK_TCK)),
          .faults = std::atoll(fields[7].c_str()),
          .peak_bytes = StatusBytes(status, "VmHWM"),
          .resident_bytes = StatusBytes(status, "VmRSS")};
}

}  // namespace rectifier
