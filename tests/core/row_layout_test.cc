#include "core/row_layout.h"

#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rectifier {
namespace {

using ::testing::ElementsAre;

std::vector<int64_t> PlacesOf(const Walk& walk) {
  std::vector<int64_t> places;
  for (int64_t i = 0; i < walk.count(); ++i) places.push_back(walk.Offset(i));
  return places;
}

TEST(RowLayoutTest, RowsAlongOneAxisArePlain) {
  const RowLayout layout = LayOutRows({2, 3, 4}, {1});
  EXPECT_EQ(layout.items, 2);
  EXPECT_TRUE(layout.is_plain());
  EXPECT_THAT(PlacesOf(layout.elements), ElementsAre(0, 4, 8));
  EXPECT_THAT(PlacesOf(layout.rows), ElementsAre(0, 1, 2, 3));
  EXPECT_EQ(layout.rows.Neighbours(1), 3);
}

TEST(RowLayoutTest, NeighbouringAxesAreOne) {
  const RowLayout layout = LayOutRows({2, 3, 4}, {2, 1});
  EXPECT_EQ(layout.items, 2);
  EXPECT_TRUE(layout.is_plain());
  EXPECT_EQ(layout.length(), 12);
  EXPECT_EQ(layout.inner(), 1);
}

TEST(RowLayoutTest, AxesApartAreWalkedInTheTensorsOrder) {
  const RowLayout layout = LayOutRows({2, 2, 3}, {0, 2});
  EXPECT_EQ(layout.items, 1);
  EXPECT_FALSE(layout.is_plain());
  EXPECT_THAT(PlacesOf(layout.elements), ElementsAre(0, 1, 2, 6, 7, 8));
  EXPECT_THAT(PlacesOf(layout.rows), ElementsAre(0, 3));
  EXPECT_EQ(layout.rows.Neighbours(0), 1);
}

TEST(RowLayoutTest, RowsApartAreWalkedInTheTensorsOrder) {
  const RowLayout layout = LayOutRows({2, 2, 2, 3}, {0, 2});
  EXPECT_THAT(PlacesOf(layout.elements), ElementsAre(0, 3, 12, 15));
  EXPECT_THAT(PlacesOf(layout.rows), ElementsAre(0, 1, 2, 6, 7, 8));
  EXPECT_EQ(layout.rows.Neighbours(4), 2);
}

TEST(RowLayoutTest, DimensionsOfOneElementCutNothing) {
  const RowLayout layout = LayOutRows({3, 1, 4, 1}, {0, 2});
  EXPECT_TRUE(layout.is_plain());
  EXPECT_EQ(layout.items, 1);
  EXPECT_EQ(layout.length(), 12);
}

TEST(RowLayoutTest, EmptyDimensionsHaveNoPlaces) {
  EXPECT_EQ(LayOutRows({2, 0, 3}, {1}).length(), 0);
  EXPECT_EQ(LayOutRows({2, 0, 3}, {1}).inner(), 3);
  EXPECT_EQ(LayOutRows({0, 2}, {1}).items, 0);
}

TEST(RowLayoutTest, RankZeroIsARowOfOne) {
  const RowLayout layout = LayOutRows({}, {});
  EXPECT_EQ(layout.items, 1);
  EXPECT_EQ(layout.length(), 1);
  EXPECT_EQ(layout.inner(), 1);
}

}  // namespace
}  // namespace rectifier
