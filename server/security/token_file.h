// The file of --tokens_file. A line is a name, a token, and quotas, with blanks between:
//
//   # comment
//   alice  sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
//   batch  sha256:60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752 max_calls=8
//   batch  plain:dGhlIG5leHQgdG9rZW4gb2YgYmF0Y2g  max_bytes=256MiB
//
// A name may have several tokens, so that one can be exchanged for the next.
#ifndef RECTIFIER_SERVER_SECURITY_TOKEN_FILE_H_
#define RECTIFIER_SERVER_SECURITY_TOKEN_FILE_H_

#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/security/token_digest.h"

namespace rectifier {

// Every token is compared with that of each call, in constant time.
inline constexpr size_t kMaxTokens = 1000;

// What calls of one name may have in progress together.
struct CallerQuota {
  int64_t max_calls = std::numeric_limits<int64_t>::max();
  int64_t max_bytes = std::numeric_limits<int64_t>::max();

  bool operator==(const CallerQuota&) const = default;
};

struct TokenFile {
  struct Token {
    TokenDigest digest;
    std::string name;

    bool operator==(const Token&) const = default;
  };
  std::vector<Token> tokens;
  std::map<std::string, CallerQuota> quotas;  // of every name

  bool operator==(const TokenFile&) const = default;
};

// Reads `text`, which stands in `path`. Errors: INVALID_ARGUMENT, with path and line, and without
// what stands there, which may be a secret.
absl::StatusOr<TokenFile> ParseTokens(absl::string_view text, const std::string& path);

// The same, from the file. Errors name --tokens_file as well.
absl::StatusOr<TokenFile> ReadTokenFile(const std::string& path);

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_SECURITY_TOKEN_FILE_H_
