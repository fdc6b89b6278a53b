#include "server/security/token_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/support/temporary_directory.h"

namespace rectifier {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

// SHA-256 of "abc", which FIPS 180-4 gives as an example.
constexpr char kAbc[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

std::string ProblemOf(const std::string& text) {
  const absl::StatusOr<TokenFile> file = ParseTokens(text, "tokens");
  return file.ok() ? "" : std::string(file.status().message());
}

TEST(TokenFileTest, ReadsNamesTokensAndQuotas) {
  const auto file = ParseTokens(absl::StrCat("# who\n\nalice sha256:", kAbc,
                                             " max_calls=3\r\n"
                                             "\tbatch  plain:0123456789abcdef max_bytes=1MiB\n"
                                             "batch plain:fedcba9876543210"),
                                "tokens");
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_EQ(file->tokens.size(), 3);
  EXPECT_EQ(file->tokens[0].name, "alice");
  EXPECT_TRUE(file->tokens[0].digest == TokenDigest::Of("abc"));
  EXPECT_TRUE(file->tokens[1].digest == TokenDigest::Of("0123456789abcdef"));
  EXPECT_EQ(file->quotas.at("alice").max_calls, 3);
  EXPECT_EQ(file->quotas.at("batch").max_bytes, 1 << 20);
  EXPECT_EQ(file->quotas.size(), 2);
}

TEST(TokenFileTest, NamesTheLineThatIsWrong) {
  const std::string good = absl::StrCat("a sha256:", kAbc, "\n");
  const struct {
    std::string line;
    const char* problem;
  } cases[] = {
      {"b", "a token must follow the name"},
      {"b secret", "must begin with sha256: or plain:"},
      {"b sha256:12", "64 hexadecimal digits"},
      {absl::StrCat("b sha256:", std::string(64, 'g')), "64 hexadecimal digits"},
      {"b plain:short", "16 to 512"},
      {"b plain:0123456789abcde\"", "16 to 512"},
      {absl::StrCat("b plain:", std::string(513, 'x')), "16 to 512"},
      {"anonymous plain:0123456789abcdef", "not anonymous"},
      {"\xEF\xBB\xBF"
       "b plain:0123456789abcdef",
       "the name must be"},
      {"b\xC3\xA9 plain:0123456789abcdef", "the name must be"},
      {std::string("b\0 plain:0123456789abcdef", 25), "the name must be"},
      {absl::StrCat(std::string(65, 'b'), " plain:0123456789abcdef"), "the name must be"},
      {"b plain:0123456789abcdef max_calls=0", "max_calls must be"},
      {"b plain:0123456789abcdef max_bytes=1MB", "max_bytes must be"},
      {"b plain:0123456789abcdef admin", "may follow the token"},
      {absl::StrCat("b sha256:", kAbc), "the same token stands"},
  };
  for (const auto& [line, problem] : cases) {
    EXPECT_THAT(ProblemOf(good + line + "\n"), AllOf(HasSubstr("tokens:2: "), HasSubstr(problem)));
  }
}

TEST(TokenFileTest, NeverShowsWhatMayBeASecret) {
  for (const char* line : {"hunter2hunter2hunter2!", "a hunter2hunter2", "a plain:hunter2 x",
                           "a plain:0123456789abcdef hunter2"}) {
    EXPECT_THAT(ProblemOf(line), AllOf(HasSubstr("tokens:1: "), Not(HasSubstr("hunter2"))));
  }
}

TEST(TokenFileTest, RefusesQuotasOfOneNameThatDiffer) {
  EXPECT_THAT(ProblemOf("a plain:0123456789abcdef max_calls=1\n"
                        "a plain:fedcba9876543210 max_calls=2\n"),
              HasSubstr("tokens:2: the quota differs"));
}

TEST(TokenFileTest, RefusesFilesWithoutTokensAndWithTooMany) {
  EXPECT_THAT(ProblemOf(""), HasSubstr("no token"));
  EXPECT_THAT(ProblemOf("# nobody\n"), HasSubstr("no token"));
  std::string many;
  for (size_t i = 0; i <= kMaxTokens; ++i) {
    absl::StrAppend(&many, "a plain:", 1'000'000'000'000'000 + i, "\n");
  }
  EXPECT_THAT(ProblemOf(many), HasSubstr("more than 1000 tokens"));
}

TEST(TokenFileTest, ReadsFilesOfABoundedSizeAlone) {
  const testing::TemporaryDirectory directory;
  const std::string huge = directory.Write("huge", std::string((1 << 20) + 1, '#'));
  for (const std::string& path :
       {huge, directory.path(), directory.File("none"), std::string("/dev/zero")}) {
    const auto file = ReadTokenFile(path);
    ASSERT_FALSE(file.ok()) << path;
    EXPECT_THAT(std::string(file.status().message()),
                AllOf(HasSubstr("--tokens_file: "), HasSubstr(path)));
  }
}

}  // namespace
}  // namespace rectifier
