// Numbers and Ranges as people write them.
#ifndef RECTIFIER_CORE_NUMBER_TEXT_H_
#define RECTIFIER_CORE_NUMBER_TEXT_H_

#include <string>

#include "core/spec.h"

namespace rectifier {

// The shortest text that reads back as `number`: "0.1", "1e+300", "-inf", "nan".
std::string NumberText(double number);

// "(0, inf)", "[1, 64]", "[-inf, inf]", "[-9, 9] and not between -1 and 1".
std::string IntervalText(const Range& range);

}  // namespace rectifier

#endif  // RECTIFIER_CORE_NUMBER_TEXT_H_
