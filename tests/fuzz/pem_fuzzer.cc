// Feeds the reader of certificates, keys and authorities with three files, between which the input
// has a zero. See README.md.
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "server/security/tls_files.h"
#include "tests/fuzz/require.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using rectifier::Require;
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  std::vector<std::string> files = absl::StrSplit(text, absl::MaxSplits('\0', 2));
  const bool has_client_ca = files.size() == 3;
  files.resize(3);
  rectifier::TlsMaterial material{
      .certificate = files[0], .key = files[1], .client_ca = files[2], .expires = {}};
  const rectifier::TlsFiles names{
      .certificate = "a", .key = "b", .client_ca = has_client_ca ? "c" : ""};
  const absl::Status status = rectifier::CheckTlsMaterial(names, &material);
  if (!status.ok()) {
    Require(absl::IsInvalidArgument(status), "a wrong file is an invalid argument");
    Require(absl::StartsWith(status.message(), "--tls_"), "an error names its flag");
    return 0;
  }
  Require(material.certificate == files[0] && material.key == files[1] &&
              material.client_ca == files[2],
          "what was read stays as it is");
  Require(absl::StrContains(files[0], "-----BEGIN "), "a certificate is in PEM");
  Require(material.expires > absl::Now(), "a certificate that is used is valid");
  return 0;
}
