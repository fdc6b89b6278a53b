// The unix socket at which callers get shared buffers: one thread for all of them.
#ifndef RECTIFIER_SERVER_SHARED_MEMORY_BUFFER_LISTENER_H_
#define RECTIFIER_SERVER_SHARED_MEMORY_BUFFER_LISTENER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <thread>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/posix/event_poll.h"
#include "server/posix/file_descriptor.h"
#include "server/posix/unix_socket.h"
#include "server/shared_memory/buffer_connection.h"
#include "server/shared_memory/shared_buffers.h"
#include "server/telemetry/connection_metrics.h"
#include "server/telemetry/logging.h"

namespace rectifier {

// A buffer lives as long as the connection that it was asked for on, so a caller that crashes
// leaves nothing. Where descriptors run out, callers wait in the socket's queue until there are
// some; past `max_connections` they are answered RESOURCE_EXHAUSTED.
class BufferListener {
 public:
  struct Settings {
    std::string path;
    int64_t max_connections = 0;
    UnixAccess access;
  };

  // Listens when it returns. `buffers` and `metrics` must outlive it.
  // Errors: UNAVAILABLE, naming --buffers_listen and the reason.
  static absl::StatusOr<std::unique_ptr<BufferListener>> Start(const Settings& settings,
                                                               SharedBuffers& buffers,
                                                               ConnectionMetrics& metrics);

  // Hangs up. What callers own in `buffers` stays, with its contents: they may have results there.
  ~BufferListener();
  BufferListener(const BufferListener&) = delete;
  BufferListener& operator=(const BufferListener&) = delete;

 private:
  BufferListener(std::unique_ptr<UnixSocket> path, const Settings& settings, SharedBuffers& buffers,
                 ConnectionMetrics& metrics);

  absl::Status Listen(absl::StatusOr<FileDescriptor> socket);

  // These belong to the thread.
  void Run();
  void Accept();
  void Add(FileDescriptor socket);
  void CountRefusal(ConnectionRefusal reason);
  void LookForSocket();
  void Pause(int error);
  void Resume();
  void Serve(BufferConnectionId id);

  const std::unique_ptr<UnixSocket> path_;
  const Settings settings_;
  SharedBuffers& buffers_;
  ConnectionMetrics& metrics_;
  EventPoll poll_;
  FileDescriptor socket_;
  absl::flat_hash_map<BufferConnectionId, std::unique_ptr<BufferConnection>> connections_;
  BufferConnectionId next_id_;
  bool paused_ = false;      // accepts none
  bool is_missing_ = false;  // somebody has taken the socket away
  absl::Time looked_ = absl::InfinitePast();
  LogLimiter pauses_logged_{1};
  LogLimiter refusals_logged_{1};
  std::thread thread_;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_SHARED_MEMORY_BUFFER_LISTENER_H_
