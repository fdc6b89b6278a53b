#include "server/command_line.h"

#include <algorithm>
#include <cstdlib>
#include <iostream>

#include "absl/flags/flag.h"
#include "absl/flags/reflection.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "proto/default_target.h"
#include "server/byte_count.h"
#include "server/flag_error.h"
#include "server/flag_parser.h"
#include "server/memory_budget.h"
#include "server/posix/listen_address.h"
#include "server/posix/memory_limit.h"
#include "server/service_name.h"

namespace rectifier {
namespace {

std::vector<std::string> DefaultListen() { return {DefaultUnixTarget(), "127.0.0.1:50051"}; }

}  // namespace
}  // namespace rectifier

ABSL_FLAG(std::vector<std::string>, listen, rectifier::DefaultListen(),
          "addresses to serve on, with commas between: unix:/path or host:port (port 0 takes a "
          "free one)");
ABSL_FLAG(std::string, buffers_listen, "auto",
          "unix:/path of the socket at which callers on this host get shared buffers; auto: beside "
          "the first unix socket of --listen, with .buffers after its path, or off where there is "
          "none; empty: off");
ABSL_FLAG(std::string, unix_socket_mode, "0660",
          "permissions of the unix sockets' files, in octal; who may write may connect");
ABSL_FLAG(std::string, unix_socket_owner, "",
          "user who owns the unix sockets' files, by name or number; empty: the server's");
ABSL_FLAG(std::string, unix_socket_group, "",
          "group of the unix sockets' files, by name or number; empty: the server's");
ABSL_FLAG(std::vector<std::string>, unix_allowed_uids, {},
          "users, by name or number, with commas between, whose processes may connect to the unix "
          "sockets; others are hung up on; empty: all whom the permissions let in");
ABSL_FLAG(std::vector<std::string>, system_shared_memory_owners, {},
          "users, by name or number, with commas between, whose POSIX shared memory (/dev/shm) "
          "callers of the Open Inference Protocol may register by its name; whoever may call may "
          "then have all of it read and written; empty: off");
ABSL_FLAG(std::string, reflection, "auto",
          "whether reflection is served, which tells callers all names; auto: where --listen is "
          "within reach of this machine alone");
ABSL_FLAG(std::string, channelz, "auto",
          "whether channelz is served, which tells callers about connections, and takes a thread "
          "for each of its calls; auto: as for --reflection; off where tokens or names of "
          "certificates are asked for");
ABSL_FLAG(bool, load_reports, rectifier::Options().load_reports,
          "whether each call tells in its trailers how much the server has to do (ORCA's "
          "endpoint-load-metrics-bin), for clients that balance by it, as with gRPC's policy "
          "weighted_round_robin; some 70 bytes a call");
ABSL_FLAG(std::string, metrics_listen, rectifier::Options().metrics_listen,
          "host:port of /metrics and /healthz over HTTP; empty: off");
ABSL_FLAG(std::string, ports_file, "",
          "a file to write the addresses to once they are served: a line `grpc ADDRESS` for each "
          "of --listen, and `health ADDRESS`, `buffers ADDRESS`, `metrics ADDRESS` and `http "
          "ADDRESS`");
ABSL_FLAG(int, threads, rectifier::Options().threads,
          "threads that compute; 0: as many as the CPU quota allows");
ABSL_FLAG(int, io_threads, rectifier::Options().io_threads,
          "threads that wait for calls and move their bytes, each with a completion queue; 0: one "
          "for every 4 CPUs, and at least one");
ABSL_FLAG(rectifier::ByteCount, memory_bytes, {0},
          "memory that the process may use, into which the limits below are lowered that are not "
          "given; 0: what the cgroup allows, or the machine has");
ABSL_FLAG(absl::Duration, idle_memory_time, rectifier::Options().idle_memory_time,
          "memory that was not used for so long goes back to the system; 0s: it is kept");
ABSL_FLAG(rectifier::ByteCount, max_idle_bytes, {rectifier::Options().max_idle_bytes},
          "memory for large replies that is kept while nobody uses it");
