#include "server/security/tls_credentials.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <thread>

#include "absl/strings/str_cat.h"
#include "grpcpp/generic/async_generic_service.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "server/posix/file_descriptor.h"
#include "tests/support/certificates.h"
#include "tests/support/raw_call.h"
#include "tests/support/temporary_directory.h"

namespace rectifier {
namespace {

using testing::CallRaw;
using testing::CertificateAuthority;
using testing::ConnectByTls;
using testing::Identity;

using ExternalType = grpc::ServerBuilder::experimental_type::ExternalConnectionType;

// A gRPC server of no methods, whose connections the test accepts and hands over.
class AcceptingServer {
 public:
  explicit AcceptingServer(const std::shared_ptr<grpc::ServerCredentials>& credentials)
      : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof(address);
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (bind(socket_.get(), generic, size) != 0 || listen(socket_.get(), 8) != 0) std::abort();
    getsockname(socket_.get(), generic, &size);
    target_ = absl::StrCat("127.0.0.1:", ntohs(address.sin_port));
    grpc::ServerBuilder builder;
    builder.RegisterCallbackGenericService(&service_);
    acceptor_ =
        builder.experimental().AddExternalConnectionAcceptor(ExternalType::FROM_FD, credentials);
    grpc_ = builder.BuildAndStart();
    thread_ = std::thread([this] { Accept(); });
  }
  ~AcceptingServer() {
    shutdown(socket_.get(), SHUT_RDWR);
    thread_.join();
    grpc_->Shutdown();
  }

  const std::string& target() const { return target_; }

 private:
  void Accept() {
    while (true) {
      const int connection = accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
      if (connection < 0) return;
      grpc::experimental::ExternalConnectionAcceptor::NewConnectionParameters parameters;
      parameters.listener_fd = socket_.get();
      parameters.fd = connection;
      acceptor_->HandleNewConnection(&parameters);
    }
  }

  FileDescriptor socket_;
  std::string target_;
  grpc::CallbackGenericService service_;
  std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> acceptor_;
  std::unique_ptr<grpc::Server> grpc_;
  std::thread thread_;
};

class TlsCredentialsTest : public ::testing::Test {
 protected:
  TlsMaterial MaterialOf(const Identity& identity) const {
    return *ReadTlsFiles({.certificate = identity.certificate, .key = identity.key});
  }
  // UNIMPLEMENTED where the handshake succeeds.
  static grpc::StatusCode Call(const AcceptingServer& server, const std::string& ca) {
    return CallRaw(ConnectByTls(server.target(), ca), "/a.B/C", "").status.error_code();
  }

  const testing::TemporaryDirectory directory_;
  const CertificateAuthority authority_{directory_, "authority"};
};

TEST_F(TlsCredentialsTest, ServesConnectionsThatOthersAccept) {
  const auto credentials =
      std::make_shared<TlsCredentials>(MaterialOf(authority_.Issue("server", "IP:127.0.0.1")));
  const AcceptingServer server(credentials);
  EXPECT_EQ(Call(server, authority_.certificate()), grpc::StatusCode::UNIMPLEMENTED);
  const CertificateAuthority successor(directory_, "successor");
  credentials->Replace(MaterialOf(successor.Issue("server", "IP:127.0.0.1")));
  EXPECT_EQ(Call(server, successor.certificate()), grpc::StatusCode::UNIMPLEMENTED);
  EXPECT_EQ(Call(server, authority_.certificate()), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(TlsCredentialsTest, ServeSeveralServers) {
  const auto credentials =
      std::make_shared<TlsCredentials>(MaterialOf(authority_.Issue("server", "IP:127.0.0.1")));
  const AcceptingServer one(credentials), other(credentials);
  EXPECT_EQ(Call(one, authority_.certificate()), grpc::StatusCode::UNIMPLEMENTED);
  EXPECT_EQ(Call(other, authority_.certificate()), grpc::StatusCode::UNIMPLEMENTED);
}

}  // namespace
}  // namespace rectifier
