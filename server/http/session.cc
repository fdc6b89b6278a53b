#include "server/http/session.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/optional.hpp>
#include <chrono>
#include <cstring>
#include <limits>
#include <new>
#include <type_traits>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "server/http/counted_body.h"
#include "server/http/head.h"
#include "server/http/peer_certificate.h"
#include "server/http/reason.h"

namespace rectifier::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using Error = beast::error_code;
using Socket = asio::generic::stream_protocol::socket;
using TlsStream = asio::ssl::stream<Socket>;

constexpr char kEndOfLine[] = "\r\n", kEndOfHead[] = "\r\n\r\n";
constexpr uint32_t kMaxHeadBytes = 16 << 10;
constexpr size_t kHeadReadBytes = 4 << 10;
constexpr size_t kReadBytes = size_t{64} << 10;
// A body of more bytes is translated on another thread, and so is a reply.
constexpr size_t kLongBytes = size_t{64} << 10;
// How long a peer may go on sending after the last response, which would be cut off otherwise.
constexpr absl::Duration kClosingTime = absl::Seconds(1);
// A peer that has sent nothing for so long had nothing to send.
constexpr std::chrono::milliseconds kQuiet(100);

// The fields of a request that its call carries, too.
Metadata MetadataOf(const Head& head) {
  Metadata metadata;
  for (const char* name : {"authorization", "traceparent", "x-request-id"}) {
    if (const std::string* value = head.Find(name)) metadata.emplace_back(name, *value);
  }
  return metadata;
}

template <class Stream>
class SessionOf final : public Session, public std::enable_shared_from_this<SessionOf<Stream>> {
 public:
  template <class... TlsContext>
  SessionOf(SessionEnvironment& environment, Arrival arrival, Socket socket, TlsContext&... context)
      : environment_(environment),
        entrance_(std::move(arrival.entrance)),
        origin_{.peer = {.name = std::move(arrival.peer), .transport = Transport::kHttp}},
        queue_(*arrival.queue),
        stream_(std::move(socket), context...),
        timer_(environment.io),
        buffer_(kMaxHeadBytes + kReadBytes),
        share_(environment.budget) {}

  ~SessionOf() override { ShutDown(); }

