// The running server. It owns everything, in the order in which it may go.
//
//   absl::StatusOr<std::unique_ptr<Server>> server = Server::Start(options);
//   ...
//   (*server)->AnnounceDrain();
//   const bool nothing_lost = (*server)->Drain(absl::Seconds(30));
#ifndef RECTIFIER_SERVER_SERVER_H_
#define RECTIFIER_SERVER_SERVER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/catalogue.h"
#include "core/engine.h"
#include "grpcpp/server.h"
#include "server/evaluate/admission.h"
#include "server/evaluate/engine_queue.h"
#include "server/evaluate/repeated_requests.h"
#include "server/health_server.h"
#include "server/http/door.h"
#include "server/idle_memory.h"
#include "server/options.h"
#include "server/rpc/acceptor.h"
#include "server/rpc/call_queue.h"
#include "server/rpc/call_watch.h"
#include "server/security/access.h"
#include "server/security/audit.h"
#include "server/security/watched_tls.h"
#include "server/service.h"
#include "server/shared_memory/buffer_listener.h"
#include "server/shared_memory/registered_regions.h"
#include "server/shared_memory/shared_buffers.h"
#include "server/telemetry/call_log.h"
#include "server/telemetry/http_metrics.h"
#include "server/telemetry/metrics.h"
#include "server/telemetry/metrics_endpoint.h"
#include "server/telemetry/security_metrics.h"
#include "server/telemetry/unseen_calls.h"
#include "server/wire/reply_pool.h"

namespace rectifier {

class Server {
 public:
  // The server serves, and says that it is ready, when this returns. Errors: UNAVAILABLE or
  // INVALID_ARGUMENT, naming the flag whose address, CPU target or file cannot be had.
  static absl::StatusOr<std::unique_ptr<Server>> Start(const Options& options);

  // Cuts off calls that are in progress where Drain was not called.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // What is served, in the order of --listen: "unix:/path" and "host:port", with ports as taken.
  const std::vector<std::string>& addresses() const { return addresses_; }
  // host:port that answers about health alone; empty where it is off.
  std::string health_address() const;
  // "unix:/path" of the shared buffers; empty where there are none.
  std::string buffers_address() const;
  // "unix:/path" or host:port of HTTP; empty where it is off.
  const std::string& http_address() const { return http_address_; }
  // host:port of /metrics; empty where it is off.
  std::string metrics_address() const;

  // Whether every thread that serves calls has got on within the last ten seconds.
  bool IsResponsive() const;

  // Readiness says NOT_SERVING, so that callers leave; calls are served as before.
  void AnnounceDrain();

  // Answers new calls with UNAVAILABLE and waits for those in progress, at most `timeout`; then
  // hangs up on everyone. Gives whether all calls were answered. It is called once.
  bool Drain(absl::Duration timeout);

 private:
  Server(const Options& options, const Catalogue& catalogue);

  absl::Status ReadCredentials();
  absl::Status StartHealthServer();
  absl::Status Listen();
  std::shared_ptr<grpc::ServerCredentials> CredentialsFor(const std::string& address) const;
  absl::Status BindAll(grpc::ServerBuilder& builder);
  absl::Status BindHttp(grpc::ServerBuilder& builder);
  MetricsEndpoint::Collectables Collectables();
  absl::Status StartMetricsEndpoint();
  absl::Status StartBufferListener();
  absl::Status WritePortsFile() const;
  bool HasChannelz() const;
  // Whether new callers get an answer, which /healthz tells.
  bool IsHealthy() const;
  void Announce() const;
  void WarnOfOpenAddresses() const;
  void HangUp();

  const Options options_;
  const Catalogue& catalogue_;
  Metrics metrics_;
  const SecurityMetrics security_metrics_;
  Audit audit_;
  std::unique_ptr<WatchedTls> tls_;  // null: TCP is not encrypted
  std::unique_ptr<Access> access_;
  Engine engine_;
  Admission admission_;
  EngineQueue queue_;
  const std::shared_ptr<ReplyPool> replies_;
  RepeatedRequests repeated_;
  SharedBuffers shared_buffers_;
  RegisteredRegions registered_regions_;
  CallLog log_;
  std::unique_ptr<Service> service_;
  std::vector<std::string> addresses_;
  std::string http_address_;
  std::unique_ptr<HttpMetrics> http_metrics_;
  OpenCalls open_calls_;
  std::unique_ptr<LoadReports> load_reports_;  // null: calls have none
  Heartbeats heartbeats_;
  const std::shared_ptr<UnseenCalls> unseen_calls_;
  std::unique_ptr<MetricsEndpoint> metrics_endpoint_;
  std::unique_ptr<BufferListener> buffer_listener_;
  IdleMemory idle_memory_;
  CallWatch watch_;
  std::unique_ptr<HealthServer> health_server_;
  std::unique_ptr<http::Door> door_;  // its calls are on the queues, and end with them
  std::vector<std::unique_ptr<CallQueue>> queues_;
  std::unique_ptr<grpc::Server> grpc_;
  std::unique_ptr<Acceptor> acceptor_;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_SERVER_H_
