// The server's TLS: credentials for gRPC, from files that are read again when they change.
#ifndef RECTIFIER_SERVER_SECURITY_WATCHED_TLS_H_
#define RECTIFIER_SERVER_SECURITY_WATCHED_TLS_H_

#include <memory>

#include "absl/status/statusor.h"
#include "server/security/audit.h"
#include "server/security/file_watch.h"
#include "server/security/tls_credentials.h"
#include "server/security/tls_files.h"

namespace rectifier {

class WatchedTls {
 public:
  // `audit` outlives this object. Errors: those of ReadTlsFiles.
  static absl::StatusOr<std::unique_ptr<WatchedTls>> Start(const TlsFiles& files,
                                                           const Audit& audit);

  // These must outlive the gRPC server that uses them.
  std::shared_ptr<TlsCredentials> credentials() const { return credentials_; }

 private:
  WatchedTls(const TlsFiles& files, TlsMaterial material, const Audit& audit);

  // Belongs to the thread of the watch. False where the files cannot be used.
  bool Reload();

  const TlsFiles files_;
  const Audit& audit_;
  TlsMaterial material_;
  const std::shared_ptr<TlsCredentials> credentials_;
  FileWatch watch_;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_SECURITY_WATCHED_TLS_H_
