// The certificate, key and authorities that the server shows and asks for, as files of PEM.
#ifndef RECTIFIER_SERVER_SECURITY_TLS_FILES_H_
#define RECTIFIER_SERVER_SECURITY_TLS_FILES_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace rectifier {

// Paths. An empty one stands for no file.
struct TlsFiles {
  std::string certificate;  // the server's, and after it those between it and the authority
  std::string key;
  std::string client_ca;  // where there is one, clients must show a certificate that it has signed

  bool is_empty() const { return certificate.empty() && key.empty() && client_ca.empty(); }
  std::vector<std::string> Paths() const;
};

// What the files hold.
struct TlsMaterial {
  std::string certificate;
  std::string key;
  std::string client_ca;
  absl::Time expires;  // when the server's own certificate does
};

// Checks what was read from `files`, and says when it expires. Errors: those of ReadTlsFiles.
absl::Status CheckTlsMaterial(const TlsFiles& files, TlsMaterial* material);

// Reads the files, and checks that the key belongs to the certificate and that the certificate is
// valid now. Errors: INVALID_ARGUMENT, with the flag, the path and what is wrong with the file.
absl::StatusOr<TlsMaterial> ReadTlsFiles(const TlsFiles& files);

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_SECURITY_TLS_FILES_H_
