// Accepts the connections of a server's addresses, and hands them to gRPC, or to whoever takes
// those of an address. gRPC's own listeners stop for good where descriptors run out, and know no
// bound.
//
//   Acceptor acceptor({.max_connections = 1000}, metrics);
//   absl::Status status = acceptor.Bind("127.0.0.1:0", credentials, builder);
//   ...                                   // the builder makes the server
//   status = acceptor.Start([](bool reachable) { ... });
#ifndef RECTIFIER_SERVER_RPC_ACCEPTOR_H_
#define RECTIFIER_SERVER_RPC_ACCEPTOR_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server_builder.h"
#include "server/posix/event_poll.h"
#include "server/posix/file_descriptor.h"
#include "server/posix/unix_access.h"
#include "server/rpc/listener.h"
#include "server/rpc/open_connections.h"
#include "server/rpc/stall_watch.h"
#include "server/telemetry/connection_metrics.h"
#include "server/telemetry/logging.h"
#include "server/telemetry/transport.h"

namespace rectifier {

// One thread accepts everything. Past `max_connections` a new one is closed at once. Where
// descriptors run out, callers wait in the sockets' queues until there are some. A unix socket that
// somebody has deleted is put back.
class Acceptor {
 public:
  struct Settings {
    size_t max_connections = 0;
    UnixAccess unix_access;
    absl::Duration send_timeout =
        absl::Minutes(1);               // after which a peer that takes nothing is hung up on
    absl::string_view flag = "listen";  // by which the operator gave the addresses
  };

  // `metrics` must outlive it.
  Acceptor(const Settings& settings, ConnectionMetrics& metrics);
  ~Acceptor();
  Acceptor(const Acceptor&) = delete;
  Acceptor& operator=(const Acceptor&) = delete;

  // Takes `address`, before `builder` makes the server that is to get the connections, which need
  // `credentials`. Errors: UNAVAILABLE, naming the flag and the reason.
  absl::Status Bind(const std::string& address,
                    const std::shared_ptr<grpc::ServerCredentials>& credentials,
                    grpc::ServerBuilder& builder);

  // The same, with connections that go to `take`, on the acceptor's thread. Whoever has one shuts
  // its socket down before they close it, by which it is known to be over. `listener` is the socket
  // it came to. The operator gave `address` with `flag`, which outlives this object.
  using Take = std::function<void(FileDescriptor connection, int listener)>;
  absl::Status Bind(const std::string& address, absl::string_view flag, Transport transport,
                    Take take);

  // What is bound, in order, with ports as taken.
  std::vector<std::string> addresses() const;

  // Listens when it returns, once the server is there. `on_change` is told, on the thread, whenever
  // it changes whether new callers reach all addresses; at first they do. Errors: as above.
  absl::Status Start(std::function<void(bool is_reachable)> on_change);

  // Accepts those that wait, and no more connections; those that there are stay open, and HangUp
  // may be called. Peers that take nothing are still hung up on.
  void Stop();

  // From now on peers may take nothing for so long at most. Thread-safe.
  void Hasten(absl::Duration send_timeout) { stalls_.Hasten(send_timeout); }

  // Ends the connection of a peer that has too many calls open, by gRPC's name of it. Those of unix
  // sockets have none, and stay. Thread-safe.
  void HangUp(const std::string& peer);

 private:
  using GrpcAcceptor = grpc::experimental::ExternalConnectionAcceptor;

  struct Entrance {
    std::unique_ptr<Listener> listener;
    absl::string_view flag;  // by which the operator gave the address
    Transport transport;
    Take take;
    bool is_missing = false;  // callers do not find it
  };

  absl::Status Add(const std::string& address, absl::string_view flag,
                   const std::optional<Transport>& transport, Take take);
  absl::Status Watch(const Entrance& entrance);

  // These belong to the thread.
  void Run();
  // False where it is to end.
  bool TakeEvents();
  void AcceptFromAll();
  void AcceptTheRest();
  void Accept(const Entrance& entrance, int socket);
  void Admit(const Entrance& entrance, FileDescriptor connection);
  void Refuse(const Entrance& entrance, FileDescriptor connection, ConnectionRefusal reason);
  void FallShort(const Entrance& entrance, int error);
  void LookForSockets();
  void LookFor(Entrance& entrance);
  void TellOfChange();

  const Settings settings_;
  ConnectionMetrics& metrics_;
  EventPoll poll_;
  OpenConnections open_;
  StallWatch stalls_;
  std::vector<Entrance> entrances_;
  std::function<void(bool)> on_change_;
  bool is_waited_for_ = false;  // callers may be in a queue
  bool is_short_ = false;       // of descriptors or memory, a moment ago
  bool is_reachable_ = true;
  absl::Time looked_ = absl::InfinitePast();
  LogLimiter shortages_logged_{1};
  LogLimiter refusals_logged_{1};
  std::thread thread_;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_RPC_ACCEPTOR_H_