  void Start() {
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      SetDeadline(environment_.handshake_timeout);
      stream_.async_handshake(asio::ssl::stream_base::server,
                              [self = Self()](Error error) { self->OnHandshake(error); });
    } else {
      ReadHead();
    }
  }

  void HangUp() override {
    if (call_ != nullptr) call_->Cancel();
    call_ = nullptr;
    End();
  }

  // Whoever has had a response may have sent the next request already.
  bool EndIfQuiet() override {
    if (is_over_) return true;
    int unread = 0;
    const bool is_quiet = is_waiting_ && std::chrono::steady_clock::now() - waits_since_ > kQuiet &&
                          buffer_.size() == 0 &&
                          ioctl(socket().native_handle(), FIONREAD, &unread) == 0 && unread == 0;
    if (is_quiet) End();
    return is_quiet;
  }

 private:
  std::shared_ptr<SessionOf> Self() { return this->shared_from_this(); }

  Socket& socket() {
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      return stream_.next_layer();
    } else {
      return stream_;
    }
  }

  // Whatever is under way on the socket ends by it, and the acceptor knows by it that the
  // connection is over.
  void ShutDown() {
    Error ignored;
    socket().shutdown(asio::socket_base::shutdown_both, ignored);
  }

  void End() {
    is_over_ = true;
    timer_.cancel();
    ShutDown();
  }

  // The connection ends where what is under way takes longer.
  void SetDeadline(absl::Duration time) {
    timer_.expires_after(absl::ToChronoNanoseconds(time));
    timer_.async_wait([weak = this->weak_from_this()](Error error) {
      const auto self = weak.lock();
      if (error || self == nullptr) return;
      if (self->timer_.expiry() <= std::chrono::steady_clock::now()) self->HangUp();
    });
  }

  void OnHandshake(Error error) {
    if (error || is_over_) return End();
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      origin_.certificate_names = PeerCertificateNames(stream_.native_handle());
    }
    ReadHead();
  }

  void ReadHead() {
    if (is_over_) return;
    head_ = {};
    body_ = std::make_shared<std::string>();
    parser_.emplace();
    parser_->get().body() = {.text = body_, .share = &share_};
    parser_->header_limit(kMaxHeadBytes);
    parser_->body_limit(std::numeric_limits<uint64_t>::max());  // which depends on the head
    SetDeadline(environment_.timeouts.receive);
    is_waiting_ = true;
    waits_since_ = std::chrono::steady_clock::now();
    searched_ = 0;
    if (buffer_.size() == 0) buffer_.shrink_to_fit();
    FindEndOfHead();
  }

  absl::string_view received() const {
    return {static_cast<const char*>(buffer_.data().data()), buffer_.size()};
  }

  // What has come already may be the whole of it, and more. Empty lines may stand before it: old
  // clients send one after a body.
  void FindEndOfHead() {
    if (searched_ == 0) {
      while (absl::StartsWith(received(), kEndOfLine)) buffer_.consume(std::strlen(kEndOfLine));
    }
    const size_t end = received().find(kEndOfHead, searched_);
    if (end != absl::string_view::npos) return OnHead(end + std::strlen(kEndOfHead));
    if (buffer_.size() > kMaxHeadBytes) return OnHead(buffer_.size());
    searched_ = buffer_.size() - std::min(buffer_.size(), std::strlen(kEndOfHead) - 1);
    stream_.async_read_some(buffer_.prepare(kHeadReadBytes),
                            [self = Self()](Error error, size_t bytes) {
                              if (error || self->is_over_) return self->End();
                              self->buffer_.commit(bytes);
                              self->FindEndOfHead();
                            });
  }

  void OnHead(size_t bytes) {
    is_waiting_ = false;
    if (bytes > kMaxHeadBytes) {
      return RefuseBroken(431, absl::StrFormat("the head has more than %d bytes", kMaxHeadBytes));
    }
    if (HasFoldedLines(received().substr(0, bytes))) {
      return RefuseBroken(400, "a line of the head goes on in the next one");
    }
    Error error;
    parser_->put(asio::const_buffer(buffer_.data().data(), bytes), error);
    if (error) return RefuseBroken(400, absl::StrCat("this is no HTTP/1.1: ", error.message()));
    buffer_.consume(bytes);
    head_ = HeadOf(parser_->get().base());
    is_kept_ = parser_->get().keep_alive();
    if (auto refusal = RefuseAmbiguous(head_, parser_->get().base())) {
      is_kept_ = false;
      return Respond(*std::move(refusal));
    }
    if (auto answer = environment_.router.AnswerHead(head_)) {
      is_kept_ = is_kept_ && parser_->is_done();
      return Respond(*std::move(answer));
    }
    const size_t most = environment_.router.MaxBodyBytes(head_);
    const auto length = parser_->content_length();
    if (length && *length > most) return RefuseTooLarge(most);
    parser_->body_limit(most);
    if (parser_->is_done()) return Translate();
    ContinueIfAsked();
  }

  // A client may wait for a word before it sends a large body.
  void ContinueIfAsked() {
    const bool is_asked = head_.Find("expect") != nullptr && parser_->get().version() == 11;
    if (!is_asked) return ReadBody();
    static constexpr char kContinue[] = "HTTP/1.1 100 Continue\r\n\r\n";
    asio::async_write(stream_, asio::buffer(kContinue, sizeof(kContinue) - 1),
                      [self = Self()](Error error, size_t) {
                        if (error) return self->End();
                        self->ReadBody();
                      });
  }

  void ReadBody() {
    SetDeadline(environment_.timeouts.receive);
    beast::http::async_read(stream_, buffer_, *parser_, [self = Self()](Error error, size_t) {
      if (error) return self->RefuseBody(error);
      self->Translate();
    });
  }

  void RefuseTooLarge(size_t most) {
    RefuseBroken(413,
                 absl::StrFormat("the body has more than %d bytes, which is the most that this "
                                 "server takes in its form",
                                 most));
  }

  // After it nobody knows where the next request begins.
  void RefuseBroken(int status, const std::string& message) {
    is_kept_ = false;
    Respond(Router::Error(head_, status, message));
  }

  // Whoever has gone hears nothing.
  void RefuseBody(Error error) {
    if (is_over_ || error.category() == asio::error::get_misc_category() ||
        error == beast::http::error::partial_message) {
      return End();
    }
    if (error == beast::http::error::body_limit) {
      return RefuseTooLarge(environment_.router.MaxBodyBytes(head_));
    }
    if (error == make_error_code(boost::system::errc::not_enough_memory)) {
      return RefuseBroken(503,
                          "requests and responses of HTTP hold too much memory; try again later");
    }
    if (error.category() != make_error_code(beast::http::error::body_limit).category())
      return End();
    RefuseBroken(400, absl::StrCat("this is no HTTP/1.1: ", error.message()));
  }

  void Translate() {
    timer_.cancel();
    if (body_->size() <= kLongBytes) {
      return Act(environment_.router.Translate(head_, body_));
    }
    asio::post(environment_.translators, [self = Self()] {
      auto translation = std::make_shared<Translation>(self->template Guard<Translation>(
          [&] { return self->environment_.router.Translate(self->head_, self->body_); }));
      asio::post(self->environment_.io,
                 [self, translation] { self->Act(std::move(*translation)); });
    });
  }

  // On the thread of the translators, whose end without memory would be the server's.
  template <class Result>
  Result Guard(absl::FunctionRef<Result()> translate) const {
    try {
      return translate();
    } catch (const std::bad_alloc&) {
      return Router::Error(head_, 503, "the server has no memory for the request");
    }
  }

  void Act(Translation translation) {
    if (is_over_) return;
    body_ = nullptr;
    parser_.reset();
    if (auto* const response = std::get_if<Response>(&translation)) {
      return Respond(std::move(*response));
    }
    Call(std::get<ServerCall>(std::move(translation)));
  }

  void Call(ServerCall call) {
    if (inner_ == nullptr) inner_ = InnerConnection::Open(entrance_, origin_, queue_);
    if (inner_ == nullptr) {
      return Respond(Router::Error(head_, 503, "the server has too many connections"));
    }
    // What the request has taken stays charged until the response is gone.
    if (!share_.Resize(std::max(call.message.Length(), size_t{1}))) {
      return Respond(Router::Error(head_, 503, "the server has no memory for the call"));
    }
    answer_ = std::move(call.answer);
    text_per_byte_ = call.text_per_byte;
    most_text_bytes_ = call.most_text_bytes;
    call_ = inner_->Call(call, MetadataOf(head_), [self = Self()](Outcome outcome) {
      asio::post(
          self->environment_.io,
          [self, kept = std::make_shared<Outcome>(std::move(outcome))] { self->OnEnd(kept); });
    });
    WatchPeer();
  }

  // Notices that the peer has gone while its call is under way.
  void WatchPeer() {
    if (is_watched_) return;
    is_watched_ = true;
    socket().async_wait(asio::socket_base::wait_read, [self = Self()](Error error) {
      self->is_watched_ = false;
      if (error || self->call_ == nullptr) return;
      pollfd peer = {.fd = self->socket().native_handle(), .events = POLLRDHUP, .revents = 0};
      // What is there is another request, or nothing; it is not looked at again until the response.
      if (poll(&peer, 1, 0) == 1 && (peer.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0) {
        self->HangUp();
      }
    });
  }

  void OnEnd(const std::shared_ptr<Outcome>& outcome) {
    if (is_over_) return;
    call_ = nullptr;
    const size_t bytes = outcome->reply.Length();
    const size_t text_bytes = std::min(bytes * text_per_byte_, most_text_bytes_);
    if (!share_.Resize(bytes + text_bytes)) {  // the request is gone
      return Respond(Router::Error(head_, 503, "the server has no memory for the response"));
    }
    if (bytes <= kLongBytes) return Respond(answer_(*outcome));
    asio::post(environment_.translators, [self = Self(), outcome] {
      auto response = std::make_shared<Response>(
          self->template Guard<Response>([&] { return self->answer_(*outcome); }));
      asio::post(self->environment_.io, [self, response] { self->Respond(std::move(*response)); });
    });
  }

  void Respond(Response response) {
    if (is_over_) return;
    answer_ = nullptr;
    parser_.reset();
    body_ = nullptr;
    is_kept_ = is_kept_ && !environment_.is_draining.load();
    environment_.router.AddFields(head_, &response);
    environment_.metrics.CountResponse(response.status);
    response_ = std::move(response);
    FormatHead();
    std::vector<asio::const_buffer> buffers = {asio::buffer(response_head_)};
    if (head_.method != "HEAD") {
      for (const grpc::Slice& slice : response_.body) {
        buffers.emplace_back(slice.begin(), slice.size());
      }
    }
    SetDeadline(environment_.timeouts.send);
    asio::async_write(stream_, buffers,
                      [self = Self()](Error error, size_t) { self->OnWritten(error); });
  }

  void FormatHead() {
    response_head_ =
        absl::StrCat("HTTP/1.1 ", response_.status, " ", ReasonOf(response_.status), "\r\n");
    const auto add = [this](absl::string_view name, absl::string_view value) {
      absl::StrAppend(&response_head_, name, ": ", value, "\r\n");
    };
    if (!response_.content_type.empty()) add("Content-Type", response_.content_type);
    const bool has_length = response_.status != 204 && response_.status != 304;
    if (has_length) add("Content-Length", absl::StrCat(response_.body_bytes()));
    for (const auto& [name, value] : response_.fields) add(name, value);
    add("X-Content-Type-Options", "nosniff");
    if (!is_kept_) add("Connection", "close");
    response_head_ += "\r\n";
  }

  void OnWritten(Error error) {
    response_ = {};
    response_head_.clear();
    share_.Resize(0);
    if (error || is_over_) return End();
    if (is_kept_) return ReadHead();
    Close();
  }

  // Waits for the peer to hang up first: closing with bytes unread would cut the response off.
  void Close() {
    SetDeadline(kClosingTime);
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      stream_.async_shutdown([self = Self()](Error) { self->End(); });
    } else {
      Error ignored;
      socket().shutdown(asio::socket_base::shutdown_send, ignored);
      Discard();
    }
  }

  void Discard() {
    buffer_.clear();
    stream_.async_read_some(buffer_.prepare(kReadBytes), [self = Self()](Error error, size_t) {
      if (error || self->is_over_) return self->End();
      self->Discard();
    });
  }

  SessionEnvironment& environment_;
  const Entrance entrance_;
  Origin origin_;
  CallQueue& queue_;
  Stream stream_;
  asio::steady_timer timer_;
  beast::flat_buffer buffer_;
  ByteBudget::Share share_;
  bool is_over_ = false;
  bool is_watched_ = false;
  bool is_waiting_ = false;  // for the whole of a head
  std::chrono::steady_clock::time_point waits_since_;

  // Of the request that is under way.
  boost::optional<beast::http::request_parser<CountedBody>> parser_;
  std::shared_ptr<std::string> body_;
  Head head_;
  size_t searched_ = 0;   // of the buffer, for the end of the head
  bool is_kept_ = false;  // the connection, after the response
  std::unique_ptr<InnerConnection> inner_;
  std::shared_ptr<InnerCall> call_;
  std::function<Response(const Outcome&)> answer_;
  size_t text_per_byte_ = 0, most_text_bytes_ = 0;  // ServerCall's
  Response response_;
  std::string response_head_;
};

template <class Stream, class... TlsContext>
std::weak_ptr<Session> Begin(SessionEnvironment& environment, Arrival arrival, Socket socket,
                             TlsContext&... context) {
  const auto session = std::make_shared<SessionOf<Stream>>(environment, std::move(arrival),
                                                           std::move(socket), context...);
  session->Start();
  return session;
}

}  // namespace

std::weak_ptr<Session> StartSession(SessionEnvironment& environment, Arrival arrival,
                                    const std::shared_ptr<asio::ssl::context>& tls) {
  sockaddr_storage name;
  socklen_t length = sizeof(name);
  const int descriptor = arrival.connection.get();
  if (getsockname(descriptor, reinterpret_cast<sockaddr*>(&name), &length) != 0) return {};
  Socket socket(environment.io);
  Error error;
  socket.assign(asio::generic::stream_protocol(name.ss_family, 0), descriptor, error);
  if (error) return {};
  arrival.connection.Release();
  if (tls == nullptr) {
    return Begin<Socket>(environment, std::move(arrival), std::move(socket));
  }
  return Begin<TlsStream>(environment, std::move(arrival), std::move(socket), *tls);
}

}  // namespace rectifier::http
