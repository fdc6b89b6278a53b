#include "server/shared_memory/buffer_listener.h"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "server/posix/listen_address.h"

namespace rectifier {
namespace {

// What is watched, by number. Connections have the numbers after this one.
constexpr uint64_t kSocket = 0;
constexpr BufferConnectionId kFirstConnection = 1;

// How long after descriptors ran out to look again for callers that wait.
constexpr absl::Duration kPause = absl::Milliseconds(100);
// How often to look whether the socket is in its place.
constexpr absl::Duration kLook = absl::Seconds(1);
constexpr char kFlag[] = "buffers_listen";

// Whether accept may succeed once others have given something up.
bool IsShortage(int error) {
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

}  // namespace

absl::StatusOr<std::unique_ptr<BufferListener>> BufferListener::Start(const Settings& settings,
                                                                      SharedBuffers& buffers,
                                                                      ConnectionMetrics& metrics) {
  absl::StatusOr<std::unique_ptr<UnixSocket>> claim = UnixSocket::Claim(settings.path, kFlag);
  if (!claim.ok()) return claim.status();
  std::unique_ptr<BufferListener> listener(
      new BufferListener(*std::move(claim), settings, buffers, metrics));
  absl::Status status = listener->Listen(listener->path_->Listen(SOCK_SEQPACKET, settings.access));
  if (!status.ok()) return status;
  listener->thread_ = std::thread([listener = listener.get()] { listener->Run(); });
  return listener;
}

BufferListener::BufferListener(std::unique_ptr<UnixSocket> path, const Settings& settings,
                               SharedBuffers& buffers, ConnectionMetrics& metrics)
    : path_(std::move(path)),
      settings_(settings),
      buffers_(buffers),
      metrics_(metrics),
      next_id_(kFirstConnection) {}

BufferListener::~BufferListener() {
  if (!thread_.joinable()) return;
  poll_.Stop();
  thread_.join();
}

absl::Status BufferListener::Listen(absl::StatusOr<FileDescriptor> socket) {
  if (!socket.ok()) return socket.status();
  socket_ = *std::move(socket);
  if (poll_.Watch(socket_.get(), kSocket, EPOLLIN)) return absl::OkStatus();
  return CannotListen(kFlag, "unix:" + path_->path(), std::strerror(errno));
}

// One message of each connection is read in turn, so that none can keep the others waiting.
void BufferListener::Run() {
  const auto take = [this](uint64_t id, uint32_t /*events*/) {
    if (id == kSocket) {
      Accept();
    } else {
      Serve(id);
    }
  };
  for (;;) {
    const bool was_paused = paused_;
    if (!poll_.Wait(was_paused ? kPause : kLook, take)) return;
    if (was_paused) Resume();
    if (absl::Now() - looked_ >= kLook) LookForSocket();
  }
}

void BufferListener::Accept() {
  FileDescriptor socket(accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (socket.is_open()) {
    Add(std::move(socket));
  } else if (IsShortage(errno)) {
    Pause(errno);
  }
}

void BufferListener::Add(FileDescriptor socket) {
  if (!settings_.access.Admits(socket.get())) return CountRefusal(ConnectionRefusal::kPeer);
  if (connections_.size() >= static_cast<size_t>(settings_.max_connections)) {
    BufferConnection::Refuse(socket, absl::ResourceExhaustedError(absl::StrFormat(
                                         "%d connections hold buffers; there may be %d",
                                         connections_.size(), settings_.max_connections)));
    return CountRefusal(ConnectionRefusal::kTooMany);
  }
  const BufferConnectionId id = next_id_++;
  if (!poll_.Watch(socket.get(), id, EPOLLIN)) {  // the kernel is short of memory
    return CountRefusal(ConnectionRefusal::kDescriptors);
  }
  connections_.emplace(id, std::make_unique<BufferConnection>(std::move(socket), id, buffers_));
  metrics_.CountOpened(Transport::kBuffer);
}

void BufferListener::CountRefusal(ConnectionRefusal reason) {
  metrics_.CountRefused(Transport::kBuffer, reason);
  const std::optional<int64_t> held_back = refusals_logged_.Admit(absl::Now());
  if (!held_back.has_value()) return;
  LogEvent(LogLevel::warn, "buffer connection refused",
           {{"reason", Name(reason)}, {"held_back", *held_back}});
}

void BufferListener::LookForSocket() {
  looked_ = absl::Now();
  const bool was_missing = std::exchange(is_missing_, !path_->IsInPlace());
  if (!is_missing_) return;
  const absl::Status status = Listen(path_->PutBack(SOCK_SEQPACKET, settings_.access));
  is_missing_ = !status.ok();
  if (status.ok()) {
    LogEvent(LogLevel::warn, "socket put back", {{"listen", "unix:" + path_->path()}});
  } else if (!was_missing) {
    LogEvent(LogLevel::err, "socket gone", {{"message", std::string(status.message())}});
  }
}

// Stops watching the socket, which would be ready at once, again and again.
void BufferListener::Pause(int error) {
  paused_ = true;
  poll_.Watch(socket_.get(), kSocket, 0);
  if (pauses_logged_.Admit(absl::Now()).has_value()) {
    LogEvent(LogLevel::warn, "buffer connections wait", {{"message", std::strerror(error)}});
  }
}

void BufferListener::Resume() {
  paused_ = false;
  poll_.Watch(socket_.get(), kSocket, EPOLLIN);
}

void BufferListener::Serve(BufferConnectionId id) {
  const auto connection = connections_.find(id);
  if (connection == connections_.end() || connection->second->Serve()) return;
  connections_.erase(connection);
  metrics_.CountClosed(Transport::kBuffer);
  buffers_.Disconnect(id);
}

}  // namespace rectifier
