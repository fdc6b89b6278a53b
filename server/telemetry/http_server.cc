#include "server/telemetry/http_server.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>
#include <utility>

#include "server/posix/listen_address.h"

namespace rectifier {
namespace {

// As many as watch one server, several times over.
constexpr size_t kMaxConnections = 64;
// How long after descriptors ran out to look again for callers that wait.
constexpr int kPauseMs = 100;

}  // namespace

absl::StatusOr<std::unique_ptr<HttpServer>> HttpServer::Start(absl::string_view flag,
                                                              const std::string& address,
                                                              std::vector<HttpPage> pages) {
  absl::StatusOr<BoundTcp> bound = BindTcp(address, flag);
  if (!bound.ok()) return bound.status();
  FileDescriptor stop(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!stop.is_open()) return CannotListen(flag, address, std::strerror(errno));
  if (absl::Status status = ListenOn(*bound, flag); !status.ok()) return status;
  return std::unique_ptr<HttpServer>(
      new HttpServer(*std::move(bound), std::move(stop), std::move(pages)));
}

HttpServer::HttpServer(BoundTcp bound, FileDescriptor stop, std::vector<HttpPage> pages)
    : bound_(std::move(bound)),
      stop_(std::move(stop)),
      pages_(std::move(pages)),
      thread_([this] { Run(); }) {}

HttpServer::~HttpServer() {
  eventfd_write(stop_.get(), 1);
  thread_.join();
}

void HttpServer::Run() {
  for (;;) {
    std::vector<pollfd> files = {{.fd = stop_.get(), .events = POLLIN, .revents = 0}};
    for (const FileDescriptor& listener : bound_.sockets) {
      files.push_back({.fd = is_short_ ? -1 : listener.get(), .events = POLLIN, .revents = 0});
    }
    for (const HttpConnection& connection : connections_) {
      files.push_back({.fd = connection.descriptor(), .events = connection.events(), .revents = 0});
    }
    poll(files.data(), files.size(), PollTimeout());
    if (files[0].revents != 0) return;
    size_t i = 1 + bound_.sockets.size();
    for (HttpConnection& connection : connections_) {
      if (files[i++].revents != 0) connection.Continue();
    }
    AnswerOne();
    const auto now = HttpConnection::Clock::now();
    connections_.remove_if([now](const HttpConnection& connection) {
      return connection.is_over() || connection.deadline() <= now;
    });
    const bool was_short = std::exchange(is_short_, false);
    for (size_t j = 0; j < bound_.sockets.size(); ++j) {
      if (was_short || files[1 + j].revents != 0) is_short_ |= !Accept(bound_.sockets[j]);
    }
  }
}

void HttpServer::AnswerWith(const HttpPage& page, HttpConnection& connection) try {
  const HttpAnswer answer = page.answer();
  connection.Answer(answer.status, page.content_type, answer.body);
} catch (const std::bad_alloc&) {
  connection.Answer(503, "text/plain", "");
}

// Pages that come first are cheap; between two of the others, whoever asks for a cheap one has it.
void HttpServer::AnswerOne() {
  for (const HttpPage& page : pages_) {
    for (HttpConnection& connection : connections_) {
      if (connection.due() == nullptr || connection.due()->path != page.path) continue;
      return AnswerWith(page, connection);
    }
  }
  for (HttpConnection& connection : connections_) {
    if (connection.due() == nullptr) continue;
    const int error = connection.due()->error;
    connection.Answer(error == 0 ? 404 : error, "text/plain", "");
  }
}

int HttpServer::PollTimeout() const {
  using std::chrono::ceil;
  using std::chrono::milliseconds;
  int timeout = is_short_ ? kPauseMs : -1;
  for (const HttpConnection& connection : connections_) {
    if (connection.due() != nullptr) return 0;
    const auto left =
        ceil<milliseconds>(connection.deadline() - HttpConnection::Clock::now()).count();
    const int wait = static_cast<int>(std::max<int64_t>(left, 0));
    timeout = timeout < 0 ? wait : std::min(timeout, wait);
  }
  return timeout;
}

bool HttpServer::Accept(const FileDescriptor& listener) {
  FileDescriptor socket(accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!socket.is_open()) {
    return errno != EMFILE && errno != ENFILE && errno != ENOBUFS && errno != ENOMEM;
  }
  if (connections_.size() == kMaxConnections) connections_.pop_front();
  connections_.emplace_back(std::move(socket));
  return true;
}

}  // namespace rectifier
