// What is counted about who gets in: callers turned away, callers by name, credentials reloaded.
#ifndef RECTIFIER_SERVER_TELEMETRY_SECURITY_METRICS_H_
#define RECTIFIER_SERVER_TELEMETRY_SECURITY_METRICS_H_

#include <array>
#include <string>

#include "absl/time/time.h"
#include "prometheus/counter.h"
#include "prometheus/family.h"
#include "prometheus/gauge.h"
#include "prometheus/registry.h"

namespace rectifier {

// Why a caller was turned away.
enum class Denial { kTokenMissing, kTokenUnknown, kCertificateName };
// What is read from files, and read again when they change.
enum class Credential { kTls, kTokens };

// The words of labels and log lines: "token_missing", "tls".
const char* Name(Denial denial);
const char* Name(Credential credential);

// Thread-safe.
class SecurityMetrics {
 public:
  explicit SecurityMetrics(prometheus::Registry& registry);

  void CountDenial(Denial denial) const { denials_[static_cast<size_t>(denial)]->Increment(); }
  void CountReload(Credential credential, bool succeeded) const {
    reloads_[static_cast<size_t>(credential)][succeeded]->Increment();
  }
  void SetCertificateExpiry(absl::Time time) const;
  // The counter of the calls of a caller. Whoever asks bounds the number of names.
  prometheus::Counter* CallsOf(const std::string& caller) const;

 private:
  std::array<prometheus::Counter*, 3> denials_;  // by Denial
  std::array<std::array<prometheus::Counter*, 2>, 2>
      reloads_;  // by Credential, whether it succeeded
  prometheus::Gauge* certificate_expiry_;
  prometheus::Family<prometheus::Counter>* callers_;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_TELEMETRY_SECURITY_METRICS_H_
