// How far the arithmetic of this folder may be off: 2 to the power of each number here, of the
// result's size; for sums, of the sum of the terms' sizes, which says what is left where they
// cancel. The second part of an operand is at most an ULP of the first (2^-52 of it, 2^-23 in
// float-floats), and no part of a result is near the ends of the range. tests/core/numbers holds
// these bounds on every CPU target, against Arb.
#ifndef RECTIFIER_CORE_NUMBERS_BOUNDS_H_
#define RECTIFIER_CORE_NUMBERS_BOUNDS_H_

namespace rectifier::bounds {

// A polynomial in doubles: n coefficients times this, of the sum of the terms' sizes.
inline constexpr int kPolynomial = -53;

// DoubleDouble: sums and differences, products, quotients, square roots.
inline constexpr int kDoubleDoubleSum = -103;
inline constexpr int kDoubleDoubleProduct = -102;
inline constexpr int kDoubleDoubleQuotient = -100;
inline constexpr int kDoubleDoubleRoot = -103;
// A polynomial whose terms are at most 2^-8 of the term before.
inline constexpr int kDoubleDoublePolynomial = -102;

// NormalizedDoubleDouble: sums, differences, products and quotients; and lo, of hi.
inline constexpr int kNormalizedDoubleDouble = -100;
inline constexpr int kNormalizedLow = -52;

// FloatFloat: sums and differences, products, inverses.
inline constexpr int kFloatFloatSum = -45;
inline constexpr int kFloatFloatProduct = -44;
inline constexpr int kFloatFloatInverse = -43;

// CompensatedSum and LaneSums of n terms: n^2 times this, of the sum of the terms' sizes.
inline constexpr int kCompensatedSum = -106;

// A double within this of a tie between two numbers of a 16-bit type, relatively, is found by
// RoundedHalf.
inline constexpr int kHalfway = -25;

// How far a float32 result of an activation in double lanes may be off before it is rounded:
// RoundedFloat finds what an error of that size could change.
inline constexpr int kDoubleLanes = -37;

constexpr double PowerOfTwo(int n) {
  return n == 0 ? 1 : n > 0 ? 2 * PowerOfTwo(n - 1) : PowerOfTwo(n + 1) / 2;
}

}  // namespace rectifier::bounds

#endif  // RECTIFIER_CORE_NUMBERS_BOUNDS_H_
