// The real server, started for a test on addresses of its own.
//
//   RectifierdProcess server({"--max_rank=3"});
//   auto channel = grpc::CreateChannel(server.unix_target(), grpc::InsecureChannelCredentials());
//   server.Signal(SIGTERM);
//   EXPECT_EQ(server.Wait(), 0);
#ifndef RECTIFIER_TESTS_SUPPORT_RECTIFIERD_PROCESS_H_
#define RECTIFIER_TESTS_SUPPORT_RECTIFIERD_PROCESS_H_

#include <sys/types.h>

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "nlohmann/json.hpp"
#include "tests/support/temporary_directory.h"

namespace rectifier::testing {

class RectifierdProcess {
 public:
  // Starts it on a unix socket in a directory of its own, on a free port of 127.0.0.1 and a free
  // port for metrics, with `flags` after these; returns once it serves, or has ended.
  explicit RectifierdProcess(const std::vector<std::string>& flags = {});
  // Kills it where it still runs. In a test that has failed, shows what it logged.
  ~RectifierdProcess();

  // The path of the binary, for RunCommand.
  static std::string Path();

  // gRPC targets: "unix:/tmp/.../rectifierd.sock", "127.0.0.1:41234".
  const std::string& unix_target() const { return unix_target_; }
  const std::string& tcp_target() const { return tcp_target_; }
  // host:port that serves /metrics.
  const std::string& metrics_address() const { return metrics_address_; }

  pid_t pid() const { return pid_; }
  // Where it is SIGSTOP, the process stands still when this returns.
  void Signal(int number) const;
  // Waits for its end, and gives the exit code, or 128 + the signal that ended it.
  int Wait();

  // The first log line with this event, waiting for it up to `timeout`; null where none came.
  nlohmann::json WaitForEvent(absl::string_view event, absl::Duration timeout = absl::Seconds(60));
  // Everything logged so far.
  std::string log() const;

 private:
  void ReadLog(int pipe);
  nlohmann::json FindEvent(absl::string_view event) const;

  TemporaryDirectory directory_;
  pid_t pid_ = 0;
  bool waited_ = false;
  int exit_code_ = 0;
  std::string unix_target_;
  std::string tcp_target_;
  std::string metrics_address_;

  mutable absl::Mutex mutex_;
  std::string log_ ABSL_GUARDED_BY(mutex_);
  std::vector<nlohmann::json> events_ ABSL_GUARDED_BY(mutex_);
  bool log_ended_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread reader_;
};

}  // namespace rectifier::testing

#endif  // RECTIFIER_TESTS_SUPPORT_RECTIFIERD_PROCESS_H_
