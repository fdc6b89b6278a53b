#include "tests/benchmarks/rpc/beside.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <utility>
#include <vector>

#include "tests/support/command.h"

namespace rectifier {
namespace {

// The other client exists from its first reply on. In one process with the small calls it would
// share their threads, and delay them by itself: gRPC's threads work for all channels of a process.
class BigCalls {
 public:
  explicit BigCalls(const Endpoint& endpoint) {
    int pipe[2];
    if (pipe2(pipe, O_CLOEXEC) != 0) return;
    std::vector<std::string> command = {"/proc/self/exe", "--big_calls=" + endpoint.target};
    if (endpoint.is_floor) command.push_back("--big_calls_of_floor");
    client_ = testing::Spawn(command, STDIN_FILENO, pipe[1], STDERR_FILENO);
    close(pipe[1]);
    char byte;
    running_ = read(pipe[0], &byte, 1) == 1;
    close(pipe[0]);
  }

  ~BigCalls() {
    if (client_ <= 0) return;
    kill(client_, SIGKILL);
    testing::WaitForExit(client_);
  }

  BigCalls(const BigCalls&) = delete;
  BigCalls& operator=(const BigCalls&) = delete;

  bool running() const { return running_; }

 private:
  pid_t client_ = 0;
  bool running_ = false;
};

class BesideCaller final : public Caller {
 public:
  BesideCaller(std::unique_ptr<Caller> small, Endpoint big)
      : small_(std::move(small)), big_(std::move(big)) {}

  absl::Status Check() override { return small_->Check(); }

  absl::StatusOr<Calls> Run(const Until& until) override {
    const BigCalls calls(big_);
    if (!calls.running()) return absl::InternalError("the client with the big calls failed");
    return small_->Run(until);
  }

 private:
  const std::unique_ptr<Caller> small_;
  const Endpoint big_;
};

}  // namespace

std::unique_ptr<Caller> MakeBesideCaller(std::unique_ptr<Caller> small, Endpoint big) {
  return std::make_unique<BesideCaller>(std::move(small), std::move(big));
}

absl::Status RunBigCalls(const Endpoint& endpoint, const std::string& activation) {
  const Workload workload(activation, {.tensor_bytes = kBigBytes});
  const std::unique_ptr<Caller> caller = MakeUnaryCaller(endpoint, workload);
  if (const absl::Status status = caller->Run({}).status(); !status.ok()) return status;
  std::printf("running\n");
  std::fflush(stdout);
  return caller->Run({.time = absl::InfiniteDuration()}).status();
}

}  // namespace rectifier
