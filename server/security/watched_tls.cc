#include "server/security/watched_tls.h"

#include <utility>

namespace rectifier {

absl::StatusOr<std::unique_ptr<WatchedTls>> WatchedTls::Start(const TlsFiles& files,
                                                              const Audit& audit) {
  absl::StatusOr<TlsMaterial> material = ReadTlsFiles(files);
  if (!material.ok()) return material.status();
  return std::unique_ptr<WatchedTls>(new WatchedTls(files, *std::move(material), audit));
}

WatchedTls::WatchedTls(const TlsFiles& files, TlsMaterial material, const Audit& audit)
    : files_(files),
      audit_(audit),
      material_(std::move(material)),
      credentials_(std::make_shared<TlsCredentials>(material_)),
      watch_(files.Paths(), [this] { return Reload(); }) {
  audit_.metrics().SetCertificateExpiry(material_.expires);
}

bool WatchedTls::Reload() {
  absl::StatusOr<TlsMaterial> material = ReadTlsFiles(files_);
  if (!material.ok()) {
    audit_.ReloadFailed(Credential::kTls, material.status());
    return false;
  }
  const bool is_same = material->certificate == material_.certificate &&
                       material->key == material_.key && material->client_ca == material_.client_ca;
  if (is_same) return true;
  material_ = *std::move(material);
  credentials_->Replace(material_);
  audit_.metrics().SetCertificateExpiry(material_.expires);
  audit_.Reloaded(Credential::kTls,
                  {{"certificate", files_.certificate},
                   {"expires", absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", material_.expires,
                                                absl::UTCTimeZone())}});
  return true;
}

}  // namespace rectifier
