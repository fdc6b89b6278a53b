#include "client/cpp/client/channel_arguments.h"

#include <grpc/impl/codegen/grpc_types.h>

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace rectifier::client {
namespace {

constexpr int kUnlimited = -1;

// A request that is larger is not tried again. It is kept by reference, not copied.
constexpr int kRetryBufferBytes = 1 << 30;

// This notices a machine that has vanished. The server allows a ping every 5 s.
constexpr int kPingMilliseconds = 30'000;
constexpr int kPongMilliseconds = 20'000;

std::string ServiceConfig(const std::string& target, int attempts) {
  if (attempts < 2 && absl::StartsWith(target, "unix:")) return "{}";
  const std::string balancing = R"("loadBalancingConfig": [{"round_robin": {}}])";
  if (attempts < 2) return absl::StrCat("{", balancing, "}");
  return absl::StrCat("{", balancing, R"(,
    "methodConfig": [{
      "name": [{"service": "rectifier.v1.ActivationService"}],
      "retryPolicy": {
        "maxAttempts": )",
                      attempts, R"(,
        "initialBackoff": "0.1s", "maxBackoff": "2s", "backoffMultiplier": 2,
        "retryableStatusCodes": ["UNAVAILABLE", "RESOURCE_EXHAUSTED"]
      }
    }]
  })");
}

}  // namespace

grpc::ChannelArguments MakeChannelArguments(const std::string& target, int attempts) {
  grpc::ChannelArguments arguments;
  // The server's limits hold, not gRPC's default of 4 MiB.
  arguments.SetMaxReceiveMessageSize(kUnlimited);
  arguments.SetMaxSendMessageSize(kUnlimited);
  arguments.SetServiceConfigJSON(ServiceConfig(target, attempts));
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, attempts > 1 ? 1 : 0);
  arguments.SetInt(GRPC_ARG_PER_RPC_RETRY_BUFFER_SIZE, kRetryBufferBytes);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kPingMilliseconds);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kPongMilliseconds);
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  return arguments;
}

}  // namespace rectifier::client