ABSL_FLAG(std::string, cpu_target, "",
          "the SIMD instruction set to use, such as AVX2; empty: the best that this machine has");
// Those of limits.h. NOLINTBEGIN(bugprone-macro-parentheses): a type may have no brackets.
#define RECTIFIER_FLAG(name, type, initial, least, most, help) \
  ABSL_FLAG(type, name, type{rectifier::Limits().name}, help);
// NOLINTEND(bugprone-macro-parentheses)
using rectifier::ByteCount;
RECTIFIER_LIMITS(RECTIFIER_FLAG)
#undef RECTIFIER_FLAG

ABSL_FLAG(absl::Duration, receive_timeout, rectifier::PeerTimeouts().receive,
          "how long the message of a call may take to arrive, and a stream's first");
ABSL_FLAG(absl::Duration, stream_idle_timeout, rectifier::PeerTimeouts().idle,
          "how long a stream may be silent between its messages");
ABSL_FLAG(absl::Duration, send_timeout, rectifier::PeerTimeouts().send,
          "how long a caller may take to read a message; a call whose reply is not taken is "
          "cancelled");
ABSL_FLAG(
    int, max_connections, rectifier::Options().max_connections,
    "connections to --listen and --http_listen that may be open; what comes beyond is closed at "
    "once; 0: 1024, or as many as the limit of descriptors allows, of which each takes two, or "
    "four where there is --http_listen, and 256 are left for all else");
ABSL_FLAG(int, max_http2_streams, rectifier::Options().max_http2_streams,
          "HTTP/2 streams, each of which is a call of any method, that one connection may have "
          "open; a client keeps further calls waiting by itself");
ABSL_FLAG(rectifier::ByteCount, max_metadata_bytes, {rectifier::Options().max_metadata_bytes},
          "metadata of one call");
ABSL_FLAG(
    rectifier::ByteCount, max_receive_bytes, {rectifier::Options().max_receive_bytes},
    "bytes of requests that gRPC holds, of calls that are arriving or in progress; where it "
    "needs more, it ends calls of either kind and idle connections; at least "
    "--max_message_bytes; 0: twice --max_inflight_bytes, and at least 256MiB, or a quarter of "
    "--memory_bytes where that is less");
ABSL_FLAG(absl::Duration, handshake_timeout, rectifier::Options().handshake_timeout,
          "how long a new connection may take until HTTP/2 is spoken");
ABSL_FLAG(absl::Duration, max_connection_idle, rectifier::Options().max_connection_idle,
          "how long a connection without calls stays open; 0s: for ever, because watching for it "
          "makes a small call 4 % dearer. Longer than 30m, after which gRPC's clients hang up by "
          "themselves, is polite");
ABSL_FLAG(absl::Duration, max_connection_age, rectifier::Options().max_connection_age,
          "how long a connection takes new calls, give or take a tenth, until its client is asked "
          "to connect anew, by which it finds replicas that were added; calls in progress go on; "
          "0s: for ever");
ABSL_FLAG(bool, allow_compression, rectifier::Options().allow_compression,
          "whether callers may send compressed messages; gRPC inflates one whole, to up to 1,000 "
          "times of what was sent, before its size is checked, so this is for callers who are "
          "trusted; false: such calls get UNIMPLEMENTED");
ABSL_FLAG(absl::Duration, keepalive_time, rectifier::Options().keepalive_time,
          "how often a peer of whom nothing is heard is sent an HTTP/2 ping; one that does not "
          "answer within 20s, or as long again where that is less, is hung up on; 0s: never");
ABSL_FLAG(absl::Duration, keepalive_min_time, rectifier::Options().keepalive_min_time,
          "how often a client may send HTTP/2 pings; one that does so more often is hung up on "
          "with \"too_many_pings\"");
ABSL_FLAG(bool, keepalive_permit_without_calls, rectifier::Options().keepalive_permit_without_calls,
          "whether clients may send pings without a call, too; false: once in two hours");
