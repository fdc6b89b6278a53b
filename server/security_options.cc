#include "server/security_options.h"

#include "absl/flags/flag.h"
#include "server/flag_error.h"
#include "server/posix/listen_address.h"
#include "server/security/tls_files.h"
#include "server/security/token_file.h"

ABSL_FLAG(std::string, tls_certificate, "",
          "the server's certificate, and after it those between it and its authority, as a file of "
          "PEM: TCP addresses of --listen speak TLS alone; read again when it changes");
ABSL_FLAG(std::string, tls_key, "",
          "the private key of --tls_certificate, as a file of PEM; read again when it changes");
ABSL_FLAG(std::string, tls_client_ca, "",
          "authorities as a file of PEM: clients at TCP addresses must show a certificate that one "
          "of them has signed (mutual TLS); read again when it changes");
ABSL_FLAG(std::vector<std::string>, tls_allowed_names, {},
          "names of client certificates, with commas between: calls over TLS are refused where "
          "none of them is a subject alternative name or the common name of the certificate; "
          "empty: any name will do");
ABSL_FLAG(std::string, tokens_file, "",
          "a file of bearer tokens: a call must carry one of them; read again when it changes");
ABSL_FLAG(std::string, tokens_required, rectifier::SecurityOptions().tokens_required,
          "on which addresses of --listen a call must carry a token of --tokens_file: all, or tcp, "
          "where whoever may open the unix socket may call");
ABSL_FLAG(std::string, health_listen, rectifier::SecurityOptions().health_listen,
          "host:port that answers grpc.health.v1 alone, without TLS and tokens, for probes that "
          "speak neither; empty: off");
ABSL_FLAG(std::string, tls_ca, "",
          "for --probe: the authorities that it trusts, as a file of PEM; it then speaks TLS, and "
          "shows --tls_certificate where that is given");
ABSL_FLAG(std::string, tls_server_name, "",
          "for --probe: the name that the server's certificate must have; empty: the host asked");

namespace rectifier {
namespace {

absl::Status CheckTls(const SecurityOptions& options, bool serve) {
  const TlsFiles& tls = options.tls;
  if (tls.certificate.empty() != tls.key.empty()) {
    return tls.key.empty()
               ? FlagError("tls_certificate", tls.certificate, "--tls_key is needed, too")
               : FlagError("tls_key", tls.key, "--tls_certificate is needed, too");
  }
  if (!tls.client_ca.empty() && tls.certificate.empty()) {
    return FlagError("tls_client_ca", tls.client_ca, "--tls_certificate is needed, too");
  }
  for (const std::string& name : options.tls_allowed_names) {
    if (name.empty()) {
      return FlagError("tls_allowed_names", "", "must be names with commas between");
    }
    if (tls.client_ca.empty()) {
      return FlagError("tls_allowed_names", name, "--tls_client_ca is needed, too");
    }
  }
  if (tls.certificate.empty() || !serve) return absl::OkStatus();
  return ReadTlsFiles(tls).status();
}

absl::Status CheckTokens(const SecurityOptions& options, bool serve) {
  if (options.tokens_required != "all" && options.tokens_required != "tcp") {
    return FlagError("tokens_required", options.tokens_required, "must be all or tcp");
  }
  if (options.tokens_file.empty() || !serve) return absl::OkStatus();
  return ReadTokenFile(options.tokens_file).status();
}

}  // namespace

absl::Status SecurityOptions::Validate(bool serve) const {
  if (absl::Status status = CheckTls(*this, serve); !status.ok()) return status;
  if (absl::Status status = CheckTokens(*this, serve); !status.ok()) return status;
  if (!health_listen.empty() && !ParseHostPort(health_listen).ok()) {
    return FlagError("health_listen", health_listen, "must be host:port or empty");
  }
  return absl::OkStatus();
}

SecurityOptions SecurityOptionsFromFlags() {
  return {.tls = {.certificate = absl::GetFlag(FLAGS_tls_certificate),
                  .key = absl::GetFlag(FLAGS_tls_key),
                  .client_ca = absl::GetFlag(FLAGS_tls_client_ca)},
          .tls_allowed_names = absl::GetFlag(FLAGS_tls_allowed_names),
          .tokens_file = absl::GetFlag(FLAGS_tokens_file),
          .tokens_required = absl::GetFlag(FLAGS_tokens_required),
          .health_listen = absl::GetFlag(FLAGS_health_listen),
          .probe_ca = absl::GetFlag(FLAGS_tls_ca),
          .probe_server_name = absl::GetFlag(FLAGS_tls_server_name)};
}

}  // namespace rectifier
