#include "tests/benchmarks/rpc/http_caller.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace rectifier {
namespace {

constexpr absl::string_view kEndOfHead = "\r\n\r\n";
constexpr size_t kLeastRoom = size_t{64} << 10;

// Exits by the first call where it does not connect.
int Dial(const std::string& address) {
  const size_t colon = address.rfind(':');
  uint32_t port = 0;
  sockaddr_in name = {};
  name.sin_family = AF_INET;
  if (colon == std::string::npos || !absl::SimpleAtoi(address.substr(colon + 1), &port)) return -1;
  name.sin_port = htons(static_cast<uint16_t>(port));
  if (inet_pton(AF_INET, address.substr(0, colon).c_str(), &name.sin_addr) != 1) return -1;
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  if (connect(socket, reinterpret_cast<const sockaddr*>(&name), sizeof(name)) == 0) return socket;
  close(socket);
  return -1;
}

bool WouldWait() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

}  // namespace

absl::string_view FieldOf(absl::string_view response, absl::string_view name) {
  const absl::string_view head = response.substr(0, response.find(kEndOfHead));
  const std::string begin = absl::StrCat("\r\n", name, ": ");
  const size_t found = head.find(begin);
  if (found == absl::string_view::npos) return {};
  const absl::string_view rest = head.substr(found + begin.size());
  return rest.substr(0, rest.find("\r\n"));
}

// One request at a time.
class HttpCaller::Connection {
 public:
  Connection(const std::string& address, const std::string& request)
      : socket_(Dial(address)), request_(request) {}
  ~Connection() {
    if (socket_ >= 0) close(socket_);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  int socket() const { return socket_; }
  short events() const { return static_cast<short>(POLLIN | (HasSent() ? 0 : POLLOUT)); }
  bool IsDone() const { return body_ > 0 && size_ >= end_; }
  absl::Duration Latency() const { return absl::Now() - start_; }
  absl::string_view response() const { return {received_.data(), size_}; }
  size_t body() const { return body_; }

  absl::Status Begin() {
    start_ = absl::Now();
    sent_ = size_ = body_ = end_ = 0;
    return Send();
  }

  // Goes on with what can be done without waiting.
  absl::Status Continue() {
    if (!HasSent()) {
      if (absl::Status status = Send(); !status.ok()) return status;
    }
    return Receive();
  }

 private:
  bool HasSent() const { return sent_ == request_.size(); }

  absl::Status Send() {
    while (!HasSent()) {
      const ssize_t sent = send(socket_, request_.data() + sent_, request_.size() - sent_,
                                MSG_DONTWAIT | MSG_NOSIGNAL);
      if (sent < 0 && WouldWait()) break;
      if (sent < 0) return absl::UnavailableError(std::strerror(errno));
      sent_ += static_cast<size_t>(sent);
    }
    return absl::OkStatus();
  }

  absl::Status Receive() {
    const size_t least = std::max(size_ + kLeastRoom, end_);
    if (received_.size() < least) received_.resize(least);
    const ssize_t got =
        recv(socket_, received_.data() + size_, received_.size() - size_, MSG_DONTWAIT);
    if (got < 0 && WouldWait()) return absl::OkStatus();
    if (got <= 0) return absl::UnavailableError("the server has hung up");
    size_ += static_cast<size_t>(got);
    return body_ == 0 ? FindBody() : absl::OkStatus();
  }

  absl::Status FindBody() {
    const size_t head = response().find(kEndOfHead);
    if (head == absl::string_view::npos) return absl::OkStatus();
    size_t length = 0;
    if (!absl::StartsWith(response(), "HTTP/1.1 200 ") ||
        !absl::SimpleAtoi(FieldOf(response(), "Content-Length"), &length)) {
      return absl::InternalError(absl::StrCat("the response is ", response()));
    }
    body_ = head + kEndOfHead.size();
    end_ = body_ + length;
    return absl::OkStatus();
  }

  const int socket_;
  const std::string& request_;
  absl::Time start_;
  size_t sent_ = 0;
  std::string received_;  // of which `size_` bytes have come
  size_t size_ = 0;
  size_t body_ = 0, end_ = 0;  // zero before the head is there
};

HttpCaller::HttpCaller(const std::string& address, int inflight, std::string request,
                       ReplyCheck check)
    : request_(std::move(request)), check_(std::move(check)) {
  for (int i = 0; i < inflight; ++i) {
    connections_.push_back(std::make_unique<Connection>(address, request_));
  }
}

HttpCaller::~HttpCaller() = default;

absl::Status HttpCaller::Check() {
  Connection& connection = *connections_.front();
  absl::Status status = connection.Begin();
  while (status.ok() && !connection.IsDone()) {
    pollfd file = {.fd = connection.socket(), .events = connection.events(), .revents = 0};
    poll(&file, 1, -1);
    status = connection.Continue();
  }
  return status.ok() ? check_(connection.response(), connection.body()) : status;
}

absl::StatusOr<Calls> HttpCaller::Run(const Until& until) {
  Calls calls;
  const absl::Time start = absl::Now();
  int64_t started = 0;
  std::vector<Connection*> running;
  const auto start_next = [&](Connection* connection) {
    if (started >= until.calls && absl::Now() - start >= until.time) return absl::OkStatus();
    ++started;
    running.push_back(connection);
    return connection->Begin();
  };
  for (const auto& connection : connections_) {
    if (absl::Status status = start_next(connection.get()); !status.ok()) return status;
  }
  while (!running.empty()) {
    std::vector<pollfd> files;
    for (const Connection* connection : running) {
      files.push_back({.fd = connection->socket(), .events = connection->events(), .revents = 0});
    }
    poll(files.data(), files.size(), -1);
    const std::vector<Connection*> polled = std::exchange(running, {});
    for (size_t i = 0; i < polled.size(); ++i) {
      if (files[i].revents != 0) {
        if (absl::Status status = polled[i]->Continue(); !status.ok()) return status;
      }
      if (!polled[i]->IsDone()) {
        running.push_back(polled[i]);
        continue;
      }
      calls.latencies.push_back(polled[i]->Latency());
      if (absl::Status status = start_next(polled[i]); !status.ok()) return status;
    }
  }
  calls.time = absl::Now() - start;
  return calls;
}

}  // namespace rectifier
