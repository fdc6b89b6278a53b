#include "server/health_server.h"

#include <chrono>

#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server_builder.h"

namespace rectifier {
namespace {

// A question about health has a name in it, and strangers may ask.
constexpr int kMaxQuestionBytes = 4096;
constexpr size_t kMaxConnections = 64;
constexpr int kMaxStreams = 16;
constexpr int kMaxOpenCalls = 64;  // past which a connection is ended
constexpr int kHandshakeTimeoutMs = 5'000;
constexpr int kMaxIdleMs = 60'000;

void SetArguments(grpc::ServerBuilder* builder) {
  builder->AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, kHandshakeTimeoutMs);
  builder->AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS, kMaxIdleMs);
  builder->AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kMaxStreams);
  builder->SetMaxReceiveMessageSize(kMaxQuestionBytes);
  builder->SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_GZIP, false);
  builder->SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_DEFLATE, false);
}

}  // namespace

HealthServer::HealthServer(Health& health)
    : methods_(health),
      open_calls_(kMaxOpenCalls, [this](const std::string& peer) { acceptor_->HangUp(peer); }),
      metrics_(registry_),
      acceptor_(std::make_unique<Acceptor>(
          Acceptor::Settings{.max_connections = kMaxConnections,
                             .unix_access = {},
                             .send_timeout = absl::Milliseconds(kMaxIdleMs),
                             .flag = "health_listen"},
          metrics_)) {}

absl::StatusOr<std::unique_ptr<HealthServer>> HealthServer::Start(const std::string& address,
                                                                  Health& health, CallWatch& watch,
                                                                  Heartbeats& heartbeats) {
  std::unique_ptr<HealthServer> server(new HealthServer(health));
  grpc::ServerBuilder builder;
  SetArguments(&builder);
  server->methods_.Register(builder);
  server->queue_ = std::make_unique<CallQueue>(builder, watch, server->open_calls_, heartbeats);
  absl::Status status =
      server->acceptor_->Bind(address, grpc::InsecureServerCredentials(), builder);
  if (!status.ok()) return status;
  server->grpc_ = builder.BuildAndStart();
  if (server->grpc_ == nullptr) {
    return absl::UnavailableError("--health_listen: gRPC does not start");
  }
  server->address_ = server->acceptor_->addresses().front();
  server->methods_.Await(server->queue_.get());
  server->queue_->Start();
  status = server->acceptor_->Start([](bool) {});
  if (!status.ok()) return status;
  return server;
}

// A connection that came after the shutdown would be nobody's. The queue goes when the last call
// has ended, and until then has the acceptor hang up on peers.
HealthServer::~HealthServer() {
  acceptor_->Stop();
  acceptor_->Hasten(absl::Seconds(1));
  if (grpc_ != nullptr) grpc_->Shutdown(std::chrono::system_clock::now());
  queue_.reset();
}

}  // namespace rectifier
