// What an operator can set about who gets in. Flags are defined in security_options.cc.
#ifndef RECTIFIER_SERVER_SECURITY_OPTIONS_H_
#define RECTIFIER_SERVER_SECURITY_OPTIONS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "server/security/tls_files.h"

namespace rectifier {

struct SecurityOptions {
  TlsFiles tls;                                // empty: TCP is not encrypted
  std::vector<std::string> tls_allowed_names;  // of client certificates; empty: all of them
  std::string tokens_file;                     // empty: nobody needs a token
  std::string tokens_required = "all";         // on which addresses: "all" or "tcp"
  std::string health_listen;                   // "host:port"; empty: off
  std::string probe_ca;                        // whom --probe trusts; empty: no TLS
  std::string probe_server_name;               // that the certificate must have; empty: the host

  // Reads the files, too, where the server is to `serve`. Errors: INVALID_ARGUMENT, naming the
  // flag, what was given and what is allowed.
  absl::Status Validate(bool serve) const;
};

SecurityOptions SecurityOptionsFromFlags();

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_SECURITY_OPTIONS_H_
