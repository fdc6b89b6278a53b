#include "server/rpc/unix_listener.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "grpcpp/security/server_credentials.h"

namespace rectifier {
namespace {

// How long after descriptors ran out to look again for callers that wait.
constexpr int kPauseMs = 100;

// Whether accept may succeed once others have given something up.
bool IsShortage(int error) {
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

}  // namespace

absl::StatusOr<std::unique_ptr<UnixListener>> UnixListener::Claim(const std::string& path,
                                                                  grpc::ServerBuilder& builder) {
  absl::StatusOr<std::unique_ptr<UnixSocket>> claim = UnixSocket::Claim(path);
  if (!claim.ok()) return claim.status();
  using Type = grpc::ServerBuilder::experimental_type::ExternalConnectionType;
  return std::unique_ptr<UnixListener>(
      new UnixListener(*std::move(claim), builder.experimental().AddExternalConnectionAcceptor(
                                              Type::FROM_FD, grpc::InsecureServerCredentials())));
}

UnixListener::UnixListener(std::unique_ptr<UnixSocket> path, std::unique_ptr<Acceptor> acceptor)
    : path_(std::move(path)),
      acceptor_(std::move(acceptor)),
      stop_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

UnixListener::~UnixListener() {
  if (!thread_.joinable()) return;
  eventfd_write(stop_.get(), 1);
  thread_.join();
}

absl::Status UnixListener::Start() {
  if (!stop_.is_open()) {
    return absl::UnavailableError(
        absl::StrFormat("--listen: unix:%s: %s", path_->path(), std::strerror(errno)));
  }
  absl::StatusOr<FileDescriptor> socket = path_->Listen(SOCK_STREAM);
  if (!socket.ok()) return socket.status();
  socket_ = *std::move(socket);
  thread_ = std::thread([this] { Run(); });
  return absl::OkStatus();
}

void UnixListener::Run() {
  pollfd files[] = {{.fd = stop_.get(), .events = POLLIN, .revents = 0},
                    {.fd = socket_.get(), .events = POLLIN, .revents = 0}};
  while (true) {
    // The socket is not watched in a shortage, because it would be ready at once, again and again.
    const nfds_t watched = is_short_ ? 1 : 2;
    const int ready = poll(files, watched, is_short_ ? kPauseMs : -1);
    if (ready > 0 && files[0].revents != 0) return;
    if (is_short_ || (ready > 0 && files[1].revents != 0)) Accept();
  }
}

void UnixListener::Accept() {
  const int connection = accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
  is_short_ = connection < 0 && IsShortage(errno);
  if (is_short_ && shortages_logged_.Admit(absl::Now()).has_value()) {
    LogEvent(LogLevel::warn, "connections wait",
             {{"listen", "unix:" + path_->path()}, {"message", std::strerror(errno)}});
  }
  if (connection < 0) return;
  Acceptor::NewConnectionParameters parameters;
  parameters.listener_fd = socket_.get();
  parameters.fd = connection;  // gRPC's from here on
  acceptor_->HandleNewConnection(&parameters);
}

}  // namespace rectifier