ABSL_FLAG(absl::Duration, drain_delay, rectifier::Options().drain_delay,
          "how long to go on serving after SIGTERM, while readiness says no; a second signal ends "
          "it, and after SIGINT there is none");
ABSL_FLAG(absl::Duration, drain_timeout, rectifier::Options().drain_timeout,
          "how long calls in progress may take after --drain_delay, until they are cancelled");
ABSL_FLAG(absl::Duration, slow_call, rectifier::Options().slow_call,
          "calls that take this long, and streams that do for each message, are logged");
ABSL_FLAG(std::string, log_format, "text", "text or json");
ABSL_FLAG(std::string, log_level, "info", "debug, info, warning or error");
ABSL_FLAG(rectifier::ByteCount, log_queue_bytes, {rectifier::Options().log_queue_bytes},
          "lines of the log that wait to be written; where nobody reads the log, further ones are "
          "dropped and counted, and no call waits");
ABSL_FLAG(bool, selftest, rectifier::Options().selftest,
          "instead of serving, compute known answers of every activation on --cpu_target, or on "
          "each that this machine has, and exit with 0 or 1");
ABSL_FLAG(std::string, probe, "",
          "--probe: instead of serving, ask the server at --health_listen, or else at the first "
          "address of --listen, whether it is ready, and exit with 0 or 1; --probe=ADDRESS asks "
          "the one there");

