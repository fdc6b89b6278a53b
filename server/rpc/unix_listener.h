// Accepts connections on a unix socket for gRPC, which would bind the path in ways of its own: it
// removes whatever lies there, another server's socket included, when it binds and when it shuts
// down.
#ifndef RECTIFIER_SERVER_RPC_UNIX_LISTENER_H_
#define RECTIFIER_SERVER_RPC_UNIX_LISTENER_H_

#include <memory>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "grpcpp/server_builder.h"
#include "server/posix/file_descriptor.h"
#include "server/posix/unix_socket.h"
#include "server/telemetry/logging.h"

namespace rectifier {

// Where descriptors run out, callers wait in the socket's queue until there are some.
class UnixListener {
 public:
  // Claims `path`, before `builder` makes the server that is to get the connections.
  // Errors: UNAVAILABLE, naming --listen and the reason.
  static absl::StatusOr<std::unique_ptr<UnixListener>> Claim(const std::string& path,
                                                             grpc::ServerBuilder& builder);

  // Accepts no more connections.
  ~UnixListener();
  UnixListener(const UnixListener&) = delete;
  UnixListener& operator=(const UnixListener&) = delete;

  // Listens when it returns, once the server is there. Errors: as above.
  absl::Status Start();

 private:
  using Acceptor = grpc::experimental::ExternalConnectionAcceptor;

  UnixListener(std::unique_ptr<UnixSocket> path, std::unique_ptr<Acceptor> acceptor);

  // These belong to the thread.
  void Run();
  void Accept();

  const std::unique_ptr<UnixSocket> path_;
  const std::unique_ptr<Acceptor> acceptor_;
  FileDescriptor stop_;  // an eventfd
  FileDescriptor socket_;
  bool is_short_ = false;  // of descriptors or memory, a moment ago
  LogLimiter shortages_logged_{1};
  std::thread thread_;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_RPC_UNIX_LISTENER_H_
