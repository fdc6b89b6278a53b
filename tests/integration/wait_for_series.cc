#include "tests/integration/wait_for_series.h"

#include "absl/time/clock.h"
#include "tests/integration/http.h"

namespace rectifier::testing {

bool WaitForSeries(const RectifierdProcess& server, const std::string& series, double value) {
  const absl::Time end = absl::Now() + absl::Minutes(1);
  while (absl::Now() < end) {
    const std::string metrics = HttpGet(server.metrics_address(), "/metrics").body;
    if (SeriesValue(metrics, series) >= value) return true;
  }
  return false;
}

}  // namespace rectifier::testing
