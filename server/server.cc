#include "server/server.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <thread>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "core/known_answers.h"
#include "core/run/cpu_quota.h"
#include "grpcpp/ext/channelz_service_plugin.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server_builder.h"
#include "server/channel_arguments.h"
#include "server/load_metrics.h"
#include "server/posix/listen_address.h"
#include "server/telemetry/log_metrics.h"
#include "server/telemetry/logging.h"
#include "server/telemetry/process_metrics.h"
#include "server/wire/describe.h"

namespace rectifier {
namespace {

// Callers that do not watch readiness are told UNAVAILABLE for at least so long, which they may
// retry elsewhere. Then gRPC hangs up, which answers calls on their way with CANCELLED.
constexpr absl::Duration kFarewell = absl::Milliseconds(200);
// While the server drains, callers may keep it waiting for so long, and for half of its time at
// most. Those who do so longer are given up, which loses nothing of theirs.
constexpr absl::Duration kDrainPatience = absl::Seconds(5);
// How long a peer may take nothing of what is sent to it when nothing is left to be lost.
constexpr absl::Duration kLastPatience = absl::Seconds(1);
// Past so many times --max_http2_streams a connection's calls are those of a peer that ignores it.
// Some more than once are of one that does not: its next call may be here before the end of the
// last has been told to us.
constexpr int kCallsOfStream = 2;

// A thread that computes what is small is behind by milliseconds.
constexpr absl::Duration kStalled = absl::Seconds(10);
// What a connection takes: gRPC's descriptor and ours, and one of HTTP the two ends of its own
// connection to gRPC, too.
constexpr size_t kDescriptorsOfOne = 2, kDescriptorsOfHttp = 4;
// How long cancelled calls may take to end before the process gives up on an orderly exit.
constexpr absl::Duration kWatchdogTime = absl::Seconds(10);
// One thread moves one to two GB/s, and does not wake another (DECISIONS.md).
constexpr int kCpusPerQueue = 4;

// Switches a plugin of gRPC on, for the whole process and before any builder exists. Its
// synchronous service has threads of its own.
void EnableChannelz() {
  static const bool done = [] {
    grpc::channelz::experimental::InitChannelzService();
    return true;
  }();
  static_cast<void>(done);
}

bool IsUnix(const std::string& address) { return !UnixPath(address).empty(); }

// "tcp", "unix" and "buffer", as far as the options have them.
std::vector<std::string> Transports(const Options& options) {
  const std::vector<std::string>& listen = options.listen;
  std::vector<std::string> transports;
  const auto unix_addresses = std::count_if(listen.begin(), listen.end(), IsUnix);
  if (unix_addresses < static_cast<std::ptrdiff_t>(listen.size())) transports.push_back("tcp");
  if (unix_addresses > 0) transports.push_back("unix");
  if (!options.buffers_listen.empty()) transports.push_back("buffer");
  if (!options.http.listen.empty()) transports.push_back("http");
  return transports;
}

v1::GetServerInfoResponse Describe(const Options& options, const Catalogue& catalogue,
                                   const Engine& engine) {
  return DescribeServer({.version = RECTIFIER_VERSION,
                         .cpu_target = std::string(catalogue.target()),
                         .threads = engine.threads(),
                         .transports = Transports(options),
                         .buffers_socket = UnixPath(options.buffers_listen)},
                        options.limits);
}

Admission::Budget TotalBudget(const Limits& limits) {
  return {.bytes = limits.max_inflight_bytes,
          .calls = limits.max_inflight_calls,
          .streams = limits.max_streams};
}

// A limit of zero is none.
Admission::Budget BudgetPerConnection(const Limits& limits) {
  const auto limit = [](int64_t own, int64_t all) { return own > 0 ? own : all; };
  return {.bytes = limit(limits.max_inflight_bytes_per_connection, limits.max_inflight_bytes),
          .calls = limit(limits.max_inflight_calls_per_connection, limits.max_inflight_calls),
          .streams = limit(limits.max_streams_per_connection, limits.max_streams)};
}

int QueueCount(const Options& options) {
  if (options.io_threads > 0) return options.io_threads;
  return std::max(1, AvailableCpus() / kCpusPerQueue);
}

size_t MaxConnections(const Options& options) {
  if (options.max_connections > 0) return static_cast<size_t>(options.max_connections);
  return OpenConnections::MostThatFit(options.http.listen.empty() ? kDescriptorsOfOne
                                                                  : kDescriptorsOfHttp);
}

// What the protections that are set leave open to whoever reaches a TCP address; empty where that
// is nothing to warn of.
std::string ConsequenceOfOpenness(const SecurityOptions& security) {
  const bool is_encrypted = !security.tls.is_empty();
  const bool asks_who = !security.tls.client_ca.empty() || !security.tokens_file.empty();
  if (!is_encrypted && !asks_who) {
    return "whoever reaches it can call: nobody is asked who they are, and nothing is encrypted";
  }
  if (!is_encrypted) return "tokens and tensors can be read on the way: nothing is encrypted";
  if (!asks_who) return "whoever reaches it can call: nobody is asked who they are";
  return "";
}

std::unique_ptr<LoadReports> MakeLoadReports(const Options& options, const EngineQueue& queue,
                                             int threads) {
  if (!options.load_reports) return nullptr;
  return std::make_unique<LoadReports>(
      LoadReports::Machine{.cpus = AvailableCpus(), .memory_bytes = options.memory_bytes},
      [&queue, threads] { return static_cast<double>(queue.size()) / threads; });
}

// Ends the process where gRPC's shutdown, with all calls cancelled, does not end.
class Watchdog {
 public:
  Watchdog()
      : thread_([this] {
          if (done_.WaitForNotificationWithTimeout(kWatchdogTime)) return;
          LogEvent(LogLevel::critical, "shutdown stuck");
          std::_Exit(EXIT_FAILURE);
        }) {}
  ~Watchdog() {
    done_.Notify();
    thread_.join();
  }

