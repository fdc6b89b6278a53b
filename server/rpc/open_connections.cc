#include "server/rpc/open_connections.h"

#include <fcntl.h>
#include <linux/sockios.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <utility>

#include "server/posix/peer_name.h"

namespace rectifier {
namespace {

// What all else may take, and its share where there is little.
constexpr rlim_t kReserved = 256;
constexpr rlim_t kShareReserved = 2;

int IntOption(int socket, int name) {
  int value = 0;
  socklen_t size = sizeof(value);
  return getsockopt(socket, SOL_SOCKET, name, &value, &size) == 0 ? value : 0;
}

// Bytes that were sent, and that the peer has not taken: on TCP, that it has not acknowledged. Zero
// where there is room for more: a few may stay with a peer that has nothing to ask.
int BytesInTheWay(int socket) {
  pollfd room = {.fd = socket, .events = POLLOUT, .revents = 0};
  int bytes = 0;
  if (poll(&room, 1, 0) != 0 || ioctl(socket, SIOCOUTQ, &bytes) != 0) return 0;
  // That a unix socket has no room, poll says long before a write would have to wait.
  const bool is_unix = IntOption(socket, SO_DOMAIN) == AF_UNIX;
  return is_unix && bytes < IntOption(socket, SO_SNDBUF) ? 0 : bytes;
}

}  // namespace

size_t OpenConnections::MostThatFit(size_t descriptors_of_one) {
  rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return kMost;
  const rlim_t reserved = std::min(kReserved, limit.rlim_cur / kShareReserved);
  const rlim_t fit = (limit.rlim_cur - reserved) / descriptors_of_one;
  return static_cast<size_t>(std::clamp<rlim_t>(fit, 1, kMost));
}

bool OpenConnections::Add(int connection, Transport transport) {
  FileDescriptor watched(fcntl(connection, F_DUPFD_CLOEXEC, 0));
  // Once, because the end of one direction is told, too, and need not be again and again.
  if (!watched.is_open() || !poll_.Watch(watched.get(), next_id_, EPOLLET)) return false;
  std::string peer = PeerName(connection);
  const absl::MutexLock lock(&mutex_);
  connections_.emplace(next_id_++, Connection{std::move(watched), transport, std::move(peer)});
  metrics_.CountOpened(transport);
  return true;
}

void OpenConnections::OnEvents(uint64_t id, uint32_t events) {
  const absl::MutexLock lock(&mutex_);
  const auto connection = connections_.find(id);
  if (connection == connections_.end() || (events & EPOLLHUP) == 0) return;
  metrics_.CountClosed(connection->second.transport);
  connections_.erase(connection);
}

size_t OpenConnections::size() const {
  const absl::MutexLock lock(&mutex_);
  return connections_.size();
}

// It is looked for one by one, because that is seldom, and there are few.
bool OpenConnections::HangUp(absl::string_view peer) {
  const absl::MutexLock lock(&mutex_);
  for (auto& [id, connection] : connections_) {
    if (connection.peer.empty() || connection.peer != peer) continue;
    connection.peer.clear();  // once is enough
    metrics_.CountEnded(connection.transport);
    shutdown(connection.watched.get(), SHUT_RDWR);
    return true;
  }
  return false;
}

// A peer that takes a little changes the number, however much is written at the same time: only
// once in a while does it happen to be the same at two looks.
std::vector<std::string> OpenConnections::EndStalled(int64_t looks) {
  std::vector<std::string> peers;
  const absl::MutexLock lock(&mutex_);
  for (auto& [id, connection] : connections_) {
    const int before = std::exchange(connection.waiting, BytesInTheWay(connection.watched.get()));
    const bool is_same = connection.waiting > 0 && connection.waiting == before;
    connection.looks = is_same ? connection.looks + 1 : 0;
    if (connection.looks < looks || std::exchange(connection.is_stalled, true)) continue;
    metrics_.CountStalled(connection.transport);
    shutdown(connection.watched.get(), SHUT_RDWR);
    peers.push_back(connection.peer);
  }
  return peers;
}

}  // namespace rectifier
