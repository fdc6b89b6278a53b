// Enumerators of core as the API's JSON names them: what a caller reads in an error can be written
// into the request.
#ifndef RECTIFIER_CORE_API_NAMES_H_
#define RECTIFIER_CORE_API_NAMES_H_

#include <string>

#include "core/element_type.h"
#include "core/spec.h"

namespace rectifier {

// "ELEMENT_TYPE_FLOAT32".
std::string ApiName(ElementType type);

// "QUANTITY_GRADIENT".
std::string ApiName(Quantity quantity);

}  // namespace rectifier

#endif  // RECTIFIER_CORE_API_NAMES_H_
