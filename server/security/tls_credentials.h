// Server credentials whose certificate can be exchanged while the server runs.
#ifndef RECTIFIER_SERVER_SECURITY_TLS_CREDENTIALS_H_
#define RECTIFIER_SERVER_SECURITY_TLS_CREDENTIALS_H_

#include <cstdint>
#include <list>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "grpc/grpc_security.h"
#include "grpcpp/security/server_credentials.h"
#include "server/security/tls_files.h"

namespace rectifier {

// Handshakes take the material of the moment; connections that exist go on with theirs. TLS 1.2 is
// the oldest version that gRPC speaks. Thread-safe.
//
// gRPC's FileWatcherCertificateProvider would give up a certificate that works for one that does
// not (DECISIONS.md), so gRPC asks us at each handshake whether there is a new one.
class TlsCredentials final : public grpc::ServerCredentials {
 public:
  // Clients must show a certificate where the material has a client_ca. This object must outlive
  // the servers that it is given to.
  explicit TlsCredentials(TlsMaterial material);

  // Material that ReadTlsFiles has checked, and that has a client_ca where the first one had.
  void Replace(TlsMaterial material);

  // What handshakes take now, for those that are not gRPC's, and a number that grows with each
  // exchange.
  TlsMaterial material() const;
  uint64_t generation() const;

  void SetAuthMetadataProcessor(
      const std::shared_ptr<grpc::AuthMetadataProcessor>& processor) override;

 private:
  // One place that gRPC listens on, and the generation that it was given last.
  struct Place {
    TlsCredentials* owner;
    uint64_t generation = 0;
  };

  int AddPortToServer(const std::string& address, grpc_server* server) override;
  static grpc_ssl_certificate_config_reload_status Fetch(
      void* place, grpc_ssl_server_certificate_config** config);

  const bool asks_clients_;
  mutable absl::Mutex mutex_;
  TlsMaterial material_ ABSL_GUARDED_BY(mutex_);
  uint64_t generation_ ABSL_GUARDED_BY(mutex_) = 1;
  std::list<Place> places_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_SECURITY_TLS_CREDENTIALS_H_
