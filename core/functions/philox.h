// Random numbers without a state: the number that belongs to a seed and an index, whoever asks for
// it and in whatever order.
//
//   double u = rectifier::Uniform(/*seed=*/7, /*index=*/12);
//
// Source: Salmon, Moraes, Dror and Shaw, Parallel random numbers: as easy as 1, 2, 3, SC 2011.
#ifndef RECTIFIER_CORE_FUNCTIONS_PHILOX_H_
#define RECTIFIER_CORE_FUNCTIONS_PHILOX_H_

#include <array>
#include <cstdint>

namespace rectifier {

// Philox4x32-10: 128 random bits for a counter under a key. Words are in Random123's order.
constexpr std::array<uint32_t, 4> Philox(std::array<uint32_t, 4> counter,
                                         std::array<uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const uint64_t a = uint64_t{0xD2511F53} * counter[0];
    const uint64_t b = uint64_t{0xCD9E8D57} * counter[2];
    counter = {static_cast<uint32_t>(b >> 32) ^ counter[1] ^ key[0], static_cast<uint32_t>(b),
               static_cast<uint32_t>(a >> 32) ^ counter[3] ^ key[1], static_cast<uint32_t>(a)};
    key = {key[0] + 0x9E3779B9, key[1] + 0xBB67AE85};
  }
  return counter;
}

// Uniform in [0, 1), a multiple of 2^-53: the upper 53 of the lower 64 bits at counter `index`
// under the key `seed`.
constexpr double Uniform(uint64_t seed, uint64_t index) {
  const std::array<uint32_t, 4> words =
      Philox({static_cast<uint32_t>(index), static_cast<uint32_t>(index >> 32), 0, 0},
             {static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32)});
  const uint64_t bits = (uint64_t{words[1]} << 32) | words[0];
  return static_cast<double>(bits >> 11) * 0x1p-53;
}

}  // namespace rectifier

#endif  // RECTIFIER_CORE_FUNCTIONS_PHILOX_H_