 private:
  absl::Notification done_;
  std::thread thread_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const Options& options) {
  const Catalogue* catalogue = &Catalogue::Best();
  if (!options.cpu_target.empty()) {
    const absl::StatusOr<const Catalogue*> chosen = Catalogue::ForTarget(options.cpu_target);
    if (!chosen.ok()) {
      return absl::Status(chosen.status().code(),
                          absl::StrFormat("--cpu_target: %s", chosen.status().message()));
    }
    catalogue = *chosen;
  }
  // A CPU or a build that computes something else must not get a call.
  if (absl::Status status = CheckKnownAnswers(*catalogue); !status.ok()) return status;
  std::unique_ptr<Server> server(new Server(options, *catalogue));
  for (const auto step :
       {&Server::ReadCredentials, &Server::StartMetricsEndpoint, &Server::StartHealthServer,
        &Server::Listen, &Server::StartBufferListener}) {
    if (const absl::Status status = (server.get()->*step)(); !status.ok()) return status;
  }
  server->service_->health().SetReady(true);
  if (const absl::Status status = server->WritePortsFile(); !status.ok()) return status;
  server->Announce();
  return server;
}

Server::Server(const Options& options, const Catalogue& catalogue)
    : options_(options),
      catalogue_(catalogue),
      metrics_(catalogue, RECTIFIER_VERSION),
      security_metrics_(*metrics_.registry()),
      audit_(security_metrics_),
      engine_({.threads = options.threads}),
      admission_(TotalBudget(options.limits), BudgetPerConnection(options.limits)),
      queue_(engine_.threads()),
      replies_(ReplyPool::Make(static_cast<size_t>(options.max_idle_bytes))),
      shared_buffers_(options.limits, metrics_.shared_buffers()),
      registered_regions_(options.system_shared_memory_owners, metrics_.registered_regions()),
      log_(options.slow_call),
      open_calls_(kCallsOfStream * options.max_http2_streams,
                  [this](const std::string& peer) { acceptor_->HangUp(peer); }),
      load_reports_(MakeLoadReports(options, queue_, engine_.threads())),
      unseen_calls_(std::make_shared<UnseenCalls>([this] { return open_calls_.arrived(); })),
      idle_memory_(options.idle_memory_time, admission_, *replies_,
                   metrics_.idle_memory_releases()),
      watch_(options.peer_timeouts, metrics_) {}

Server::~Server() { HangUp(); }

bool Server::IsResponsive() const { return heartbeats_.lag() < kStalled; }

bool Server::IsHealthy() const { return service_->health().IsReachable() && IsResponsive(); }

absl::Status Server::ReadCredentials() {
  const SecurityOptions& security = options_.security;
  if (!security.tls.is_empty()) {
    auto tls = WatchedTls::Start(security.tls, audit_);
    if (!tls.ok()) return tls.status();
    tls_ = *std::move(tls);
  }
  auto access = Access::Start({.allowed_names = security.tls_allowed_names,
                               .tokens_file = security.tokens_file,
                               .unix_needs_token = security.tokens_required == "all"},
                              audit_);
  if (!access.ok()) return access.status();
  access_ = *std::move(access);
  service_ = std::make_unique<Service>(
      CallEnvironment{.catalogue = catalogue_,
                      .limits = options_.limits,
                      .metrics = metrics_,
                      .engine = engine_,
                      .admission = admission_,
                      .queue = queue_,
                      .replies = *replies_,
                      .repeated = repeated_,
                      .buffers = shared_buffers_,
                      .regions = registered_regions_,
                      .log = log_},
      Describe(options_, catalogue_, engine_),
      Service::Standard{.reflection = options_.reflection, .channelz = HasChannelz()}, *access_);
  return absl::OkStatus();
}

// Channelz is gRPC's own, and cannot ask who calls.
bool Server::HasChannelz() const { return options_.channelz && !access_->is_restricted(); }

// This comes before channelz is enabled, which would be on this address, too.
absl::Status Server::StartHealthServer() {
  if (options_.security.health_listen.empty()) return absl::OkStatus();
  auto server =
      HealthServer::Start(options_.security.health_listen, service_->health(), watch_, heartbeats_);
  if (!server.ok()) return server.status();
  health_server_ = *std::move(server);
  return absl::OkStatus();
}

MetricsEndpoint::Collectables Server::Collectables() {
  return {metrics_.registry(), unseen_calls_, std::make_shared<LogMetrics>(),
          std::make_shared<ProcessMetrics>(),
          std::make_shared<LoadMetrics>(options_, engine_, admission_, queue_, service_->health(),
                                        heartbeats_)};
}

absl::Status Server::StartMetricsEndpoint() {
  if (options_.metrics_listen.empty()) return absl::OkStatus();
  auto endpoint = MetricsEndpoint::Start(options_.metrics_listen, Collectables(),
                                         [this] { return IsHealthy(); });
  if (!endpoint.ok()) return endpoint.status();
  metrics_endpoint_ = *std::move(endpoint);
  return absl::OkStatus();
}

// This comes before readiness says yes, and after gRPC, so that a second server is told of the
// address it was given.
absl::Status Server::StartBufferListener() {
  if (options_.buffers_listen.empty()) return absl::OkStatus();
  auto listener = BufferListener::Start({.path = UnixPath(options_.buffers_listen),
                                         .max_connections = options_.limits.max_buffer_connections,
                                         .access = options_.unix_access},
                                        shared_buffers_, metrics_.connections());
  if (!listener.ok()) return listener.status();
  buffer_listener_ = *std::move(listener);
  return absl::OkStatus();
}

absl::Status Server::Listen() {
  if (HasChannelz()) EnableChannelz();
  grpc::ServerBuilder builder;
  SetChannelArguments(options_, builder);
  service_->Register(builder);
  for (int i = 0; i < QueueCount(options_); ++i) {
    queues_.push_back(std::make_unique<CallQueue>(builder, watch_, open_calls_, heartbeats_,
                                                  load_reports_.get()));
  }
  acceptor_ =
      std::make_unique<Acceptor>(Acceptor::Settings{.max_connections = MaxConnections(options_),
                                                    .unix_access = options_.unix_access,
                                                    .send_timeout = options_.peer_timeouts.send},
                                 metrics_.connections());
  absl::Status status = BindAll(builder);
  if (!status.ok()) return status;
  addresses_ = acceptor_->addresses();
  if (status = BindHttp(builder); !status.ok()) return status;
  grpc_ = builder.BuildAndStart();
  if (grpc_ == nullptr) {
    queues_.clear();
    return absl::UnavailableError("gRPC does not start");
  }
  unseen_calls_->FindServer();
  for (const auto& queue : queues_) {
    service_->Await(queue.get());
    queue->Start();
  }
  if (door_ != nullptr) {
    std::vector<CallQueue*> queues;
    for (const auto& queue : queues_) queues.push_back(queue.get());
    door_->UseQueues(std::move(queues));
  }
  return acceptor_->Start(
      [this](bool is_reachable) { service_->health().SetReachable(is_reachable); });
}

std::shared_ptr<grpc::ServerCredentials> Server::CredentialsFor(const std::string& address) const {
  const bool is_plain = tls_ == nullptr || IsUnix(address);
  return is_plain ? grpc::InsecureServerCredentials() : tls_->credentials();
}

absl::Status Server::BindAll(grpc::ServerBuilder& builder) {
  for (const std::string& address : options_.listen) {
    const absl::Status status = acceptor_->Bind(address, CredentialsFor(address), builder);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

// Its connections go to the door, whose own connections come to gRPC by another way.
absl::Status Server::BindHttp(grpc::ServerBuilder& builder) {
  const HttpOptions& http = options_.http;
  if (http.listen.empty()) return absl::OkStatus();
  using Type = grpc::ServerBuilder::experimental_type::ExternalConnectionType;
  const std::shared_ptr<grpc::experimental::ExternalConnectionAcceptor> inner =
      builder.experimental().AddExternalConnectionAcceptor(Type::FROM_FD,
                                                           grpc::InsecureServerCredentials());
  const auto enter = [inner](FileDescriptor connection, int listener) {
    grpc::experimental::ExternalConnectionAcceptor::NewConnectionParameters parameters;
    parameters.listener_fd = listener;
    parameters.fd = connection.Release();
    inner->HandleNewConnection(&parameters);
  };
  const Limits& limits = options_.limits;
  std::function<std::string()> metrics_text;
  if (http.metrics) {
    metrics_text = [collectables = Collectables()] { return MetricsEndpoint::Text(collectables); };
  }
  http_metrics_ = std::make_unique<HttpMetrics>(*metrics_.registry(),
                                                static_cast<double>(limits.max_inflight_bytes));
  door_ = std::make_unique<http::Door>(
      http::Door::Settings{
          .router = {.allowed_hosts = http.allowed_hosts,
                     .allowed_origins = http.allowed_origins,
                     .limits = {.max_json_bytes = static_cast<size_t>(http.max_json_bytes),
                                .max_values = static_cast<size_t>(limits.max_values),
                                .max_tensors = static_cast<size_t>(limits.max_tensors)},
                     .max_message_bytes = static_cast<size_t>(limits.max_message_bytes),
                     .is_healthy = [this] { return IsHealthy(); },
                     .is_ready = [this] { return service_->health().IsReady(); },
                     .metrics_text = std::move(metrics_text)},
          .max_bytes = static_cast<size_t>(limits.max_inflight_bytes),
          .timeouts = options_.peer_timeouts,
          .handshake_timeout = options_.handshake_timeout,
          .tls = tls_ == nullptr ? nullptr : tls_->credentials(),
          .enter = enter},
      *http_metrics_);
  const absl::Status status = acceptor_->Bind(
      http.listen, "http_listen", Transport::kHttp,
      [this, is_unix = IsUnix(http.listen)](FileDescriptor connection, int listener) {
        door_->Take(std::move(connection), listener, is_unix);
      });
  if (status.ok()) http_address_ = acceptor_->addresses().back();
  return status;
}

// The file is moved into place whole, so that whoever sees it sees every line.
absl::Status Server::WritePortsFile() const {
  if (options_.ports_file.empty()) return absl::OkStatus();
  // What is there is replaced, as a whole; a device had better not be.
  std::error_code error;
  if (std::filesystem::exists(options_.ports_file, error) &&
      !std::filesystem::is_regular_file(options_.ports_file, error)) {
    return absl::UnavailableError(
        absl::StrFormat("--ports_file: %s is not a regular file", options_.ports_file));
  }
  const std::string unfinished = options_.ports_file + ".new";
  std::ofstream file(unfinished);
  for (const std::string& address : addresses_) file << "grpc " << address << "\n";
  if (!health_address().empty()) file << "health " << health_address() << "\n";
  if (!buffers_address().empty()) file << "buffers " << buffers_address() << "\n";
  if (!metrics_address().empty()) file << "metrics " << metrics_address() << "\n";
  if (!http_address().empty()) file << "http " << http_address() << "\n";
  file.close();
  if (!file || std::rename(unfinished.c_str(), options_.ports_file.c_str()) != 0) {
    return absl::UnavailableError(
        absl::StrFormat("--ports_file: cannot write %s", options_.ports_file));
  }
  return absl::OkStatus();
}

// Warns, in one line, of what anybody can reach who reaches this machine.
void Server::WarnOfOpenAddresses() const {
  std::vector<std::string> open, consequences;
  const std::string of_calls = ConsequenceOfOpenness(options_.security);
  std::vector<std::string> addresses = addresses_;
  if (!http_address_.empty()) addresses.push_back(http_address_);
  for (const std::string& address : addresses) {
    if (!of_calls.empty() && !IsUnix(address) && !IsLoopback(address)) open.push_back(address);
  }
  if (!open.empty()) consequences.push_back(of_calls);
  if (!open.empty() && !options_.system_shared_memory_owners.empty()) {
    consequences.push_back(
        "callers can have all shared memory of --system_shared_memory_owners read and written");
  }
  if (!metrics_address().empty() && !IsLoopback(metrics_address())) {
    open.push_back(metrics_address());
    consequences.push_back("whoever reaches --metrics_listen can read the metrics");
  }
  if (open.empty()) return;
  LogEvent(LogLevel::warn, "open beyond this machine",
           {{"listen", open}, {"consequence", absl::StrJoin(consequences, "; ")}});
}

void Server::Announce() const {
  WarnOfOpenAddresses();
  LogEvent(LogLevel::info, "serving",
           {{"version", RECTIFIER_VERSION},
            {"cpu_target", std::string(catalogue_.target())},
            {"threads", engine_.threads()},
            {"memory_bytes", options_.memory_bytes},
            {"max_message_bytes", options_.limits.max_message_bytes},
            {"max_inflight_bytes", options_.limits.max_inflight_bytes},
            {"listen", addresses_},
            {"health", health_address()},
            {"tls", tls_ == nullptr                           ? "off"
                    : options_.security.tls.client_ca.empty() ? "on"
                                                              : "mutual"},
            {"tokens", !options_.security.tokens_file.empty()},
            {"buffers", buffers_address()},
            {"metrics", metrics_address()},
            {"http", http_address()}});
}

std::string Server::health_address() const {
  return health_server_ == nullptr ? "" : health_server_->address();
}

std::string Server::buffers_address() const {
  return buffer_listener_ == nullptr ? "" : "unix:" + UnixPath(options_.buffers_listen);
}

std::string Server::metrics_address() const {
  return metrics_endpoint_ == nullptr ? "" : metrics_endpoint_->address();
}

void Server::AnnounceDrain() {
  service_->health().SetReady(false);
  if (door_ != nullptr) door_->AnnounceDrain();
}

bool Server::Drain(absl::Duration timeout) {
  const absl::Time start = absl::Now();
  admission_.Close();
  const absl::Duration patience = std::min(kDrainPatience, timeout / 2);
  watch_.Hasten(patience);
  acceptor_->Hasten(patience);
  const int64_t lost = admission_.WaitUntilIdle(timeout);
  absl::SleepFor(start + kFarewell - absl::Now());
  if (door_ != nullptr) {  // gRPC has answered; callers read it, and who asks now is told, too
    acceptor_->Stop();
    door_->Drain(patience);
  }
  const Watchdog watchdog;
  HangUp();
  buffer_listener_.reset();  // last: a caller that hears it hang up has had all its answers
  LogEvent(LogLevel::info, "stopped", {{"calls_lost", lost}});
  return lost == 0;
}

// Cancels what is left: watches, lost calls. Queues go when the last call has ended, and until then
// may have the acceptor hang up on a peer.
void Server::HangUp() {
  if (grpc_ == nullptr) return;
  acceptor_->Stop();
  acceptor_->Hasten(kLastPatience);
  if (door_ != nullptr) door_->HangUp();
  grpc_->Shutdown(absl::ToChronoTime(absl::Now()));
  queues_.clear();
  health_server_.reset();
}

}  // namespace rectifier
