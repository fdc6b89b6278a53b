#include "server/channel_arguments.h"

#include <algorithm>
#include <limits>

#include "grpc/grpc.h"
#include "grpcpp/resource_quota.h"

namespace rectifier {
namespace {

// The share of --keepalive_min_time after which a ping is not too early.
constexpr double kPunctualPings = 0.9;
// How long the answer to a ping may take.
constexpr absl::Duration kPingTimeout = absl::Seconds(20);

int Milliseconds(absl::Duration duration) {
  return static_cast<int>(absl::ToInt64Milliseconds(duration));
}

// What stands for zero, too.
int OrNever(absl::Duration duration) {
  return duration > absl::ZeroDuration() ? Milliseconds(duration) : std::numeric_limits<int>::max();
}

// gRPC stops after two pings in a row where it may send only so many without data, and a peer that
// vanishes later would stay.
void SetPings(const Options& options, grpc::ServerBuilder& builder) {
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, OrNever(options.keepalive_time));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS,
                             OrNever(std::min(options.keepalive_time, kPingTimeout)));
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
}

// gRPC measures from one ping's arrival to the next one's, so that it hangs up on a client that
// sends them regularly over a network that does not deliver them regularly.
void SetPingsOfClients(const Options& options, grpc::ServerBuilder& builder) {
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                             Milliseconds(options.keepalive_min_time * kPunctualPings));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS,
                             options.keepalive_permit_without_calls ? 1 : 0);
}

void SetConnectionBounds(const Options& options, grpc::ServerBuilder& builder) {
  builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS,
                             Milliseconds(options.handshake_timeout));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, options.max_http2_streams);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE,
                             static_cast<int>(options.max_metadata_bytes));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS, OrNever(options.max_connection_idle));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS, OrNever(options.max_connection_age));
}

// gRPC ends any call where the bound is exceeded, those in progress included, whose requests count.
// So calls in progress leave as much again to those that are arriving, which are to hear from
// Admission that there are too many, and when to come back.
int64_t ReceiveBound(const Options& options) {
  if (options.max_receive_bytes > 0) return options.max_receive_bytes;
  return std::max(kLeastReceiveBytes, 2 * options.limits.max_inflight_bytes);
}

void SetReceiveBound(const Options& options, grpc::ServerBuilder& builder) {
  builder.SetResourceQuota(
      grpc::ResourceQuota("rectifierd").Resize(static_cast<size_t>(ReceiveBound(options))));
}

// gRPC refuses a compressed message before it inflates it, where its algorithm is switched off.
void SetCompression(const Options& options, grpc::ServerBuilder& builder) {
  for (const auto algorithm : {GRPC_COMPRESS_DEFLATE, GRPC_COMPRESS_GZIP}) {
    builder.SetCompressionAlgorithmSupportStatus(algorithm, options.allow_compression);
  }
}

}  // namespace

void SetChannelArguments(const Options& options, grpc::ServerBuilder& builder) {
  SetPings(options, builder);
  SetPingsOfClients(options, builder);
  SetConnectionBounds(options, builder);
  SetCompression(options, builder);
  builder.SetMaxReceiveMessageSize(static_cast<int>(options.limits.max_message_bytes));
  builder.SetMaxSendMessageSize(-1);  // EvaluateHandler checks a reply before it computes it
  SetReceiveBound(options, builder);
}

}  // namespace rectifier
