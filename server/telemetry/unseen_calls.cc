#include "server/telemetry/unseen_calls.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>

#include "absl/strings/numbers.h"
#include "grpc/grpc.h"
#include "grpc/support/alloc.h"
#include "nlohmann/json.hpp"
#include "server/telemetry/single_metric.h"

namespace rectifier {
namespace {

using Json = nlohmann::json;

// What gRPC gives as text that the caller frees; null where it gives nothing.
Json Parse(char* text) {
  const std::unique_ptr<char, decltype(&gpr_free)> owned(text, gpr_free);
  return owned == nullptr ? Json() : Json::parse(text, nullptr, /*allow_exceptions=*/false);
}

// A number of 64 bits, which is text in protobuf's JSON, and left out where it is zero.
int64_t NumberAt(const Json& json, const char* path) {
  int64_t number = 0;
  const Json::json_pointer place(path);
  if (!json.contains(place) || !json.at(place).is_string()) return 0;
  return absl::SimpleAtoi(json.at(place).get<std::string>(), &number) ? number : 0;
}

// Nothing where the server is gone.
std::optional<int64_t> CallsBegun(int64_t server) {
  const Json json = Parse(grpc_channelz_get_server(server));
  if (!json.contains("server")) return std::nullopt;
  return NumberAt(json, "/server/data/callsStarted");
}

}  // namespace

// gRPC gives a hundred of them at a time, in the order in which they were made.
void UnseenCalls::FindServer() {
  int64_t newest = 0;
  for (bool has_more = true; has_more;) {
    has_more = false;
    const Json json = Parse(grpc_channelz_get_servers(newest + 1));
    if (!json.contains("server")) break;
    for (const Json& server : json.at("server")) {
      newest = std::max(newest, NumberAt(server, "/ref/serverId"));
      has_more = !json.contains("end");
    }
  }
  server_ = newest;
}

// What has come is asked last, so that it lacks no call that gRPC has counted and handed over.
std::vector<prometheus::MetricFamily> UnseenCalls::Collect() const {
  const int64_t server = server_;
  if (server == 0) return {};
  const std::optional<int64_t> begun = CallsBegun(server);
  if (!begun.has_value()) return {};
  return {SingleMetric("rectifier_calls_not_handed_over",
                       "Calls that gRPC has taken and not handed over to a method: those that it "
                       "has answered by itself since the start, those of channelz, and those that "
                       "arrive just now.",
                       prometheus::MetricType::Gauge,
                       static_cast<double>(std::max<int64_t>(*begun - seen_(), 0)))};
}

}  // namespace rectifier
