// Philox4x32-10: random numbers by index instead of in sequence, so that they do not depend on what
// was drawn before, on threads or on how a tensor is cut.
//
//   double u = PhiloxUniform(seed, index);  // in [0, 1), 53 bits
//
// Source: Salmon, Moraes, Dror, Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011.
#ifndef RECTIFIER_CORE_PHILOX_H_
#define RECTIFIER_CORE_PHILOX_H_

#include <array>
#include <cstdint>

namespace rectifier {

// The block of four words at `counter` under `key`.
constexpr std::array<uint32_t, 4> Philox4x32(std::array<uint32_t, 4> counter,
                                             std::array<uint32_t, 2> key) {
  constexpr uint64_t kMultiplier[] = {0xD2511F53, 0xCD9E8D57};
  constexpr uint32_t kWeyl[] = {0x9E3779B9, 0xBB67AE85};  // golden ratio, sqrt(3) - 1
  constexpr int kRounds = 10;
  for (int round = 0; round < kRounds; ++round) {
    const uint64_t first = kMultiplier[0] * counter[0], second = kMultiplier[1] * counter[2];
    counter = {
        static_cast<uint32_t>(second >> 32) ^ counter[1] ^ key[0], static_cast<uint32_t>(second),
        static_cast<uint32_t>(first >> 32) ^ counter[3] ^ key[1], static_cast<uint32_t>(first)};
    for (int i = 0; i < 2; ++i) key[i] += kWeyl[i];
  }
  return counter;
}

// Uniform in [0, 1), a multiple of 2^-53: the first two words of the block at counter `index` (its
// low word first) under key `seed`.
constexpr double PhiloxUniform(uint64_t seed, uint64_t index) {
  const std::array<uint32_t, 4> block =
      Philox4x32({static_cast<uint32_t>(index), static_cast<uint32_t>(index >> 32), 0, 0},
                 {static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32)});
  const uint64_t bits = (uint64_t{block[1]} << 32 | block[0]) >> 11;
  return static_cast<double>(bits) * 0x1p-53;
}

}  // namespace rectifier

#endif  // RECTIFIER_CORE_PHILOX_H_
