// A small HTTP server for machines that watch: GET of a few paths, one request a connection. One
// thread polls all connections and waits for none, so that whoever sends half a request, or does
// not read, holds up nobody. Each has a deadline, and where there are too many the oldest is hung
// up on.
//
//   auto server = HttpServer::Start("metrics_listen", "127.0.0.1:0", {{"/healthz", ...}});
#ifndef RECTIFIER_SERVER_TELEMETRY_HTTP_SERVER_H_
#define RECTIFIER_SERVER_TELEMETRY_HTTP_SERVER_H_

#include <functional>
#include <list>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/posix/file_descriptor.h"
#include "server/posix/tcp_socket.h"
#include "server/telemetry/http_connection.h"

namespace rectifier {

class HttpServer {
 public:
  // Listens on `address` (host:port; port 0 takes a free one), which the operator gave with `flag`.
  // Pages that come first are made first, where several are asked for at once. Errors: UNAVAILABLE,
  // with the reason.
  static absl::StatusOr<std::unique_ptr<HttpServer>> Start(absl::string_view flag,
                                                           const std::string& address,
                                                           std::vector<HttpPage> pages);
  // Hangs up on everyone.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // host:port, with the port that was taken.
  const std::string& address() const { return bound_.address; }

 private:
  HttpServer(BoundTcp bound, FileDescriptor stop, std::vector<HttpPage> pages);

  void Run();
  // False where descriptors have run out.
  bool Accept(const FileDescriptor& listener);
  void AnswerOne();
  static void AnswerWith(const HttpPage& page, HttpConnection& connection);
  int PollTimeout() const;

  const BoundTcp bound_;
  const FileDescriptor stop_;
  const std::vector<HttpPage> pages_;
  std::list<HttpConnection> connections_;  // the oldest first
  bool is_short_ = false;                  // of descriptors
  std::thread thread_;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_TELEMETRY_HTTP_SERVER_H_
