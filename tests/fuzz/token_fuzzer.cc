// Feeds the parser of token files with bytes that nobody meant. See README.md.
#include <cstdint>

#include "absl/strings/string_view.h"
#include "server/security/caller_name.h"
#include "server/security/token_file.h"
#include "tests/fuzz/require.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using rectifier::Require;
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  const auto file = rectifier::ParseTokens(text, "tokens");
  if (!file.ok()) {
    Require(file.status().message().find("tokens:") == 0, "an error names its line");
    return 0;
  }
  Require(!file->tokens.empty() && file->tokens.size() <= rectifier::kMaxTokens, "a count");
  for (const auto& token : file->tokens) {
    Require(rectifier::IsCallerName(token.name), "a name");
    Require(file->quotas.count(token.name) == 1, "quotas of every name");
  }
  for (const auto& [name, quota] : file->quotas) {
    Require(quota.max_calls > 0 && quota.max_bytes > 0, "quotas that let something through");
  }
  return 0;
}
