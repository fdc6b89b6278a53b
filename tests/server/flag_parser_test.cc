// The parser is tested with the flags in server/command_line.cc, through ParseCommandLine.
#include "server/flag_parser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "absl/flags/reflection.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "server/command_line.h"
#include "tests/support/temporary_directory.h"

namespace rectifier {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

absl::StatusOr<Options> Parse(std::vector<std::string> arguments) {
  const absl::FlagSaver saver;
  arguments.insert(arguments.begin(), "rectifierd");
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  return ParseCommandLine(static_cast<int>(argv.size()), argv.data());
}

std::string ErrorOf(const std::vector<std::string>& arguments) {
  const auto options = Parse(arguments);
  EXPECT_EQ(options.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(options.status().message());
}

TEST(FlagParserTest, TakesEverySpelling) {
  EXPECT_EQ(Parse({"--max_rank=5"})->limits.max_rank, 5);
  EXPECT_EQ(Parse({"-max_rank=5"})->limits.max_rank, 5);
  EXPECT_EQ(Parse({"--max_rank", "5"})->limits.max_rank, 5);
  EXPECT_EQ(Parse({"--drain_delay=1m30s"})->drain_delay, absl::Seconds(90));
  EXPECT_EQ(Parse({"--metrics_listen="})->metrics_listen, "");
  EXPECT_EQ(Parse({"--listen=unix:/a=b"})->listen, std::vector<std::string>{"unix:/a=b"});
  EXPECT_EQ(Parse({"--listen=127.0.0.1:1", "--probe"})->probe, "127.0.0.1:1");
}

TEST(FlagParserTest, TakesBoolsWithAndWithoutAValue) {
  EXPECT_TRUE(Parse({})->keepalive_permit_without_calls);
  EXPECT_FALSE(Parse({"--keepalive_permit_without_calls=false"})->keepalive_permit_without_calls);
  EXPECT_FALSE(Parse({"--nokeepalive_permit_without_calls"})->keepalive_permit_without_calls);
  EXPECT_TRUE(Parse({"--keepalive_permit_without_calls"})->keepalive_permit_without_calls);
}

TEST(FlagParserTest, TakesSizesWithUnits) {
  const auto options =
      Parse({"--max_message_bytes=64MiB", "--max_inflight_bytes=1GiB", "--max_buffer_bytes=2097152",
             "--max_idle_bytes=0", "--max_buffer_bytes_per_connection=1MiB"});
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_EQ(options->limits.max_message_bytes, 64 << 20);
  EXPECT_EQ(options->limits.max_inflight_bytes, 1 << 30);
  EXPECT_EQ(options->limits.max_buffer_bytes, 2 << 20);
  EXPECT_EQ(options->limits.max_buffer_bytes_per_connection, 1 << 20);
  EXPECT_EQ(options->max_idle_bytes, 0);
}

TEST(FlagParserTest, ReadsFlagFilesAtTheirPlace) {
  const testing::TemporaryDirectory directory;
  const std::string inner = directory.Write("inner", "--max_rank=3\r\n");
  const std::string outer = directory.Write(
      "outer", "# a comment\n\n  --max_tensors=7  \n--flagfile=" + inner + "\n--max_arguments=4");
  const auto options = Parse({"--max_rank=2", "--flagfile=" + outer, "--max_tensors=9",
                              "--flagfile=" + directory.Write("last", "--max_arguments=5")});
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_EQ(options->limits.max_rank, 3);
  EXPECT_EQ(options->limits.max_tensors, 9);
  EXPECT_EQ(options->limits.max_arguments, 5);
}

TEST(FlagParserTest, NamesWhatIsWrong) {
  const testing::TemporaryDirectory directory;
  const std::string loop = directory.File("loop");
  directory.Write("loop", "--flagfile=" + loop + "\n");
  const struct {
    std::vector<std::string> arguments;
    std::string message;
  } cases[] = {
      {{"--no_such_flag=1"}, "--no_such_flag: there is no such flag; see --help"},
      {{"--max_rnk=1"}, "--max_rnk: there is no such flag; did you mean --max_rank?"},
      {{"--stderrthreshold=1"}, "--stderrthreshold: there is no such flag"},
      {{"--nomax_rank"}, "--nomax_rank: there is no such flag"},
      {{"serve"}, "\"serve\" given; there are only flags, see --help"},
      {{"--"}, "\"--\" given; there are only flags"},
      {{"--max_rank"}, "--max_rank: a value is needed"},
      {{"--probe="}, "--probe: \"\" given; must be unix:/path or host:port"},
      {{"--max_rank=5", "--threads=1", "--max_rank=6"},
       "--max_rank: \"6\" given; it was given before, as \"5\""},
      {{"--max_rank=5", "--max_rank=5"}, "--max_rank: \"5\" given; it was given before"},
      {{"--listen=unix:/a", "--listen=unix:/b"},
       "--listen: \"unix:/b\" given; it was given before"},
      {{"--nokeepalive_permit_without_calls", "--keepalive_permit_without_calls"},
       "--keepalive_permit_without_calls: \"true\" given; it was given before, as \"false\""},
      {{"--flagfile=" + directory.Write("twice", "--max_rank=5\n--max_rank=6\n")},
       "--max_rank: \"6\" given; it was given before, as \"5\""},
      {{"--max_rank=x"}, "--max_rank: \"x\" given; must be a whole number"},
      {{"--threads=1.5"}, "--threads: \"1.5\" given; must be a whole number"},
      {{"--drain_delay=soon"},
       "--drain_delay: \"soon\" given; must be a duration, such as 500ms, 5s or 1h"},
      {{"--keepalive_permit_without_calls=maybe"},
       "--keepalive_permit_without_calls: \"maybe\" given; must be true or false"},
      {{"--max_message_bytes=64MB"},
       "--max_message_bytes: \"64MB\" given; must be a number of bytes, or of KiB, MiB, GiB or "
       "TiB, such as 64MiB"},
      {{"--flagfile=/absent/file"},
       "--flagfile: \"/absent/file\" given; No such file or directory"},
      {{"--flagfile=" + loop}, "files name files too often"},
  };
  for (const auto& [arguments, message] : cases) {
    EXPECT_THAT(ErrorOf(arguments), HasSubstr(message));
  }
}

TEST(FlagParserTest, HelpNamesOurFlagsWithDefaultsInShortLines) {
  const FlagParser parser(
      [](absl::string_view file) { return absl::EndsWith(file, "server/command_line.cc"); });
  const std::string help = parser.Help();
  EXPECT_THAT(help, HasSubstr("  --max_message_bytes=256MiB\n      size of a serialized request"));
  EXPECT_THAT(help, HasSubstr("  --keepalive_min_time=5s\n"));
  EXPECT_THAT(help, HasSubstr("  --keepalive_permit_without_calls=true\n"));
  EXPECT_THAT(help, HasSubstr("  --flagfile=PATH\n"));
  EXPECT_THAT(help, Not(HasSubstr("gtest")));
  for (const absl::string_view line : absl::StrSplit(help, '\n')) EXPECT_LE(line.size(), 80u);
}

}  // namespace
}  // namespace rectifier
