#include "server/telemetry/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/barrier.h"
#include "core/spec.h"
#include "server/telemetry/metrics_text.h"

namespace rectifier {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class MetricsTest : public ::testing::Test {
 protected:
  std::string Text() const { return MetricsText(metrics_.registry()->Collect()); }
  static Job JobOf(absl::string_view activation, ElementType type, int64_t elements,
                   std::initializer_list<Quantity> quantities) {
    Job job;
    job.evaluation.activation = *Catalogue::Best().Find(activation);
    job.evaluation.type = type;
    job.evaluation.elements = elements;
    for (const Quantity quantity : quantities) {
      job.evaluation.outputs.emplace_back().quantity = quantity;
    }
    return job;
  }

  const Metrics metrics_{Catalogue::Best(), "1.2.3"};
};

TEST_F(MetricsTest, SeriesExistAtZeroFromTheStart) {
  const std::string text = Text();
  for (const char* series :
       {"grpc_server_started_total{grpc_method=\"Evaluate\",grpc_service=\"rectifier.v1."
        "ActivationService\",grpc_type=\"unary\"} 0",
        "grpc_server_handled_total{grpc_code=\"InvalidArgument\",grpc_method=\"Evaluate\"",
        "grpc_server_handling_seconds_bucket{grpc_method=\"GetServerInfo\"", "le=\"1e-05\"} 0",
        "le=\"100\"} 0", "rectifier_phase_seconds_count{phase=\"compute\"} 0",
        "rectifier_payload_bytes_total{direction=\"sent\",transport=\"unix\"} 0",
        "rectifier_inflight_calls 0", "rectifier_inflight_bytes 0", "rectifier_shared_buffers 0",
        "rectifier_shared_buffer_bytes 0", "rectifier_rejected_total{reason=\"inflight_bytes\"} 0",
        "version=\"1.2.3\"} 1"}) {
    EXPECT_THAT(text, HasSubstr(series));
  }
}

TEST_F(MetricsTest, SeriesOfAnActivationAppearWithItsFirstUse) {
  constexpr char kSeries[] =
      "rectifier_evaluations_total{activation=\"gelu\",element_type=\"float64\",quantity="
      "\"value\"}";
  EXPECT_THAT(Text(), Not(HasSubstr("activation=")));
  const std::vector<Job> jobs = {JobOf("gelu", ElementType::kFloat64, 10, {Quantity::kValue})};
  metrics_.CountJobs(jobs, absl::Seconds(1));
  EXPECT_THAT(Text(), AllOf(HasSubstr(std::string(kSeries) + " 1\n"),
                            Not(HasSubstr("quantity=\"gradient\"")), Not(HasSubstr("relu"))));
  metrics_.CountJobs(jobs, absl::Seconds(1));
  EXPECT_THAT(Text(), HasSubstr(std::string(kSeries) + " 2\n"));
}

TEST_F(MetricsTest, ThreadsThatUseAnActivationFirstAtOnceAllCount) {
  constexpr int kThreads = 8;
  absl::Barrier* const barrier = new absl::Barrier(kThreads);
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([this, barrier] {
      const std::vector<Job> jobs = {JobOf("relu", ElementType::kFloat32, 1, {Quantity::kValue})};
      if (barrier->Block()) delete barrier;
      metrics_.CountJobs(jobs, absl::Seconds(1));
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(Text(), HasSubstr("rectifier_evaluations_total{activation=\"relu\",element_type="
                                "\"float32\",quantity=\"value\"} 8\n"));
}

TEST_F(MetricsTest, NoNumberHasDigitsOfRounding) {
  EXPECT_THAT(Text(), AllOf(HasSubstr("le=\"0.0006\""), Not(HasSubstr("999999")),
                            Not(HasSubstr("000000"))));
}

TEST_F(MetricsTest, UnknownMethodsAreCountedTogether) {
  metrics_.CountUnknownMethod();
  EXPECT_THAT(Text(),
              AllOf(HasSubstr("grpc_server_started_total{grpc_method=\"other\",grpc_service="
                              "\"other\",grpc_type=\"other\"} 1\n"),
                    HasSubstr("grpc_server_handled_total{grpc_code=\"Unimplemented\",grpc_"
                              "method=\"other\",grpc_service=\"other\",grpc_type=\"other\"}"
                              " 1\n")));
}

// Codes that calls can end with, so that a rate of errors is right from the first one on.
TEST_F(MetricsTest, EveryServedCodeHasItsSeriesFromTheStart) {
  for (const grpc::StatusCode code : kServedCodes) {
    ASSERT_NE(metrics_.evaluate().handled[code], nullptr) << code;
    EXPECT_EQ(metrics_.evaluate().handled[code]->Value(), 0);
  }
}

TEST_F(MetricsTest, ScopeCountsACallOnceAndIsInFlightUntilItGoes) {
  {
    CallScope scope(metrics_.evaluate(), metrics_.inflight_calls());
    EXPECT_EQ(metrics_.evaluate().started->Value(), 1);
    EXPECT_EQ(metrics_.evaluate().handled[grpc::StatusCode::OK]->Value(), 0);
    scope.CountReceived();
    scope.CountSent();
    scope.Close(grpc::StatusCode::OK);
    EXPECT_EQ(metrics_.inflight_calls()->Value(), 1) << "its reply is on its way";
  }
  EXPECT_EQ(metrics_.inflight_calls()->Value(), 0);
  EXPECT_EQ(metrics_.evaluate().handled[grpc::StatusCode::OK]->Value(), 1);
  EXPECT_EQ(metrics_.evaluate().received->Value(), 1);
  EXPECT_EQ(metrics_.evaluate().sent->Value(), 1);
  EXPECT_EQ(metrics_.evaluate().seconds->Collect().histogram.sample_count, 1u);
}

TEST_F(MetricsTest, ComputeTimeIsSharedOutByElementsAndQuantities) {
  const std::vector<Job> jobs = {
      JobOf("relu", ElementType::kFloat32, 30, {Quantity::kValue, Quantity::kGradient}),
      JobOf("gelu", ElementType::kFloat64, 10, {Quantity::kValue})};
  metrics_.CountJobs(jobs, absl::Seconds(8));
  const std::string text = Text();
  for (const char* series :
       {"rectifier_compute_seconds_total{activation=\"relu\",element_type=\"float32\",quantity="
        "\"value\"} 3\n",
        "rectifier_compute_seconds_total{activation=\"relu\",element_type=\"float32\",quantity="
        "\"gradient\"} 3\n",
        "rectifier_compute_seconds_total{activation=\"gelu\",element_type=\"float64\",quantity="
        "\"value\"} 2\n",
        "rectifier_elements_total{activation=\"relu\",element_type=\"float32\",quantity=\"value\"}"
        " 30\n",
        "rectifier_evaluations_total{activation=\"gelu\",element_type=\"float64\",quantity="
        "\"value\"} 1\n"}) {
    EXPECT_THAT(text, HasSubstr(series));
  }
}

TEST_F(MetricsTest, JobsWithoutElementsAreCountedWithoutTime) {
  metrics_.CountJobs({JobOf("relu", ElementType::kFloat32, 0, {Quantity::kValue})},
                     absl::Seconds(1));
  EXPECT_THAT(Text(), HasSubstr("rectifier_evaluations_total{activation=\"relu\",element_type="
                                "\"float32\",quantity=\"value\"} 1\n"));
}

}  // namespace
}  // namespace rectifier
