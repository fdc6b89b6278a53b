#include "server/wire/incoming_tensor.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <string>
#include <vector>

namespace rectifier {
namespace {

// A chunk of `bytes`, in pieces of these sizes and one more for what is left.
DataField Cut(const std::string& bytes, const std::vector<size_t>& sizes = {}) {
  DataField field;
  size_t start = 0;
  for (const size_t size : sizes) {
    field.Append(bytes.data() + start, size);
    start += size;
  }
  if (start < bytes.size()) field.Append(bytes.data() + start, bytes.size() - start);
  return field;
}

std::string BytesOf(const Payload& payload) {
  std::string bytes(payload.size(), '\0');
  payload.CopyTo(0, bytes.size(), reinterpret_cast<std::byte*>(bytes.data()));
  return bytes;
}

TEST(IncomingTensorTest, CountsWhatHasComeAndWhatIsLeft) {
  IncomingTensor tensor(/*item_bytes=*/4, /*total_bytes=*/12);
  const std::string chunk = "abcdefg";
  tensor.Add(Cut(chunk));
  EXPECT_EQ(tensor.received_bytes(), 7);
  EXPECT_EQ(tensor.available_bytes(), 7);
  tensor.Drop(4);
  EXPECT_EQ(tensor.received_bytes(), 7);
  EXPECT_EQ(tensor.available_bytes(), 3);
}

TEST(IncomingTensorTest, LeavesAChunkWhereItLies) {
  IncomingTensor tensor(2, 6);
  const std::string chunk = "abcdef";
  tensor.Add(Cut(chunk));
  tensor.Drop(2);
  const Payload front = tensor.Front(4);
  ASSERT_EQ(BytesOf(front), "cdef");
  std::byte room[4];
  EXPECT_EQ(front.Read(0, 4, room), reinterpret_cast<const std::byte*>(chunk.data()) + 2);
  tensor.Drop(4);
  tensor.Keep();
  EXPECT_EQ(tensor.kept_bytes(), 0) << "all was used";
}

TEST(IncomingTensorTest, PutsTheRestBeforeTheNextChunk) {
  IncomingTensor tensor(4, 8);
  {
    std::string gone = "abcde";
    tensor.Add(Cut(gone, {1, 2}));
    EXPECT_EQ(BytesOf(tensor.Front(4)), "abcd");
    tensor.Drop(4);
    tensor.Keep();
    gone.assign(gone.size(), '?');
  }
  EXPECT_GE(tensor.kept_bytes(), 1);
  const std::string next = "fgh";
  tensor.Add(Cut(next, {1}));
  EXPECT_EQ(BytesOf(tensor.Front(4)), "efgh");
}

TEST(IncomingTensorTest, KeepsARestOverChunksThatAddNothing) {
  IncomingTensor tensor(4, 4);
  for (const std::string chunk : {"ab", "", "c", "", "d"}) {
    tensor.Add(Cut(chunk));
    tensor.Keep();
  }
  EXPECT_EQ(BytesOf(tensor.Front(4)), "abcd");
}

TEST(IncomingTensorTest, KeepsNoMoreMemoryThanAFewTimesWhatWaits) {
  IncomingTensor tensor(1, 1 << 20);
  const std::string chunk(100, 'x');
  for (int i = 0; i < 1000; ++i) {
    tensor.Add(Cut(chunk));
    tensor.Drop(tensor.available_bytes() - 10);
    tensor.Keep();
  }
  EXPECT_EQ(tensor.available_bytes(), 10);
  EXPECT_LE(tensor.kept_bytes(), 400);
}

TEST(IncomingTensorTest, GivesTheBytesInOrderHoweverTheyAreCutAndUsed) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    std::minstd_rand random(seed + 1);
    std::string all(1000, '\0');
    std::iota(all.begin(), all.end(), '\0');
    IncomingTensor tensor(1, static_cast<int64_t>(all.size()));
    std::string used;
    for (size_t start = 0; start < all.size();) {
      const std::string chunk = all.substr(start, random() % 90);
      start += chunk.size();
      std::vector<size_t> sizes;
      for (size_t left = chunk.size(); left > 1; left -= sizes.back()) {
        sizes.push_back(1 + random() % (left - 1));
      }
      tensor.Add(Cut(chunk, sizes));
      for (int windows = static_cast<int>(random() % 4); windows > 0; --windows) {
        const auto bytes = static_cast<int64_t>(random() % 50);
        if (bytes > tensor.available_bytes()) break;
        used += BytesOf(tensor.Front(bytes));
        tensor.Drop(bytes);
      }
      tensor.Keep();
    }
    used += BytesOf(tensor.Front(tensor.available_bytes()));
    ASSERT_EQ(used, all) << "seed " << seed;
  }
}

}  // namespace
}  // namespace rectifier
