// One connection of HTTP/1.1: requests are read, translated and answered one after the other.
#ifndef RECTIFIER_SERVER_HTTP_SESSION_H_
#define RECTIFIER_SERVER_HTTP_SESSION_H_

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <memory>

#include "absl/time/time.h"
#include "server/http/byte_budget.h"
#include "server/http/inner_connection.h"
#include "server/http/router.h"
#include "server/posix/file_descriptor.h"
#include "server/rpc/peer_timeouts.h"
#include "server/telemetry/http_metrics.h"

namespace rectifier::http {

// What all sessions share. It outlives them, and belongs to the thread of `io` but for what is
// thread-safe.
struct SessionEnvironment {
  boost::asio::io_context& io;
  boost::asio::thread_pool& translators;
  const Router& router;
  ByteBudget& budget;
  const HttpMetrics& metrics;
  PeerTimeouts timeouts;
  absl::Duration handshake_timeout;
  std::atomic<bool>& is_draining;
};

// Lives until its connection has ended; its methods are called on the thread of `io`.
class Session {
 public:
  virtual ~Session() = default;
  // Ends the connection, and cancels the call that is under way.
  virtual void HangUp() = 0;
  // Ends the connection where nothing of a request has come for a while. Gives whether it is over.
  virtual bool EndIfQuiet() = 0;
};

struct Arrival {
  FileDescriptor connection;
  std::string peer;  // as gRPC would name it
  Entrance entrance;
  CallQueue* queue = nullptr;
};

// Begins to serve the connection, with TLS where `tls` is not null. Null where the system does not
// take it. Whoever holds it may hang up; it holds itself.
std::weak_ptr<Session> StartSession(SessionEnvironment& environment, Arrival arrival,
                                    const std::shared_ptr<boost::asio::ssl::context>& tls);

}  // namespace rectifier::http

#endif  // RECTIFIER_SERVER_HTTP_SESSION_H_
