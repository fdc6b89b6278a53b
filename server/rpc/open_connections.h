// Knows which of the connections that gRPC was given are still open, and ends one.
#ifndef RECTIFIER_SERVER_RPC_OPEN_CONNECTIONS_H_
#define RECTIFIER_SERVER_RPC_OPEN_CONNECTIONS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "server/posix/event_poll.h"
#include "server/posix/file_descriptor.h"
#include "server/telemetry/connection_metrics.h"

namespace rectifier {

// gRPC does not say when it is done with a connection, but it always shuts the socket down before
// it closes its descriptor. So a second descriptor of each is kept, at which epoll then reports a
// hang-up. That costs a descriptor for each connection, and nothing for each call. Thread-safe, but
// for Add.
class OpenConnections {
 public:
  static constexpr size_t kMost = 1024;

  // How many there may be, so that they leave descriptors to all else (--buffers_listen, metrics,
  // gRPC itself): at most kMost, and as many as the limit of the process leaves of them, where one
  // connection takes so many.
  static size_t MostThatFit(size_t descriptors_of_one);

  // Watches in `poll`, with numbers from `first_id` on.
  OpenConnections(EventPoll& poll, uint64_t first_id, ConnectionMetrics& metrics)
      : poll_(poll), next_id_(first_id), metrics_(metrics) {}

  // Begins to watch `connection`, which stays the caller's. False, with errno set, where
  // descriptors or memory have run out.
  bool Add(int connection, Transport transport);

  // Takes what `poll` tells of `id`.
  void OnEvents(uint64_t id, uint32_t events);

  size_t size() const;

  // Ends the connection of `peer` (posix/peer_name.h): false where there is none, because it is
  // gone, or came by a unix socket.
  bool HangUp(absl::string_view peer);

  // Looks at what fills each connection's socket, and ends those where that was the same at each of
  // the last `looks`, because the peer takes nothing. Gives their peers; that of a unix socket is
  // empty.
  std::vector<std::string> EndStalled(int64_t looks);

 private:
  struct Connection {
    FileDescriptor watched;
    Transport transport;
    std::string peer;
    int waiting = 0;    // bytes that filled the socket at the last look
    int64_t looks = 0;  // at which there were as many
    bool is_stalled = false;
  };

  EventPoll& poll_;
  uint64_t next_id_;
  ConnectionMetrics& metrics_;
  mutable absl::Mutex mutex_;
  absl::flat_hash_map<uint64_t, Connection> connections_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_RPC_OPEN_CONNECTIONS_H_
