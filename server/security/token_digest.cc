#include "server/security/token_digest.h"

#include <openssl/evp.h>

#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"

namespace rectifier {
namespace {

constexpr size_t kBytes = 32;

// One for each thread, because looking the algorithm up takes OpenSSL longer than hashing.
EVP_MD_CTX* Context() {
  static const EVP_MD* const sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  struct Free {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  thread_local const std::unique_ptr<EVP_MD_CTX, Free> context(EVP_MD_CTX_new());
  if (EVP_DigestInit_ex2(context.get(), sha256, nullptr) != 1) std::abort();  // out of memory
  return context.get();
}

}  // namespace

TokenDigest TokenDigest::Of(absl::string_view token) {
  EVP_MD_CTX* const context = Context();
  unsigned char bytes[kBytes];
  EVP_DigestUpdate(context, token.data(), token.size());
  EVP_DigestFinal_ex(context, bytes, nullptr);
  TokenDigest digest;
  static_assert(sizeof(digest.words_) == kBytes);
  std::memcpy(digest.words_.data(), bytes, kBytes);
  return digest;
}

std::optional<TokenDigest> TokenDigest::FromHex(absl::string_view hex) {
  const bool is_hex = hex.size() == 2 * kBytes &&
                      absl::c_all_of(hex, [](unsigned char c) { return absl::ascii_isxdigit(c); });
  if (!is_hex) return std::nullopt;
  const std::string bytes = absl::HexStringToBytes(hex);
  TokenDigest digest;
  std::memcpy(digest.words_.data(), bytes.data(), kBytes);
  return digest;
}

}  // namespace rectifier
