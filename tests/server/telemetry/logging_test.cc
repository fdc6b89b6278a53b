#include "server/telemetry/logging.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rectifier {
namespace {

using ::testing::Eq;
using ::testing::Optional;

const absl::Time kTime = absl::FromUnixMillis(1'700'000'000'123);

TEST(LoggingTest, TextQuotesWhatWouldReadAmbiguously) {
  EXPECT_EQ(
      FormatEvent(LogFormat::kText, kTime, LogLevel::info, "serving",
                  {{"threads", 4}, {"plain", "a-b"}, {"spaced", "a b=\"c\"\n"}, {"none", ""}}),
      "2023-11-14T22:13:20.123Z info serving threads=4 plain=a-b "
      "spaced=\"a b=\\\"c\\\"\\n\" none=\"\"");
}

TEST(LoggingTest, JsonIsOneObjectInOrder) {
  EXPECT_EQ(FormatEvent(LogFormat::kJson, kTime, LogLevel::warn, "call slow",
                        {{"seconds", 1.5}, {"peer", "unix:"}}),
            R"({"time":"2023-11-14T22:13:20.123Z","level":"warning","event":"call slow",)"
            R"("seconds":1.5,"peer":"unix:"})");
}

TEST(LoggingTest, BytesThatAreNotUtf8AreReplaced) {
  for (const LogFormat format : {LogFormat::kText, LogFormat::kJson}) {
    const std::string line =
        FormatEvent(format, kTime, LogLevel::info, "call failed", {{"id", "\xff\n\x01"}});
    EXPECT_EQ(line.find('\n'), std::string::npos);
    EXPECT_EQ(line.find('\xff'), std::string::npos);
  }
}

TEST(LogLimiterTest, HoldsBackPastTheRateAndTellsHowMany) {
  LogLimiter limiter(/*events_per_second=*/2);
  EXPECT_THAT(limiter.Admit(kTime), Optional(Eq(0)));
  EXPECT_THAT(limiter.Admit(kTime), Optional(Eq(0)));
  EXPECT_EQ(limiter.Admit(kTime), std::nullopt);
  EXPECT_EQ(limiter.Admit(kTime + absl::Milliseconds(999)), std::nullopt);
  EXPECT_THAT(limiter.Admit(kTime + absl::Seconds(1)), Optional(Eq(2)));
  EXPECT_THAT(limiter.Admit(kTime + absl::Seconds(1)), Optional(Eq(0)));
}

}  // namespace
}  // namespace rectifier
