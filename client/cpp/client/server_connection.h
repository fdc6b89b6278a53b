// What all calls of one client share: the channel, what each call carries, and what the server has
// said about itself.
#ifndef RECTIFIER_CLIENT_CPP_CLIENT_SERVER_CONNECTION_H_
#define RECTIFIER_CLIENT_CPP_CLIENT_SERVER_CONNECTION_H_

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "client/cpp/client/call_options.h"
#include "client/cpp/client/security.h"
#include "rectifier/v1/activation.grpc.pb.h"

namespace rectifier::client {

class BufferPool;

// One call: what it is sent with, and its end. It is cancelled when the options' token says so.
class CallScope {
 public:
  // The options' timeout counts from `begin`.
  CallScope(const std::string& target, const std::string& authorization, const CallOptions& options,
            absl::Time begin);

  grpc::ClientContext& context() { return context_; }
  // The outcome of a call that `call` makes with the context; not where the time is up already, in
  // spite of which gRPC may answer a quick call.
  absl::Status Run(absl::FunctionRef<grpc::Status()> call) const;
  // OK, or the error with its details, in which target and timeout are named where they matter.
  absl::Status ToStatus(const grpc::Status& status) const;

 private:
  const std::string target_;
  const absl::Duration timeout_;
  const absl::Time deadline_;
  grpc::ClientContext context_;
  std::stop_callback<std::function<void()>> on_stop_;
};

// While it lives, this thread is one on which gRPC calls back. To end a channel there would be to
// wait for this very thread, so a connection whose last user lets it go here is ended by another.
class CallbackScope {
 public:
  CallbackScope();
  ~CallbackScope();
  CallbackScope(const CallbackScope&) = delete;
  CallbackScope& operator=(const CallbackScope&) = delete;
};

// Thread-safe.
class ServerConnection {
 public:
  // Does not wait for the server. Errors: those of OpenChannel and GrpcTarget.
  static absl::StatusOr<std::shared_ptr<ServerConnection>> Open(const std::string& target,
                                                                const Security& security,
                                                                int attempts);
  // To a target that GrpcTarget does not take: calls fail as gRPC says.
  static std::shared_ptr<ServerConnection> ToAsGiven(const std::string& target);
  ~ServerConnection();

  v1::ActivationService::Stub& stub() { return *stub_; }
  // Its calls have one attempt. They have a connection of their own, which the first of them opens,
  // because gRPC decides by channel what is tried again.
  v1::ActivationService::Stub& stub_without_retries() { return *stub_without_retries_; }
  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }
  // How often a call is tried, the first time included.
  int attempts() const { return attempts_; }
  std::unique_ptr<CallScope> NewCall(const CallOptions& options,
                                     absl::Time begin = absl::Now()) const;

  // Errors: those of a call.
  absl::StatusOr<v1::GetServerInfoResponse> AskServerInfo(const CallOptions& options);
  // What it answered the first time.
  absl::StatusOr<v1::GetServerInfoResponse> ServerInfo(const CallOptions& options);

  // Memory shared with the server; null where the target is no unix socket, or the server offers
  // none that can be opened here.
  std::shared_ptr<BufferPool> Buffers(const v1::GetServerInfoResponse& info);

 private:
  ServerConnection(std::string target, int attempts, const SecureChannel& way,
                   const SecureChannel& once);

  static void Destroy(ServerConnection* connection);

  const std::string target_;
  const int attempts_;
  const std::shared_ptr<grpc::Channel> channel_;
  const std::string authorization_;
  const std::unique_ptr<v1::ActivationService::Stub> stub_;
  const std::unique_ptr<v1::ActivationService::Stub> stub_without_retries_;
  absl::Mutex mutex_;
  std::optional<v1::GetServerInfoResponse> info_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<BufferPool> buffers_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_CLIENT_SERVER_CONNECTION_H_
