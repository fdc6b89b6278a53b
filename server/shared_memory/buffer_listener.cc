#include "server/shared_memory/buffer_listener.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"

namespace rectifier {
namespace {

// What epoll watches, by number. Connections have the numbers after these.
constexpr uint64_t kStop = 0;
constexpr uint64_t kSocket = 1;
constexpr BufferConnectionId kFirstConnection = 2;

constexpr int kEventsAtOnce = 64;
// How long after descriptors ran out to look again for callers that wait.
constexpr int kPauseMs = 100;
constexpr char kFlag[] = "buffers_listen";

absl::Status CannotListen(const std::string& why) {
  return absl::UnavailableError(absl::StrFormat("--%s: %s", kFlag, why));
}

// Whether accept may succeed once others have given something up.
bool IsShortage(int error) {
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

}  // namespace

absl::StatusOr<std::unique_ptr<BufferListener>> BufferListener::Start(const std::string& path,
                                                                      int64_t max_connections,
                                                                      SharedBuffers& buffers) {
  absl::StatusOr<std::unique_ptr<UnixSocket>> claim = UnixSocket::Claim(path, kFlag);
  if (!claim.ok()) return claim.status();
  std::unique_ptr<BufferListener> listener(
      new BufferListener(*std::move(claim), max_connections, buffers));
  if (absl::Status status = listener->Listen(); !status.ok()) return status;
  listener->thread_ = std::thread([listener = listener.get()] { listener->Run(); });
  return listener;
}

BufferListener::BufferListener(std::unique_ptr<UnixSocket> path, int64_t max_connections,
                               SharedBuffers& buffers)
    : path_(std::move(path)),
      max_connections_(static_cast<size_t>(max_connections)),
      buffers_(buffers),
      epoll_(epoll_create1(EPOLL_CLOEXEC)),
      stop_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      next_id_(kFirstConnection) {}

BufferListener::~BufferListener() {
  if (!thread_.joinable()) return;
  eventfd_write(stop_.get(), 1);
  thread_.join();
}

absl::Status BufferListener::Listen() {
  if (!epoll_.is_open() || !stop_.is_open()) return CannotListen(std::strerror(errno));
  absl::StatusOr<FileDescriptor> socket = path_->Listen(SOCK_SEQPACKET);
  if (!socket.ok()) return socket.status();
  socket_ = *std::move(socket);
  if (absl::Status status = Watch(stop_, kStop, EPOLLIN); !status.ok()) return status;
  return Watch(socket_, kSocket, EPOLLIN);
}

absl::Status BufferListener::Watch(const FileDescriptor& file, uint64_t id, uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = id;
  if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, file.get(), &event) != 0 &&
      (errno != EEXIST || epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, file.get(), &event) != 0)) {
    return CannotListen(std::strerror(errno));
  }
  return absl::OkStatus();
}

// One message of each connection is read in turn, so that none can keep the others waiting.
void BufferListener::Run() {
  epoll_event events[kEventsAtOnce];
  while (true) {
    const int ready = epoll_wait(epoll_.get(), events, kEventsAtOnce, paused_ ? kPauseMs : -1);
    if (paused_) Resume();
    for (int i = 0; i < ready; ++i) {
      const uint64_t id = events[i].data.u64;
      if (id == kStop) return;
      if (id == kSocket) {
        Accept();
      } else {
        Serve(id);
      }
    }
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
  if (connections_.size() >= max_connections_) {
    BufferConnection::Refuse(socket, absl::ResourceExhaustedError(absl::StrFormat(
                                         "%d connections hold buffers; there may be %d",
                                         connections_.size(), max_connections_)));
    return;
  }
  const BufferConnectionId id = next_id_++;
  if (!Watch(socket, id, EPOLLIN).ok()) return;  // the kernel is short of memory: hang up
  connections_.emplace(id, std::make_unique<BufferConnection>(std::move(socket), id, buffers_));
}

// Stops watching the socket, which would be ready at once, again and again.
void BufferListener::Pause(int error) {
  paused_ = true;
  Watch(socket_, kSocket, 0).IgnoreError();
  if (pauses_logged_.Admit(absl::Now()).has_value()) {
    LogEvent(LogLevel::warn, "buffer connections wait", {{"message", std::strerror(error)}});
  }
}

void BufferListener::Resume() {
  paused_ = false;
  Watch(socket_, kSocket, EPOLLIN).IgnoreError();
}

void BufferListener::Serve(BufferConnectionId id) {
  const auto connection = connections_.find(id);
  if (connection == connections_.end() || connection->second->Serve()) return;
  connections_.erase(connection);
  buffers_.Disconnect(id);
}

}  // namespace rectifier
