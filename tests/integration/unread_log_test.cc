// A log that nobody reads blocks nothing.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "tests/integration/http.h"
#include "tests/support/command.h"
#include "tests/support/evaluate.h"
#include "tests/support/rectifierd_process.h"
#include "tests/support/temporary_directory.h"

namespace rectifier::testing {
namespace {

// A server whose standard error is a pipe that was full before it began.
class ServerWithFullLog {
 public:
  ServerWithFullLog() {
    int ends[2];
    EXPECT_EQ(pipe2(ends, O_CLOEXEC), 0);
    log_ = ends[0];
    const std::string bytes(static_cast<size_t>(fcntl(ends[1], F_SETPIPE_SZ, 4096)), '\n');
    EXPECT_EQ(write(ends[1], bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
    pid_ = Spawn({RectifierdProcess::Path(), "--listen=127.0.0.1:0", "--metrics_listen=127.0.0.1:0",
                  "--drain_delay=0s", "--slow_call=0s", "--log_queue_bytes=1KiB",
                  "--ports_file=" + PortsFile()},
                 STDIN_FILENO, STDOUT_FILENO, ends[1]);
    close(ends[1]);
    ReadPorts();
  }
  ~ServerWithFullLog() {
    if (!ended_) kill(pid_, SIGKILL), WaitForExit(pid_);
    close(log_);
  }

  const std::string& target() const { return target_; }
  double DroppedLines() const {
    return SeriesValue(HttpGet(metrics_, "/metrics").body, "rectifier_log_lines_dropped_total");
  }

  int Terminate() {
    kill(pid_, SIGTERM);
    ended_ = true;
    return WaitForExit(pid_);
  }

  // Reads the log until `text` has come, or it ends.
  std::string ReadLogUntil(const std::string& text) {
    std::string read_so_far;
    char buffer[1 << 12];
    while (read_so_far.find(text) == std::string::npos) {
      const ssize_t got = read(log_, buffer, sizeof(buffer));
      if (got <= 0) break;
      read_so_far.append(buffer, static_cast<size_t>(got));
    }
    return read_so_far;
  }

 private:
  std::string PortsFile() const { return directory_.File("ports"); }

  // The file appears whole.
  void ReadPorts() {
    while (!std::filesystem::exists(PortsFile()) && kill(pid_, 0) == 0) {
    }
    std::ifstream file(PortsFile());
    for (std::string kind, address; file >> kind >> address;) {
      (kind == "grpc" ? target_ : metrics_) = address;
    }
  }

  TemporaryDirectory directory_;
  int log_;
  pid_t pid_;
  bool ended_ = false;
  std::string target_;
  std::string metrics_;
};

TEST(UnreadLogTest, CallsGoOnAndDroppedLinesAreCounted) {
  ServerWithFullLog server;
  const auto channel = Connect(server.target());
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(Evaluate(channel, Ones("relu", 1)).status.ok());
  }
  EXPECT_GT(server.DroppedLines(), 0);
  const std::string log = server.ReadLogUntil("log lines dropped");
  EXPECT_NE(log.find("warning log lines dropped lines="), std::string::npos) << log;
  EXPECT_EQ(server.Terminate(), 0);
}

TEST(UnreadLogTest, TheServerStopsThoughNobodyReads) {
  ServerWithFullLog server;
  EXPECT_EQ(server.Terminate(), 0);
}

}  // namespace
}  // namespace rectifier::testing
