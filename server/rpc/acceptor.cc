#include "server/rpc/acceptor.h"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/time/clock.h"
#include "server/posix/listen_address.h"
#include "server/posix/peer_name.h"
#include "server/rpc/tcp_listener.h"
#include "server/rpc/unix_listener.h"

namespace rectifier {
namespace {

// What is watched, by number. Connections have the numbers after this one.
constexpr uint64_t kSockets = 0;
constexpr uint64_t kFirstConnection = 1;

// How long after descriptors ran out to look again for callers that wait.
constexpr absl::Duration kPause = absl::Milliseconds(100);
// How often to look whether unix sockets are in their place.
constexpr absl::Duration kLook = absl::Seconds(1);

}  // namespace

Acceptor::Acceptor(const Settings& settings, ConnectionMetrics& metrics)
    : settings_(settings),
      metrics_(metrics),
      open_(poll_, kFirstConnection, metrics),
      stalls_(open_, settings.send_timeout) {
  metrics_.SetLimit(settings.max_connections);
}

Acceptor::~Acceptor() { Stop(); }

void Acceptor::Stop() {
  if (!thread_.joinable()) return;
  poll_.Stop();
  thread_.join();
  AcceptTheRest();
  entrances_.clear();
}

// Those whose connections the system has made already, and would cut off with the sockets. Those
// who come meanwhile may go on for ever.
void Acceptor::AcceptTheRest() {
  is_waited_for_ = true;
  for (size_t i = 0; is_waited_for_ && i < settings_.max_connections; ++i) AcceptFromAll();
}

absl::Status Acceptor::Add(const std::string& address, absl::string_view flag,
                           const std::optional<Transport>& transport, Take take) {
  const std::string path = UnixPath(address);
  auto listener = path.empty() ? TcpListener::Bind(address, flag)
                               : UnixListener::Claim(path, settings_.unix_access);
  if (!listener.ok()) return listener.status();
  const Transport own = (*listener)->transport();
  entrances_.push_back({.listener = *std::move(listener),
                        .flag = flag,
                        .transport = transport.value_or(own),
                        .take = std::move(take)});
  return absl::OkStatus();
}

absl::Status Acceptor::Bind(const std::string& address,
                            const std::shared_ptr<grpc::ServerCredentials>& credentials,
                            grpc::ServerBuilder& builder) {
  using Type = grpc::ServerBuilder::experimental_type::ExternalConnectionType;
  const std::shared_ptr<GrpcAcceptor> grpc =
      builder.experimental().AddExternalConnectionAcceptor(Type::FROM_FD, credentials);
  return Add(address, settings_.flag, std::nullopt,
             [grpc](FileDescriptor connection, int listener) {
               GrpcAcceptor::NewConnectionParameters parameters;
               parameters.listener_fd = listener;
               parameters.fd = connection.Release();
               grpc->HandleNewConnection(&parameters);
             });
}

absl::Status Acceptor::Bind(const std::string& address, absl::string_view flag, Transport transport,
                            Take take) {
  return Add(address, flag, transport, std::move(take));
}

std::vector<std::string> Acceptor::addresses() const {
  std::vector<std::string> addresses;
  for (const Entrance& entrance : entrances_) addresses.push_back(entrance.listener->address());
  return addresses;
}

absl::Status Acceptor::Start(std::function<void(bool)> on_change) {
  on_change_ = std::move(on_change);
  for (const Entrance& entrance : entrances_) {
    absl::Status status = entrance.listener->Listen();
    if (status.ok()) status = Watch(entrance);
    if (!status.ok()) return status;
  }
  thread_ = std::thread([this] { Run(); });
  return absl::OkStatus();
}

void Acceptor::HangUp(const std::string& peer) {
  if (!open_.HangUp(PeerNameFromUri(peer))) return;
  LogEvent(LogLevel::warn, "connection ended", {{"peer", peer}, {"reason", "calls"}});
}

// Whoever waits is reported once, and is_waited_for_ remembers it: in a shortage, a socket would
// otherwise be ready at once, again and again.
absl::Status Acceptor::Watch(const Entrance& entrance) {
  for (const FileDescriptor& socket : entrance.listener->sockets()) {
    if (!poll_.Watch(socket.get(), kSockets, EPOLLIN | EPOLLET)) {
      return CannotListen(entrance.flag, entrance.listener->address(), std::strerror(errno));
    }
  }
  return absl::OkStatus();
}

void Acceptor::Run() {
  while (TakeEvents()) {
    if (is_waited_for_ || is_short_) AcceptFromAll();
    if (absl::Now() - looked_ >= kLook) LookForSockets();
    TellOfChange();
  }
}

bool Acceptor::TakeEvents() {
  absl::Duration timeout = kLook;
  if (is_waited_for_) timeout = absl::ZeroDuration();
  if (is_short_) timeout = kPause;
  return poll_.Wait(timeout, [this](uint64_t id, uint32_t events) {
    if (id == kSockets) {
      is_waited_for_ = true;
    } else {
      open_.OnEvents(id, events);
    }
  });
}

// One of each socket in turn, so that no address keeps the others waiting.
void Acceptor::AcceptFromAll() {
  is_waited_for_ = false;
  is_short_ = false;
  for (const Entrance& entrance : entrances_) {
    for (const FileDescriptor& socket : entrance.listener->sockets()) {
      Accept(entrance, socket.get());
    }
  }
}

void Acceptor::Accept(const Entrance& entrance, int socket) {
  FileDescriptor connection(accept4(socket, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (connection.is_open()) {
    is_waited_for_ = true;  // perhaps not by this one alone
    Admit(entrance, std::move(connection));
  } else if (errno == ECONNABORTED || errno == EINTR) {
    is_waited_for_ = true;
  } else if (errno != EAGAIN) {
    FallShort(entrance, errno);
  }
}

void Acceptor::Admit(const Entrance& entrance, FileDescriptor connection) {
  if (!entrance.listener->Admits(connection.get())) {
    return Refuse(entrance, std::move(connection), ConnectionRefusal::kPeer);
  }
  if (open_.size() >= settings_.max_connections) {
    return Refuse(entrance, std::move(connection), ConnectionRefusal::kTooMany);
  }
  if (!open_.Add(connection.get(), entrance.transport)) {
    FallShort(entrance, errno);
    return Refuse(entrance, std::move(connection), ConnectionRefusal::kDescriptors);
  }
  entrance.take(std::move(connection), entrance.listener->sockets().front().get());
}

// The peer hears of it at once, and the server keeps nothing of it, not even in TIME_WAIT.
void Acceptor::Refuse(const Entrance& entrance, FileDescriptor connection,
                      ConnectionRefusal reason) {
  const linger reset = {.l_onoff = 1, .l_linger = 0};
  setsockopt(connection.get(), SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
  metrics_.CountRefused(entrance.transport, reason);
  const std::optional<int64_t> held_back = refusals_logged_.Admit(absl::Now());
  if (!held_back.has_value()) return;
  LogEvent(LogLevel::warn, "connection refused",
           {{"listen", entrance.listener->address()},
            {"reason", Name(reason)},
            {"held_back", *held_back}});
}

void Acceptor::FallShort(const Entrance& entrance, int error) {
  is_short_ = true;
  if (!shortages_logged_.Admit(absl::Now()).has_value()) return;
  LogEvent(LogLevel::warn, "connections wait",
           {{"listen", entrance.listener->address()}, {"message", std::strerror(error)}});
}

void Acceptor::LookForSockets() {
  looked_ = absl::Now();
  for (Entrance& entrance : entrances_) LookFor(entrance);
}

void Acceptor::LookFor(Entrance& entrance) {
  if (entrance.listener->IsInPlace()) {
    entrance.is_missing = false;
    return;
  }
  absl::Status status = entrance.listener->PutBack();
  if (status.ok()) status = Watch(entrance);
  if (status.ok()) {
    LogEvent(LogLevel::warn, "socket put back", {{"listen", entrance.listener->address()}});
  } else if (!entrance.is_missing) {
    LogEvent(LogLevel::err, "socket gone", {{"message", std::string(status.message())}});
  }
  entrance.is_missing = !status.ok();
}

void Acceptor::TellOfChange() {
  bool is_reachable = !is_short_;
  for (const Entrance& entrance : entrances_) is_reachable &= !entrance.is_missing;
  if (is_reachable == is_reachable_) return;
  is_reachable_ = is_reachable;
  on_change_(is_reachable);
}

}  // namespace rectifier
