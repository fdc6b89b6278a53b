#include "server/telemetry/metrics_endpoint.h"

#include <exception>
#include <thread>
#include <utility>

#include "CivetServer.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "server/posix/listen_address.h"
#include "server/telemetry/metrics_text.h"

namespace rectifier {
namespace {

constexpr absl::Duration kKnock = absl::Milliseconds(5);
constexpr int kOk = 200;
constexpr int kUnavailable = 503;

int Send(mg_connection* connection, int status, absl::string_view type, absl::string_view body) {
  const std::string head =
      absl::StrCat("HTTP/1.1 ", status, status == kOk ? " OK" : " Service Unavailable",
                   "\r\nContent-Type: ", type, "\r\nContent-Length: ", body.size(),
                   "\r\nConnection: close\r\n\r\n");
  mg_write(connection, head.data(), head.size());
  mg_write(connection, body.data(), body.size());
  return status;
}

}  // namespace

absl::StatusOr<std::unique_ptr<MetricsEndpoint>> MetricsEndpoint::Start(
    const std::string& address, const Collectables& collectables,
    std::function<bool()> is_healthy) {
  CivetCallbacks callbacks;
  callbacks.begin_request = &MetricsEndpoint::Answer;
  std::unique_ptr<MetricsEndpoint> endpoint(
      new MetricsEndpoint(collectables, std::move(is_healthy)));
  const std::vector<std::string> options = {"listening_ports", address, "num_threads", "2"};
  try {
    endpoint->server_ = std::make_unique<CivetServer>(options, &callbacks, endpoint.get());
  } catch (const std::exception& error) {  // it does not say why
    return CannotListen("metrics_listen", address);
  }
  endpoint->address_ = absl::StrCat(address.substr(0, address.rfind(':')), ":",
                                    endpoint->server_->getListeningPorts().front());
  return endpoint;
}

MetricsEndpoint::MetricsEndpoint(const Collectables& collectables, std::function<bool()> is_healthy)
    : collectables_(collectables), is_healthy_(std::move(is_healthy)) {}

// civetweb looks whether it is to stop when a connection comes, or every two seconds.
MetricsEndpoint::~MetricsEndpoint() {
  if (server_ == nullptr) return;
  absl::Notification stopped;
  std::thread stopping([this, &stopped] {
    server_->close();
    stopped.Notify();
  });
  while (!stopped.WaitForNotificationWithTimeout(kKnock)) Knock(address_);
  stopping.join();
}

int MetricsEndpoint::Answer(mg_connection* connection) {
  const auto* server =
      static_cast<const CivetServer*>(mg_get_user_data(mg_get_context(connection)));
  const auto* endpoint = static_cast<const MetricsEndpoint*>(server->getUserContext());
  const absl::string_view path = mg_get_request_info(connection)->local_uri;
  if (path == "/metrics") {
    return Send(connection, kOk, "text/plain; version=0.0.4; charset=utf-8", endpoint->Text());
  }
  if (path == "/healthz") {
    return endpoint->is_healthy_()
               ? Send(connection, kOk, "text/plain", "ok\n")
               : Send(connection, kUnavailable, "text/plain", "new callers cannot connect\n");
  }
  return 0;
}

std::string MetricsEndpoint::Text() const {
  std::string text;
  for (const auto& collectable : collectables_) text += MetricsText(collectable->Collect());
  return text;
}

}  // namespace rectifier