namespace rectifier {
namespace {

// What --probe without a value becomes before ProbeTarget says what it stands for.
constexpr char kProbeFirst[] = "default";

template <class Value>
const char* FlagName(const absl::Flag<Value>& flag) {
  return absl::GetFlagReflectionHandle(flag).Name().data();  // a literal
}

absl::StatusOr<LogFormat> ParseLogFormat(const std::string& given) {
  if (given == "text") return LogFormat::kText;
  if (given == "json") return LogFormat::kJson;
  return FlagError("log_format", given, "must be text or json");
}

absl::StatusOr<LogLevel> ParseLogLevel(const std::string& given) {
  if (given == "debug") return LogLevel::debug;
  if (given == "info") return LogLevel::info;
  if (given == "warning") return LogLevel::warn;
  if (given == "error") return LogLevel::err;
  return FlagError("log_level", given, "must be debug, info, warning or error");
}

int64_t Given(const absl::Flag<int64_t>& flag) { return absl::GetFlag(flag); }
int64_t Given(const absl::Flag<ByteCount>& flag) { return absl::GetFlag(flag).bytes; }

Limits LimitsFromFlags() {
  Limits limits;
#define RECTIFIER_GIVEN(name, type, initial, least, most, help) limits.name = Given(FLAGS_##name);
  RECTIFIER_LIMITS(RECTIFIER_GIVEN)
#undef RECTIFIER_GIVEN
  return limits;
}

absl::StatusOr<int64_t> MemoryFromFlags() {
  const int64_t given = Given(FLAGS_memory_bytes);
  if (given == 0) return MemoryLimit();
  const absl::Status status =
      CheckInterval("memory_bytes", given, int64_t{64} << 20, kMaxBytes, FormatBytes);
  if (!status.ok()) return status;
  return given;
}

// What `auto` stands for is known only with --listen.
std::string BuffersListenFromFlags() {
  std::string given = absl::GetFlag(FLAGS_buffers_listen);
  if (given != "auto") return given;
  for (const std::string& address : absl::GetFlag(FLAGS_listen)) {
    if (!UnixPath(address).empty()) return "unix:" + UnixPath(address) + ".buffers";
  }
  return "";
}

template <class Id>
absl::Status ParseAccount(const absl::Flag<std::string>& flag,
                          absl::StatusOr<Id> (*parse)(const std::string&), Id* id) {
  const std::string given = absl::GetFlag(flag);
  if (given.empty()) return absl::OkStatus();
  const absl::StatusOr<Id> parsed = parse(given);
  if (!parsed.ok()) return FlagError(FlagName(flag), given, std::string(parsed.status().message()));
  *id = *parsed;
  return absl::OkStatus();
}

absl::StatusOr<std::vector<uid_t>> UsersFromFlag(const absl::Flag<std::vector<std::string>>& flag) {
  std::vector<uid_t> users;
  for (const std::string& given : absl::GetFlag(flag)) {
    const absl::StatusOr<uid_t> user = ParseUser(given);
    if (!user.ok()) return FlagError(FlagName(flag), given, std::string(user.status().message()));
    users.push_back(*user);
  }
  return users;
}

absl::StatusOr<UnixAccess> UnixAccessFromFlags() {
  UnixAccess access;
  absl::Status status = ParseAccount(FLAGS_unix_socket_mode, ParseMode, &access.mode);
  if (status.ok()) status = ParseAccount(FLAGS_unix_socket_owner, ParseUser, &access.owner);
  if (status.ok()) status = ParseAccount(FLAGS_unix_socket_group, ParseGroup, &access.group);
  if (!status.ok()) return status;
  absl::StatusOr<std::vector<uid_t>> users = UsersFromFlag(FLAGS_unix_allowed_uids);
  if (!users.ok()) return users.status();
  access.allowed_uids = *std::move(users);
  return access;
}

// Whether nobody beyond this machine reaches an address of --listen.
bool IsLocal() {
  for (const std::string& address : absl::GetFlag(FLAGS_listen)) {
    if (UnixPath(address).empty() && !IsLoopback(address)) return false;
  }
  return true;
}

absl::StatusOr<bool> ParseSwitch(const absl::Flag<std::string>& flag) {
  const std::string given = absl::GetFlag(flag);
  if (given == "auto") return IsLocal();
  if (given == "on" || given == "off") return given == "on";
  return FlagError(FlagName(flag), given, "must be auto, on or off");
}

// Where --probe without a value asks.
std::string ProbeTarget(const Options& options) {
  const std::string& health = options.security.health_listen;
  if (!health.empty()) return health;
  return options.listen.empty() ? "" : options.listen.front();
}

absl::StatusOr<Options> OptionsFromFlags(const FlagParser& parser) {
  const absl::StatusOr<LogFormat> format = ParseLogFormat(absl::GetFlag(FLAGS_log_format));
  if (!format.ok()) return format.status();
  const absl::StatusOr<LogLevel> level = ParseLogLevel(absl::GetFlag(FLAGS_log_level));
  if (!level.ok()) return level.status();
  const absl::StatusOr<UnixAccess> unix_access = UnixAccessFromFlags();
  if (!unix_access.ok()) return unix_access.status();
  const auto memory_owners = UsersFromFlag(FLAGS_system_shared_memory_owners);
  if (!memory_owners.ok()) return memory_owners.status();
  const absl::StatusOr<bool> reflection = ParseSwitch(FLAGS_reflection);
  if (!reflection.ok()) return reflection.status();
  const absl::StatusOr<bool> channelz = ParseSwitch(FLAGS_channelz);
  if (!channelz.ok()) return channelz.status();
  const absl::StatusOr<int64_t> memory = MemoryFromFlags();
  if (!memory.ok()) return memory.status();
  Options options{
      .listen = absl::GetFlag(FLAGS_listen),
      .buffers_listen = BuffersListenFromFlags(),
      .metrics_listen = absl::GetFlag(FLAGS_metrics_listen),
      .unix_access = *unix_access,
      .system_shared_memory_owners = *memory_owners,
      .reflection = *reflection,
      .channelz = *channelz,
      .load_reports = absl::GetFlag(FLAGS_load_reports),
      .ports_file = absl::GetFlag(FLAGS_ports_file),
      .threads = absl::GetFlag(FLAGS_threads),
      .io_threads = absl::GetFlag(FLAGS_io_threads),
      .memory_bytes = *memory,
      .idle_memory_time = absl::GetFlag(FLAGS_idle_memory_time),
      .max_idle_bytes = Given(FLAGS_max_idle_bytes),
      .cpu_target = absl::GetFlag(FLAGS_cpu_target),
      .limits = LimitsFromFlags(),
      .peer_timeouts = {.receive = absl::GetFlag(FLAGS_receive_timeout),
                        .idle = absl::GetFlag(FLAGS_stream_idle_timeout),
                        .send = absl::GetFlag(FLAGS_send_timeout)},
      .max_connections = absl::GetFlag(FLAGS_max_connections),
      .max_http2_streams = absl::GetFlag(FLAGS_max_http2_streams),
      .max_metadata_bytes = Given(FLAGS_max_metadata_bytes),
      .max_receive_bytes = Given(FLAGS_max_receive_bytes),
      .handshake_timeout = absl::GetFlag(FLAGS_handshake_timeout),
      .max_connection_idle = absl::GetFlag(FLAGS_max_connection_idle),
      .max_connection_age = absl::GetFlag(FLAGS_max_connection_age),
      .allow_compression = absl::GetFlag(FLAGS_allow_compression),
      .keepalive_time = absl::GetFlag(FLAGS_keepalive_time),
      .keepalive_min_time = absl::GetFlag(FLAGS_keepalive_min_time),
      .keepalive_permit_without_calls = absl::GetFlag(FLAGS_keepalive_permit_without_calls),
      .drain_delay = absl::GetFlag(FLAGS_drain_delay),
      .drain_timeout = absl::GetFlag(FLAGS_drain_timeout),
      .slow_call = absl::GetFlag(FLAGS_slow_call),
      .log_format = *format,
      .log_level = *level,
      .log_queue_bytes = Given(FLAGS_log_queue_bytes),
      .security = SecurityOptionsFromFlags(),
      .http = HttpOptionsFromFlags(),
      .selftest = absl::GetFlag(FLAGS_selftest),
      .probe = absl::GetFlag(FLAGS_probe)};
  FitIntoMemory(
      options.memory_bytes, [&parser](absl::string_view flag) { return parser.IsGiven(flag); },
      &options);
  if (options.probe == kProbeFirst) options.probe = ProbeTarget(options);
  const absl::Status status = options.Validate();
  if (!status.ok()) return status;
  return options;
}

void PrintHelp(const FlagParser& parser) {
  std::cout << "rectifierd: serves " << kServiceName
            << ": batch evaluation of activation "
               "functions.\n\nFlags, with their defaults:\n"
            << parser.Help();
}
}  // namespace

absl::StatusOr<Options> ParseCommandLine(int argc, char** argv) {
  std::vector<std::string> arguments(argv + 1, argv + argc);
  // The one flag with an optional value.
  std::replace(arguments.begin(), arguments.end(), std::string("--probe"),
               absl::StrCat("--probe=", kProbeFirst));
  FlagParser parser([](absl::string_view file) {
    return absl::EndsWith(file, "server/command_line.cc") ||
           absl::EndsWith(file, "server/security_options.cc") ||
           absl::EndsWith(file, "server/http_options.cc");
  });
  const absl::StatusOr<FlagParser::Wish> wish = parser.Parse(arguments);
  if (!wish.ok()) return wish.status();
  // A variable that is not set, as in --probe=$ADDRESS, must not start a server.
  if (parser.IsGiven("probe") && absl::GetFlag(FLAGS_probe).empty()) {
    return FlagError("probe", "", "must be unix:/path or host:port");
  }
  if (*wish == FlagParser::Wish::kHelp) PrintHelp(parser);
  if (*wish == FlagParser::Wish::kVersion) std::cout << "rectifierd " RECTIFIER_VERSION "\n";
  if (*wish != FlagParser::Wish::kRun) {
    if (std::cout.flush()) std::exit(EXIT_SUCCESS);
    std::cerr << "rectifierd: cannot write to standard output\n";
    std::exit(EXIT_FAILURE);
  }
  return OptionsFromFlags(parser);
}

}  // namespace rectifier
