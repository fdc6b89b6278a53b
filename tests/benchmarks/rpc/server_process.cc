#include "tests/benchmarks/rpc/server_process.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

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
    if (protocol == "http") http_address_ = address;
    if (protocol != "grpc") continue;
    (address.rfind("unix:", 0) == 0 ? unix_target_ : tcp_target_) = address;
  }
}

}  // namespace rectifier
