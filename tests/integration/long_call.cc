#include "tests/integration/long_call.h"

#include <chrono>

#include "absl/time/clock.h"
#include "tests/integration/http.h"
#include "tests/support/evaluate.h"

namespace rectifier::testing {
namespace {

double InflightBytes(RectifierdProcess& server) {
  return SeriesValue(HttpGet(server.metrics_address(), "/metrics").body,
                     "rectifier_inflight_bytes");
}

}  // namespace

v1::EvaluateRequest LongRequest() {
  v1::EvaluateRequest request = Ones("logsumexp", 1 << 22);
  for (int i = 1; i < 1000; ++i) *request.add_evaluations() = request.evaluations(0);
  return request;
}

LongCall::LongCall(RectifierdProcess& server, absl::Duration timeout) {
  context_.set_deadline(absl::ToChronoTime(absl::Now() + timeout));
  status_ = std::async(std::launch::async, [this, target = server.unix_target()] {
    return v1::ActivationService::NewStub(Connect(target))
        ->Evaluate(&context_, LongRequest(), &response_);
  });
  const auto has_ended = [this] {
    return status_.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
  };
  while (InflightBytes(server) == 0 && !has_ended()) {
  }
}

bool WaitUntilIdle(RectifierdProcess& server) {
  const absl::Time end = absl::Now() + absl::Minutes(1);
  while (absl::Now() < end) {
    if (InflightBytes(server) == 0) return true;
  }
  return false;
}

}  // namespace rectifier::testing
