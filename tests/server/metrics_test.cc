#include "server/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <vector>

#include "core/spec.h"
#include "prometheus/text_serializer.h"

namespace rectifier {
namespace {

using ::testing::HasSubstr;

class MetricsTest : public ::testing::Test {
 protected:
  std::string Text() const {
    return prometheus::TextSerializer().Serialize(metrics_.registry()->Collect());
  }
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
        "rectifier_evaluations_total{activation=\"gelu\",element_type=\"bfloat16\",quantity="
        "\"second_derivative\"} 0",
        "rectifier_elements_total{activation=\"softmax\",element_type=\"float64\",quantity="
        "\"gradient\"} 0",
        "rectifier_compute_seconds_total{activation=\"prelu\",element_type=\"float32\",quantity="
        "\"parameter_gradient\"} 0",
        "rectifier_payload_bytes_total{direction=\"sent\",transport=\"unix\"} 0",
        "rectifier_inflight_calls 0", "rectifier_inflight_bytes 0", "rectifier_shared_buffers 0",
        "rectifier_shared_buffer_bytes 0", "rectifier_rejected_total{reason=\"inflight_bytes\"} 0",
        "version=\"1.2.3\"} 1"}) {
    EXPECT_THAT(text, HasSubstr(series));
  }
}

TEST_F(MetricsTest, QuantitiesThatAreNotOfferedHaveNoSeries) {
  EXPECT_THAT(Text(), ::testing::Not(HasSubstr("activation=\"softmax\",element_type=\"float32\","
                                               "quantity=\"second_derivative\"")));
}

TEST_F(MetricsTest, ScopeCountsACallOnce) {
  CallScope scope(metrics_.evaluate(), metrics_.inflight_calls());
  EXPECT_EQ(metrics_.inflight_calls()->Value(), 1);
  EXPECT_EQ(metrics_.evaluate().started->Value(), 1);
  EXPECT_EQ(metrics_.evaluate().handled[grpc::StatusCode::OK]->Value(), 0);
  scope.CountReceived();
  scope.CountSent();
  scope.Close(grpc::StatusCode::OK);
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
