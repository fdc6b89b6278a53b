// The bound that a Spec states for one quantity in one element type.
#ifndef RECTIFIER_CORE_ACCURACY_H_
#define RECTIFIER_CORE_ACCURACY_H_

#include "core/element_type.h"
#include "core/spec.h"

namespace rectifier {

// In units in the last place of the exact result, away from hard spots.
double MaxUlp(const Accuracy& accuracy, Quantity quantity, ElementType type);

}  // namespace rectifier

#endif  // RECTIFIER_CORE_ACCURACY_H_
