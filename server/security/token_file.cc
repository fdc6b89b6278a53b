#include "server/security/token_file.h"

#include <algorithm>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "server/byte_count.h"
#include "server/security/caller_name.h"
#include "server/security/read_file.h"

namespace rectifier {
namespace {

constexpr char kFlag[] = "tokens_file";
constexpr size_t kLeastToken = 16;  // bytes; what is shorter can be guessed
constexpr size_t kLongestToken = 512;
constexpr int64_t kMostCalls = int64_t{1} << 20;

using Quotas = std::map<std::string, CallerQuota>;

// One line taken apart. What is wrong with it is said without what it holds.
class Line {
 public:
  explicit Line(absl::string_view text)
      : words_(absl::StrSplit(text, absl::ByAnyChar(" \t"), absl::SkipEmpty())) {}

  // Adds what the line says to `file`. Gives what is wrong, or nothing.
  std::string AddTo(TokenFile* file) const {
    if (!IsCallerName(words_[0])) return kCallerNameRule;
    if (words_.size() < 2) return "a token must follow the name";
    TokenFile::Token token{.digest = {}, .name = std::string(words_[0])};
    if (std::string problem = ReadToken(&token.digest); !problem.empty()) return problem;
    const bool is_known = absl::c_any_of(
        file->tokens, [&](const TokenFile::Token& other) { return other.digest == token.digest; });
    if (is_known) return "the same token stands in a line before";
    CallerQuota& quota = file->quotas[token.name];
    for (size_t i = 2; i < words_.size(); ++i) {
      if (std::string problem = ReadQuota(words_[i], &quota); !problem.empty()) return problem;
    }
    file->tokens.push_back(std::move(token));
    return "";
  }

 private:
  std::string ReadToken(TokenDigest* digest) const {
    absl::string_view word = words_[1];
    if (absl::ConsumePrefix(&word, "sha256:")) {
      const std::optional<TokenDigest> read = TokenDigest::FromHex(word);
      if (!read.has_value()) return "64 hexadecimal digits must follow sha256:";
      *digest = *read;
      return "";
    }
    if (!absl::ConsumePrefix(&word, "plain:")) {
      return "the token must begin with sha256: or plain:";
    }
    if (word.size() < kLeastToken || word.size() > kLongestToken ||
        !absl::c_all_of(word, IsOfToken)) {
      return absl::StrFormat("a token of %d to %d letters, digits and -._~+/= must follow plain:",
                             kLeastToken, kLongestToken);
    }
    *digest = TokenDigest::Of(word);
    return "";
  }

  // RFC 6750, section 2.1.
  static bool IsOfToken(unsigned char c) {
    return absl::ascii_isalnum(c) || absl::StrContains("-._~+/=", std::string(1, c));
  }

  static std::string ReadQuota(absl::string_view word, CallerQuota* quota) {
    if (absl::ConsumePrefix(&word, "max_calls=")) {
      int64_t calls = 0;
      if (!absl::SimpleAtoi(word, &calls) || calls < 1 || calls > kMostCalls) {
        return absl::StrFormat("max_calls must be from 1 to %d", kMostCalls);
      }
      return Set(calls, &quota->max_calls);
    }
    if (absl::ConsumePrefix(&word, "max_bytes=")) {
      ByteCount bytes;
      std::string problem;
      if (!AbslParseFlag(word, &bytes, &problem) || bytes.bytes < 1) {
        return "max_bytes must be a number of bytes, such as 64MiB";
      }
      return Set(bytes.bytes, &quota->max_bytes);
    }
    return "only max_calls=NUMBER and max_bytes=SIZE may follow the token";
  }

  static std::string Set(int64_t value, int64_t* place) {
    const bool is_free = *place == std::numeric_limits<int64_t>::max() || *place == value;
    if (!is_free) return "the quota differs from that of a line before with the same name";
    *place = value;
    return "";
  }

  const std::vector<absl::string_view> words_;
};

absl::Status At(const std::string& path, size_t line, absl::string_view problem) {
  return absl::InvalidArgumentError(absl::StrFormat("%s:%d: %s", path, line, problem));
}

}  // namespace

absl::StatusOr<TokenFile> ParseTokens(absl::string_view text, const std::string& path) {
  TokenFile file;
  size_t number = 0;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    const absl::string_view content = absl::StripAsciiWhitespace(line);
    if (content.empty() || content.front() == '#') continue;
    if (std::string problem = Line(content).AddTo(&file); !problem.empty()) {
      return At(path, number, problem);
    }
    if (file.tokens.size() > kMaxTokens) {
      return At(path, number, absl::StrFormat("there are more than %d tokens", kMaxTokens));
    }
  }
  if (file.tokens.empty()) return At(path, number, "there is no token in the file");
  return file;
}

absl::StatusOr<TokenFile> ReadTokenFile(const std::string& path) {
  const absl::StatusOr<std::string> text = ReadCredentialsFile(kFlag, path);
  if (!text.ok()) return text.status();
  absl::StatusOr<TokenFile> file = ParseTokens(*text, path);
  if (file.ok()) return file;
  return absl::InvalidArgumentError(absl::StrFormat("--%s: %s", kFlag, file.status().message()));
}

}  // namespace rectifier
