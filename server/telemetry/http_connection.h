// One connection of an HttpServer, from its acceptance to its end. Nothing here waits.
#ifndef RECTIFIER_SERVER_TELEMETRY_HTTP_CONNECTION_H_
#define RECTIFIER_SERVER_TELEMETRY_HTTP_CONNECTION_H_

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>

#include "absl/strings/string_view.h"
#include "server/posix/file_descriptor.h"

namespace rectifier {

struct HttpAnswer {
  int status = 200;
  std::string body;
};

struct HttpPage {
  std::string path;
  std::string content_type;
  std::function<HttpAnswer()> answer;
};

// What the head of a request asks for.
struct HttpRequest {
  int error = 0;  // the status to answer with; 0 where there is none
  bool is_head = false;
  std::string path;
};

// Reads a request's head, up to its empty line.
HttpRequest ParseHttpHead(absl::string_view head);

class HttpConnection {
 public:
  using Clock = std::chrono::steady_clock;

  explicit HttpConnection(FileDescriptor socket);

  int descriptor() const { return socket_.get(); }
  // What poll() is to look for; 0 while an answer is due.
  short events() const;
  Clock::time_point deadline() const { return deadline_; }
  bool is_over() const { return state_ == State::kOver; }

  // Goes on, after poll() has found something.
  void Continue();

  // The request, where it is complete and has not been answered; else null.
  const HttpRequest* due() const { return state_ == State::kDue ? &request_ : nullptr; }
  void Answer(int status, absl::string_view content_type, absl::string_view body);

 private:
  enum class State { kReading, kDue, kWriting, kClosing, kOver };

  void Read();
  void Write();
  // Waits for the peer to hang up first: closing with bytes unread would cut the answer off.
  void Discard();

  FileDescriptor socket_;
  Clock::time_point deadline_;
  State state_ = State::kReading;
  std::string received_;
  HttpRequest request_;
  std::string answer_;
  size_t sent_ = 0;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_TELEMETRY_HTTP_CONNECTION_H_
