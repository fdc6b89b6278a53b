#include "server/shared_memory/registered_regions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <limits>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/field_error.h"
#include "server/shared_memory/region_copies.h"
#include "tests/support/shared_memory_file.h"

namespace rectifier {
namespace {

using ::testing::IsEmpty;
using testing::SharedMemoryFile;
using ::testing::SizeIs;

constexpr char kAlice[] = "alice";
constexpr char kBob[] = "bob";
constexpr uint64_t kMost = std::numeric_limits<uint64_t>::max();

std::string FieldOf(const absl::Status& status) {
  return GetFieldViolation(status).value_or(FieldViolation()).path;
}

class RegisteredRegionsTest : public ::testing::Test {
 protected:
  absl::Status Register(const std::string& caller, const std::string& name, uint64_t offset,
                        uint64_t byte_size) {
    return regions_.Register(caller, name, file_.key(), offset, byte_size);
  }

  const SharedMemoryFile file_{1000};
  prometheus::Gauge gauge_;
  RegisteredRegions regions_{{geteuid()}, &gauge_};
};

TEST_F(RegisteredRegionsTest, ANameIsOneCallers) {
  ASSERT_TRUE(Register(kAlice, "r", 10, 20).ok());
  ASSERT_TRUE(Register(kBob, "r", 30, 40).ok());
  EXPECT_EQ(regions_.Find(kAlice, "r")->offset, 10u);
  EXPECT_EQ(regions_.Find(kBob, "r")->offset, 30u);
  EXPECT_EQ(FieldOf(Register(kBob, "r", 30, 40)), "name");
  regions_.UnregisterAll(kBob);
  EXPECT_EQ(regions_.Find(kBob, "r"), nullptr);
  EXPECT_THAT(regions_.All(kBob), IsEmpty());
  EXPECT_THAT(regions_.All(kAlice), SizeIs(1));
  EXPECT_EQ(gauge_.Value(), 1);
  regions_.Unregister(kBob, "r");  // which is not there
  regions_.Unregister(kAlice, "r");
  EXPECT_EQ(gauge_.Value(), 0);
}

TEST_F(RegisteredRegionsTest, LiesWithinTheSharedMemory) {
  struct Case {
    uint64_t offset, byte_size;
    const char* field;
  };
  for (const Case& item :
       {Case{0, 1001, "byte_size"}, Case{1, 1000, "byte_size"}, Case{1000, 1, "offset"},
        Case{kMost, 1, "offset"}, Case{1, kMost, "byte_size"}, Case{kMost, kMost, "offset"},
        Case{0, 0, "byte_size"}}) {
    const absl::Status status = Register(kAlice, "r", item.offset, item.byte_size);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << item.offset;
    EXPECT_EQ(FieldOf(status), item.field) << status;
  }
  EXPECT_TRUE(Register(kAlice, "whole", 0, 1000).ok());
  EXPECT_TRUE(Register(kAlice, "last", 999, 1).ok());
}

TEST_F(RegisteredRegionsTest, NamesTheFieldAtFault) {
  EXPECT_EQ(FieldOf(Register(kAlice, "", 0, 1)), "name");
  EXPECT_EQ(FieldOf(Register(kAlice, std::string(257, 'n'), 0, 1)), "name");
  const absl::Status unknown = regions_.Register(kAlice, "r", "/no-such-memory", 0, 1);
  EXPECT_EQ(unknown.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(FieldOf(unknown), "key");
  EXPECT_EQ(FieldOf(regions_.Register(kAlice, "r", "/../etc/passwd", 0, 1)), "key");
}

TEST_F(RegisteredRegionsTest, ACallerLeavesAsManyToOthersAsTheyHave) {
  size_t count = 0;
  absl::Status status;
  while ((status = Register(kAlice, absl::StrCat(count), 0, 1)).ok()) ++count;
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(count, kMaxRegions / 2);
  EXPECT_TRUE(Register(kBob, "r", 0, 1).ok());
  regions_.Unregister(kAlice, "0");
  regions_.Unregister(kAlice, "1");
  EXPECT_TRUE(Register(kAlice, "0", 0, 1).ok());
}

TEST_F(RegisteredRegionsTest, APartLiesWithinItsRegion) {
  ASSERT_TRUE(Register(kAlice, "r", 100, 50).ok());
  const auto region = regions_.Find(kAlice, "r");
  EXPECT_TRUE(CheckWithin(*region, 0, 50).ok());
  EXPECT_TRUE(CheckWithin(*region, 50, 0).ok());
  EXPECT_FALSE(CheckWithin(*region, 0, 51).ok());
  EXPECT_FALSE(CheckWithin(*region, 51, 0).ok());
  EXPECT_FALSE(CheckWithin(*region, 1, 50).ok());
  EXPECT_FALSE(CheckWithin(*region, kMost, 2).ok());
  EXPECT_FALSE(CheckWithin(*region, 2, kMost).ok());
}

TEST_F(RegisteredRegionsTest, PartsOfOneObjectOverlapWhateverTheirRegions) {
  ASSERT_TRUE(Register(kAlice, "a", 0, 500).ok());
  ASSERT_TRUE(Register(kAlice, "b", 400, 600).ok());
  const RegionPart a{.region = regions_.Find(kAlice, "a"), .offset = 390, .size = 110};
  const RegionPart b{.region = regions_.Find(kAlice, "b"), .offset = 10, .size = 100};
  EXPECT_TRUE(a.Overlaps(21, b, 1));
  EXPECT_FALSE(a.Overlaps(20, b, 100));
  EXPECT_TRUE(b.Overlaps(1, a, 21));
  EXPECT_FALSE(b.Overlaps(100, a, 20));
}

TEST_F(RegisteredRegionsTest, CopiesPieceByPieceWhatIsUnregisteredMeanwhile) {
  constexpr size_t kSize = (size_t{1} << 20) + 5;
  const SharedMemoryFile large(kSize + 3);
  const std::string text(kSize, 'a');
  large.Write(3, text);
  ASSERT_TRUE(regions_.Register(kAlice, "r", large.key(), 1, kSize + 2).ok());
  RegionCopies copies;
  std::vector<std::byte> memory(kSize);
  copies.Add(
      {.part = {.region = regions_.Find(kAlice, "r"), .offset = 2, .size = kSize}, .path = "here"},
      memory.data(), kSize);
  regions_.UnregisterAll(kAlice);
  int pieces = 0;
  for (; copies.left() > 0; ++pieces) ASSERT_TRUE(copies.CopyNext().ok());
  EXPECT_EQ(pieces, 2);
  EXPECT_EQ(copies.bytes(), kSize);
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(memory.data()), kSize), text);
}

TEST_F(RegisteredRegionsTest, NamesTheFieldOfARegionThatHasBeenCutShort) {
  ASSERT_TRUE(Register(kAlice, "r", 0, 1000).ok());
  RegionCopies copies(RegionCopies::Way::kToRegions);
  std::vector<std::byte> memory(1000);
  copies.Add(
      {.part = {.region = regions_.Find(kAlice, "r"), .offset = 0, .size = 1000}, .path = "here"},
      memory.data(), memory.size());
  file_.Resize(999);
  const absl::Status status = copies.CopyNext();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(FieldOf(status), "here");
}

}  // namespace
}  // namespace rectifier
