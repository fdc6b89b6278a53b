#include "server/telemetry/http_connection.h"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace rectifier {
namespace {

// How long request and answer may take together.
constexpr std::chrono::seconds kTimeout(10);
// How long the peer may take to hang up after the answer.
constexpr std::chrono::seconds kClosingTimeout(1);
constexpr size_t kMaxHeadBytes = 8192;

absl::string_view ReasonOf(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 431:
      return "Request Header Fields Too Large";
    case 503:
      return "Service Unavailable";
    default:
      return "Bad Request";
  }
}

bool WouldWait() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

}  // namespace

HttpRequest ParseHttpHead(absl::string_view head) {
  const std::vector<absl::string_view> words =
      absl::StrSplit(head.substr(0, head.find("\r\n")), ' ');
  if (words.size() != 3 || !absl::StartsWith(words[2], "HTTP/1.") ||
      !absl::StartsWith(words[1], "/")) {
    return {.error = 400};
  }
  if (words[0] != "GET" && words[0] != "HEAD") return {.error = 405};
  return {.is_head = words[0] == "HEAD",
          .path = std::string(words[1].substr(0, words[1].find('?')))};
}

HttpConnection::HttpConnection(FileDescriptor socket)
    : socket_(std::move(socket)), deadline_(Clock::now() + kTimeout) {}

short HttpConnection::events() const {
  if (state_ == State::kDue) return 0;
  return state_ == State::kWriting ? POLLOUT : POLLIN;
}

void HttpConnection::Continue() {
  if (state_ == State::kReading) Read();
  if (state_ == State::kWriting) Write();
  if (state_ == State::kClosing) Discard();
}

void HttpConnection::Read() {
  char buffer[2048];
  const ssize_t got = recv(socket_.get(), buffer, sizeof(buffer), 0);
  if (got < 0 && WouldWait()) return;
  if (got <= 0) {
    state_ = State::kOver;
    return;
  }
  received_.append(buffer, static_cast<size_t>(got));
  const size_t end = received_.find("\r\n\r\n");
  if (end == std::string::npos && received_.size() <= kMaxHeadBytes) return;
  request_ = end == std::string::npos || end > kMaxHeadBytes
                 ? HttpRequest{.error = 431}
                 : ParseHttpHead(absl::string_view(received_).substr(0, end + 2));
  state_ = State::kDue;
}

void HttpConnection::Answer(int status, absl::string_view content_type, absl::string_view body) {
  answer_ = absl::StrCat("HTTP/1.1 ", status, " ", ReasonOf(status),
                         "\r\nContent-Type: ", content_type, "\r\nContent-Length: ", body.size(),
                         "\r\nConnection: close\r\n\r\n", request_.is_head ? "" : body);
  state_ = State::kWriting;
  Write();
}

void HttpConnection::Write() {
  while (sent_ < answer_.size()) {
    const ssize_t sent =
        send(socket_.get(), answer_.data() + sent_, answer_.size() - sent_, MSG_NOSIGNAL);
    if (sent < 0 && WouldWait()) return;
    if (sent < 0) {
      state_ = State::kOver;
      return;
    }
    sent_ += static_cast<size_t>(sent);
  }
  shutdown(socket_.get(), SHUT_WR);
  deadline_ = Clock::now() + kClosingTimeout;
  state_ = State::kClosing;
}

void HttpConnection::Discard() {
  char buffer[2048];
  const ssize_t got = recv(socket_.get(), buffer, sizeof(buffer), 0);
  if (got == 0 || (got < 0 && !WouldWait())) state_ = State::kOver;
}

}  // namespace rectifier
