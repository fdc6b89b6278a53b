#include "client/cpp/shared_memory/buffer_connection.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "client/cpp/shared_memory/packet.h"

namespace rectifier::client {
namespace {

constexpr timeval kPatience{60, 0};
// The server's longest message is a few hundred bytes.
constexpr size_t kMaxResponseBytes = 4096;

absl::Status CannotConnect(const std::string& path, const std::string& why) {
  return absl::UnavailableError(
      absl::StrCat("cannot connect to the shared buffers at ", path, ": ", why));
}

}  // namespace

absl::StatusOr<std::unique_ptr<BufferConnection>> BufferConnection::Open(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof(address.sun_path)) {
    return absl::InvalidArgumentError(absl::StrCat("\"", path, "\" given; must be a path of 1 to ",
                                                   sizeof(address.sun_path) - 1, " bytes"));
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  const int socket = ::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
  if (socket < 0) return CannotConnect(path, std::strerror(errno));
  std::unique_ptr<BufferConnection> connection(new BufferConnection(socket));
  setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof(kPatience));
  setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof(kPatience));
  if (connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    return CannotConnect(path, std::strerror(errno));
  }
  return connection;
}

BufferConnection::~BufferConnection() { close(socket_); }

absl::StatusOr<BufferConnection::Allocated> BufferConnection::Allocate(uint64_t bytes) {
  v1::BufferRequest request;
  request.mutable_allocate()->set_bytes(bytes);
  absl::StatusOr<Answer> answer = Ask(request);
  if (!answer.ok()) return answer.status();
  const int descriptor = answer->descriptor;
  const absl::Cleanup close_descriptor = [descriptor] { close(descriptor); };
  const uint64_t size = answer->response.bytes();
  struct stat status;
  if (descriptor < 0 || fstat(descriptor, &status) != 0 || size < bytes ||
      static_cast<uint64_t>(status.st_size) != size) {
    return absl::InternalError(absl::StrCat("the server sent no buffer of ", bytes, " bytes"));
  }
  absl::StatusOr<std::shared_ptr<Mapping>> mapping = Mapping::Shared(descriptor, size);
  if (!mapping.ok()) {
    Release(answer->response.token()).IgnoreError();
    return mapping.status();
  }
  return Allocated{answer->response.token(), *std::move(mapping)};
}

absl::Status BufferConnection::Release(const std::string& token) {
  v1::BufferRequest request;
  request.mutable_release()->set_token(token);
  const absl::StatusOr<Answer> answer = Ask(request);
  if (answer.ok() && answer->descriptor >= 0) close(answer->descriptor);
  return answer.status();
}

// The answer is read though the request could not be sent: a server that has no room for the
// connection says so before it hangs up.
absl::StatusOr<BufferConnection::Answer> BufferConnection::Ask(const v1::BufferRequest& request) {
  const std::string bytes = request.SerializeAsString();
  absl::MutexLock lock(&mutex_);
  if (!is_in_step_) return Unavailable("it did not answer before");
  ssize_t sent = -1;
  do {
    sent = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  absl::StatusOr<Answer> answer = Receive();
  if (!answer.ok()) return answer.status();
  if (const int code = answer->response.code(); code != 0) {
    if (answer->descriptor >= 0) close(answer->descriptor);
    return absl::Status(static_cast<absl::StatusCode>(code), answer->response.message());
  }
  return answer;
}

absl::StatusOr<BufferConnection::Answer> BufferConnection::Receive() {
  char room[kMaxResponseBytes];
  Packet packet;
  int resets = 0;
  do {  // a reset comes before what was sent before it
    packet = ReceivePacket(socket_, absl::MakeSpan(room));
  } while (packet.size < 0 && (errno == EINTR || (errno == ECONNRESET && resets++ == 0)));
  if (packet.size < 0) return Fail(errno == EAGAIN ? "it does not answer" : std::strerror(errno));
  if (packet.size == 0) return Fail("it has hung up");
  Answer answer;
  answer.descriptor = packet.descriptor;
  if (!answer.response.ParseFromArray(room, static_cast<int>(packet.size))) {
    if (answer.descriptor >= 0) close(answer.descriptor);
    return Fail("its answer is no message");
  }
  return answer;
}

// Answers would no longer belong to their requests.
absl::Status BufferConnection::Fail(const std::string& why) {
  is_in_step_ = false;
  return Unavailable(why);
}

absl::Status BufferConnection::Unavailable(const std::string& why) {
  return absl::UnavailableError(absl::StrCat("the server of the shared buffers: ", why));
}

}  // namespace rectifier::client
