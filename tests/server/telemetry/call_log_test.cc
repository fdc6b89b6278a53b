#include "server/telemetry/call_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <sstream>
#include <string>

#include "grpcpp/server_context.h"
#include "spdlog/sinks/ostream_sink.h"
#include "spdlog/spdlog.h"

namespace rectifier {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

class CallLogTest : public ::testing::Test {
 protected:
  CallLogTest() {
    const auto sink = std::make_shared<spdlog::sinks::ostream_sink_mt>(lines_);
    spdlog::set_default_logger(std::make_shared<spdlog::logger>("test", sink));
  }
  ~CallLogTest() override { spdlog::set_default_logger(before_); }

  std::string lines() const { return lines_.str(); }

  CallLog log_{absl::Seconds(1)};
  const grpc::ServerContext context_;

 private:
  const std::shared_ptr<spdlog::logger> before_ = spdlog::default_logger();
  std::ostringstream lines_;
};

TEST_F(CallLogTest, IsSilentAboutCallsThatAreFastAndSucceed) {
  log_.Record("Evaluate", context_, "unix:", "anonymous", absl::OkStatus(), absl::Milliseconds(999),
              absl::Milliseconds(999));
  EXPECT_THAT(lines(), IsEmpty());
}

TEST_F(CallLogTest, RecordsCallsThatAreSlow) {
  log_.Record("Evaluate", context_, "unix:", "alice", absl::OkStatus(), absl::Seconds(1),
              absl::Seconds(1));
  EXPECT_THAT(lines(), HasSubstr("call slow method=Evaluate code=OK seconds=1"));
  EXPECT_THAT(lines(), HasSubstr("peer=unix: caller=alice"));
}

TEST_F(CallLogTest, RecordsCallsThatFail) {
  log_.Record("Evaluate", context_, "unix:", "anonymous", absl::InvalidArgumentError("why"),
              absl::ZeroDuration(), absl::ZeroDuration());
  EXPECT_THAT(lines(), HasSubstr("call failed method=Evaluate code=InvalidArgument"));
  EXPECT_THAT(lines(), HasSubstr("message=why"));
}

TEST_F(CallLogTest, JudgesAStreamByAnotherTimeThanItsLength) {
  log_.Record("EvaluateStream", context_, "unix:", "anonymous", absl::OkStatus(), absl::Hours(1),
              absl::Milliseconds(1));
  EXPECT_THAT(lines(), IsEmpty());
  log_.Record("EvaluateStream", context_, "unix:", "anonymous", absl::OkStatus(), absl::Hours(1),
              absl::Seconds(2));
  EXPECT_THAT(lines(), HasSubstr("call slow method=EvaluateStream code=OK seconds=3600"));
}

}  // namespace
}  // namespace rectifier
