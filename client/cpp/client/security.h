// How a client knows that it talks to the right server, and how the server knows the client.
//
//   absl::StatusOr<Client> client = Client::Connect(
//       "rectifier.example:50051", {.tls_ca = "ca.crt", .token_file = "token"});
#ifndef RECTIFIER_CLIENT_CPP_CLIENT_SECURITY_H_
#define RECTIFIER_CLIENT_CPP_CLIENT_SECURITY_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "client/cpp/client/call_options.h"

namespace grpc {
class Channel;
}

namespace rectifier::client {

// Files are read when the client is made: who exchanges one makes a new client.
struct Security {
  // The authorities that may have signed the server's certificate, as a file of PEM; "system"
  // stands for those that the system trusts. Empty: no TLS.
  std::string tls_ca = {};
  // The client's own certificate and its key, as files of PEM, for servers that ask for one.
  std::string tls_certificate = {};
  std::string tls_key = {};
  // The name that the server's certificate must have, where it is not the host of the target.
  std::string tls_server_name = {};
  // A token, or the file that holds it. A token is sent over TLS, to this machine and to unix
  // sockets alone.
  std::string token = {};
  std::string token_file = {};
};

// A way to a server, and what every call on it carries as `authorization`, where that is not empty.
struct SecureChannel {
  std::shared_ptr<grpc::Channel> channel;
  std::string authorization;
};

// Does not wait for the server. Errors: INVALID_ARGUMENT, which names what is at fault: a file that
// cannot be read, parts that do not go together, a token that would be sent in the open. `attempts`
// is how often a call is tried, the first time included.
absl::StatusOr<SecureChannel> OpenChannel(const std::string& target, const Security& security,
                                          int attempts = kAttempts);

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_CLIENT_SECURITY_H_
