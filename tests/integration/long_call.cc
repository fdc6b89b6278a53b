#include "tests/integration/long_call.h"

#include <string>

#include "absl/time/clock.h"
#include "tests/integration/http.h"
#include "tests/support/evaluate.h"

namespace rectifier::testing {
namespace {

// Asks again until the server counts `calls` in flight.
bool WaitForInflightCalls(RectifierdProcess& server, double calls) {
  const absl::Time end = absl::Now() + absl::Minutes(1);
  while (absl::Now() < end) {
    const std::string metrics = HttpGet(server.metrics_address(), "/metrics").body;
    if (SeriesValue(metrics, "rectifier_inflight_calls") == calls) return true;
  }
  return false;
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
  WaitForInflightCalls(server, 1);
}

bool WaitUntilIdle(RectifierdProcess& server) { return WaitForInflightCalls(server, 0); }

}  // namespace rectifier::testing
