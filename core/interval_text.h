// A Range as people write it.
#ifndef RECTIFIER_CORE_INTERVAL_TEXT_H_
#define RECTIFIER_CORE_INTERVAL_TEXT_H_

#include <string>

#include "core/spec.h"

namespace rectifier {

// "(0, inf)", "[1, 64]".
std::string IntervalText(const Range& range);

}  // namespace rectifier

#endif  // RECTIFIER_CORE_INTERVAL_TEXT_H_
