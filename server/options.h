// What an operator can set, with its defaults. command_line.h reads it from flags.
#ifndef RECTIFIER_SERVER_OPTIONS_H_
#define RECTIFIER_SERVER_OPTIONS_H_

#include <sys/types.h>

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/http_options.h"
#include "server/limits.h"
#include "server/posix/unix_access.h"
#include "server/rpc/peer_timeouts.h"
#include "server/security_options.h"
#include "server/telemetry/logging.h"

namespace rectifier {

// Of --max_receive_bytes where it is not given, because callers of small messages may be many.
inline constexpr int64_t kLeastReceiveBytes = int64_t{256} << 20;

struct Options {
  std::vector<std::string> listen;                 // "unix:/path" and "host:port"
  std::string buffers_listen;                      // "unix:/path"; empty: no shared buffers
  std::string metrics_listen = "127.0.0.1:9464";   // empty: off
  UnixAccess unix_access;                          // of the unix sockets, and of the buffers'
  std::vector<uid_t> system_shared_memory_owners;  // whose regions may be registered; empty: off
  bool reflection = true;
  bool channelz = true;
  bool load_reports = false;                            // in the trailers of calls
  std::string ports_file;                               // empty: none is written
  int threads = 0;                                      // 0: as many as the CPU quota allows
  int io_threads = 0;                                   // 0: one for every 4 CPUs of the quota
  int64_t memory_bytes = 0;                             // that the process may use; 0: unknown
  absl::Duration idle_memory_time = absl::Seconds(45);  // zero: it is kept
  int64_t max_idle_bytes = int64_t{512} << 20;          // of memory kept for replies
  std::string cpu_target;                               // empty: the best that this machine has
  Limits limits;
  PeerTimeouts peer_timeouts;
  int max_connections = 0;  // 0: as many as descriptors allow
  int max_http2_streams = 256;
  int64_t max_metadata_bytes = 8 << 10;
  int64_t max_receive_bytes = 0;  // 0: see channel_arguments.cc
  absl::Duration handshake_timeout = absl::Seconds(10);
  absl::Duration max_connection_idle = absl::ZeroDuration();  // zero: no bound
  absl::Duration max_connection_age = absl::ZeroDuration();   // zero: no bound
  bool allow_compression = false;
  absl::Duration keepalive_time = absl::Minutes(5);
  absl::Duration keepalive_min_time = absl::Seconds(5);
  bool keepalive_permit_without_calls = true;
  absl::Duration drain_delay = absl::Seconds(5);
  absl::Duration drain_timeout = absl::Seconds(30);
  absl::Duration slow_call = absl::Seconds(1);
  LogFormat log_format = LogFormat::kText;
  LogLevel log_level = LogLevel::info;
  int64_t log_queue_bytes = int64_t{1} << 20;  // of lines that wait to be written
  SecurityOptions security;
  HttpOptions http;
  bool selftest = false;  // check known answers instead of serving
  std::string probe;      // empty: serve; else the target to ask whether it is ready

  // Errors: INVALID_ARGUMENT, naming the flag, what was given and what is allowed.
  absl::Status Validate() const;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_OPTIONS_H_
