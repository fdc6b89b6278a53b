#include "core/functions/reduction.h"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>

#include "core/functions/coefficients.h"

namespace rectifier {
namespace {

using Wide = unsigned __int128;

// Words of a fixed-point number modulo 4, the most significant first: two bits before the point,
// 382 after it.
constexpr size_t kWords = 6;
struct Fixed {
  uint64_t words[kWords];
};

// The 64 binary digits of 2/pi that begin with the one of weight 2^-position; those before the
// first are 0.
uint64_t Digits(int64_t position) {
  // The digit of weight 2^-1 is the highest bit of the first word.
  const int64_t bit = position - 1;
  const int64_t word = bit >= 0 ? bit / 64 : -((63 - bit) / 64);
  const auto offset = static_cast<unsigned>(bit - word * 64);
  const auto at = [](int64_t index) -> uint64_t {
    constexpr auto kCount = static_cast<int64_t>(std::size(coefficients::kTwoOverPi));
    return index >= 0 && index < kCount ? coefficients::kTwoOverPi[index] : 0;
  };
  return offset == 0 ? at(word) : at(word) << offset | at(word + 1) >> (64 - offset);
}

// The integer s below 2^53 with |x| = s * 2^exponent.
uint64_t Significand(double x, int& exponent) {
  const double fraction = std::frexp(std::abs(x), &exponent);
  exponent -= 53;
  return static_cast<uint64_t>(std::ldexp(fraction, 53));
}

// a * factor modulo 4.
Fixed Times(const Fixed& a, uint64_t factor) {
  Fixed product;
  Wide carry = 0;
  for (size_t i = kWords; i-- > 0;) {
    carry += Wide{a.words[i]} * factor;
    product.words[i] = static_cast<uint64_t>(carry);
    carry >>= 64;
  }
  return product;
}

void Negate(Fixed& a) {
  bool carry = true;
  for (size_t i = kWords; i-- > 0;) {
    a.words[i] = ~a.words[i] + (carry ? 1 : 0);
    carry = carry && a.words[i] == 0;
  }
}

// The 64 bits of `a` that begin `shift` bits after its first.
uint64_t Bits(const Fixed& a, size_t shift) {
  const size_t word = shift / 64, offset = shift % 64;
  const auto at = [&a](size_t index) { return index < kWords ? a.words[index] : 0; };
  return offset == 0 ? at(word) : at(word) << offset | at(word + 1) >> (64 - offset);
}

}  // namespace

Reduced ReduceProduct(double a, double b) {
  if (!std::isfinite(a) || !std::isfinite(b)) {
    return {std::numeric_limits<double>::quiet_NaN(), 0, 0};
  }
  int exponent_a, exponent_b;
  const uint64_t significand_a = Significand(a, exponent_a);
  const uint64_t significand_b = Significand(b, exponent_b);
  // 2/pi * 2^exponent modulo 4: multiples of 4 of it times an integer do not count. 382 digits
  // after the point, times 2^106, leave an error below 2^-276.
  const int64_t first = int64_t{exponent_a} + exponent_b - 1;
  Fixed turns;
  for (size_t i = 0; i < kWords; ++i) {
    turns.words[i] = Digits(first + static_cast<int64_t>(64 * i));
  }
  turns = Times(Times(turns, significand_a), significand_b);
  if (std::signbit(a) != std::signbit(b)) Negate(turns);

  // The nearest integer is the quadrant; the rest lies in [-1/2, 1/2].
  const uint64_t quarter = uint64_t{1} << 62;
  const auto quadrant = static_cast<unsigned>((turns.words[0] + quarter / 2) >> 62);
  turns.words[0] -= quadrant * quarter;
  const bool negative = turns.words[0] >> 63 != 0;
  if (negative) Negate(turns);
  size_t zeros = 0;
  while (zeros < 64 * kWords - 64 && Bits(turns, zeros) >> 63 == 0) ++zeros;
  const uint64_t high = Bits(turns, zeros), low = Bits(turns, zeros + 53);
  // The first of its digits has the weight 2^(1 - zeros): 53 go into a double, 64 into the next.
  const int scale = 2 - static_cast<int>(zeros);
  const double head = std::ldexp(static_cast<double>(high >> 11), scale - 53);
  const double tail = std::ldexp(static_cast<double>(low), scale - 53 - 64);

  // times pi/2
  constexpr double kHalfPi = 0x1.921fb54442d18p+0, kHalfPiLow = 0x1.1a62633145c07p-54;
  const double product = head * kHalfPi;
  const double rest = std::fma(head, kHalfPi, -product) + (head * kHalfPiLow + tail * kHalfPi);
  const double r = product + rest;
  const double r_low = rest - (r - product);
  return negative ? Reduced{-r, -r_low, quadrant} : Reduced{r, r_low, quadrant};
}

}  // namespace rectifier
