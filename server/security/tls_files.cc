#include "server/security/tls_files.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <cstring>
#include <ctime>
#include <memory>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "server/flag_error.h"
#include "server/security/read_file.h"

namespace rectifier {
namespace {

template <auto kFree>
struct Free {
  template <class T>
  void operator()(T* object) const {
    kFree(object);
  }
};
using Bio = std::unique_ptr<BIO, Free<BIO_free>>;
using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;

constexpr char kCertificateFlag[] = "tls_certificate";
constexpr char kKeyFlag[] = "tls_key";
constexpr char kClientCaFlag[] = "tls_client_ca";

Bio Memory(const std::string& text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// A key with a passphrase is refused; OpenSSL would ask the terminal for it.
int NoPassphrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*user*/) { return -1; }

// The first certificate of `pem`, where all of them can be read; else null.
Certificate FirstCertificate(const std::string& pem) {
  const Bio bio = Memory(pem);
  Certificate first(PEM_read_bio_X509(bio.get(), nullptr, NoPassphrase, nullptr));
  while (first != nullptr) {
    const Certificate next(PEM_read_bio_X509(bio.get(), nullptr, NoPassphrase, nullptr));
    if (next != nullptr) continue;
    const bool is_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    if (!is_end) first.reset();
    break;
  }
  ERR_clear_error();
  return first;
}

Key ReadKey(const std::string& pem) {
  const Bio bio = Memory(pem);
  Key key(PEM_read_bio_PrivateKey(bio.get(), nullptr, NoPassphrase, nullptr));
  ERR_clear_error();
  return key;
}

absl::Time ToTime(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return absl::InfinitePast();
  return absl::FromTM(parts, absl::UTCTimeZone());
}

std::string Format(absl::Time time) {
  return absl::FormatTime("%Y-%m-%d %H:%M:%SZ", time, absl::UTCTimeZone());
}

absl::Status CheckPair(const TlsFiles& files, TlsMaterial* material) {
  const Certificate certificate = FirstCertificate(material->certificate);
  if (certificate == nullptr) {
    return FlagError(kCertificateFlag, files.certificate, "it holds no certificate in PEM");
  }
  const Key key = ReadKey(material->key);
  if (key == nullptr) {
    return FlagError(kKeyFlag, files.key, "it holds no private key in PEM without a passphrase");
  }
  const bool belongs = X509_check_private_key(certificate.get(), key.get()) == 1;
  ERR_clear_error();
  if (!belongs) {
    return FlagError(kKeyFlag, files.key,
                     absl::StrFormat("it is not the key of the certificate in --tls_certificate "
                                     "\"%s\"",
                                     files.certificate));
  }
  const absl::Time begins = ToTime(X509_get0_notBefore(certificate.get()));
  material->expires = ToTime(X509_get0_notAfter(certificate.get()));
  const absl::Time now = absl::Now();
  if (now >= begins && now < material->expires) return absl::OkStatus();
  return FlagError(kCertificateFlag, files.certificate,
                   absl::StrFormat("the certificate is valid from %s to %s, and it is %s",
                                   Format(begins), Format(material->expires), Format(now)));
}

}  // namespace

std::vector<std::string> TlsFiles::Paths() const {
  std::vector<std::string> paths;
  for (const std::string& path : {certificate, key, client_ca}) {
    if (!path.empty()) paths.push_back(path);
  }
  return paths;
}

absl::Status CheckTlsMaterial(const TlsFiles& files, TlsMaterial* material) {
  if (absl::Status status = CheckPair(files, material); !status.ok()) return status;
  if (files.client_ca.empty() || FirstCertificate(material->client_ca) != nullptr) {
    return absl::OkStatus();
  }
  return FlagError(kClientCaFlag, files.client_ca, "it holds no certificate in PEM");
}

absl::StatusOr<TlsMaterial> ReadTlsFiles(const TlsFiles& files) {
  TlsMaterial material;
  struct File {
    const char* flag;
    const std::string& path;
    std::string* content;
  };
  for (const File& file : {File{kCertificateFlag, files.certificate, &material.certificate},
                           File{kKeyFlag, files.key, &material.key},
                           File{kClientCaFlag, files.client_ca, &material.client_ca}}) {
    if (file.path.empty()) continue;
    absl::StatusOr<std::string> content = ReadCredentialsFile(file.flag, file.path);
    if (!content.ok()) return content.status();
    *file.content = *std::move(content);
  }
  if (absl::Status status = CheckTlsMaterial(files, &material); !status.ok()) return status;
  return material;
}

}  // namespace rectifier
