// Messages in slices, which the input itself chooses.
#ifndef RECTIFIER_TESTS_FUZZ_SLICES_H_
#define RECTIFIER_TESTS_FUZZ_SLICES_H_

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/slice.h"

namespace rectifier {

// Takes the last four bytes, and gives 1 where there are fewer.
inline uint32_t TakeSeed(std::string& input) {
  constexpr size_t kSeedBytes = 4;
  uint32_t seed = 1;
  if (input.size() < kSeedBytes) return seed;
  for (size_t i = input.size() - kSeedBytes; i < input.size(); ++i) {
    seed = seed << 8 | static_cast<uint8_t>(input[i]);
  }
  input.resize(input.size() - kSeedBytes);
  return seed;
}

// Slices of up to 40 bytes, which `seed` chooses; inline ones and empty ones are among them.
inline grpc::ByteBuffer Cut(const std::string& bytes, uint32_t seed) {
  std::minstd_rand random(seed);
  std::vector<grpc::Slice> slices;
  const uint32_t longest = 1 + random() % 40;
  for (size_t start = 0; start < bytes.size();) {
    const size_t length = std::min<size_t>(random() % (longest + 1), bytes.size() - start);
    slices.emplace_back(bytes.data() + start, length);
    start += length;
  }
  return grpc::ByteBuffer(slices.data(), slices.size());
}

}  // namespace rectifier

#endif  // RECTIFIER_TESTS_FUZZ_SLICES_H_
