// Parameters that activations along an axis share, and where they stand in their Specs.
#ifndef RECTIFIER_CORE_ACTIVATIONS_ROW_PARAMETERS_H_
#define RECTIFIER_CORE_ACTIVATIONS_ROW_PARAMETERS_H_

#include "core/spec.h"

namespace rectifier {

inline constexpr Parameter kAlongAxes = {.name = kAxisParameter,
                                         .aliases = {"dim", "axes"},
                                         .summary = "axis or axes to work along",
                                         .type = ParameterType::kAxes,
                                         .default_value = -1};
// Of those that cut an axis into pieces, or make it longer.
inline constexpr Parameter kAlongAxis = {.name = kAxisParameter,
                                         .aliases = {"dim"},
                                         .summary = "axis to work along",
                                         .type = ParameterType::kInteger,
                                         .default_value = -1};
inline constexpr Parameter kKeepDims = {
    .name = kKeepDimsParameter,
    .aliases = {"keepdim"},
    .summary = "true: the axes stay in the result's shape, with the size 1",
    .type = ParameterType::kWord,
    .words = {"false", "true"}};

// The second parameter of softmax and its kin.
inline constexpr size_t kTemperatureIndex = 1;
inline constexpr Parameter kTemperature = {
    .name = "temperature",
    .aliases = {"tau"},
    .summary = "what x is divided by: the smaller, the closer to the maximum alone",
    .default_value = 1,
    .range = kPositive,
    .learnable = true};

inline constexpr Parameter kKeepMask = {
    .name = kMaskParameter,
    .aliases = {"where"},
    .summary =
        "1 for the elements that are kept, 0 for those that are left out; broadcast to the "
        "input",
    .type = ParameterType::kMask};

// Softmin has none: of a row that is negated, neither sign would be the one that is meant.
inline constexpr Parameter kAddedBias = {
    .name = kBiasParameter,
    .aliases = {"attention_bias", "additive_mask"},
    .summary =
        "added to x before all else, exactly; broadcast to the input; where it is -infinity "
        "an element weighs nothing",
    .range = {.low = -kInfinity, .low_open = false},
    .learnable = true};

inline constexpr Parameter kNoiseSeed = {.name = "seed",
                                         .summary = "of the noise; without it there is none",
                                         .type = ParameterType::kSeed,
                                         .default_value = 0.5,
                                         .range = kCount};
inline constexpr Parameter kNoiseOffset = {
    .name = kOffsetParameter,
    .summary = "added to the elements' indices: where this piece of a tensor lies",
    .type = ParameterType::kInteger,
    .range = kCount};

// A gradient in float64 counts in units of the largest of its row.
inline constexpr Accuracy kRowAccuracy = {
    .value = {.f64 = 1.2}, .gradient = {.f64 = 0.6}, .parameter_gradient = {.f64 = 1.2}};

}  // namespace rectifier

#endif  // RECTIFIER_CORE_ACTIVATIONS_ROW_PARAMETERS_H_
