#include "server/options.h"

#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "core/catalogue.h"
#include "server/byte_count.h"
#include "server/flag_error.h"
#include "server/posix/listen_address.h"

namespace rectifier {
namespace {

absl::Status CheckDuration(const char* flag, absl::Duration given) {
  if (given >= absl::ZeroDuration() && given <= absl::Hours(24)) return absl::OkStatus();
  return FlagError(flag, absl::FormatDuration(given), "must be from 0s to 24h");
}

absl::Status CheckTimeout(const char* flag, absl::Duration given) {
  if (given >= absl::Milliseconds(10) && given <= absl::Hours(24)) return absl::OkStatus();
  return FlagError(flag, absl::FormatDuration(given), "must be from 10ms to 24h");
}

absl::Status CheckUnixPath(const char* flag, const std::string& address) {
  constexpr size_t kLongest = sizeof(sockaddr_un::sun_path) - 1;
  if (UnixPath(address).size() <= kLongest) return absl::OkStatus();
  return FlagError(flag, address,
                   absl::StrFormat("the path must have at most %d bytes, not %d", kLongest,
                                   UnixPath(address).size()));
}

bool IsAddress(const std::string& address) {
  return !UnixPath(address).empty() || ParseHostPort(address).ok();
}

// Whether both ask for the same place; port 0 is another one each time.
bool AreSame(const std::string& a, const std::string& b) {
  if (!UnixPath(a).empty() || !UnixPath(b).empty()) return UnixPath(a) == UnixPath(b);
  return a == b && ParseHostPort(a)->port != 0;
}

absl::Status CheckListen(const std::vector<std::string>& listen) {
  if (listen.empty()) return FlagError("listen", "", "at least one address is needed");
  for (auto address = listen.begin(); address != listen.end(); ++address) {
    if (!IsAddress(*address)) {
      return FlagError("listen", *address, "must be unix:/path or host:port");
    }
    absl::Status status = CheckUnixPath("listen", *address);
    if (!status.ok()) return status;
    const bool is_again = std::any_of(listen.begin(), address, [&](const std::string& other) {
      return AreSame(other, *address);
    });
    if (is_again) return FlagError("listen", *address, "must differ from the other addresses");
  }
  return absl::OkStatus();
}

absl::Status CheckBuffersListen(const std::string& given, const std::vector<std::string>& listen) {
  if (given.empty()) return absl::OkStatus();
  const std::string path = UnixPath(given);
  if (path.empty()) return FlagError("buffers_listen", given, "must be unix:/path, auto or empty");
  for (const std::string& address : listen) {
    if (UnixPath(address) != path) continue;
    return FlagError("buffers_listen", given, "must differ from the addresses of --listen");
  }
  return CheckUnixPath("buffers_listen", given);
}

absl::Status CheckMetricsListen(const std::string& given, const std::vector<std::string>& listen) {
  if (given.empty()) return absl::OkStatus();
  if (!ParseHostPort(given).ok()) {
    return FlagError("metrics_listen", given, "must be host:port or empty");
  }
  const bool is_taken = std::any_of(listen.begin(), listen.end(), [&](const std::string& other) {
    return AreSame(other, given);
  });
  if (!is_taken) return absl::OkStatus();
  return FlagError("metrics_listen", given, "must differ from the addresses of --listen");
}

absl::Status CheckHealthListen(const std::string& given, const std::vector<std::string>& listen,
                               const std::string& metrics_listen) {
  if (given.empty() || !ParseHostPort(given).ok()) return absl::OkStatus();  // or said elsewhere
  for (const std::string& other : listen) {
    if (!AreSame(other, given)) continue;
    return FlagError("health_listen", given, "must differ from the addresses of --listen");
  }
  if (metrics_listen.empty() || !AreSame(metrics_listen, given)) return absl::OkStatus();
  return FlagError("health_listen", given, "must differ from --metrics_listen");
}

absl::Status CheckHttp(const HttpOptions& http, const Options& options) {
  absl::Status status =
      CheckInterval("max_json_bytes", http.max_json_bytes, 1, kMaxMessage, FormatBytes);
  if (!status.ok() || http.listen.empty()) return status;
  if (!IsAddress(http.listen)) {
    return FlagError("http_listen", http.listen, "must be unix:/path, host:port or empty");
  }
  if (status = CheckUnixPath("http_listen", http.listen); !status.ok()) return status;
  std::vector<std::string> others = options.listen;
  for (const std::string& other :
       {options.metrics_listen, options.buffers_listen, options.security.health_listen}) {
    if (!other.empty() && IsAddress(other)) others.push_back(other);
  }
  for (const std::string& other : others) {
    if (!AreSame(other, http.listen)) continue;
    return FlagError("http_listen", http.listen,
                     absl::StrFormat("must differ from %s, which another flag has", other));
  }
  return absl::OkStatus();
}

absl::Status CheckPortsFile(const std::string& given) {
  if (given.empty()) return absl::OkStatus();
  const std::filesystem::path path(given);
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  std::error_code error;  // a path that cannot be looked at is none
  if (path.has_filename() && !std::filesystem::is_directory(path, error) &&
      std::filesystem::is_directory(folder, error) && access(folder.c_str(), W_OK) == 0) {
    return absl::OkStatus();
  }
  return FlagError("ports_file", given,
                   "must be the path of a file, in a folder that can be written to");
}

absl::Status CheckCpuTarget(const std::string& given) {
  const std::vector<std::string> targets = Catalogue::Targets();
  if (given.empty() || std::find(targets.begin(), targets.end(), given) != targets.end()) {
    return absl::OkStatus();
  }
  return FlagError("cpu_target", given,
                   absl::StrFormat("must be empty or one of what this machine has: %s",
                                   absl::StrJoin(targets, ", ")));
}

absl::Status CheckProbe(const std::string& given) {
  if (given.empty()) return absl::OkStatus();
  if (IsAddress(given)) return CheckUnixPath("probe", given);
  return FlagError("probe", given, "must be unix:/path or host:port");
}

using Formatter = std::string (*)(int64_t);
template <class Flag>
constexpr Formatter kFormatter = FormatNumber;
template <>
constexpr Formatter kFormatter<ByteCount> = FormatBytes;

absl::Status CheckLimits(const Limits& limits) {
  absl::Status status;
#define RECTIFIER_CHECK(name, type, initial, least, most, help) \
  if (status.ok()) status = CheckInterval(#name, limits.name, least, most, kFormatter<type>);
  RECTIFIER_LIMITS(RECTIFIER_CHECK)
#undef RECTIFIER_CHECK
  return status;
}
}  // namespace

absl::Status Options::Validate() const {
  absl::Status status = CheckListen(listen);
  if (status.ok()) status = CheckBuffersListen(buffers_listen, listen);
  if (status.ok()) status = CheckMetricsListen(metrics_listen, listen);
  if (status.ok()) status = CheckHttp(http, *this);
  if (status.ok()) status = CheckPortsFile(ports_file);
  if (status.ok()) status = CheckCpuTarget(cpu_target);
  if (status.ok()) status = CheckInterval("threads", threads, 0, 1024);
  if (status.ok()) status = CheckInterval("io_threads", io_threads, 0, 1024);
  if (status.ok())
    status = CheckInterval("max_idle_bytes", max_idle_bytes, 0, kMaxBytes, FormatBytes);
  if (status.ok()) {
    status = CheckInterval("log_queue_bytes", log_queue_bytes, 1024, int64_t{1} << 30, FormatBytes);
  }
  if (status.ok()) status = CheckDuration("idle_memory_time", idle_memory_time);
  if (status.ok()) status = CheckLimits(limits);
  if (status.ok()) status = CheckTimeout("receive_timeout", peer_timeouts.receive);
  if (status.ok()) status = CheckTimeout("stream_idle_timeout", peer_timeouts.idle);
  if (status.ok()) status = CheckTimeout("send_timeout", peer_timeouts.send);
  if (status.ok()) status = CheckInterval("max_connections", max_connections, 0, 1 << 20);
  if (status.ok()) {
    status = CheckInterval("max_http2_streams", max_http2_streams, 1, 1 << 20);
  }
  if (status.ok()) {
    status = CheckInterval("max_metadata_bytes", max_metadata_bytes, 1024, 1 << 20, FormatBytes);
  }
  if (status.ok()) {
    status = max_receive_bytes == 0
                 ? absl::OkStatus()
                 : CheckInterval("max_receive_bytes", max_receive_bytes, limits.max_message_bytes,
                                 kMaxBytes, FormatBytes);
  }
  if (status.ok()) status = CheckTimeout("handshake_timeout", handshake_timeout);
  if (status.ok()) status = CheckDuration("max_connection_idle", max_connection_idle);
  if (status.ok()) status = CheckDuration("max_connection_age", max_connection_age);
  if (status.ok()) status = CheckDuration("keepalive_time", keepalive_time);
  if (status.ok()) status = CheckDuration("keepalive_min_time", keepalive_min_time);
  if (status.ok()) status = CheckDuration("drain_delay", drain_delay);
  if (status.ok()) status = CheckDuration("drain_timeout", drain_timeout);
  if (status.ok()) status = CheckDuration("slow_call", slow_call);
  if (status.ok()) status = CheckHealthListen(security.health_listen, listen, metrics_listen);
  if (status.ok()) status = security.Validate(/*serve=*/probe.empty());
  if (status.ok()) status = CheckProbe(probe);  // last, because it may be one of the above
  return status;
}
}  // namespace rectifier
