#include "server/metrics_endpoint.h"

#include <exception>

#include "CivetServer.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"

namespace rectifier {
namespace {

// Answers /healthz while the process can answer at all; leaves other paths to the exposer.
int AnswerHealthz(mg_connection* connection) {
  if (absl::string_view(mg_get_request_info(connection)->local_uri) != "/healthz") return 0;
  mg_printf(connection,
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\nok\n");
  return 200;
}

}  // namespace

absl::StatusOr<std::unique_ptr<MetricsEndpoint>> MetricsEndpoint::Start(
    const std::string& address,
    const std::vector<std::shared_ptr<prometheus::Collectable>>& collectables) {
  CivetCallbacks callbacks;
  callbacks.begin_request = AnswerHealthz;
  std::unique_ptr<MetricsEndpoint> endpoint(new MetricsEndpoint);
  endpoint->collectables_ = collectables;
  try {
    endpoint->exposer_ = std::make_unique<prometheus::Exposer>(address, 2, &callbacks);
  } catch (const std::exception& error) {  // CivetServer's, which says no more than this
    return absl::UnavailableError(absl::StrFormat(
        "--metrics_listen: cannot listen on %s; is it in use, or not of this machine?", address));
  }
  for (const auto& collectable : collectables) {
    endpoint->exposer_->RegisterCollectable(collectable);
  }
  const std::string host = address.substr(0, address.rfind(':'));
  endpoint->address_ =
      absl::StrFormat("%s:%d", host, endpoint->exposer_->GetListeningPorts().front());
  return endpoint;
}

}  // namespace rectifier
