#include "tests/support/rectifierd_process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "tests/support/command.h"

namespace rectifier::testing {
namespace {

// "--name=" of "--name=value".
std::string NameOf(const std::string& flag) { return flag.substr(0, flag.find('=') + 1); }

}  // namespace

RectifierdProcess::RectifierdProcess(const std::vector<std::string>& flags) {
  std::vector<std::string> arguments = {Path()};
  for (const std::string& usual :
       {"--listen=unix:" + directory_.File("rectifierd.sock") + ",127.0.0.1:0",
        std::string("--metrics_listen=127.0.0.1:0"), std::string("--log_format=json"),
        std::string("--drain_delay=0s")}) {
    const bool is_given = std::any_of(flags.begin(), flags.end(), [&](const std::string& flag) {
      return NameOf(flag) == NameOf(usual);
    });
    if (!is_given) arguments.push_back(usual);
  }
  arguments.insert(arguments.end(), flags.begin(), flags.end());
  int log_pipe[2];
  if (pipe2(log_pipe, O_CLOEXEC) != 0) {
    std::perror("pipe2");
    std::abort();
  }
  pid_ = Spawn(arguments, STDIN_FILENO, STDOUT_FILENO, log_pipe[1]);
  close(log_pipe[1]);
  reader_ = std::thread([this, pipe = log_pipe[0]] { ReadLog(pipe); });
  const nlohmann::json serving = WaitForEvent("serving");
  if (!serving.is_object()) return;
  for (const std::string address : serving["listen"]) {
    (address.rfind("unix:", 0) == 0 ? unix_target_ : tcp_target_) = address;
  }
  metrics_address_ = serving["metrics"];
}

RectifierdProcess::~RectifierdProcess() {
  if (!waited_) Signal(SIGKILL);
  Wait();
  reader_.join();
  if (::testing::Test::HasFailure()) std::fprintf(stderr, "rectifierd said:\n%s\n", log().c_str());
}

std::string RectifierdProcess::Path() { return RECTIFIERD_PATH; }

void RectifierdProcess::Signal(int number) const {
  kill(pid_, number);
  // Another thread of its may go on for a moment.
  if (number == SIGSTOP) waitpid(pid_, nullptr, WUNTRACED);
}

int RectifierdProcess::Wait() {
  if (!waited_) {
    exit_code_ = WaitForExit(pid_);
    waited_ = true;
  }
  return exit_code_;
}

nlohmann::json RectifierdProcess::WaitForEvent(absl::string_view event, absl::Duration timeout) {
  absl::MutexLock lock(&mutex_);
  const auto found_or_ended = [this, event]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return log_ended_ || !FindEvent(event).is_null();
  };
  mutex_.AwaitWithTimeout(absl::Condition(&found_or_ended), timeout);
  return FindEvent(event);
}

std::string RectifierdProcess::log() const {
  absl::MutexLock lock(&mutex_);
  return log_;
}

void RectifierdProcess::ReadLog(int pipe) {
  std::FILE* stream = fdopen(pipe, "r");
  char* line = nullptr;
  size_t capacity = 0;
  while (getline(&line, &capacity, stream) > 0) {
    nlohmann::json event = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
    absl::MutexLock lock(&mutex_);
    log_ += line;
    if (event.is_object()) events_.push_back(std::move(event));
  }
  free(line);
  std::fclose(stream);
  absl::MutexLock lock(&mutex_);
  log_ended_ = true;
}

nlohmann::json RectifierdProcess::FindEvent(absl::string_view event) const {
  mutex_.AssertReaderHeld();
  for (const nlohmann::json& candidate : events_) {
    if (candidate.value("event", "") == event) return candidate;
  }
  return nullptr;
}

}  // namespace rectifier::testing
