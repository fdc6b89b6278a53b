#include "server/health_server.h"

#include <chrono>

#include "absl/strings/str_cat.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server_builder.h"
#include "server/posix/listen_address.h"
#include "server/telemetry/logging.h"

namespace rectifier {
namespace {

// A question about health has a name in it, and strangers may ask.
constexpr int kMaxQuestionBytes = 4096;
constexpr int kMaxStreams = 16;
constexpr int kHandshakeTimeoutMs = 5'000;
constexpr int kMaxIdleMs = 60'000;

void SetArguments(grpc::ServerBuilder* builder) {
  builder->AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder->AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, kHandshakeTimeoutMs);
  builder->AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS, kMaxIdleMs);
  builder->AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kMaxStreams);
  builder->SetMaxReceiveMessageSize(kMaxQuestionBytes);
  builder->SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_GZIP, false);
  builder->SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_DEFLATE, false);
}

}  // namespace

absl::StatusOr<std::unique_ptr<HealthServer>> HealthServer::Start(const std::string& address,
                                                                  Health& health,
                                                                  CallWatch& watch) {
  std::unique_ptr<HealthServer> server(new HealthServer(health));
  grpc::ServerBuilder builder;
  SetArguments(&builder);
  server->methods_.Register(builder);
  server->queue_ = std::make_unique<CallQueue>(builder, watch);
  int port = 0;
  builder.AddListeningPort(address, grpc::InsecureServerCredentials(), &port);
  {
    const ExpectedGrpcErrors expected;  // the one below says more
    server->grpc_ = builder.BuildAndStart();
  }
  if (server->grpc_ == nullptr || port == 0) {
    // gRPC has logged why, and does not say it here.
    return CannotListen("health_listen", address, "the address cannot be had");
  }
  server->address_ = absl::StrCat(address.substr(0, address.rfind(':')), ":", port);
  server->methods_.Await(server->queue_.get());
  server->queue_->Start();
  return server;
}

// The queue goes when the last call has ended.
HealthServer::~HealthServer() {
  if (grpc_ != nullptr) grpc_->Shutdown(std::chrono::system_clock::now());
  queue_.reset();
}

}  // namespace rectifier
