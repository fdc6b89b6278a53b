// EvaluateStream against the real server: what it holds in memory, and callers that vanish.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "client/cpp/client/client.h"
#include "client/cpp/client/evaluation_stream.h"
#include "tests/integration/http.h"
#include "tests/integration/long_call.h"
#include "tests/support/rectifierd_process.h"

namespace rectifier::testing {
namespace {

using client::CallOptions;
using client::Client;
using client::ElementType;
using client::EvaluationStream;
using client::StreamedResult;
using ::testing::HasSubstr;

constexpr size_t kMebibyte = size_t{1} << 20;

// The kibibytes of a line of /proc/PID/status.
int64_t StatusLine(pid_t pid, const std::string& name) {
  std::ifstream file(absl::StrCat("/proc/", pid, "/status"));
  for (std::string line; std::getline(file, line);) {
    int64_t kibibytes = 0;
    if (!absl::StartsWith(line, name + ":")) continue;
    const std::string number = line.substr(name.size() + 1, line.rfind(' ') - name.size() - 1);
    return absl::SimpleAtoi(number, &kibibytes) ? kibibytes : -1;
  }
  return -1;
}

class StreamsTest : public ::testing::Test {
 protected:
  std::unique_ptr<EvaluationStream> Open(size_t bytes, const CallOptions& options = {}) {
    return client_.EvaluateStream({.activation = "relu",
                                   .type = ElementType::kFloat32,
                                   .shape = {static_cast<int64_t>(bytes / sizeof(float))}},
                                  options);
  }

  RectifierdProcess server_;
  Client client_ = Client::Connect(server_.unix_target());
};

TEST_F(StreamsTest, ASlowReaderHoldsTheSenderBackInBoundedMemory) {
  constexpr size_t kTotal = 256 * kMebibyte;
  [[maybe_unused]] const int64_t before = StatusLine(server_.pid(), "VmRSS");
  const std::unique_ptr<EvaluationStream> stream = Open(kTotal);
  const std::vector<std::byte> chunk(kMebibyte);
  std::atomic<size_t> written = 0;
  std::thread writer([&] {
    while (written < kTotal && stream->Write({.input = chunk})) written += chunk.size();
    stream->WritesDone();
  });
  // Nothing is read: the sender must come to a halt. It has where a hundred scrapes see no change.
  size_t last = 0;
  for (int unchanged = 0; unchanged < 100; ++unchanged) {
    static_cast<void>(HttpGet(server_.metrics_address(), "/metrics"));
    if (written != last) unchanged = 0;
    last = written;
  }
  EXPECT_LT(last, 32 * kMebibyte);
  size_t read = 0;
  while (const std::optional<StreamedResult> result = stream->Read()) read += result->value.size();
  writer.join();
  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_EQ(read, kTotal);
#ifndef __SANITIZE_ADDRESS__  // which keeps what was freed
  EXPECT_LT(StatusLine(server_.pid(), "VmHWM") - before, 48 * 1024) << "of memory beyond the idle";
#endif
}

TEST_F(StreamsTest, ACallerThatVanishesLeavesNothingBehindAndCountsAsCancelled) {
  for (int i = 0; i < 30; ++i) {
    const std::unique_ptr<EvaluationStream> stream = Open(8 * kMebibyte);
    const std::vector<std::byte> chunk(kMebibyte);
    ASSERT_TRUE(stream->Write({.input = chunk}));
    ASSERT_TRUE(stream->Read().has_value());
  }  // cancelled
  EXPECT_TRUE(WaitUntilIdle(server_));
  // It does not count as one that sent too little.
  EXPECT_THAT(HttpGet(server_.metrics_address(), "/metrics").body,
              HasSubstr("grpc_server_handled_total{grpc_code=\"Canceled\",grpc_method="
                        "\"EvaluateStream\",grpc_service=\"rectifier.v1.ActivationService\","
                        "grpc_type=\"bidi_stream\"} 30"));
}

TEST_F(StreamsTest, ADeadlineEndsAStreamThatWaitsForItsCaller) {
  const std::unique_ptr<EvaluationStream> stream =
      Open(8 * kMebibyte, {.timeout = absl::Milliseconds(200)});
  while (stream->Read()) {
  }
  EXPECT_EQ(stream->Finish().code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_TRUE(WaitUntilIdle(server_));
}

}  // namespace
}  // namespace rectifier::testing
