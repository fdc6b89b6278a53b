#include "server/rpc/open_connections.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/resource.h>

#include <algorithm>
#include <utility>

namespace rectifier {
namespace {

// What a connection takes: gRPC's descriptor and ours.
constexpr rlim_t kDescriptorsOfOne = 2;
// What all else may take, and its share where there is little.
constexpr rlim_t kReserved = 256;
constexpr rlim_t kShareReserved = 2;

}  // namespace

size_t OpenConnections::MostThatFit() {
  rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return kMost;
  const rlim_t reserved = std::min(kReserved, limit.rlim_cur / kShareReserved);
  const rlim_t fit = (limit.rlim_cur - reserved) / kDescriptorsOfOne;
  return static_cast<size_t>(std::clamp<rlim_t>(fit, 1, kMost));
}

bool OpenConnections::Add(int connection, Transport transport) {
  FileDescriptor watched(fcntl(connection, F_DUPFD_CLOEXEC, 0));
  // Once, because the end of one direction is told, too, and need not be again and again.
  if (!watched.is_open() || !poll_.Watch(watched.get(), next_id_, EPOLLET)) return false;
  connections_.emplace(next_id_++, Connection{std::move(watched), transport});
  metrics_.CountOpened(transport);
  return true;
}

void OpenConnections::OnEvents(uint64_t id, uint32_t events) {
  const auto connection = connections_.find(id);
  if (connection == connections_.end() || (events & EPOLLHUP) == 0) return;
  metrics_.CountClosed(connection->second.transport);
  connections_.erase(connection);
}

}  // namespace rectifier
