// How far the functions of this folder may be off, relatively: 2 to the power of each number here.
// Held on every CPU target, against Arb, by tests/core/functions/functions_test.cc; the sample's
// worst is at least a tenth of a bit better. What an activation makes of them is proven by
// tests/numerics/prove.
#ifndef RECTIFIER_CORE_FUNCTIONS_BOUNDS_H_
#define RECTIFIER_CORE_FUNCTIONS_BOUNDS_H_

namespace rectifier::bounds {

// In double lanes (Double), in which float32 and narrower types are computed.
inline constexpr int kExponential = -45;       // |t| < 180
inline constexpr int kExponentialFar = -44;    // |t| < 700
inline constexpr int kExponentialLess1 = -39;  // next to 0 too
inline constexpr int kLogOnePlus = -44;
inline constexpr int kLogistic = -45;  // value, complement and slope
inline constexpr int kHalfTanh = -39;
inline constexpr int kNormalTail = -38;  // at |z| = 20; 2^-44 of it is the density's
inline constexpr int kNormalDensity = -44;
inline constexpr int kErf = -38;
inline constexpr int kSinCos = -51;  // next to the roots too; and 1 - cos, 1 + sin
inline constexpr int kAtan = -43;

// In double-double lanes (DoubleDouble), in which float64 is computed; for results above 2^-960.
inline constexpr int kDoubleDouble = -64;
inline constexpr int kDoubleDoubleNormalTail = -56;  // at |z| = 25; its density too

// In float-floats, in which values and gradients of float32 are computed.
inline constexpr int kFloatExponential = -40;
inline constexpr int kFloatExponentialLess1 = -36;
inline constexpr int kFloatLogOnePlus = -31;
inline constexpr int kFloatLogistic = -37;
inline constexpr int kFloatNormalTail = -31;

// In double lanes, to full precision (full_precision-inl.h).
inline constexpr int kFullExponentialLess1 = -51;
inline constexpr int kFullLog1p = -52;

// Of rows, in double lanes and, for float64, with about twice the digits.
inline constexpr int kRowExponential = -45;     // down to -88
inline constexpr int kRowExponentialFar = -44;  // down to -700
inline constexpr int kRowNormalizedExponential = -57;
inline constexpr int kRowNormalizedLog1p = -56;

}  // namespace rectifier::bounds

#endif  // RECTIFIER_CORE_FUNCTIONS_BOUNDS_H_
