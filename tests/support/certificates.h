// Certificates for tests, made by the command openssl.
//
//   CertificateAuthority authority(directory, "ca");
//   const Identity server = authority.Issue("server", "DNS:localhost,IP:127.0.0.1");
#ifndef RECTIFIER_TESTS_SUPPORT_CERTIFICATES_H_
#define RECTIFIER_TESTS_SUPPORT_CERTIFICATES_H_

#include <memory>
#include <string>

#include "grpcpp/channel.h"
#include "tests/support/temporary_directory.h"

namespace rectifier::testing {

// Paths of a certificate and of its key.
struct Identity {
  std::string certificate;
  std::string key;
};

// They are valid for two days. What cannot be made aborts the test.
class CertificateAuthority {
 public:
  // Its files lie in `directory`, which outlives this object, under names that begin with `name`.
  CertificateAuthority(const TemporaryDirectory& directory, const std::string& name);

  const std::string& certificate() const { return identity_.certificate; }

  // A certificate for the common name `name`, and for `alternatives` in openssl's words, such as
  // "DNS:localhost,IP:127.0.0.1".
  Identity Issue(const std::string& name, const std::string& alternatives) const;

 private:
  const TemporaryDirectory& directory_;
  const std::string name_;
  const Identity identity_;
};

std::string ReadWhole(const std::string& path);

// A channel over TLS that shares no connection with others. It trusts the authority in `ca`, and
// shows `client` where that is not empty.
std::shared_ptr<grpc::Channel> ConnectByTls(const std::string& target, const std::string& ca,
                                            const Identity& client = {});

}  // namespace rectifier::testing

#endif  // RECTIFIER_TESTS_SUPPORT_CERTIFICATES_H_
