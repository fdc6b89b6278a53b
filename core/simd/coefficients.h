// Polynomial coefficients, lowest degree first, tables and roots; written by
// fit_coefficients.py.
// clang-format off
#ifndef RECTIFIER_CORE_SIMD_COEFFICIENTS_H_
#define RECTIFIER_CORE_SIMD_COEFFICIENTS_H_

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
// Relative error 1.2e-13, before rounding.
inline constexpr double kExpRest[] = {
    0x1.0000000000000p-1,
    0x1.55555554dcc9bp-3,
    0x1.55555555190f9p-5,
    0x1.11120b77051e7p-7,
    0x1.6c17bbd1f560ap-10,
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

// (6 + t) Q(t)/phi(t), from the normal tail, in w = (t - 6)/(t + 6), for 0 <= t <= 20.
// Relative error 1.1e-14, before rounding.
inline constexpr double kMillsShort[] = {
    0x1.f2d2fd15d612fp+0,
    -0x1.c1d5d4c5f347ep+0,
    0x1.6d1b049a23ad9p+0,
    -0x1.0999c26317d03p+0,
    0x1.57ea9ca23804cp-1,
    -0x1.87e5cee1c3cbcp-2,
    0x1.81e690f9b7a89p-3,
    -0x1.3e2182cdd0f5dp-4,
    0x1.9be908bd6f32cp-6,
    -0x1.5e2a0716335f3p-8,
    0x1.5a2fa7b340988p-14,
    0x1.dc7b3ba506464p-12,
    -0x1.558981c5e01c5p-13,
    0x1.86677ddf97b65p-19,
    0x1.30f63a08689c1p-16,
    -0x1.18f1f24362ea0p-18,
    -0x1.140802dd23baep-19,
};

// erf(x)/x in x^2, for |x| <= 1/4.
// Relative error 3.1e-15, before rounding.
inline constexpr double kErfShort[] = {
    0x1.20dd750429b5ep+0,
    -0x1.812746b0263f8p-2,
    0x1.ce2f216d9150fp-4,
    -0x1.b82caceffa676p-6,
    0x1.5641a483ac7b2p-8,
    -0x1.b47f7129e7a5fp-11,
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
// Relative error 2.1e-14, before rounding.
inline constexpr double kLogCoshShort[] = {
    0x1.fffffffffff3fp-2,
    -0x1.55555554f496dp-4,
    0x1.6c16c0eca721dp-6,
    -0x1.ba1b618f579dfp-8,
    0x1.1e9ddb06bef52p-9,
    -0x1.82282987370dbp-11,
    0x1.026ffc4bca467p-12,
    -0x1.0d878df43e96cp-14,
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
// Relative error 8.1e-15, before rounding.
inline constexpr double kExpSlopeShort[] = {
    0x1.fffffffffffc9p-2,
    0x1.5555555550ff7p-2,
    0x1.fffffffc61b97p-4,
    0x1.1111107c0facap-5,
    0x1.c71c41aa7bffap-8,
    0x1.380f216633279p-10,
    0x1.6b9ea132bd1e7p-13,
    0x1.6a4b7e0f35ae5p-16,
    0x1.099c17739a884p-19,
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
// Relative error 7.2e-14, before rounding.
inline constexpr double kAtanShort[] = {
    -0x1.55555555553a3p-2,
    0x1.99999998d154dp-3,
    -0x1.249248aa66afdp-3,
    0x1.c71c3822a8c74p-4,
    -0x1.74563d3f0c54ep-4,
    0x1.3a9d8e5b7e385p-4,
    -0x1.0c52f150ae8dep-4,
    0x1.a76c084488a6dp-5,
    -0x1.be27e26b253c1p-6,
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

// (6 + t) Q(t)/phi(t) for 0 <= t <= 40, in w - (the middle of its interval), w = (t - 6)/(t + 6).
// Relative error 2.6e-27, before rounding.
alignas(64) inline constexpr double kMillsTwin[][16] = {
    {0x1.b2ef56a4ebe4dp+2, 0x1.66e0eb3215c67p+2, 0x1.2c41be9502980p+2, 0x1.fd5aa8b4c4a38p+1, 0x1.b5c33fc776f9fp+1, 0x1.7ceb650341dd1p+1, 0x1.4f432f7f116f9p+1, 0x1.2a27e671f415cp+1, 0x1.0ba4cba96ecbep+1, 0x1.e488eb5211161p+0, 0x1.b9dd5394b54e4p+0, 0x1.959f0273701b2p+0, 0x1.768ac0e639c58p+0, 0x1.5ba7c97ad2bdbp+0, 0x1.4434ce0043715p+0, 0x1.2f9a2561f3839p+0},
    {-0x1.8e52b406c2e41p+3, -0x1.31e11ef614b42p+3, -0x1.d98f9b9aff8efp+2, -0x1.720ef1ade95e6p+2, -0x1.243ea82f7e4bcp+2, -0x1.d2d6346309476p+1, -0x1.7941d524886cep+1, -0x1.3479c281cb76ep+1, -0x1.fe53edad113d4p+0, -0x1.aad916a43b8e3p+0, -0x1.68cd6669a5b8fp+0, -0x1.33ff473353f21p+0, -0x1.09566a84f0345p+0, -0x1.cd0cf637b77fap-1, -0x1.93aed2c3d88e0p-1, -0x1.63fac3331665dp-1},
    {0x1.ea374e1c0d62cp+3, 0x1.6e49bf26c0ff8p+3, 0x1.11fcee64e6dc4p+3, 0x1.9b19adf0fd0cfp+2, 0x1.35e17870301dcp+2, 0x1.d62b0ef09f898p+1, 0x1.677d66b105be7p+1, 0x1.1558915e4b6ddp+1, 0x1.b02965d494780p+0, 0x1.542fd15599d04p+0, 0x1.0e9dec7ab508dp+0, 0x1.b314c866cf654p-1, 0x1.6158c6f96fb3ep-1, 0x1.21cf8be3ef6f1p-1, 0x1.dfe2c542fc878p-2, 0x1.90dad6a5e04ecp-2},
    {-0x1.b602cf0f52311p+3, -0x1.471665c06b1b3p+3, -0x1.e5f16f8988f2dp+2, -0x1.67b27d1a9a7aap+2, -0x1.09ce65336c9bfp+2, -0x1.88f67ed5f542bp+1, -0x1.2320b3b0210d4p+1, -0x1.b12236976eff0p+0, -0x1.440e922544fc1p+0, -0x1.e85c5d4813842p-1, -0x1.7302c4183f522p-1, -0x1.1c6478af22de5p-1, -0x1.b81d80941a578p-2, -0x1.57d7dffe33056p-2, -0x1.0f3954d2d86d8p-2, -0x1.aff178e994978p-3},
    {0x1.23013f2123fdbp+3, 0x1.bbbcee3728998p+2, 0x1.4e9569384b97ep+2, 0x1.f3aa9cabba8afp+1, 0x1.7215da9f0a3c5p+1, 0x1.1067e7c972801p+1, 0x1.8f5904d2e2436p+0, 0x1.242308d9511d4p+0, 0x1.ab7bee9a44dd6p-1, 0x1.3975b4a40d985p-1, 0x1.cd906b132a6eap-2, 0x1.55bc69d17da9bp-2, 0x1.fd851b6a71cd1p-3, 0x1.7ed04cb68b530p-3, 0x1.220cc6242e359p-3, 0x1.bb691577e07f7p-4},
    {-0x1.1c240c14a2377p+2, -0x1.c4545c3e23d4bp+1, -0x1.61f3afdd66694p+1, -0x1.108c08bba3f57p+1, -0x1.9d8d664cd742bp+0, -0x1.35a34d5aff4f2p+0, -0x1.ca79b5a5ae3a8p-1, -0x1.505f2f4f7b784p-1, -0x1.ea4f9a750575ep-2, -0x1.63df8f8239ad6p-2, -0x1.01dcc2e7973a9p-2, -0x1.75eb8da02a77bp-3, -0x1.0fd4a788c83ddp-3, -0x1.8cf8df929b071p-4, -0x1.238bdcc6d7d05p-4, -0x1.af2de0497644dp-5},
    {0x1.7e6fdce2bcfbep+0, 0x1.488eb3930cab2p+0, 0x1.13251f7fd2095p+0, 0x1.c1abf3ad85313p-1, 0x1.6700efe6a5415p-1, 0x1.18764cf0f1f10p-1, 0x1.ad9bd6aca0426p-2, 0x1.434e19f023dc2p-2, 0x1.df5f175bcf35bp-3, 0x1.5f17e910046aep-3, 0x1.fd95e4c9f5b9cp-4, 0x1.6f8787b7ebb9fp-4, 0x1.0830e39252276p-4, 0x1.7b89f9ae1aadcp-5, 0x1.110b5745e3957p-5, 0x1.8a35fc1571ba0p-6},
    {-0x1.16f841a7f0780p-2, -0x1.1ca53d3ebe353p-2, -0x1.12a08b92ce752p-2, -0x1.f9646abdf2d5ap-3, -0x1.be0637503cccbp-3, -0x1.7b256ca917cdbp-3, -0x1.378f865c1a77ap-3, -0x1.f0aff70ed6247p-4, -0x1.815eba33764d8p-4, -0x1.241a523d18cbfp-4, -0x1.b23ee67a75f2ap-5, -0x1.3dc373e472206p-5, -0x1.cb973a2bcaa8ep-6, -0x1.49a9772789cf9p-6, -0x1.d6aa88bd9cd6cp-7, -0x1.4f5e772f347efp-7},
    {-0x1.0c3355324e5e4p-6, 0x1.939134127f723p-9, 0x1.32756a5a8f823p-6, 0x1.e7ad0fb94d7bdp-6, 0x1.28262a01f1498p-5, 0x1.39df682b9a5dep-5, 0x1.3002d5a128a2dp-5, 0x1.1327430aca9e7p-5, 0x1.d79fca4899d93p-6, 0x1.82531fceb242ap-6, 0x1.30beaf7b4ce19p-6, 0x1.d20dda8e039e6p-7, 0x1.5b8abb880aa65p-7, 0x1.fc4de32d7979dp-8, 0x1.6e60ccbfa947bp-8, 0x1.0577c85dc7c80p-8},
    {0x1.5f07950c826c1p-6, 0x1.28aa55998edfap-6, 0x1.c14eed3537a0bp-7, 0x1.2318c80149d3cp-7, 0x1.16a076b78f393p-8, 0x1.509a323fa82e8p-12, -0x1.54c72b10e7954p-9, -0x1.21d122b142d4fp-8, -0x1.57c2e2fd946d7p-8, -0x1.5abef4e659c49p-8, -0x1.3c424989189a8p-8, -0x1.0c89604ecca62p-8, -0x1.b01afe29b1ac2p-9, -0x1.4d915741d5c48p-9, -0x1.f2fe4da11f6f4p-10, -0x1.6c8856010337dp-10},
    {-0x1.37b70000a50f0p-9, -0x1.dd6ea4843f4c5p-9, -0x1.1cb13e7de2304p-8, -0x1.2316ef6123e06p-8, -0x1.06516ba132d1cp-8, -0x1.a10f044ababdfp-9, -0x1.1dab045f7e052p-9, -0x1.37ee865cf2955p-10, -0x1.7952b39b409edp-12, 0x1.eaf791ba7e71ep-13, 0x1.31cd1feb85849p-11, 0x1.7d4a3749e9bc5p-11, 0x1.7d915216e0600p-11, 0x1.52e3a49cb8b9bp-11, 0x1.1690ce8e79d42p-11, 0x1.b1e73e1ce37d8p-12},
    {-0x1.4a076fb519981p-10, -0x1.b60a292c441edp-11, -0x1.5c4c442f3ab55p-12, 0x1.4ddd4ff45beefp-13, 0x1.21e75b0f9fa30p-11, 0x1.9ee0e68258691p-11, 0x1.c1b3678097fd9p-11, 0x1.973f74ba01776p-11, 0x1.3b2528e8aabd6p-11, 0x1.9a8ab9058880cp-12, 0x1.a02519b0e8bacp-13, 0x1.aea3e06c59b0ap-15, -0x1.5dc0b4a707f34p-15, -0x1.6fd1cd0e9d01ap-14, -0x1.a5573a0c3ab84p-14, -0x1.89efb6f700e61p-14},
    {0x1.1df51ad36c46bp-12, 0x1.7ff4885c7a886p-12, 0x1.9bfb1e389174fp-12, 0x1.6d984c7bfaeaap-12, 0x1.031aea29e5900p-12, 0x1.e736839c34a3ap-14, -0x1.6b20f39cd1ceep-17, -0x1.bc5a487f87b6cp-14, -0x1.44f662c1f82d2p-13, -0x1.4e5e41605ba17p-13, -0x1.162b6760fe520p-13, -0x1.817ba674b5b78p-14, -0x1.b2923cc464e30p-15, -0x1.5af5220b63500p-16, -0x1.b4762a04faf5fp-21, 0x1.3ab3b677ac732p-17},
    {0x1.67f609c257040p-14, 0x1.71a6b13394b6bp-15, -0x1.c5e2171109f48p-18, -0x1.c6bc6e691ac19p-15, -0x1.6959a9e25f0fcp-14, -0x1.8f0c91e1209d6p-14, -0x1.54a89a4e36972p-14, -0x1.b1d8dea6580a3p-15, -0x1.2c2e6bac8568fp-16, 0x1.4c17613a5e6f3p-17, 0x1.b2cb41d0098e5p-16, 0x1.f73784006233ep-16, 0x1.b0be6a313cc06p-16, 0x1.2e5cd876264a8p-16, 0x1.5a0b7fa407dd5p-17, 0x1.2d1502a03c98ap-18},
};

alignas(64) inline constexpr double kMillsTwinLow[][16] = {
    {0x1.3492b1122c056p-54, -0x1.555a9cf119f4fp-52, 0x1.b338ae6d89405p-55, 0x1.7b7db883755f2p-53, 0x1.4fde2e0c3720dp-53, 0x1.ca27f0a62d4c6p-54, -0x1.c4eebec841f2ap-53, -0x1.c8da819da0f41p-53, -0x1.cd452a7a50567p-53, -0x1.dd34dafea018dp-54, -0x1.950d009c8709ep-54, -0x1.d9321b5f67658p-54, 0x1.3f7c28d1fc17dp-54, 0x1.88cc013b70dafp-54, -0x1.8f1034e0ca0adp-54, 0x1.bf24ffaa0c041p-54},
    {-0x1.dd5c5608800ffp-52, 0x1.f1fe0ef000d49p-54, 0x1.c61c40660a45bp-53, -0x1.43a578d7007a7p-54, -0x1.1da078736d930p-52, 0x1.d6ad4789a3713p-55, -0x1.ffe6e8f6a9f26p-53, 0x1.0573d96f171a8p-53, -0x1.53c05495fb909p-56, -0x1.a2de54dc8d536p-54, 0x1.e273fd7091eaap-55, 0x1.df510c02290fdp-54, 0x1.23cd434652698p-54, 0x1.b74d591a235c9p-55, -0x1.5c391beaf9cc7p-58, 0x1.b545d415a4fd1p-59},
    {-0x1.3e20829b9abc9p-53, -0x1.671d9b19b1893p-52, 0x1.73a83e3d2b650p-55, -0x1.f5ea2bf44eda1p-52, 0x1.58769ede1bde3p-53, -0x1.87963bed7d7eep-54, 0x1.174260c4bcfb7p-53, 0x1.675c03c9e431ap-53, -0x1.0754a56b30dcep-54, 0x1.f11f124053219p-57, 0x1.7ef2cf939638fp-54, -0x1.9e12c184f34b8p-56, 0x1.4faeca712c81ap-57, -0x1.8bd2b8790b537p-55, -0x1.f67b094597e30p-56, 0x1.00ab30e538b60p-58},
    {0x1.4b51b58e95126p-51, 0x1.1ec57e65753cdp-51, -0x1.a8b029dbe09f3p-52, 0x1.6275f07eab95fp-52, -0x1.f4e073a7c3b20p-52, -0x1.513e1499237d3p-53, 0x1.90f5b1c03470dp-54, -0x1.806a6a009da84p-55, 0x1.802ea752a47cdp-55, 0x1.7ff8a3dc88ffdp-55, 0x1.4a17af8c78f95p-55, 0x1.60cf81c595dbcp-58, -0x1.8d550c0336e21p-57, 0x1.100a22ecbf79ap-56, 0x1.de00c271a9f3bp-56, 0x1.cf72c5d075148p-57},
    {-0x1.c67a6df12a440p-63, -0x1.06bc75e589ee4p-52, -0x1.d748637b0a8e8p-56, 0x1.2053641afe280p-54, 0x1.6c9651505d9edp-55, 0x1.5c44b9ef0042cp-53, 0x1.64671e1eb21d1p-54, 0x1.ee9e817ee0510p-54, -0x1.2791fdf5fce90p-55, -0x1.65d4c398e025dp-55, 0x1.2976a731c8cd4p-56, -0x1.3bb21af2be137p-56, -0x1.faa6af450041dp-57, -0x1.498b88422891cp-57, 0x1.766ea24e562cap-58, 0x1.688b6a1c4c2b8p-58},
};

// The middles of the intervals, in two parts.
alignas(64) inline constexpr double kMillsTwinMiddle[][16] = {
    {-0x1.e42c8590b2164p-1, -0x1.ac8590b21642dp-1, -0x1.74de9bd37a6f5p-1, -0x1.3d37a6f4de9bdp-1, -0x1.0590b21642c86p-1, -0x1.9bd37a6f4de9cp-2, -0x1.2c8590b21642dp-2, -0x1.7a6f4de9bd37ap-3, -0x1.37a6f4de9bd38p-4, 0x1.0b21642c8590bp-5, 0x1.21642c8590b21p-3, 0x1.0000000000000p-2, 0x1.6f4de9bd37a6fp-2, 0x1.de9bd37a6f4dfp-2, 0x1.26f4de9bd37a7p-1, 0x1.5e9bd37a6f4dfp-1},
    {-0x1.642c8590b2164p-56, 0x1.e9bd37a6f4deap-55, 0x1.0b21642c8590bp-56, -0x1.bd37a6f4de9bdp-56, 0x1.bd37a6f4de9bdp-55, 0x1.642c8590b2164p-57, 0x1.e9bd37a6f4deap-56, -0x1.bd37a6f4de9bdp-57, 0x1.642c8590b2164p-58, 0x1.0b21642c8590bp-60, 0x1.90b21642c8591p-57, 0x0.0p+0, 0x1.37a6f4de9bd38p-56, -0x1.90b21642c8591p-56, -0x1.642c8590b2164p-58, -0x1.90b21642c8591p-55},
};

// 2^(j/16), in two parts.
alignas(64) inline constexpr double kExpTable[][16] = {
    {0x1.0000000000000p+0, 0x1.0b5586cf9890fp+0, 0x1.172b83c7d517bp+0, 0x1.2387a6e756238p+0, 0x1.306fe0a31b715p+0, 0x1.3dea64c123422p+0, 0x1.4bfdad5362a27p+0, 0x1.5ab07dd485429p+0, 0x1.6a09e667f3bcdp+0, 0x1.7a11473eb0187p+0, 0x1.8ace5422aa0dbp+0, 0x1.9c49182a3f090p+0, 0x1.ae89f995ad3adp+0, 0x1.c199bdd85529cp+0, 0x1.d5818dcfba487p+0, 0x1.ea4afa2a490dap+0},
    {0x0.0p+0, 0x1.8a62e4adc610bp-54, -0x1.19041b9d78a76p-55, 0x1.9b07eb6c70573p-54, 0x1.6f46ad23182e4p-55, 0x1.ada0911f09ebcp-55, 0x1.d4397afec42e2p-56, 0x1.6324c054647adp-54, -0x1.bdd3413b26456p-54, -0x1.41577ee04992fp-55, 0x1.6e9f156864b27p-54, 0x1.c7c46b071f2bep-56, 0x1.7a1cd345dcc81p-54, 0x1.11065895048ddp-55, 0x1.2ed02d75b3707p-55, -0x1.e9c23179c2893p-54},
};

// For y in [j, j + 1]/15.99: 1/c - 1 with a c near 1 + y, and ln(c); c is 1 for j = 0.
alignas(64) inline constexpr double kLogTable[][16] = {
    {0x0.0p+0, -0x1.5f4954bf737c8p-4, -0x1.14e80c2f12f7cp-3, -0x1.6fc741ce59948p-3, -0x1.c1c7c7071f1c0p-3, -0x1.06134c5bf6f24p-2, -0x1.27f4296efb8f8p-2, -0x1.46f2985b8b9b4p-2, -0x1.63690e1ca4534p-2, -0x1.7da3cdc8c33d2p-2, -0x1.95e3967806f54p-2, -0x1.ac5fbb75cd86cp-2, -0x1.c147cb8627b76p-2, -0x1.d4c4e20d05780p-2, -0x1.e6fab5dc916c0p-2, -0x1.f808746a55af8p-2},
    {0x0.0p+0, 0x1.6f455dc276afcp-4, 0x1.29817e131dfe2p-3, 0x1.956082db319c5p-3, 0x1.fbd97f1aba631p-3, 0x1.2eb81b2575302p-2, 0x1.5d4b3751e39d1p-2, 0x1.89d78988a507fp-2, 0x1.b48856ecea0e1p-2, 0x1.dd83b21639a0fp-2, 0x1.0275a3fd65e38p-1, 0x1.156e836e326fbp-1, 0x1.27b9d3af1c842p-1, 0x1.39638ef90c2b6p-1, 0x1.4a767cacc1f51p-1, 0x1.5afc58f2963b4p-1},
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
