// One line for each event of security, and its metric. Lines say what they are about, and never
// what is secret.
#ifndef RECTIFIER_SERVER_SECURITY_AUDIT_H_
#define RECTIFIER_SERVER_SECURITY_AUDIT_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "server/telemetry/logging.h"
#include "server/telemetry/security_metrics.h"

namespace rectifier {

// Thread-safe.
class Audit {
 public:
  explicit Audit(const SecurityMetrics& metrics) : metrics_(metrics) {}

  const SecurityMetrics& metrics() const { return metrics_; }

  // A call of `method` was turned away; `message` is what its caller is told. Lines are written at
  // a bounded rate, and the metric counts every one.
  void Denied(Denial denial, absl::string_view method, const std::string& peer,
              absl::string_view message);
  // Changed files are in use; `fields` say what they hold.
  void Reloaded(Credential credential, const LogFields& fields) const;
  // Changed files cannot be used, so that those before them stay in use.
  void ReloadFailed(Credential credential, const absl::Status& why) const;

 private:
  const SecurityMetrics& metrics_;
  LogLimiter limiter_{5};
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_SECURITY_AUDIT_H_
