#include "server/byte_count.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>

namespace rectifier {
namespace {

std::optional<int64_t> Parse(const std::string& text) {
  ByteCount count;
  std::string error;
  if (!AbslParseFlag(text, &count, &error)) return std::nullopt;
  return count.bytes;
}

TEST(ByteCountTest, ReadsBytesAndBinaryUnits) {
  EXPECT_EQ(Parse("0"), 0);
  EXPECT_EQ(Parse("1000"), 1000);
  EXPECT_EQ(Parse("3KiB"), 3 << 10);
  EXPECT_EQ(Parse("64MiB"), 64 << 20);
  EXPECT_EQ(Parse("1GiB"), 1 << 30);
  EXPECT_EQ(Parse("8388607TiB"), int64_t{8388607} << 40);
  EXPECT_EQ(Parse("9223372036854775807"), INT64_MAX);
  EXPECT_EQ(Parse("-5"), -5);  // whether it is allowed is for others to say
}

TEST(ByteCountTest, RefusesOtherUnitsAndWhatDoesNotFit) {
  for (const char* bad : {"", "MiB", "64MB", "64M", "64mib", "1.5GiB", "1KiBMiB", "0x10", "many",
                          "8388608TiB", "9223372036854775808"}) {
    EXPECT_EQ(Parse(bad), std::nullopt) << bad;
  }
}

TEST(ByteCountTest, IsWrittenInTheLargestUnitThatIsExact) {
  EXPECT_EQ(FormatBytes(0), "0");
  EXPECT_EQ(FormatBytes(1000), "1000");
  EXPECT_EQ(FormatBytes(1 << 10), "1KiB");
  EXPECT_EQ(FormatBytes(1536), "1536");
  EXPECT_EQ(FormatBytes(3 << 19), "1536KiB");
  EXPECT_EQ(FormatBytes(512 << 20), "512MiB");
  EXPECT_EQ(FormatBytes(int64_t{1} << 40), "1TiB");
  EXPECT_EQ(AbslUnparseFlag(ByteCount{1 << 30}), "1GiB");
}

}  // namespace
}  // namespace rectifier
