#include "server/telemetry/metrics_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <memory>
#include <string>

#include "prometheus/counter.h"
#include "prometheus/gauge.h"
#include "prometheus/histogram.h"
#include "prometheus/registry.h"

namespace rectifier {
namespace {

using ::testing::HasSubstr;

std::string GaugeLine(double value) {
  prometheus::Registry registry;
  prometheus::BuildGauge().Name("g").Register(registry).Add({}).Set(value);
  const std::string text = MetricsText(registry.Collect());
  return text.substr(text.rfind("\ng ") + 3);
}

TEST(MetricsTextTest, WritesNumbersWithTheFewestDigitsThatReadBack) {
  EXPECT_EQ(GaugeLine(6e-4), "0.0006\n");
  EXPECT_EQ(GaugeLine(1e-5), "1e-05\n");
  EXPECT_EQ(GaugeLine(0.1), "0.1\n");
  EXPECT_EQ(GaugeLine(0.1 + 0.2), "0.30000000000000004\n");
  EXPECT_EQ(GaugeLine(0), "0\n");
  EXPECT_EQ(GaugeLine(-3), "-3\n");
  EXPECT_EQ(GaugeLine(1073741824), "1073741824\n");
  EXPECT_EQ(GaugeLine(std::numeric_limits<double>::infinity()), "+Inf\n");
  EXPECT_EQ(GaugeLine(-std::numeric_limits<double>::infinity()), "-Inf\n");
  EXPECT_EQ(GaugeLine(std::numeric_limits<double>::quiet_NaN()), "NaN\n");
}

TEST(MetricsTextTest, WritesFamiliesWithHelpTypeAndLabels) {
  prometheus::Registry registry;
  prometheus::BuildCounter()
      .Name("calls_total")
      .Help("Calls.\nTwo \\ lines.")
      .Register(registry)
      .Add({{"method", "a\"b\\c\nd"}, {"code", "OK"}})
      .Increment(2);
  EXPECT_EQ(MetricsText(registry.Collect()),
            "# HELP calls_total Calls.\\nTwo \\\\ lines.\n"
            "# TYPE calls_total counter\n"
            "calls_total{code=\"OK\",method=\"a\\\"b\\\\c\\nd\"} 2\n");
}

TEST(MetricsTextTest, WritesHistogramsWithTheirBuckets) {
  prometheus::Registry registry;
  auto& histogram = prometheus::BuildHistogram().Name("s").Register(registry).Add(
      {}, prometheus::Histogram::BucketBoundaries{6e-4, 1});
  histogram.Observe(0.5);
  histogram.Observe(0.25);
  histogram.Observe(2);
  EXPECT_THAT(MetricsText(registry.Collect()), HasSubstr("# TYPE s histogram\n"
                                                         "s_count 3\n"
                                                         "s_sum 2.75\n"
                                                         "s_bucket{le=\"0.0006\"} 0\n"
                                                         "s_bucket{le=\"1\"} 2\n"
                                                         "s_bucket{le=\"+Inf\"} 3\n"));
}

}  // namespace
}  // namespace rectifier
