// Polynomial coefficients, lowest degree first; written by fit_coefficients.py.
// clang-format off
#ifndef RECTIFIER_CORE_SIMD_COEFFICIENTS_H_
#define RECTIFIER_CORE_SIMD_COEFFICIENTS_H_

#include <cstdint>

namespace rectifier::coefficients {

// (e^r - 1 - r) / r^2 for |r| <= ln(2)/2.
// Relative error 3.0e-18, before rounding.
inline constexpr double kExpm1Rest[] = {
    0x1.0000000000000p-1,
    0x1.5555555555557p-3,
    0x1.5555555555556p-5,
    0x1.11111111100dcp-7,
    0x1.6c16c16c162d4p-10,
    0x1.a01a01abe7fe1p-13,
    0x1.a01a01a6d889cp-16,
    0x1.71de0231960ebp-19,
    0x1.27e4db646b17ep-22,
    0x1.af4de97ca4194p-26,
    0x1.1f730349868cep-29,
};

// (2 atanh(s) - 2s) / s^3 in s^2, for 0 <= s <= (sqrt(2) - 1)/(sqrt(2) + 1).
// Relative error 3.1e-18, before rounding.
inline constexpr double kLogRest[] = {
    0x1.5555555555555p-1,
    0x1.9999999999a38p-2,
    0x1.2492492476c87p-2,
    0x1.c71c720160b47p-3,
    0x1.745cf901605f7p-3,
    0x1.3b1c360763b8ap-3,
    0x1.0fbe83c2cbcf3p-3,
    0x1.0c04595972ab8p-3,
};

// (1 + t) Q(t)/phi(t), from the normal tail, in w = (t - 6)/(t + 6), for 0 <= t <= 40.
// Relative error 2.2e-18, before rounding.
inline constexpr double kScaledMills[] = {
    0x1.22fb13a21237fp+0,
    -0x1.b47beaa8515e6p-3,
    0x1.98bff5cc29d88p-4,
    -0x1.6737bcc3724dfp-7,
    -0x1.4b7469ddee56dp-5,
    0x1.cfeba3ea081aap-5,
    -0x1.95e40ae18f60dp-5,
    0x1.1003db6e2ab1dp-5,
    -0x1.21efd79749a06p-6,
    0x1.e240c63c25723p-8,
    -0x1.1d81d352b951ap-9,
    0x1.3a10ad792f917p-12,
    0x1.8d5b921930b38p-14,
    -0x1.15106bcd76afep-14,
    0x1.73286458008f1p-17,
    0x1.2bf1cf8f51903p-18,
    -0x1.50a2a91f52c4dp-19,
    0x1.0e5c81b46a0bap-30,
    0x1.681c297f968ebp-22,
    -0x1.b74c554d11e87p-25,
    -0x1.6942ad5d489e0p-25,
    0x1.e54205b7baac0p-28,
    0x1.5177a2c1689f4p-28,
    0x1.8bd67563e39e5p-32,
};

// (t e^t - (e^t - 1)) / t^2 for -1/2 <= t <= 0.
// Relative error 9.4e-21, before rounding.
inline constexpr double kExpSlopeRest[] = {
    0x1.0000000000000p-1,
    0x1.5555555555555p-2,
    0x1.ffffffffffff2p-4,
    0x1.1111111110d04p-5,
    0x1.c71c71c6f5504p-8,
    0x1.3813813119ed5p-10,
    0x1.6c16bfd829f2dp-13,
    0x1.71ddfe183b063p-16,
    0x1.4cdb990e454f8p-19,
    0x1.0c98fed1019c9p-22,
    0x1.81ec094af9edep-26,
    0x1.a478252483371p-30,
};

// The same as kExpm1Rest, for |r| <= ln(2)/32.
// Relative error 7.7e-11, before rounding.
inline constexpr double kTableExpm1Rest[] = {
    0x1.ffffffff57d7ap-2,
    0x1.555555552549dp-3,
    0x1.5556b342d640ep-5,
    0x1.1111d90669f41p-7,
};

// The bits of 2^(j/16) less j << 48, for j < 16.
inline constexpr uint64_t kPowerTable[] = {
    0x3ff0000000000000,
    0x3fefb5586cf9890f,
    0x3fef72b83c7d517b,
    0x3fef387a6e756238,
    0x3fef06fe0a31b715,
    0x3feedea64c123422,
    0x3feebfdad5362a27,
    0x3feeab07dd485429,
    0x3feea09e667f3bcd,
    0x3feea11473eb0187,
    0x3feeace5422aa0db,
    0x3feec49182a3f090,
    0x3feee89f995ad3ad,
    0x3fef199bdd85529c,
    0x3fef5818dcfba487,
    0x3fefa4afa2a490da,
};

}  // namespace rectifier::coefficients

#endif  // RECTIFIER_CORE_SIMD_COEFFICIENTS_H_
