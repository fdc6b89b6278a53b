#include "client/cpp/client/server_connection.h"

#include <system_error>
#include <thread>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/cpp/client/error.h"
#include "client/cpp/client/target.h"
#include "client/cpp/shared_memory/buffer_pool.h"

namespace rectifier::client {
namespace {

thread_local bool is_called_back = false;

}  // namespace

CallScope::CallScope(const std::string& target, const std::string& authorization,
                     const CallOptions& options, absl::Time begin)
    : target_(target),
      timeout_(options.timeout),
      deadline_(begin + options.timeout),
      on_stop_(options.stop, [this] { context_.TryCancel(); }) {
  if (!authorization.empty()) context_.AddMetadata("authorization", authorization);
  for (const auto& [name, value] : options.metadata) context_.AddMetadata(name, value);
  if (timeout_ != absl::InfiniteDuration()) context_.set_deadline(absl::ToChronoTime(deadline_));
}

absl::Status CallScope::Run(absl::FunctionRef<grpc::Status()> call) const {
  if (absl::Now() >= deadline_) {
    return ToStatus({grpc::StatusCode::DEADLINE_EXCEEDED, "not called"});
  }
  return ToStatus(call());
}

absl::Status CallScope::ToStatus(const grpc::Status& status) const {
  if (status.ok()) return absl::OkStatus();
  grpc::Status explained = status;
  const bool is_late = absl::Now() >= deadline_;  // else it is a time limit of the server's
  if (status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED && is_late) {
    explained = grpc::Status(
        status.error_code(),
        absl::StrCat(status.error_message(), " (the timeout of ", absl::FormatDuration(timeout_),
                     " has passed; target ", target_, ")"),
        status.error_details());
  } else if (status.error_code() == grpc::StatusCode::UNAVAILABLE) {
    explained = grpc::Status(status.error_code(),
                             absl::StrCat(status.error_message(), " (target ", target_, ")"),
                             status.error_details());
  }
  return FromGrpc(explained);
}

absl::StatusOr<std::shared_ptr<ServerConnection>> ServerConnection::Open(const std::string& target,
                                                                         const Security& security,
                                                                         int attempts) {
  const std::string given = target.empty() ? DefaultTarget() : target;
  const absl::StatusOr<std::string> name = GrpcTarget(given);
  if (!name.ok()) return name.status();
  const absl::StatusOr<SecureChannel> way = OpenChannel(*name, security, attempts);
  if (!way.ok()) return way.status();
  const absl::StatusOr<SecureChannel> once = OpenChannel(*name, security, /*attempts=*/1);
  if (!once.ok()) return once.status();
  return std::shared_ptr<ServerConnection>(new ServerConnection(*name, attempts, *way, *once),
                                           Destroy);
}

std::shared_ptr<ServerConnection> ServerConnection::ToAsGiven(const std::string& target) {
  const SecureChannel way = *OpenChannel(target, Security());  // nothing of which can be wrong
  return std::shared_ptr<ServerConnection>(new ServerConnection(target, /*attempts=*/1, way, way),
                                           Destroy);
}

ServerConnection::ServerConnection(std::string target, int attempts, const SecureChannel& way,
                                   const SecureChannel& once)
    : target_(std::move(target)),
      attempts_(attempts),
      channel_(way.channel),
      authorization_(way.authorization),
      stub_(v1::ActivationService::NewStub(way.channel)),
      stub_without_retries_(v1::ActivationService::NewStub(once.channel)) {}

ServerConnection::~ServerConnection() = default;

void ServerConnection::Destroy(ServerConnection* connection) try {
  if (!is_called_back) {
    delete connection;
  } else {
    std::thread([connection] { delete connection; }).detach();
  }
} catch (const std::system_error&) {
  // There is no thread to be had; the connection stays, which is better than to wait for ever.
}

CallbackScope::CallbackScope() { is_called_back = true; }

CallbackScope::~CallbackScope() { is_called_back = false; }

std::unique_ptr<CallScope> ServerConnection::NewCall(const CallOptions& options,
                                                     absl::Time begin) const {
  return std::make_unique<CallScope>(target_, authorization_, options, begin);
}

absl::StatusOr<v1::GetServerInfoResponse> ServerConnection::AskServerInfo(
    const CallOptions& options) {
  const std::unique_ptr<CallScope> call = NewCall(options);
  v1::GetServerInfoResponse info;
  const absl::Status status =
      call->Run([&] { return stub_->GetServerInfo(&call->context(), {}, &info); });
  if (!status.ok()) return status;
  const absl::MutexLock lock(&mutex_);
  if (!info_.has_value()) info_ = info;
  return info;
}

absl::StatusOr<v1::GetServerInfoResponse> ServerConnection::ServerInfo(const CallOptions& options) {
  {
    const absl::MutexLock lock(&mutex_);
    if (info_.has_value()) return *info_;
  }
  return AskServerInfo(options);
}

std::shared_ptr<BufferPool> ServerConnection::Buffers(const v1::GetServerInfoResponse& info) {
  if (!absl::StartsWith(target_, "unix:") || info.buffers_socket().empty()) return nullptr;
  const absl::MutexLock lock(&mutex_);
  if (buffers_ != nullptr && buffers_->is_open()) return buffers_;
  absl::StatusOr<SharedBuffers> buffers = SharedBuffers::Connect(info.buffers_socket());
  if (!buffers.ok()) return nullptr;
  buffers_ = std::make_shared<BufferPool>(*std::move(buffers));
  return buffers_;
}

}  // namespace rectifier::client
