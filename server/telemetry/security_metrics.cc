#include "server/telemetry/security_metrics.h"

namespace rectifier {

using prometheus::BuildCounter;
using prometheus::BuildGauge;

const char* Name(Denial denial) {
  constexpr const char* kNames[] = {"token_missing", "token_unknown", "certificate_name"};
  return kNames[static_cast<size_t>(denial)];
}

const char* Name(Credential credential) {
  return credential == Credential::kTls ? "tls" : "tokens";
}

SecurityMetrics::SecurityMetrics(prometheus::Registry& registry) {
  auto& denials = BuildCounter()
                      .Name("rectifier_denied_total")
                      .Help("Calls turned away because of who made them.")
                      .Register(registry);
  for (const Denial denial :
       {Denial::kTokenMissing, Denial::kTokenUnknown, Denial::kCertificateName}) {
    denials_[static_cast<size_t>(denial)] = &denials.Add({{"reason", Name(denial)}});
  }
  auto& reloads = BuildCounter()
                      .Name("rectifier_credential_reloads_total")
                      .Help("Changes of the files of TLS and of tokens that the server has seen.")
                      .Register(registry);
  for (const Credential credential : {Credential::kTls, Credential::kTokens}) {
    for (const bool succeeded : {false, true}) {
      reloads_[static_cast<size_t>(credential)][succeeded] =
          &reloads.Add({{"credential", Name(credential)}, {"result", succeeded ? "ok" : "failed"}});
    }
  }
  certificate_expiry_ = &BuildGauge()
                             .Name("rectifier_tls_certificate_expiry_timestamp_seconds")
                             .Help("When the server's certificate expires, Unix time; 0: no TLS.")
                             .Register(registry)
                             .Add({});
  callers_ = &BuildCounter()
                  .Name("rectifier_caller_calls_total")
                  .Help("Calls let in, by the name of the token or certificate.")
                  .Register(registry);
}

void SecurityMetrics::SetCertificateExpiry(absl::Time time) const {
  certificate_expiry_->Set(static_cast<double>(absl::ToUnixSeconds(time)));
}

prometheus::Counter* SecurityMetrics::CallsOf(const std::string& caller) const {
  return &callers_->Add({{"caller", caller}});
}

}  // namespace rectifier
