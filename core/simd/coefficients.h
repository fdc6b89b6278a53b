// Polynomial coefficients, lowest degree first, tables and roots; written by
// fit_coefficients.py.
// clang-format off
#ifndef RECTIFIER_CORE_SIMD_COEFFICIENTS_H_
#define RECTIFIER_CORE_SIMD_COEFFICIENTS_H_

#include <cstdint>

namespace rectifier::coefficients {

// (e^r - 1 - r)/r^2 for |r| <= ln(2)/2.
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

// (2 atanh(s) - 2s)/s^3 in s^2, for 0 <= s <= (sqrt(2) - 1)/(sqrt(2) + 1).
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

// (e^r - 1 - r)/r^2 for |r| <= ln(2)/32.
// Relative error 7.7e-11, before rounding.
inline constexpr double kExpRest[] = {
    0x1.ffffffff573c8p-2,
    0x1.55555555251d8p-3,
    0x1.5556b3e424287p-5,
    0x1.1111d9629664bp-7,
};

// (e^r - 1 - r - r^2/2)/r^3 for |r| <= ln(2)/32.
// Relative error 5.8e-20, before rounding.
inline constexpr double kExpCubic[] = {
    0x1.5555555555555p-3,
    0x1.5555555555556p-5,
    0x1.1111111111111p-7,
    0x1.6c16c16bdac03p-10,
    0x1.a01a019fee5dep-13,
    0x1.a01afae90656ap-16,
    0x1.71deefa1b3196p-19,
};

// The same, to 2^-40 of e^r.
// Relative error 2.1e-8, before rounding.
inline constexpr float kFloatExpCubic[] = {
    0x1.5555560000000p-3f,
    0x1.55565c0000000p-5f,
    0x1.1111a80000000p-7f,
};

// (ln(1 + f) - f)/f^2 for -0.031 <= f <= 1/15.99.
// Relative error 1.6e-12, before rounding.
inline constexpr double kLog1pRest[] = {
    -0x1.00000000012edp-1,
    0x1.55555553c922fp-2,
    -0x1.ffffff08afcfep-3,
    0x1.9999c2e4cea83p-3,
    -0x1.555e4d5243faep-3,
    0x1.2454c46691e52p-3,
    -0x1.d229370cf74a2p-4,
};

// (ln(1 + f) - f + f^2/2 - f^3/3)/f^4 for -0.031 <= f <= 1/15.99.
// Relative error 2.5e-17, before rounding.
inline constexpr double kLog1pQuartic[] = {
    -0x1.0000000000000p-2,
    0x1.99999999999a7p-3,
    -0x1.5555555556b2cp-3,
    0x1.2492492482db4p-3,
    -0x1.ffffffd2f5862p-4,
    0x1.c71c70d42c005p-4,
    -0x1.999a8b143779bp-4,
    0x1.746cb994a643dp-4,
    -0x1.53fa04028f43dp-4,
    0x1.11f7e6581d923p-4,
};

// (ln(1 + f) - f + f^2/2)/f^3 for -0.0325 <= f <= 0.0635.
// Relative error 5.6e-9, before rounding.
inline constexpr float kFloatLogCubic[] = {
    0x1.5555560000000p-2f,
    -0x1.0000000000000p-2f,
    0x1.999f8a0000000p-3f,
    -0x1.5577e60000000p-3f,
    0x1.121f160000000p-3f,
};

// (5 + t) Q(t)/phi(t), from the normal tail, in w = (t - 5)/(t + 5), for 0 <= t <= 25.
// Relative error 5.4e-13, before rounding.
inline constexpr double kMillsShort[] = {
    0x1.ed96b8318fdc8p+0,
    -0x1.aaf94e206da37p+0,
    0x1.3dd60739927f6p+0,
    -0x1.9262efbe9d3dfp-1,
    0x1.a7927b2321bcbp-2,
    -0x1.62d3605b0f170p-3,
    0x1.ab030a93c19d7p-5,
    -0x1.ebbcfd35d7f6dp-8,
    -0x1.061e7ce5f88bdp-9,
    0x1.6622c5b324d3fp-10,
    -0x1.38d9cd17052b9p-13,
    -0x1.07dcee93a0dc9p-13,
    0x1.5f7c9bc08b887p-15,
    0x1.8a2f331ddfa80p-17,
    -0x1.96ae03ca87a60p-18,
    -0x1.0066323ba5858p-19,
};

// erf(x)/x in x^2, for |x| <= 1/4.
// Relative error 1.4e-12, before rounding.
inline constexpr double kErfShort[] = {
    0x1.20dd750428006p+0,
    -0x1.8127469ace53cp-2,
    0x1.ce2ef6c381213p-4,
    -0x1.b80ed26138b0dp-6,
    0x1.4dbaac44cca80p-8,
};

// The same.
// Relative error 1.6e-23, before rounding.
inline constexpr double kErfTwin[] = {
    0x1.20dd750429b6dp+0,
    -0x1.812746b0379e7p-2,
    0x1.ce2f21a042be0p-4,
    -0x1.b82ce312887b1p-6,
    0x1.565bcd0e1fb6ap-8,
    -0x1.c02db3946234dp-11,
    0x1.f9a2cb52e98d4p-14,
    -0x1.f4a4edfaba105p-17,
    0x1.adba2bbf9413ap-20,
};

inline constexpr double kErfTwinLow[] = {
    0x1.1ae393aae55fap-56,
    0x1.efc48d0286a9bp-57,
    0x1.31c5e98a3eb7ap-58,
    0x1.443617994d26fp-61,
    -0x1.0f9a55b418920p-64,
};

// (x - tanh x)/x^3 in x^2, for |x| <= 1/2.
// Relative error 2.3e-13, before rounding.
inline constexpr double kTanhShort[] = {
    0x1.5555555555008p-2,
    -0x1.1111110fbd7f8p-3,
    0x1.ba1b9ffaa04d5p-5,
    -0x1.664ed7c2d425bp-6,
    0x1.22602ef1e1068p-7,
    -0x1.d4ea8aa9193f5p-9,
    0x1.6adbe643d2985p-10,
    -0x1.a2984194c5a29p-12,
};

// The same.
// Relative error 4.5e-23, before rounding.
inline constexpr double kTanhTwin[] = {
    0x1.5555555555555p-2,
    -0x1.1111111111111p-3,
    0x1.ba1ba1ba1ba1bp-5,
    -0x1.664f4882c1047p-6,
    0x1.226e355e6771bp-7,
    -0x1.d6d3d0defbbdfp-9,
    0x1.7da363f035842p-10,
    -0x1.35581992fc1f1p-11,
    0x1.f57bc564ca996p-13,
    -0x1.966649410fecep-14,
    0x1.4890fa003d477p-15,
    -0x1.04aea0bab73f3p-16,
    0x1.7586c62863770p-18,
    -0x1.62458deeba149p-20,
};

inline constexpr double kTanhTwinLow[] = {
    0x1.55554362be836p-56,
    -0x1.0da16801f0f21p-59,
    -0x1.ef515ce3ac022p-60,
    0x1.927aa45bf1504p-60,
    -0x1.c0771691fd861p-62,
    0x1.18975ede5a05ap-63,
};

// ln(cosh x)/x^2 in x^2, for |x| <= 1/2.
// Relative error 1.0e-12, before rounding.
inline constexpr double kLogCoshShort[] = {
    0x1.fffffffffdcd1p-2,
    -0x1.55555547da039p-4,
    0x1.6c16b3e0929c0p-6,
    -0x1.ba168138671cdp-8,
    0x1.1e2eb1abb4670p-9,
    -0x1.77fd405044a56p-11,
    0x1.8ec667e8bb4bap-13,
};

// The same.
// Relative error 1.1e-22, before rounding.
inline constexpr double kLogCoshTwin[] = {
    0x1.0000000000000p-1,
    -0x1.5555555555555p-4,
    0x1.6c16c16c16c12p-6,
    -0x1.ba1ba1ba1b34bp-8,
    0x1.1ea5d39ba68bcp-9,
    -0x1.833d9c6d2f126p-11,
    0x1.0d0b507debf16p-12,
    -0x1.7da2f7bd58342p-14,
    0x1.12f2202f8aacep-15,
    -0x1.90967e9e3b7c8p-17,
    0x1.22ff9957c3f8dp-18,
    -0x1.8867e323038d3p-20,
    0x1.6c6582ed1dfdfp-22,
};

inline constexpr double kLogCoshTwinLow[] = {
    -0x1.116fb2bff4491p-74,
    -0x1.4fb0d8452bc69p-58,
    -0x1.82403ad8c4196p-61,
    0x1.f52a5492752dep-63,
    -0x1.b505cbe4d4cbdp-63,
    0x1.25a36b1825c55p-65,
};

// (t e^t - (e^t - 1))/t^2 for -1/2 <= t <= 0.
// Relative error 6.4e-13, before rounding.
inline constexpr double kExpSlopeShort[] = {
    0x1.fffffffffeef9p-2,
    0x1.5555555444cddp-2,
    0x1.ffffff4cc9469p-4,
    0x1.1110fa935f7d3p-5,
    0x1.c716e29bceb4bp-8,
    0x1.37b3933351620p-10,
    0x1.64dd3c4a60993p-13,
    0x1.27d714ff7f347p-16,
};

// The same.
// Relative error 8.4e-23, before rounding.
inline constexpr double kExpSlopeTwin[] = {
    0x1.0000000000000p-1,
    0x1.5555555555555p-2,
    0x1.0000000000000p-3,
    0x1.1111111111102p-5,
    0x1.c71c71c71bc53p-8,
    0x1.38138137eec0bp-10,
    0x1.6c16c162099fcp-13,
    0x1.71de387d85880p-16,
    0x1.4ce15f981dd41p-19,
    0x1.0cf99572a0b3cp-22,
    0x1.89ecd23e1283cp-26,
    0x1.02fecbdc5a8d2p-29,
    0x1.03f5ab653704ep-33,
};

inline constexpr double kExpSlopeTwinLow[] = {
    -0x1.2f56107ad98c8p-75,
    0x1.54f132d9f11dbp-56,
    -0x1.5ea60f342bde5p-59,
    -0x1.d765716648d61p-64,
    -0x1.61a53af580021p-63,
    0x1.25ebae5201840p-64,
    0x1.829a42ae49413p-67,
    0x1.13e17817e4333p-70,
};

// (e^t - 1 - t)/t^2 for -1/2 <= t <= 0.
// Relative error 6.2e-14, before rounding.
inline constexpr double kExpWideShort[] = {
    0x1.ffffffffffe12p-2,
    0x1.55555555178bap-3,
    0x1.5555552cb5e70p-5,
    0x1.111106dfeb0b9p-7,
    0x1.6c143cf187536p-10,
    0x1.9fc338cc97324p-13,
    0x1.999425b15cc51p-16,
    0x1.2f4d81da4ed70p-19,
};

// The same.
// Relative error 6.2e-22, before rounding.
inline constexpr double kExpWideTwin[] = {
    0x1.0000000000000p-1,
    0x1.5555555555555p-3,
    0x1.5555555555553p-5,
    0x1.1111111110fcdp-7,
    0x1.6c16c16c0a886p-10,
    0x1.a01a019bbebbep-13,
    0x1.a01a00a3e0dfdp-16,
    0x1.71de14bbad595p-19,
    0x1.27e13c1a70d4dp-22,
    0x1.ade58a71ca90dp-26,
    0x1.1992bb35aa2abp-29,
    0x1.1d5aa28da23cbp-33,
};

inline constexpr double kExpWideTwinLow[] = {
    -0x1.4acb0436ca0d6p-72,
    0x1.4f849719f710fp-57,
    0x1.54d50c4e06cabp-60,
    0x1.e566094141749p-63,
    -0x1.df2256c8decacp-64,
    -0x1.96f5c16832774p-67,
    -0x1.079aa9cf693eep-74,
    -0x1.4be5c5cd64387p-73,
};

// (atan x - x)/x^3 in x^2, for |x| <= tan(pi/8).
// Relative error 2.0e-12, before rounding.
inline constexpr double kAtanShort[] = {
    -0x1.555555555260ep-2,
    0x1.999999885befbp-3,
    -0x1.249240d9941d8p-3,
    0x1.c7196338febe7p-4,
    -0x1.7415affa08e33p-4,
    0x1.377de082fa570p-4,
    -0x1.edbfaee18e70fp-5,
    0x1.0df7a02661596p-5,
};

// The same.
// Relative error 1.8e-22, before rounding.
inline constexpr double kAtanTwin[] = {
    -0x1.5555555555555p-2,
    0x1.999999999999ap-3,
    -0x1.2492492492490p-3,
    0x1.c71c71c71c3d4p-4,
    -0x1.745d1745bee8bp-4,
    0x1.3b13b13720c03p-4,
    -0x1.1111108447ff6p-4,
    0x1.e1e1c6ecb7d0dp-5,
    -0x1.af2697492544bp-5,
    0x1.86016db814882p-5,
    -0x1.635b6376c7228p-5,
    0x1.424a88fa91957p-5,
    -0x1.160be426c89ccp-5,
    0x1.8f5cda39b5315p-6,
    -0x1.524afaa0f7c36p-7,
};

inline constexpr double kAtanTwinLow[] = {
    -0x1.55550dc24d47fp-56,
    -0x1.9f5493c519251p-57,
    0x1.3aefe64a0b5fbp-58,
    -0x1.7f5036ff9c338p-59,
    0x1.8eb30e1c9c48dp-58,
    -0x1.4042378da31adp-58,
    -0x1.b88aefc347dfdp-58,
    0x1.0732f3a5cdc3bp-59,
};

// (sin x - x)/x^3 in x^2, for |x| <= pi/4.
// Relative error 1.3e-16, before rounding.
inline constexpr double kSinShort[] = {
    -0x1.5555555555555p-3,
    0x1.1111111110babp-7,
    -0x1.a01a019e820aep-13,
    0x1.71de37946ed6dp-19,
    -0x1.ae6008d114485p-26,
    0x1.5e0a4fc16be59p-33,
};

// The same.
// Relative error 3.3e-23, before rounding.
inline constexpr double kSinTwin[] = {
    -0x1.5555555555555p-3,
    0x1.1111111111111p-7,
    -0x1.a01a01a01a019p-13,
    0x1.71de3a556c2c3p-19,
    -0x1.ae64567e723afp-26,
    0x1.61245fb3dc7eep-33,
    -0x1.ae7c524f65a8ep-41,
    0x1.9241fe47ad0d1p-49,
};

inline constexpr double kSinTwinLow[] = {
    -0x1.5555489759971p-57,
    0x1.0e7cb411dde4fp-63,
    0x1.7542f24602205p-67,
    -0x1.1dbdd797fb4d8p-73,
    -0x1.e7c5f7f4caae1p-81,
};

// (cos x - 1 + x^2/2)/x^4 in x^2, for |x| <= pi/4.
// Relative error 3.1e-17, before rounding.
inline constexpr double kCosShort[] = {
    0x1.5555555555555p-5,
    -0x1.6c16c16c16963p-10,
    0x1.a01a019f4ddfdp-16,
    -0x1.27e4fa16cc2d1p-22,
    0x1.1eeb67d026ec6p-29,
    -0x1.907cd8ff5ede7p-37,
};

// The same.
// Relative error 6.5e-24, before rounding.
inline constexpr double kCosTwin[] = {
    0x1.5555555555555p-5,
    -0x1.6c16c16c16c17p-10,
    0x1.a01a01a01a019p-16,
    -0x1.27e4fb7789d95p-22,
    0x1.1eed8eff330fcp-29,
    -0x1.9397495359c31p-37,
    0x1.ae7ce7af943d1p-45,
    -0x1.65d22859f3f73p-53,
};

inline constexpr double kCosTwinLow[] = {
    0x1.555552c89672bp-59,
    0x1.f5236e9ae4cb3p-65,
    0x1.d4b3179d3be45p-70,
    -0x1.e8b121a1e3c61p-76,
    0x1.ef15cd930b779p-83,
};

// (5 + t) Q(t)/phi(t) for 0 <= t <= 40, in w - (the middle of its interval), w = (t - 5)/(t + 5).
// Relative error 1.4e-27, before rounding.
alignas(64) inline constexpr double kMillsTwin[][16] = {
    {0x1.7168a36243586p+2, 0x1.3b10a3bfeb2a4p+2, 0x1.0ec61a8917f0dp+2, 0x1.d536333a74cb5p+1, 0x1.99f45a0da61bfp+1, 0x1.693328a7dc71ep+1, 0x1.40dea53024632p+1, 0x1.1f4cabaf32baep+1, 0x1.0329bb2481eeep+1, 0x1.d6d0c0c90ef77p+0, 0x1.ae6669c790498p+0, 0x1.8bc28f2088122p+0, 0x1.6dd960f3f4d54p+0, 0x1.53d609d32832ap+0, 0x1.3d0ebe02906dep+0, 0x1.28fb5fa49dd6ap+0},
    {-0x1.0e7ea0e10174cp+3, -0x1.b8ae3898638cep+2, -0x1.6772529267a9bp+2, -0x1.25f1ff71cf129p+2, -0x1.e296f003936a2p+1, -0x1.8e193d3f192fcp+1, -0x1.4a54553b14708p+1, -0x1.13e9fad098739p+1, -0x1.d03a05b1c9037p+0, -0x1.89737993c6d5fp+0, -0x1.4ffea7494f82dp+0, -0x1.21163009a64c3p+0, -0x1.f5190fc951819p-1, -0x1.b559cae6f1da9p-1, -0x1.80430d1ddb0f7p-1, -0x1.53bdb6de34ba1p-1},
    {0x1.f3d98a976d39ep+2, 0x1.95c9e03b1cae8p+2, 0x1.47d2add23597fp+2, 0x1.07d91c004de9dp+2, 0x1.a7ad225ffce51p+1, 0x1.53cd750acbe7cp+1, 0x1.10a39df928c49p+1, 0x1.b64b4f2501035p+0, 0x1.61683f3ff1693p+0, 0x1.1e30cef269b5dp+0, 0x1.d1f7beb4fed30p-1, 0x1.7da04d669c320p-1, 0x1.3a98d9bb6797ep-1, 0x1.051e191659fafp-1, 0x1.b47ae55551e11p-2, 0x1.6f571360c166bp-2},
    {-0x1.3473a9243a9e3p+2, -0x1.00fa41e4621d4p+2, -0x1.a7be6c0f68b4fp+1, -0x1.59fc6cf706a39p+1, -0x1.18076f2faf8f8p+1, -0x1.c1de13244d247p+0, -0x1.672270d24d84dp+0, -0x1.1d645d550b736p+0, -0x1.c447da205999dp-1, -0x1.65f874d4a9f3fp-1, -0x1.1b79a58b01499p-1, -0x1.c1e38000ca98bp-2, -0x1.663488a056c32p-2, -0x1.1e7aeeab1e521p-2, -0x1.cca963ebcf8e9p-3, -0x1.748d99a37af91p-3},
    {0x1.ebe03f3ff00d2p+0, 0x1.b28d1c294158cp+0, 0x1.79916e8f8e7ebp+0, 0x1.42bf773efa2efp+0, 0x1.0f9391e831c8fp+0, 0x1.c246a651a4f1ap-1, 0x1.702f0a86aa81ep-1, 0x1.296241b50c013p-1, 0x1.db5e8bd88f484p-2, 0x1.78b6ef942b009p-2, 0x1.28a2751491275p-2, 0x1.d132823a61d8ap-3, 0x1.6c02e1c011754p-3, 0x1.1cca5e7b83af8p-3, 0x1.be4e485b0932fp-4, 0x1.5ebd2a491330cp-4},
    {-0x1.9921edc07b074p-2, -0x1.9ddcbb4017ad3p-2, -0x1.947f28a4597cap-2, -0x1.7f1f771e997d8p-2, -0x1.607136f0778cap-2, -0x1.3b7b979b343c6p-2, -0x1.1348991d6f12fp-2, -0x1.d5339fdef592cp-3, -0x1.875d01935d20bp-3, -0x1.4045faed64006p-3, -0x1.01d6b452ce36cp-3, -0x1.9996467233c00p-4, -0x1.41eb85e6bc3bcp-4, -0x1.f635e13542553p-5, -0x1.85d8b2d46bc1bp-5, -0x1.2de7dc7e5a9c4p-5},
    {-0x1.268b2c610112ap-6, 0x1.f39c7513de5d3p-9, 0x1.7aa830a82220cp-6, 0x1.3e2e5dd06407bp-5, 0x1.9c08bd9c7ea20p-5, 0x1.d4dacc798632bp-5, 0x1.ea5e15e0381d0p-5, 0x1.e17fa665fb081p-5, 0x1.c1563180bf970p-5, 0x1.91d9d6957e406p-5, 0x1.5aa8797b8709fp-5, 0x1.2217e0b74c650p-5, 0x1.d9724bb392dd3p-6, 0x1.7a9865c33e538p-6, 0x1.2a0a1e0093b9fp-6, 0x1.cfe39852e967bp-7},
    {0x1.dc22cd7b882f1p-6, 0x1.b51ced54d8a27p-6, 0x1.742572c75c484p-6, 0x1.20087efbe08b1p-6, 0x1.838859420cb2dp-7, 0x1.8cde995d5b469p-8, 0x1.b278cc7777e06p-11, -0x1.c0c026ec4589ep-9, -0x1.a75cbcf82eea7p-8, -0x1.0e22406f225e6p-7, -0x1.24179c3a9cd61p-7, -0x1.1dccec07ec62fp-7, -0x1.04d126f0df9b2p-7, -0x1.c3fdf41808d68p-8, -0x1.788454d02a057p-8, -0x1.30692dfd20803p-8},
    {-0x1.b958404ccb48fp-10, -0x1.dc0b5bde6708ep-9, -0x1.55846111f083cp-8, -0x1.98a7a8c98fa44p-8, -0x1.b038e316781d9p-8, -0x1.9bb64bdd4641ep-8, -0x1.61ad91cfd60a0p-8, -0x1.0e60360b7b0e1p-8, -0x1.61dfbb7e33adap-9, -0x1.5f8af478db41cp-10, -0x1.c396f4fd1429ep-13, 0x1.3619c04f4c002p-11, 0x1.192f98765a8a8p-10, 0x1.4f2879f049ac4p-10, 0x1.514219e5ac236p-10, 0x1.34034641bf114p-10},
    {-0x1.0df6d28a537dbp-9, -0x1.d7a4dba46c3c9p-10, -0x1.5c07c7a5db0acp-10, -0x1.70477e101c47bp-11, -0x1.022a771d720c0p-16, 0x1.474e5ce837e2bp-11, 0x1.24409e71c02f2p-10, 0x1.6bd574995da4dp-10, 0x1.75c85d5a822c2p-10, 0x1.4b414a8ab3ce1p-10, 0x1.fe644edf5219ep-11, 0x1.4f393979530e1p-11, 0x1.5bfed0d4773d8p-12, 0x1.8721e493c1924p-14, -0x1.0c17433889f8dp-14, -0x1.378ea4f1d5ac0p-13},
    {0x1.137f84a3bd340p-13, 0x1.5f499ff9aa838p-12, 0x1.08cdbc401d7e2p-11, 0x1.3dd90f2caa35fp-11, 0x1.41bceda8a5490p-11, 0x1.11b82f7b32291p-11, 0x1.6f6cbe73cdf96p-12, 0x1.2252d62a5fc62p-13, -0x1.0f201b0f6b1b2p-14, -0x1.c53cd670e79f3p-13, -0x1.336265c1248a1p-12, -0x1.37e1de4a89a0cp-12, -0x1.05dd345f5dc8cp-12, -0x1.7561465aad9bbp-13, -0x1.be38a7c9a1d77p-14, -0x1.9acde7d93b6c3p-15},
    {0x1.650fb108d8412p-13, 0x1.4b4fee2b43b38p-13, 0x1.e3c83615ebe0cp-14, 0x1.87a9a4fa47fb0p-15, -0x1.28673846d7f5ep-15, -0x1.d5661633ee186p-14, -0x1.56b66f812d996p-13, -0x1.72253e33d9ee3p-13, -0x1.3a2245b85971ap-13, -0x1.8e09c717a80cfp-14, -0x1.07e5b6e47cacep-15, 0x1.67a1a527ab25bp-16, 0x1.b991971d0c36cp-15, 0x1.012f3ab0c1bbcp-14, 0x1.c5067a26d0ab6p-15, 0x1.4a7c4988ffbc6p-15},
    {0x1.d95695571144ap-20, -0x1.59f9623322c97p-16, -0x1.66d47822544b8p-15, -0x1.eac878450bee1p-15, -0x1.03ee7cb9f0c60p-14, -0x1.a529a7f71bf29p-15, -0x1.a6eaab9124d6fp-16, 0x1.84041e6deb6f7p-18, 0x1.1223a0f4d80f5p-15, 0x1.89cc21f30f290p-15, 0x1.7e7308f1eb421p-15, 0x1.0e821deceab8fp-15, 0x1.e63ba3f9bea78p-17, -0x1.208e80de54e77p-21, -0x1.35ae2e08af22ap-17, -0x1.8ab02399a7b22p-17},
    {-0x1.e228b30246341p-17, -0x1.0dc25a1e11de6p-16, -0x1.d13bc456e526ep-17, -0x1.e43a2bee3fb29p-18, 0x1.7572404283900p-19, 0x1.bdc46695522d4p-17, 0x1.57715f90ba08fp-16, 0x1.6428cbea1f5e2p-16, 0x1.f6d2c282912d8p-17, 0x1.27f5364e0c96bp-18, -0x1.877dfe7d82565p-18, -0x1.89370b73709bfp-17, -0x1.9304dede16c4bp-17, -0x1.194c99d585573p-17, -0x1.eff8ce7c99840p-19, -0x1.8bce667e430fbp-24},
};

alignas(64) inline constexpr double kMillsTwinLow[][16] = {
    {-0x1.1dd3bb4a49e30p-52, -0x1.9b3f76cdc4f98p-52, -0x1.48b6475bd5b53p-52, 0x1.f0e24fe06f43ep-53, 0x1.4e4c2c6b3249ap-53, -0x1.1491431b72af8p-53, -0x1.297abe551ef96p-54, 0x1.4d633c4e740cbp-53, -0x1.2c31be2175af9p-54, -0x1.d1e70d829f29ep-61, 0x1.3ea6408c20223p-55, 0x1.6bbd2c1462667p-54, 0x1.93aefcbc09f6ap-54, 0x1.5fcfaf801ffa2p-55, -0x1.5400a2409f916p-59, 0x1.6a417ff174b2ep-54},
    {0x1.a23cf20456ac7p-51, 0x1.fe216291ab53cp-53, -0x1.fec2974af1437p-52, 0x1.18c8f11075256p-53, 0x1.e0b8911167429p-55, -0x1.2b58e0a91a9fdp-53, -0x1.0b23606d3b104p-55, 0x1.3bc260256369bp-54, 0x1.108dde0c63848p-57, 0x1.6e158a65a4d54p-54, 0x1.1faea316488c4p-56, 0x1.3ee9c19cfbd89p-54, -0x1.14cb16eb05758p-55, -0x1.633a9a2087896p-56, -0x1.6dea9c62df6d8p-57, -0x1.1b1563ea66b74p-55},
    {-0x1.d804db559829ep-54, -0x1.1acfc939c81bbp-53, 0x1.9311789ef011ap-53, 0x1.fe3308e6e465dp-53, -0x1.6e807de2c479bp-53, -0x1.63d9be695ef33p-54, 0x1.51a4a88720724p-53, 0x1.90289584cd1abp-54, -0x1.eb30693698237p-55, -0x1.184337d967f23p-55, -0x1.17a3fc5d9ee42p-57, -0x1.1cc23d8429910p-58, -0x1.5154b991799fep-56, -0x1.8fc9382b203aap-55, -0x1.e947de029e740p-58, -0x1.546d809531e5bp-56},
    {-0x1.5af9fcb684ccap-52, -0x1.84d0544112c43p-52, -0x1.550defbf28f88p-54, -0x1.203fd27625e53p-54, 0x1.c509c4861bfd3p-53, 0x1.38967577cbdcbp-56, 0x1.5bf5cd93f6d69p-56, -0x1.4fd50b96c3cf5p-56, 0x1.95a38da8cdb24p-55, -0x1.e31fbfe305aacp-56, -0x1.24505a0a64d83p-55, 0x1.cda45284296c1p-57, -0x1.ac6de20b005f6p-58, 0x1.a85fa47faaa78p-56, 0x1.9ddbf70db1d54p-57, 0x1.a33726f90042fp-57},
    {-0x1.7315d254c19a4p-54, -0x1.82827c163785cp-54, -0x1.66929932720d7p-54, -0x1.ceb4e8f661a33p-54, 0x1.f235c5ecd00c7p-57, -0x1.3ffa262217077p-55, 0x1.30e76f88eefc4p-57, -0x1.d163bb80a3b6bp-55, -0x1.86ac2ecd55136p-56, -0x1.62fb2d437c30ep-56, -0x1.327f1a0a2706ep-58, 0x1.22371d0275090p-57, 0x1.065661a8469a0p-57, 0x1.ecd248621cde4p-61, -0x1.953fe63778dd3p-61, -0x1.53980ac21bbd8p-59},
};

// The middles of the intervals, in two parts.
alignas(64) inline constexpr double kMillsTwinMiddle[][16] = {
    {-0x1.e38e38e38e38ep-1, -0x1.aaaaaaaaaaaabp-1, -0x1.71c71c71c71c7p-1, -0x1.38e38e38e38e4p-1, -0x1.0000000000000p-1, -0x1.8e38e38e38e39p-2, -0x1.1c71c71c71c72p-2, -0x1.5555555555555p-3, -0x1.c71c71c71c71cp-5, 0x1.c71c71c71c71cp-5, 0x1.5555555555555p-3, 0x1.1c71c71c71c72p-2, 0x1.8e38e38e38e39p-2, 0x1.0000000000000p-1, 0x1.38e38e38e38e4p-1, 0x1.71c71c71c71c7p-1},
    {-0x1.c71c71c71c71cp-56, 0x1.5555555555555p-55, -0x1.c71c71c71c71cp-57, 0x1.c71c71c71c71cp-55, 0x0.0p+0, 0x1.c71c71c71c71cp-58, 0x1.c71c71c71c71cp-57, -0x1.5555555555555p-57, -0x1.c71c71c71c71cp-59, 0x1.c71c71c71c71cp-59, 0x1.5555555555555p-57, -0x1.c71c71c71c71cp-57, -0x1.c71c71c71c71cp-58, 0x0.0p+0, -0x1.c71c71c71c71cp-55, 0x1.c71c71c71c71cp-57},
};

// Q(t)/phi(t)/sqrt(2 pi), from the normal tail, in t - c: c is 1 less than the number of four
// bits that is nearest to 1 + t, and the entry that number's place from 1 on; for t up to 13.
// Relative error 2.6e-12, before rounding.
alignas(64) inline constexpr float kFloatMills[][32] = {
    {0x1.0000000000000p-1f, 0x1.d0af2c0000000p-2f, 0x1.a7f8080000000p-2f, 0x1.84b7060000000p-2f, 0x1.66027a0000000p-2f, 0x1.4b1de20000000p-2f, 0x1.3370240000000p-2f, 0x1.1e7c2e0000000p-2f, 0x1.0bdb2e0000000p-2f, 0x1.d898de0000000p-3f, 0x1.a570560000000p-3f, 0x1.7b5abe0000000p-3f, 0x1.5845dc0000000p-3f, 0x1.3aadde0000000p-3f, 0x1.2172520000000p-3f, 0x1.0bb9680000000p-3f, 0x1.f1b89c0000000p-4f, 0x1.b396fa0000000p-4f, 0x1.82b4bc0000000p-4f, 0x1.5b5ace0000000p-4f, 0x1.3b0fbc0000000p-4f, 0x1.201faa0000000p-4f, 0x1.0956080000000p-4f, 0x1.eba5fe0000000p-5f, 0x1.c9e1200000000p-5f, 0x1.9269720000000p-5f, 0x1.66ccb80000000p-5f, 0x1.43a38a0000000p-5f, 0x1.26b4d00000000p-5f, 0x1.0e7dce0000000p-5f, 0x1.f3ddc20000000p-6f, 0x0.0p+0f},
    {-0x1.9884540000000p-2f, -0x1.5e6e6e0000000p-2f, -0x1.2e86520000000p-2f, -0x1.06bfb20000000p-2f, -0x1.cb062c0000000p-3f, -0x1.93234e0000000p-3f, -0x1.63e0720000000p-3f, -0x1.3baf580000000p-3f, -0x1.19524a0000000p-3f, -0x1.c493220000000p-4f, -0x1.71c04c0000000p-4f, -0x1.3253b60000000p-4f, -0x1.00f9da0000000p-4f, -0x1.b405cc0000000p-5f, -0x1.75ab640000000p-5f, -0x1.432b1a0000000p-5f, -0x1.19cef20000000p-5f, -0x1.b6038a0000000p-6f, -0x1.5cf97c0000000p-6f, -0x1.1be2c60000000p-6f, -0x1.d614ec0000000p-7f, -0x1.8b19560000000p-7f, -0x1.5068c20000000p-7f, -0x1.21ae920000000p-7f, -0x1.f7d59e0000000p-8f, -0x1.86b8440000000p-8f, -0x1.3781240000000p-8f, -0x1.fbf2d00000000p-9f, -0x1.a5dac20000000p-9f, -0x1.63cfc80000000p-9f, -0x1.3012a80000000p-9f, 0x0.0p+0f},
    {0x1.0000000000000p-2f, 0x1.a4e15e0000000p-3f, 0x1.5c56740000000p-3f, 0x1.222f240000000p-3f, 0x1.e681e00000000p-4f, 0x1.9a45b20000000p-4f, 0x1.5bf7f20000000p-4f, 0x1.28beee0000000p-4f, 0x1.fcc8240000000p-5f, 0x1.7b79d20000000p-5f, 0x1.2040380000000p-5f, 0x1.bd45f40000000p-6f, 0x1.5d300a0000000p-6f, 0x1.15aa6c0000000p-6f, 0x1.bf399e0000000p-7f, 0x1.6c5e3c0000000p-7f, 0x1.2c08ca0000000p-7f, 0x1.a29f060000000p-8f, 0x1.2dda040000000p-8f, 0x1.bfbaee0000000p-9f, 0x1.542a9a0000000p-9f, 0x1.07e3ea0000000p-9f, 0x1.a0eee40000000p-10f, 0x1.4ea5080000000p-10f, 0x1.1063740000000p-10f, 0x1.7625d60000000p-11f, 0x1.0b6e080000000p-11f, 0x1.8af23e0000000p-12f, 0x1.2b9aa20000000p-12f, 0x1.d0fb640000000p-13f, 0x1.6fdc400000000p-13f, 0x0.0p+0f},
    {-0x1.1058380000000p-3f, -0x1.b02b200000000p-4f, -0x1.594f580000000p-4f, -0x1.15c9240000000p-4f, -0x1.c1dcf00000000p-5f, -0x1.6e92080000000p-5f, -0x1.2c849e0000000p-5f, -0x1.ef9f7e0000000p-6f, -0x1.9b00b00000000p-6f, -0x1.1f33fe0000000p-6f, -0x1.99805a0000000p-7f, -0x1.2962f40000000p-7f, -0x1.b75f1c0000000p-8f, -0x1.49bade0000000p-8f, -0x1.f6275e0000000p-9f, -0x1.838c520000000p-9f, -0x1.2ed7340000000p-9f, -0x1.7e82200000000p-10f, -0x1.f6a4f60000000p-11f, -0x1.55bc000000000p-11f, -0x1.dea72a0000000p-12f, -0x1.57ff860000000p-12f, -0x1.f9cc9e0000000p-13f, -0x1.7b5fb80000000p-13f, -0x1.21a61e0000000p-13f, -0x1.6189180000000p-14f, -0x1.c639920000000p-15f, -0x1.3055760000000p-15f, -0x1.a65b0c0000000p-16f, -0x1.2ddfa20000000p-16f, -0x1.ba914c0000000p-17f, 0x0.0p+0f},
    {0x1.fffff20000000p-5f, 0x1.89dea20000000p-5f, 0x1.312c820000000p-5f, 0x1.dc32d00000000p-6f, 0x1.760a9e0000000p-6f, 0x1.27b80c0000000p-6f, 0x1.d68c660000000p-7f, 0x1.78a8100000000p-7f, 0x1.2f47920000000p-7f, 0x1.8ff2660000000p-8f, 0x1.0d600c0000000p-8f, 0x1.721e960000000p-9f, 0x1.0300de0000000p-9f, 0x1.70c5200000000p-10f, 0x1.0ac1f60000000p-10f, 0x1.87b6fa0000000p-11f, 0x1.239cb80000000p-11f, 0x1.4fb3ee0000000p-12f, 0x1.943bae0000000p-13f, 0x1.fa3ad40000000p-14f, 0x1.4810b00000000p-14f, 0x1.b6438c0000000p-15f, 0x1.2cab480000000p-15f, 0x1.a673ea0000000p-16f, 0x1.2f20120000000p-16f, 0x1.49cac40000000p-17f, 0x1.7db4080000000p-18f, 0x1.d0ecb00000000p-19f, 0x1.2781020000000p-19f, 0x1.857da80000000p-20f, 0x1.08c6160000000p-20f, 0x0.0p+0f},
    {-0x1.b3c0500000000p-6f, -0x1.460a8a0000000p-6f, -0x1.eb76040000000p-7f, -0x1.7506f80000000p-7f, -0x1.1d15020000000p-7f, -0x1.b6a7320000000p-8f, -0x1.53aa0c0000000p-8f, -0x1.08ab280000000p-8f, -0x1.9efa9c0000000p-9f, -0x1.038cf00000000p-9f, -0x1.4bf3660000000p-10f, -0x1.b177dc0000000p-11f, -0x1.20968e0000000p-11f, -0x1.87593e0000000p-12f, -0x1.0dee120000000p-12f, -0x1.7a616c0000000p-13f, -0x1.0d35d40000000p-13f, -0x1.1c0c880000000p-14f, -0x1.3ae8160000000p-15f, -0x1.6ca9c80000000p-16f, -0x1.b6d8f20000000p-17f, -0x1.1138b20000000p-17f, -0x1.5eaf9e0000000p-18f, -0x1.ce78300000000p-19f, -0x1.386dd60000000p-19f, -0x1.2fdbb00000000p-20f, -0x1.3d80540000000p-21f, -0x1.601b2e0000000p-22f, -0x1.9a84f60000000p-23f, -0x1.f36e260000000p-24f, -0x1.3b1d4c0000000p-24f, 0x0.0p+0f},
    {0x1.55aae20000000p-7f, 0x1.f2749a0000000p-8f, 0x1.6e45460000000p-8f, 0x1.0f11960000000p-8f, 0x1.9406380000000p-9f, 0x1.2f246e0000000p-9f, 0x1.c9e8460000000p-10f, 0x1.5c11200000000p-10f, 0x1.0ac6420000000p-10f, 0x1.3dc3ac0000000p-11f, 0x1.8345160000000p-12f, 0x1.e2492a0000000p-13f, 0x1.327bbc0000000p-13f, 0x1.8d11b20000000p-14f, 0x1.05e62a0000000p-14f, 0x1.5f67d80000000p-15f, 0x1.e11c260000000p-16f, 0x1.d3173a0000000p-17f, 0x1.de62dc0000000p-18f, 0x1.00e1120000000p-18f, 0x1.1fc26a0000000p-19f, 0x1.4eb4f20000000p-20f, 0x1.92a17a0000000p-21f, 0x1.f32d3e0000000p-22f, 0x1.3fcfd80000000p-22f, 0x1.1660020000000p-23f, 0x1.06d7e00000000p-24f, 0x1.09978e0000000p-25f, 0x1.1c2b960000000p-26f, 0x1.3f40400000000p-27f, 0x1.760ed00000000p-28f, 0x0.0p+0f},
    {-0x1.f26f560000000p-9f, -0x1.63210c0000000p-9f, -0x1.fdcc940000000p-10f, -0x1.708ff00000000p-10f, -0x1.0c558c0000000p-10f, -0x1.8969e60000000p-11f, -0x1.2255600000000p-11f, -0x1.af53780000000p-12f, -0x1.43090c0000000p-12f, -0x1.6fb0600000000p-13f, -0x1.ac75600000000p-14f, -0x1.fe7ff60000000p-15f, -0x1.3698140000000p-15f, -0x1.8189540000000p-16f, -0x1.e7a6b00000000p-17f, -0x1.39f03c0000000p-17f, -0x1.9cae300000000p-18f, -0x1.727a1a0000000p-19f, -0x1.60058a0000000p-20f, -0x1.5fe3be0000000p-21f, -0x1.7016c80000000p-22f, -0x1.91060c0000000p-23f, -0x1.c52d9c0000000p-24f, -0x1.08a3100000000p-24f, -0x1.4039fc0000000p-25f, -0x1.f4f3ac0000000p-27f, -0x1.acbd7a0000000p-28f, -0x1.8bad400000000p-29f, -0x1.853f1e0000000p-30f, -0x1.946e0a0000000p-31f, -0x1.b883cc0000000p-32f, 0x0.0p+0f},
};

alignas(64) inline constexpr float kFloatMillsLow[][32] = {
    {-0x1.5857d20000000p-49f, -0x1.8301ac0000000p-28f, 0x1.69e55c0000000p-30f, -0x1.38bbcc0000000p-30f, 0x1.a984940000000p-27f, -0x1.b340420000000p-27f, -0x1.086b3c0000000p-27f, -0x1.b25fd00000000p-27f, 0x1.cee2220000000p-33f, 0x1.38d7d00000000p-32f, -0x1.a5dbc40000000p-29f, -0x1.a05faa0000000p-28f, 0x1.5a54960000000p-28f, -0x1.cc2db60000000p-32f, 0x1.8b80400000000p-30f, 0x1.9bdb240000000p-28f, 0x1.18df440000000p-31f, -0x1.8717ce0000000p-31f, -0x1.cdae8a0000000p-30f, -0x1.89d4800000000p-29f, 0x1.698ebe0000000p-29f, -0x1.b4c9280000000p-29f, 0x1.8f62ae0000000p-29f, 0x1.6c52a80000000p-31f, 0x1.c907300000000p-30f, 0x1.7a78640000000p-32f, -0x1.18ffa40000000p-31f, 0x1.c8dd160000000p-30f, -0x1.999bd40000000p-32f, -0x1.c4d9ee0000000p-30f, 0x1.7a2c020000000p-32f, 0x0.0p+0f},
    {0x1.8579380000000p-27f, 0x1.b524740000000p-29f, 0x1.90c8620000000p-27f, 0x1.f6d06a0000000p-27f, 0x1.68ee060000000p-29f, 0x1.eae21c0000000p-28f, 0x1.7e51940000000p-28f, 0x1.12cac00000000p-28f, -0x1.cd2b280000000p-29f, 0x1.1b1f160000000p-31f, -0x1.8b901a0000000p-31f, -0x1.9b697c0000000p-29f, -0x1.0190f00000000p-30f, -0x1.ae1f2e0000000p-31f, 0x1.11537e0000000p-35f, 0x1.de346a0000000p-30f, 0x1.d13b260000000p-30f, -0x1.011eca0000000p-31f, 0x1.ea2fac0000000p-31f, 0x1.4d56240000000p-32f, 0x1.2d7dbc0000000p-32f, 0x1.9c99140000000p-32f, -0x1.b9562c0000000p-34f, -0x1.a149e00000000p-33f, 0x1.5a17b20000000p-33f, 0x1.06b7780000000p-33f, 0x1.dabd9e0000000p-33f, 0x1.1c94fe0000000p-36f, 0x1.5802760000000p-36f, -0x1.cd7e600000000p-35f, -0x1.c99d920000000p-36f, 0x0.0p+0f},
};

// 2^(j/16), in two parts.
alignas(64) inline constexpr double kExpTable[][16] = {
    {0x1.0000000000000p+0, 0x1.0b5586cf9890fp+0, 0x1.172b83c7d517bp+0, 0x1.2387a6e756238p+0, 0x1.306fe0a31b715p+0, 0x1.3dea64c123422p+0, 0x1.4bfdad5362a27p+0, 0x1.5ab07dd485429p+0, 0x1.6a09e667f3bcdp+0, 0x1.7a11473eb0187p+0, 0x1.8ace5422aa0dbp+0, 0x1.9c49182a3f090p+0, 0x1.ae89f995ad3adp+0, 0x1.c199bdd85529cp+0, 0x1.d5818dcfba487p+0, 0x1.ea4afa2a490dap+0},
    {0x0.0p+0, 0x1.8a62e4adc610bp-54, -0x1.19041b9d78a76p-55, 0x1.9b07eb6c70573p-54, 0x1.6f46ad23182e4p-55, 0x1.ada0911f09ebcp-55, 0x1.d4397afec42e2p-56, 0x1.6324c054647adp-54, -0x1.bdd3413b26456p-54, -0x1.41577ee04992fp-55, 0x1.6e9f156864b27p-54, 0x1.c7c46b071f2bep-56, 0x1.7a1cd345dcc81p-54, 0x1.11065895048ddp-55, 0x1.2ed02d75b3707p-55, -0x1.e9c23179c2893p-54},
};

// 2^(j/16), in two floats.
alignas(64) inline constexpr float kFloatExpTable[][16] = {
    {0x1.0000000000000p+0f, 0x1.0b55860000000p+0f, 0x1.172b840000000p+0f, 0x1.2387a60000000p+0f, 0x1.306fe00000000p+0f, 0x1.3dea640000000p+0f, 0x1.4bfdae0000000p+0f, 0x1.5ab07e0000000p+0f, 0x1.6a09e60000000p+0f, 0x1.7a11480000000p+0f, 0x1.8ace540000000p+0f, 0x1.9c49180000000p+0f, 0x1.ae89fa0000000p+0f, 0x1.c199be0000000p+0f, 0x1.d5818e0000000p+0f, 0x1.ea4afa0000000p+0f},
    {0x0.0p+0f, 0x1.9f31220000000p-25f, -0x1.c157420000000p-27f, 0x1.ceac480000000p-25f, 0x1.4636e20000000p-25f, 0x1.8246840000000p-25f, -0x1.593abc0000000p-25f, -0x1.5bd5ec0000000p-27f, 0x1.9fcef40000000p-26f, -0x1.829fd00000000p-25f, 0x1.15506e0000000p-27f, 0x1.51f8480000000p-27f, -0x1.a94b140000000p-26f, -0x1.3d56b20000000p-27f, -0x1.822dbc0000000p-27f, 0x1.52486c0000000p-27f},
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

// For y in [j, j + 1]/15.99: 1/c - 1 with a c near 1 + y, and ln(c) in two parts; c is 1 for
// j = 0.
alignas(64) inline constexpr double kLogTable[][16] = {
    {0x0.0p+0, -0x1.5f4954bf737c8p-4, -0x1.14e80c2f12f7cp-3, -0x1.6fc741ce59948p-3, -0x1.c1c7c7071f1c0p-3, -0x1.06134c5bf6f24p-2, -0x1.27f4296efb8f8p-2, -0x1.46f2985b8b9b4p-2, -0x1.63690e1ca4534p-2, -0x1.7da3cdc8c33d2p-2, -0x1.95e3967806f54p-2, -0x1.ac5fbb75cd86cp-2, -0x1.c147cb8627b76p-2, -0x1.d4c4e20d05780p-2, -0x1.e6fab5dc916c0p-2, -0x1.f808746a55af8p-2},
    {0x0.0p+0, 0x1.6f455dc276afcp-4, 0x1.29817e131dfe2p-3, 0x1.956082db319c5p-3, 0x1.fbd97f1aba631p-3, 0x1.2eb81b2575302p-2, 0x1.5d4b3751e39d1p-2, 0x1.89d78988a507fp-2, 0x1.b48856ecea0e1p-2, 0x1.dd83b21639a0fp-2, 0x1.0275a3fd65e38p-1, 0x1.156e836e326fbp-1, 0x1.27b9d3af1c842p-1, 0x1.39638ef90c2b6p-1, 0x1.4a767cacc1f51p-1, 0x1.5afc58f2963b4p-1},
    {0x0.0p+0, 0x1.48fc39f70daa3p-58, -0x1.3c4be36adfca0p-59, 0x1.143621e7d37a1p-57, 0x1.2c627c6e83c3ep-59, 0x1.2150fab3867f9p-56, 0x1.7b111047ff4f0p-57, -0x1.ec2ef2e097585p-56, -0x1.7fc1e97b4104ap-57, -0x1.e5ebc6f2681bcp-59, -0x1.1791242fef860p-55, 0x1.d719bfe8963bep-56, 0x1.039faa40f7675p-55, -0x1.50b9471376252p-55, -0x1.48c9a251924afp-55, 0x1.37f2fe91ff45ap-55},
};

// For y in [j, j + 1]/15.99: 1/c - 1 with a c near 1 + y, of 11 bits, and ln(c) in two floats.
alignas(64) inline constexpr float kFloatLogTable[][16] = {
    {0x0.0p+0f, -0x1.6000000000000p-4f, -0x1.1500000000000p-3f, -0x1.7000000000000p-3f, -0x1.c200000000000p-3f, -0x1.0600000000000p-2f, -0x1.2800000000000p-2f, -0x1.4700000000000p-2f, -0x1.6380000000000p-2f, -0x1.7d80000000000p-2f, -0x1.9600000000000p-2f, -0x1.ac80000000000p-2f, -0x1.c180000000000p-2f, -0x1.d500000000000p-2f, -0x1.e700000000000p-2f, -0x1.f800000000000p-2f},
    {0x0.0p+0f, 0x1.700d300000000p-4f, 0x1.299d300000000p-3f, 0x1.95a5ae0000000p-3f, 0x1.fc218c0000000p-3f, 0x1.2e9e2c0000000p-2f, 0x1.5d5bde0000000p-2f, 0x1.89eb3a0000000p-2f, 0x1.b4ab7c0000000p-2f, 0x1.dd4aa00000000p-2f, 0x1.028d2e0000000p-1f, 0x1.158a400000000p-1f, 0x1.27ebe80000000p-1f, 0x1.399a160000000p-1f, 0x1.4a7b880000000p-1f, 0x1.5af4060000000p-1f},
    {0x0.0p+0f, 0x1.5d581c0000000p-29f, 0x1.8c0dd40000000p-28f, -0x1.847f400000000p-30f, -0x1.9df5a20000000p-31f, -0x1.8f6ebc0000000p-29f, -0x1.4d41a00000000p-31f, 0x1.e8650e0000000p-27f, -0x1.07bd380000000p-29f, 0x1.38712e0000000p-28f, -0x1.2ad3820000000p-26f, 0x1.e135f40000000p-26f, 0x1.89a8e20000000p-27f, -0x1.0b3f840000000p-26f, -0x1.0381600000000p-27f, -0x1.e4db100000000p-28f},
};

// pi/2 as a sum; the first three have 33 bits.
inline constexpr double kHalfPiParts[] = {
    0x1.921fb54400000p+0,
    0x1.0b4611a600000p-34,
    0x1.3198a2e000000p-69,
    0x1.b839a252049c1p-104,
};

// The binary digits of 2/pi, from 2^-1 on.
inline constexpr unsigned long long kTwoOverPi[40] = {
    0xa2f9836e4e441529,
    0xfc2757d1f534ddc0,
    0xdb6295993c439041,
    0xfe5163abdebbc561,
    0xb7246e3a424dd2e0,
    0x06492eea09d1921c,
    0xfe1deb1cb129a73e,
    0xe88235f52ebb4484,
    0xe99c7026b45f7e41,
    0x3991d639835339f4,
    0x9c845f8bbdf9283b,
    0x1ff897ffde05980f,
    0xef2f118b5a0a6d1f,
    0x6d367ecf27cb09b7,
    0x4f463f669e5fea2d,
    0x7527bac7ebe5f17b,
    0x3d0739f78a5292ea,
    0x6bfb5fb11f8d5d08,
    0x56033046fc7b6bab,
    0xf0cfbc209af4361d,
    0xa9e391615ee61b08,
    0x6599855f14a06840,
    0x8dffd8804d732731,
    0x06061556ca73a8c9,
    0x60e27bc08c6b47c4,
    0x19c367cddce8092a,
    0x8359c4768b961ca6,
    0xddaf44d15719053e,
    0xa5ff07053f7e33e8,
    0x32c2de4f98327dbb,
    0xc33d26ef6b1e5ef8,
    0x9f3a1f35caf27f1d,
    0x87f121907c7c246a,
    0xfa6ed5772d30433b,
    0x15c614b59d19c3c2,
    0xc4ad414d2c5d000c,
    0x467d862d71e39ac6,
    0x9b0062337cd2b497,
    0xa7b4d55537f63ed7,
    0x1810a3fc764d2a9d,
};

// A root of a derivative f and the Taylor series of f around it: f = d (c[0] + c[1] d + ...)
// with d = x - root, for |d| < kRootRadius. The root has three parts, c[0] two.
inline constexpr double kRootRadius = 0x1.0000000000000p-7;
struct Root {
  double at[3];
  double slope_low;
  double c[9];
};
inline constexpr Root kGelu1[] = {
    {{-0x1.80ead197f00b4p-1, 0x1.13e74c58cada8p-56, 0x1.65d4b5b9cdd03p-111},
     0x1.f7c1a23190c7cp-56,
     {0x1.b9d98fa5a3215p-2,
      0x1.8d9a941de3ac5p-2,
      -0x1.2a2ef9bb865aep-6,
      -0x1.d2fa4c17c7e84p-4,
      -0x1.e4088244f901dp-7,
      0x1.3e346def42057p-6,
      0x1.297b9d6ffaacdp-8,
      -0x1.258a6d85633afp-9,
      -0x1.8680f74e6b6bap-11}},  // -0.751791524693564457
};
inline constexpr Root kGelu2[] = {
    {{-0x1.6a09e667f3bcdp+0, 0x1.bdd3413b26456p-54, -0x1.57d3e3adec175p-108},
     -0x1.086a09f735b33p-56,
     {0x1.a911f096fbc26p-2,
      0x1.c2dadacf42cb8p-2,
      0x1.02f6b1615ee42p-403,
      -0x1.5eaa386850656p-3,
      -0x1.a911f096fbc26p-5,
      0x1.a4cc43b06079ap-6,
      0x1.eb312cc539ad6p-7,
      -0x1.57822cceaccbdp-10,
      -0x1.2786608ffa9d1p-9}},  // -1.41421356237309505
    {{0x1.6a09e667f3bcdp+0, -0x1.bdd3413b26456p-54, 0x1.57d3e3adec175p-108},
     0x1.086a09f735b33p-56,
     {-0x1.a911f096fbc26p-2,
      0x1.c2dadacf42cb8p-2,
      -0x1.02f6b1615ee42p-403,
      -0x1.5eaa386850656p-3,
      0x1.a911f096fbc26p-5,
      0x1.a4cc43b06079ap-6,
      -0x1.eb312cc539ad6p-7,
      -0x1.57822cceaccbdp-10,
      0x1.2786608ffa9d1p-9}},  // 1.41421356237309505
};
inline constexpr Root kGeluTanh1[] = {
    {{-0x1.81429f9e97e4dp-1, 0x1.4f523ed77dbdcp-55, -0x1.a649fca8ac0e5p-109},
     0x1.7625a206be83dp-56,
     {0x1.b8bacd2c96b91p-2,
      0x1.8cd1a2b2fff33p-2,
      -0x1.029615edb077ap-6,
      -0x1.d2b77346470abp-4,
      -0x1.104a83edc0ddcp-6,
      0x1.427996dc249cep-6,
      0x1.58c9ed713486cp-8,
      -0x1.3d8d64170bb72p-9,
      -0x1.e63f294331885p-11}},  // -0.752461422071016258
};
inline constexpr Root kGeluTanh2[] = {
    {{-0x1.6b23142700629p+0, -0x1.750d2fad2c04bp-54, 0x1.2d7b375dbcb4ap-108},
     -0x1.bec10da937575p-57,
     {0x1.a360c3e39b758p-2,
      0x1.ba73788e0f42ep-2,
      0x1.0bae229791eaap-7,
      -0x1.49ec14523aa05p-3,
      -0x1.d0e682b09898dp-5,
      0x1.4842653d453b1p-6,
      0x1.11cd249c34d3cp-6,
      0x1.9022fc3a97577p-11,
      -0x1.5a7bd658bbef1p-9}},  // -1.41850400879082836
    {{0x1.6b23142700629p+0, 0x1.750d2fad2c04bp-54, -0x1.2d7b375dbcb4ap-108},
     0x1.bec10da937575p-57,
     {-0x1.a360c3e39b758p-2,
      0x1.ba73788e0f42ep-2,
      -0x1.0bae229791eaap-7,
      -0x1.49ec14523aa05p-3,
      0x1.d0e682b09898dp-5,
      0x1.4842653d453b1p-6,
      -0x1.11cd249c34d3cp-6,
      0x1.9022fc3a97577p-11,
      0x1.5a7bd658bbef1p-9}},  // 1.41850400879082836
};
inline constexpr Root kGeluMlx1[] = {
    {{-0x1.80e8fdbd0506dp-1, 0x1.33aaaff192451p-57, 0x1.b359459fe0cb1p-112},
     -0x1.468deb1a1d8e4p-56,
     {0x1.b738de637c45dp-2,
      0x1.8eb89ba1b4da8p-2,
      -0x1.93c97ebda3bb8p-7,
      -0x1.d7d7add099f83p-4,
      -0x1.3a4b2ea9139d2p-6,
      0x1.443817ff8df86p-6,
      0x1.99cff2e39a3c7p-8,
      -0x1.2ae307b77e0bdp-9,
      -0x1.33574709b2c55p-10}},  // -0.751777581523595742
};
inline constexpr Root kGeluMlx2[] = {
    {{-0x1.6af7d58bd024dp+0, -0x1.1cbdcce47ae91p-54, -0x1.f47be74c3a8edp-111},
     0x1.9876d5b86dd80p-56,
     {0x1.9e2bfa4ff4f92p-2,
      0x1.b8bd73370d565p-2,
      0x1.09495bc39e926p-6,
      -0x1.401ccf2d1e98ep-3,
      -0x1.eba2b518f7728p-5,
      0x1.10a814aabd35dp-6,
      0x1.1241491d385cfp-6,
      0x1.dd4ce03476be1p-10,
      -0x1.2d62a64fc71f4p-9}},  // -1.41784414924053987
    {{0x1.6af7d58bd024dp+0, 0x1.1cbdcce47ae91p-54, 0x1.f47be74c3a8edp-111},
     -0x1.9876d5b86dd80p-56,
     {-0x1.9e2bfa4ff4f92p-2,
      0x1.b8bd73370d565p-2,
      -0x1.09495bc39e926p-6,
      -0x1.401ccf2d1e98ep-3,
      0x1.eba2b518f7728p-5,
      0x1.10a814aabd35dp-6,
      -0x1.1241491d385cfp-6,
      0x1.dd4ce03476be1p-10,
      0x1.2d62a64fc71f4p-9}},  // 1.41784414924053987
};
inline constexpr Root kSilu1[] = {
    {{-0x1.474973c84120bp+0, -0x1.f8d74bc9ac154p-54, -0x1.44a50180ba780p-108},
     -0x1.2541062177473p-58,
     {0x1.be1410460527fp-3,
      0x1.2c563458cc0adp-3,
      0x1.353eb573ca457p-6,
      -0x1.f2d0e32bc2994p-7,
      -0x1.b0f82c498fd2fp-8,
      0x1.098e92b8f076dp-13,
      0x1.a2a7caf0ee747p-11,
      0x1.8574d136d4cb4p-13,
      -0x1.57238dca12615p-15}},  // -1.2784645427610738
};
inline constexpr Root kSilu2[] = {
    {{-0x1.331e23ad9de11p+1, -0x1.a9c55ef03c74ap-53, -0x1.672af2735d856p-110},
     -0x1.70c4911c32fadp-58,
     {0x1.76e8b4eb0ea41p-4,
      0x1.388203715b23ep-4,
      0x1.706e66bf3603bp-6,
      -0x1.e178d8d2391d6p-10,
      -0x1.fa4e9f742fa77p-9,
      -0x1.662f848d6c11cp-10,
      -0x1.e2e4a6611bf4bp-14,
      0x1.94804c550c0fcp-14,
      0x1.8e0bb1b9411e3p-15}},  // -2.39935728051546767
    {{0x1.331e23ad9de11p+1, 0x1.a9c55ef03c74ap-53, 0x1.672af2735d856p-110},
     0x1.70c4911c32fadp-58,
     {-0x1.76e8b4eb0ea41p-4,
      0x1.388203715b23ep-4,
      -0x1.706e66bf3603bp-6,
      -0x1.e178d8d2391d6p-10,
      0x1.fa4e9f742fa77p-9,
      -0x1.662f848d6c11cp-10,
      0x1.e2e4a6611bf4bp-14,
      0x1.94804c550c0fcp-14,
      -0x1.8e0bb1b9411e3p-15}},  // 2.39935728051546767
};
inline constexpr Root kMish1[] = {
    {{-0x1.31432c0d12d84p+0, -0x1.bf319154da210p-55, -0x1.3b82ea8c1efc4p-109},
     0x1.1ad72de557d4cp-56,
     {0x1.115acb42500bbp-2,
      0x1.a34a251d8ad7bp-3,
      0x1.574f121a868dbp-5,
      -0x1.4c222fe64d4fbp-6,
      -0x1.03369d4ac90fap-6,
      -0x1.b87ddfb51b745p-9,
      0x1.1e5e184a0fe00p-10,
      0x1.03799182b217fp-10,
      0x1.0a7954e868670p-12}},  // -1.19243121451549521
};
inline constexpr Root kMish2[] = {
    {{-0x1.20d0f116eb001p+1, -0x1.ed98c925498a2p-54, -0x1.deda07b4fd530p-108},
     -0x1.db4d963300d88p-58,
     {0x1.bd7543d635e3fp-4,
      0x1.956e15ad4977cp-4,
      0x1.321192f866b01p-5,
      0x1.b79f54f639c0dp-9,
      -0x1.fa00ae6565a08p-9,
      -0x1.451146d7c7c26p-9,
      -0x1.9fa64b5d84113p-11,
      -0x1.ba0303a55dc65p-14,
      0x1.4dba0d414b9b4p-15}},  // -2.25637639636079312
    {{0x1.7d9612a440040p+0, 0x1.48a1647177d43p-54, -0x1.91d439cb8c07ep-108},
     0x1.3f83647e05722p-57,
     {-0x1.d8765d356c1afp-3,
      0x1.2005f89b94e15p-2,
      -0x1.467b383afa813p-4,
      -0x1.11016a32bec52p-4,
      0x1.eb6dcd56f7729p-5,
      -0x1.24b1188ea3f55p-7,
      -0x1.79fcae5ae4ba7p-7,
      0x1.caeea1614b2fcp-8,
      -0x1.1990c81d8054bp-12}},  // 1.49057117948542846
};
inline constexpr Root kLisht2[] = {
    {{-0x1.331e23ad9de11p+0, -0x1.a9c55ef03c74ap-54, -0x1.672af2735d856p-111},
     -0x1.70c4911c32fadp-55,
     {0x1.76e8b4eb0ea41p-1,
      0x1.388203715b23ep+0,
      0x1.706e66bf3603bp-1,
      -0x1.e178d8d2391d6p-4,
      -0x1.fa4e9f742fa77p-2,
      -0x1.662f848d6c11cp-2,
      -0x1.e2e4a6611bf4bp-5,
      0x1.94804c550c0fcp-4,
      0x1.8e0bb1b9411e3p-4}},  // -1.19967864025773383
    {{0x1.331e23ad9de11p+0, 0x1.a9c55ef03c74ap-54, 0x1.672af2735d856p-111},
     0x1.70c4911c32fadp-55,
     {-0x1.76e8b4eb0ea41p-1,
      0x1.388203715b23ep+0,
      -0x1.706e66bf3603bp-1,
      -0x1.e178d8d2391d6p-4,
      0x1.fa4e9f742fa77p-2,
      -0x1.662f848d6c11cp-2,
      0x1.e2e4a6611bf4bp-5,
      0x1.94804c550c0fcp-4,
      -0x1.8e0bb1b9411e3p-4}},  // 1.19967864025773383
};
inline constexpr Root kTelu1[] = {
    {{-0x1.14302c3c10f30p+0, -0x1.b8c761c7b1289p-54, -0x1.4130ba31f9f48p-108},
     -0x1.accdac615c81fp-57,
     {0x1.68f6b660942b4p-2,
      0x1.4d0848bbb42d2p-2,
      0x1.b9cbc0b27eec1p-4,
      -0x1.76ccc7f75d22ep-6,
      -0x1.75ed50eb6a649p-5,
      -0x1.a1972d506d2b2p-6,
      -0x1.70f433c7c74bap-8,
      0x1.6b4739aae7342p-9,
      0x1.bdae46c4aa443p-9}},  // -1.07886005846462406
};
inline constexpr Root kTelu2[] = {
    {{-0x1.0871c46039638p+1, 0x1.6137baaf8cfe7p-54, 0x1.f9be581eb2950p-109},
     -0x1.734336d49bdf5p-59,
     {0x1.18b5b425c4e5ap-3,
      0x1.20ae973d05418p-3,
      0x1.2132d6dff7668p-4,
      0x1.44f66e5a91539p-6,
      0x1.c69336e76f06bp-13,
      -0x1.d3f65c13553ebp-9,
      -0x1.52cae04f16056p-9,
      -0x1.382e148a2022fp-10,
      -0x1.93068956e0f92p-12}},  // -2.06597189615674984
    {{0x1.64a4080af062fp-1, -0x1.bdab9a3b0a7eep-55, -0x1.42d004db80d8ep-110},
     0x1.a45039277d4c2p-55,
     {-0x1.aaea43e283bd4p-1,
      0x1.9be7c8f57e59ep+0,
      0x1.8762912042373p-2,
      -0x1.2bd96c7e77a2dp+1,
      0x1.aea505df961a8p-3,
      0x1.f50f0a5e5a228p+0,
      -0x1.bd02b6bc45f06p-2,
      -0x1.2c0ac61a11bf1p+0,
      0x1.b51e2b61162b1p-2}},  // 0.696563960395172384
};
inline constexpr Root kSerf1[] = {
    {{-0x1.316c60ccb69dbp+0, 0x1.1d9ecd0f85993p-55, -0x1.a67c7a7d0f8ccp-109},
     -0x1.84f991267b077p-58,
     {0x1.34bdb29d97b36p-2,
      0x1.da577f6c75892p-3,
      0x1.857e8a8303fb9p-5,
      -0x1.7e4ec0f21ae43p-6,
      -0x1.32985cfc85e04p-6,
      -0x1.28850b62918b7p-8,
      0x1.c90510bd10426p-11,
      0x1.12c41477b1844p-10,
      0x1.5c3c306944606p-12}},  // -1.19305996892818797
};
inline constexpr Root kSerf2[] = {
    {{-0x1.20d4e8d0a43d7p+1, 0x1.c512d53a2f475p-54, -0x1.e06a6243a2fafp-108},
     -0x1.3c645026b770ap-59,
     {0x1.f6c82f780fb8ap-4,
      0x1.c9e57ab715f38p-4,
      0x1.5a83c6657b6e4p-5,
      0x1.ffd0a8fbcda8ap-9,
      -0x1.192a5ca36cd54p-8,
      -0x1.6ca5831e71d27p-9,
      -0x1.d9e0413f7da6fp-11,
      -0x1.1777219f010b3p-13,
      0x1.24af17943ee5cp-15}},  // -2.25649748027397424
    {{0x1.1896792aa7829p+0, -0x1.798d237de626dp-54, -0x1.d585e05638a4cp-108},
     -0x1.ffa6279c4e028p-57,
     {-0x1.e8379be0522f1p-2,
      0x1.37a180f32cab2p-1,
      0x1.95c50543a8b3fp-4,
      -0x1.b1870a3f42dd7p-2,
      0x1.5dcc4877850aep-5,
      0x1.572942611bfdep-3,
      -0x1.0f23b925ed521p-5,
      -0x1.97ed4c7f34dc0p-5,
      0x1.92cdea370649fp-7}},  // 1.09604604045262924
};

}  // namespace rectifier::coefficients

#endif  // RECTIFIER_CORE_SIMD_COEFFICIENTS_H_
