// Where callers of HTTP/1.1 come in: it takes the connections of --http_listen, and answers their
// requests by calls to the gRPC server in this process. One thread moves bytes; what takes long to
// translate is translated on another.
#ifndef RECTIFIER_SERVER_HTTP_DOOR_H_
#define RECTIFIER_SERVER_HTTP_DOOR_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "server/http/byte_budget.h"
#include "server/http/router.h"
#include "server/posix/file_descriptor.h"
#include "server/rpc/call_queue.h"
#include "server/rpc/peer_timeouts.h"
#include "server/security/tls_credentials.h"
#include "server/telemetry/http_metrics.h"

namespace rectifier::http {

class Door {
 public:
  struct Settings {
    Router::Settings router;
    size_t max_bytes = 0;  // that all connections hold together
    PeerTimeouts timeouts;
    absl::Duration handshake_timeout;
    std::shared_ptr<TlsCredentials> tls;  // null: plain text
    // Gives gRPC the server's end of a connection; `listener` is that of Take.
    std::function<void(FileDescriptor connection, int listener)> enter;
  };

  // `metrics` outlives it.
  Door(Settings settings, const HttpMetrics& metrics);
  // Every call has ended.
  ~Door();
  Door(const Door&) = delete;
  Door& operator=(const Door&) = delete;

  // Calls are made on these queues, whose threads go before the door does. To be called once,
  // before the first connection.
  void UseQueues(std::vector<CallQueue*> queues);

  // Takes a connection that has come to `listener`. Thread-safe.
  void Take(FileDescriptor connection, int listener, bool is_unix);

  // From now on every response is the last one of its connection.
  void AnnounceDrain();
  // Answers whoever asks, and ends the connections that nothing comes by any more, until there are
  // none, for at most `timeout`. No further ones are taken.
  void Drain(absl::Duration timeout);
  // Ends all connections, and cancels their calls. No further ones are taken.
  void HangUp();

 private:
  class Implementation;
  const std::unique_ptr<Implementation> implementation_;
};

}  // namespace rectifier::http

#endif  // RECTIFIER_SERVER_HTTP_DOOR_H_
