// Tokens as their SHA-256, which is all that the server keeps of them.
#ifndef RECTIFIER_SERVER_SECURITY_TOKEN_DIGEST_H_
#define RECTIFIER_SERVER_SECURITY_TOKEN_DIGEST_H_

#include <array>
#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"

namespace rectifier {

class TokenDigest {
 public:
  static TokenDigest Of(absl::string_view token);
  // From 64 hexadecimal digits; nullopt where they are none.
  static std::optional<TokenDigest> FromHex(absl::string_view hex);

  // Takes the same time wherever the digests differ.
  bool operator==(const TokenDigest& other) const {
    uint64_t difference = 0;
    for (size_t i = 0; i < words_.size(); ++i) difference |= words_[i] ^ other.words_[i];
    return difference == 0;
  }

 private:
  std::array<uint64_t, 4> words_ = {};
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_SECURITY_TOKEN_DIGEST_H_
