#include "core/payload.h"

#include <array>
#include <cstring>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace rectifier {
namespace {

const std::byte* Bytes(absl::string_view text) {
  return reinterpret_cast<const std::byte*>(text.data());
}

std::string Copied(const Payload& payload, size_t offset, size_t size) {
  std::string text(size, '?');
  payload.CopyTo(offset, size, reinterpret_cast<std::byte*>(text.data()));
  return text;
}

class PiecesTest : public ::testing::Test {
 protected:
  const std::array<absl::string_view, 3> parts_ = {"ab", "c", "defg"};
  const std::vector<Payload::Piece> pieces_ = {
      {0, Bytes(parts_[0])}, {2, Bytes(parts_[1])}, {3, Bytes(parts_[2])}};
  const Payload payload_{absl::MakeConstSpan(pieces_), 7};
};

TEST_F(PiecesTest, AreCopiedAcrossTheirEnds) {
  EXPECT_EQ(Copied(payload_, 0, 7), "abcdefg");
  EXPECT_EQ(Copied(payload_, 1, 3), "bcd");
  EXPECT_EQ(Copied(payload_, 2, 1), "c");
  EXPECT_EQ(Copied(payload_, 7, 0), "");
}

TEST_F(PiecesTest, AreReadWhereTheyLieUnlessTheRangeStraddlesThem) {
  std::byte room[8];
  EXPECT_EQ(payload_.Read(4, 3, room), Bytes(parts_[2]) + 1);
  EXPECT_EQ(payload_.Read(1, 1, room), Bytes(parts_[0]) + 1);
  ASSERT_EQ(payload_.Read(1, 3, room), room);
  EXPECT_EQ(std::memcmp(room, "bcd", 3), 0);
  EXPECT_FALSE(payload_.is_whole());
}

TEST(PayloadTest, OfOnePieceIsWhole) {
  const Payload::Piece piece = {0, Bytes("abc")};
  const Payload payload(absl::MakeConstSpan(&piece, 1), 3);
  EXPECT_TRUE(payload.is_whole());
  EXPECT_EQ(payload.Read(1, 2, nullptr), piece.data + 1);
  EXPECT_EQ(Copied(payload, 0, 3), "abc");
}

TEST(PayloadTest, OfNothingIsWholeAndEmpty) {
  EXPECT_TRUE(Payload().is_whole());
  EXPECT_EQ(Payload().size(), 0u);
  EXPECT_EQ(Copied(Payload(), 0, 0), "");
}

}  // namespace
}  // namespace rectifier
