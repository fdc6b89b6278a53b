// The metrics of the real server, scraped over HTTP as Prometheus does.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "tests/integration/http.h"
#include "tests/integration/long_call.h"
#include "tests/integration/wait_for_series.h"
#include "tests/support/evaluate.h"
#include "tests/support/raw_call.h"
#include "tests/support/raw_stream.h"
#include "tests/support/rectifierd_process.h"

namespace rectifier::testing {
namespace {

using ::testing::Gt;
using ::testing::HasSubstr;
using ::testing::Not;

class MetricsEndpointTest : public ::testing::Test {
 protected:
  double Scrape(const std::string& series) {
    return SeriesValue(HttpGet(server_.metrics_address(), "/metrics").body, series);
  }

  static std::string OfMethod(const std::string& name, const std::string& method,
                              const std::string& first_label = "") {
    return name + "{" + first_label + "grpc_method=\"" + method +
           "\",grpc_service=\"rectifier.v1.ActivationService\",grpc_type=\"unary\"}";
  }

  RectifierdProcess server_;
};

TEST_F(MetricsEndpointTest, MatchTheCallsMade) {
  const auto channel = Connect(server_.unix_target());
  v1::EvaluateRequest request = Ones("gelu", 100);
  request.mutable_evaluations(0)->add_quantities(v1::QUANTITY_VALUE);
  request.mutable_evaluations(0)->add_quantities(v1::QUANTITY_GRADIENT);
  size_t sent = 0;
  for (int i = 0; i < 3; ++i) {
    const Outcome outcome = Evaluate(channel, request);
    ASSERT_TRUE(outcome.status.ok()) << outcome.status.error_message();
    sent += outcome.response.ByteSizeLong();
  }
  const v1::EvaluateRequest bad = Ones("no_such_activation", 1);
  ASSERT_FALSE(Evaluate(channel, bad).status.ok());

  EXPECT_EQ(Scrape(OfMethod("grpc_server_started_total", "Evaluate")), 4);
  EXPECT_EQ(Scrape(OfMethod("grpc_server_msg_received_total", "Evaluate")), 4);
  EXPECT_EQ(Scrape(OfMethod("grpc_server_msg_sent_total", "Evaluate")), 3);
  EXPECT_EQ(Scrape(OfMethod("grpc_server_handled_total", "Evaluate", "grpc_code=\"OK\",")), 3);
  EXPECT_EQ(
      Scrape(OfMethod("grpc_server_handled_total", "Evaluate", "grpc_code=\"InvalidArgument\",")),
      1);
  EXPECT_EQ(Scrape(OfMethod("grpc_server_handling_seconds_count", "Evaluate")), 4);
  EXPECT_THAT(Scrape(OfMethod("grpc_server_handling_seconds_sum", "Evaluate")), Gt(0));
  for (const char* quantity : {"value", "gradient"}) {
    const std::string labels =
        std::string("{activation=\"gelu\",element_type=\"float32\",quantity=\"") + quantity + "\"}";
    EXPECT_EQ(Scrape("rectifier_evaluations_total" + labels), 3);
    EXPECT_EQ(Scrape("rectifier_elements_total" + labels), 300);
    EXPECT_THAT(Scrape("rectifier_compute_seconds_total" + labels), Gt(0));
  }
  EXPECT_EQ(Scrape("rectifier_phase_seconds_count{phase=\"decode\"}"), 4);
  EXPECT_EQ(Scrape("rectifier_phase_seconds_count{phase=\"queue\"}"), 3);
  EXPECT_EQ(Scrape("rectifier_phase_seconds_count{phase=\"compute\"}"), 3);
  EXPECT_EQ(Scrape("rectifier_phase_seconds_count{phase=\"encode\"}"), 3);
  EXPECT_EQ(Scrape("rectifier_payload_bytes_total{direction=\"received\",transport=\"unix\"}"),
            static_cast<double>(3 * request.ByteSizeLong() + bad.ByteSizeLong()));
  EXPECT_EQ(Scrape("rectifier_payload_bytes_total{direction=\"sent\",transport=\"unix\"}"),
            static_cast<double>(sent));
  EXPECT_EQ(Scrape("rectifier_payload_bytes_total{direction=\"sent\",transport=\"tcp\"}"), 0);
  EXPECT_EQ(Scrape("rectifier_inflight_calls"), 0);
}

TEST_F(MetricsEndpointTest, OfAnIdleServerAreShort) {
  const std::string body = HttpGet(server_.metrics_address(), "/metrics").body;
  EXPECT_THAT(body, Not(HasSubstr("activation=")));
  EXPECT_LE(body.size(), 40'000u);
}

TEST_F(MetricsEndpointTest, BucketsHaveTheirNominalBounds) {
  const std::string body = HttpGet(server_.metrics_address(), "/metrics").body;
  for (const char* bound : {"1e-05", "0.0001", "0.0006", "0.065", "0.1", "100"}) {
    EXPECT_EQ(
        SeriesValue(body, std::string("rectifier_phase_seconds_bucket{phase=\"decode\",le=\"") +
                              bound + "\"}"),
        0)
        << bound;
  }
}

TEST_F(MetricsEndpointTest, TellTransportsApart) {
  ASSERT_TRUE(Evaluate(Connect(server_.tcp_target()), Ones("relu", 1)).status.ok());
  EXPECT_THAT(Scrape("rectifier_payload_bytes_total{direction=\"received\",transport=\"tcp\"}"),
              Gt(0));
  EXPECT_EQ(Scrape("rectifier_payload_bytes_total{direction=\"received\",transport=\"unix\"}"), 0);
}

TEST_F(MetricsEndpointTest, CountUnknownMethodsAsOther) {
  const auto channel = Connect(server_.unix_target());
  const RawReply reply = CallRaw(channel, "/rectifier.v1.ActivationService/Rectify", "");
  EXPECT_EQ(reply.status.error_code(), grpc::StatusCode::UNIMPLEMENTED);
  EXPECT_THAT(reply.status.error_message(), HasSubstr("/rectifier.v1.ActivationService/Rectify"));
  EXPECT_EQ(Scrape("grpc_server_handled_total{grpc_code=\"Unimplemented\",grpc_method=\"other\","
                   "grpc_service=\"other\",grpc_type=\"other\"}"),
            1);
}

TEST_F(MetricsEndpointTest, CountCallsWhoseMessageNeverComes) {
  for (const char* method : {"GetServerInfo", "ListActivations"}) {
    {
      const RawStream left(Connect(server_.unix_target()),
                           std::string("/rectifier.v1.ActivationService/") + method);
      EXPECT_TRUE(WaitForSeries(server_, OfMethod("grpc_server_started_total", method), 1));
    }
    EXPECT_TRUE(WaitForSeries(
        server_, OfMethod("grpc_server_handled_total", method, "grpc_code=\"Canceled\","), 1));
  }
}

TEST_F(MetricsEndpointTest, TellAboutTheProcess) {
  EXPECT_THAT(Scrape("process_resident_memory_bytes"), Gt(1 << 20));
  EXPECT_THAT(Scrape("process_open_fds"), Gt(3));
  EXPECT_THAT(Scrape("process_max_fds"), Gt(3));
  EXPECT_THAT(Scrape("process_threads"), Gt(1));
  EXPECT_THAT(Scrape("process_start_time_seconds"), Gt(1.6e9));
  EXPECT_GE(Scrape("process_cpu_seconds_total"), 0);
}

TEST_F(MetricsEndpointTest, AnswersHealthzAndNothingElse) {
  const HttpReply healthz = HttpGet(server_.metrics_address(), "/healthz");
  EXPECT_EQ(healthz.status, 200);
  EXPECT_EQ(healthz.body, "ok\n");
  EXPECT_EQ(HttpGet(server_.metrics_address(), "/").status, 404);
  EXPECT_EQ(HttpGet(server_.metrics_address(), "/etc/passwd").status, 404);
}

// What a dashboard divides to say how full the server is.
TEST(LoadMetricsTest, TellWhatIsInUseBesideItsLimit) {
  RectifierdProcess server({"--max_inflight_calls=70", "--max_inflight_bytes=600MiB",
                            "--max_streams=7", "--max_buffer_bytes=512MiB", "--threads=3",
                            "--memory_bytes=9GiB", "--drain_delay=1h"});
  const auto scrape = [&server](const std::string& series) {
    return SeriesValue(HttpGet(server.metrics_address(), "/metrics").body, series);
  };
  EXPECT_EQ(scrape("rectifier_inflight_calls_limit"), 70);
  EXPECT_EQ(scrape("rectifier_inflight_bytes_limit"), 600.0 * (1 << 20));
  EXPECT_EQ(scrape("rectifier_streams_limit"), 7);
  EXPECT_EQ(scrape("rectifier_shared_buffer_bytes_limit"), 512.0 * (1 << 20));
  EXPECT_EQ(scrape("rectifier_engine_threads"), 3);
  EXPECT_EQ(scrape("rectifier_memory_limit_bytes"), 9.0 * (1 << 30));
  EXPECT_EQ(scrape("rectifier_streams"), 0);
  EXPECT_EQ(scrape("rectifier_engine_calls"), 0);
  EXPECT_EQ(scrape("rectifier_ready"), 1);
  {
    const RawStream stream(Connect(server.unix_target()),
                           "/rectifier.v1.ActivationService/EvaluateStream");
    EXPECT_TRUE(WaitForSeries(server, "rectifier_streams", 1));
    LongCall call(server);
    EXPECT_TRUE(WaitForSeries(server, "rectifier_engine_calls", 1));
    call.Cancel();
    EXPECT_EQ(call.Wait(), grpc::StatusCode::CANCELLED);
  }
  server.Signal(SIGTERM);
  ASSERT_FALSE(server.WaitForEvent("draining").is_null());
  const absl::Time end = absl::Now() + absl::Minutes(1);
  while (scrape("rectifier_ready") != 0) ASSERT_LT(absl::Now(), end);
}

TEST(MetricsListenTest, EmptyTurnsTheEndpointOff) {
  RectifierdProcess server({"--metrics_listen="});
  EXPECT_EQ(server.metrics_address(), "");
  EXPECT_TRUE(Evaluate(Connect(server.unix_target()), Ones("relu", 1)).status.ok());
}

TEST_F(MetricsEndpointTest, HalfSentRequestsHoldUpNobody) {
  std::vector<int> halves;
  for (int i = 0; i < 20; ++i) {
    halves.push_back(HttpSend(server_.metrics_address(), "GET /metrics HTTP/1.1\r\nHost:"));
  }
  const absl::Time start = absl::Now();
  EXPECT_EQ(HttpGet(server_.metrics_address(), "/healthz").body, "ok\n");
  EXPECT_EQ(HttpGet(server_.metrics_address(), "/metrics").status, 200);
  EXPECT_LT(absl::Now() - start, absl::Seconds(1));
  for (const int half : halves) close(half);
}

}  // namespace
}  // namespace rectifier::testing
