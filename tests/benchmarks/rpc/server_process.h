// A server as a process of its own, and what it has used.
#ifndef RECTIFIER_TESTS_BENCHMARKS_RPC_SERVER_PROCESS_H_
#define RECTIFIER_TESTS_BENCHMARKS_RPC_SERVER_PROCESS_H_

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "tests/benchmarks/rpc/usage.h"
#include "tests/support/temporary_directory.h"

namespace rectifier {

class ServerProcess {
 public:
  // Runs `command` on a unix socket and on a free port of 127.0.0.1; returns once it serves. All
  // servers take rectifierd's --listen and --ports_file. Exits with a message where it does not
  // come up.
  explicit ServerProcess(std::vector<std::string> command);
  // Kills it.
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  // gRPC targets: "unix:/tmp/.../server.sock", "127.0.0.1:41234".
  const std::string& unix_target() const { return unix_target_; }
  const std::string& tcp_target() const { return tcp_target_; }
  // "127.0.0.1:41235" of a server that speaks HTTP.
  const std::string& http_address() const { return http_address_; }

  // What the process has used so far.
  Usage UsageNow() const { return UsageOf(pid_); }
  // What was resident before the first call.
  int64_t idle_bytes() const { return idle_bytes_; }

 private:
  void WaitUntilServing(const std::string& ports_file);

  testing::TemporaryDirectory directory_;
  pid_t pid_;
  std::string unix_target_;
  std::string tcp_target_;
  std::string http_address_;
  int64_t idle_bytes_ = 0;
};

}  // namespace rectifier

#endif  // RECTIFIER_TESTS_BENCHMARKS_RPC_SERVER_PROCESS_H_
