#include "server/telemetry/http_metrics.h"

#include <string>

namespace rectifier {
namespace {

// Those that the server gives; any other counts as "other".
constexpr int kStatuses[] = {200, 204, 400, 401, 403, 404, 405, 409, 413, 415,
                             421, 429, 431, 499, 500, 501, 503, 504, 505};

}  // namespace

HttpMetrics::HttpMetrics(prometheus::Registry& registry, double limit) {
  auto& responses = prometheus::BuildCounter()
                        .Name("rectifier_http_responses_total")
                        .Help("Responses of --http_listen, by HTTP status.")
                        .Register(registry);
  for (const int status : kStatuses) {
    responses_[status] = &responses.Add({{"status", std::to_string(status)}});
  }
  other_responses_ = &responses.Add({{"status", "other"}});
  held_bytes_ = &prometheus::BuildGauge()
                     .Name("rectifier_http_bytes")
                     .Help("Bytes of requests and responses that connections of HTTP hold.")
                     .Register(registry)
                     .Add({});
  prometheus::BuildGauge()
      .Name("rectifier_http_bytes_limit")
      .Help("The most bytes that connections of HTTP may hold.")
      .Register(registry)
      .Add({})
      .Set(limit);
}

void HttpMetrics::CountResponse(int status) const {
  const auto known = responses_.find(status);
  (known == responses_.end() ? other_responses_ : known->second)->Increment();
}

}  // namespace rectifier
