#include "client/cpp/files/box.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>
#include <utility>
#include <vector>

namespace rectifier::client {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

// 0, 1, 2, ... in that shape.
Tensor Counting(const Shape& shape) {
  std::vector<double> elements(*ElementCount(shape));
  std::iota(elements.begin(), elements.end(), 0.0);
  return *Tensor::FromVector(std::move(elements), shape);
}

std::vector<std::pair<int64_t, int64_t>> Runs(const Shape& shape, const Box& box) {
  std::vector<std::pair<int64_t, int64_t>> runs;
  ForEachRun(shape, box,
             [&](int64_t offset, int64_t length) { runs.emplace_back(offset, length); });
  return runs;
}

TEST(BoxTest, WholeTensorIsOneRun) {
  EXPECT_THAT(Runs({2, 3, 4}, WholeBox({2, 3, 4})), ElementsAre(Pair(0, 24)));
  EXPECT_THAT(Runs({}, WholeBox({})), ElementsAre(Pair(0, 1)));
  EXPECT_THAT(Runs({2, 0}, WholeBox({2, 0})), IsEmpty());
}

TEST(BoxTest, RowsAreOneRun) {
  EXPECT_THAT(Runs({5, 3}, {.start = {1, 0}, .count = {2, 3}}), ElementsAre(Pair(3, 6)));
}

TEST(BoxTest, ColumnsAreARunPerRow) {
  EXPECT_THAT(Runs({2, 3}, {.start = {0, 1}, .count = {2, 2}}),
              ElementsAre(Pair(1, 2), Pair(4, 2)));
}

TEST(BoxTest, MiddleDimensionIsARunPerOuterIndex) {
  EXPECT_THAT(Runs({2, 4, 3}, {.start = {0, 1, 0}, .count = {2, 2, 3}}),
              ElementsAre(Pair(3, 6), Pair(15, 6)));
}

TEST(GatherTest, SharesContiguousElements) {
  const Tensor tensor = Counting({4, 2});
  const Tensor rows = Gather(tensor, {.start = {1, 0}, .count = {2, 2}});
  EXPECT_THAT(rows.ToDoubles(), ElementsAre(2, 3, 4, 5));
  EXPECT_EQ(rows.bytes().data(), tensor.bytes().data() + 2 * sizeof(double));
}

TEST(GatherTest, CopiesScatteredElements) {
  const Tensor column = Gather(Counting({3, 2}), {.start = {0, 1}, .count = {3, 1}});
  EXPECT_THAT(column.shape(), ElementsAre(3, 1));
  EXPECT_THAT(column.ToDoubles(), ElementsAre(1, 3, 5));
}

TEST(GatherTest, OfNothingIsEmpty) {
  EXPECT_EQ(Gather(Counting({3, 2}), {.start = {0, 0}, .count = {0, 2}}).size(), 0);
}

TEST(ScatterTest, IsTheInverseOfGather) {
  const Shape shape = {2, 3, 2};
  const Tensor tensor = Counting(shape);
  const Box left{.start = {0, 0, 0}, .count = {2, 1, 2}};
  const Box right{.start = {0, 1, 0}, .count = {2, 2, 2}};
  std::vector<double> copy(tensor.size(), -1);
  for (const Box& box : {left, right}) {
    Scatter(Gather(tensor, box), box, shape, reinterpret_cast<std::byte*>(copy.data()));
  }
  EXPECT_EQ(copy, tensor.ToDoubles());
}

}  // namespace
}  // namespace rectifier::client
