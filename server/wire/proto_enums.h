// The enumerations that the API and core share, from one to the other.
#ifndef RECTIFIER_SERVER_WIRE_PROTO_ENUMS_H_
#define RECTIFIER_SERVER_WIRE_PROTO_ENUMS_H_

#include <optional>

#include "core/element_type.h"
#include "core/spec.h"
#include "rectifier/v1/activation.pb.h"

namespace rectifier {

v1::ElementType ToProto(ElementType type);
v1::Quantity ToProto(Quantity quantity);

// These give nullopt for UNSPECIFIED, and for numbers that this version does not know.
std::optional<ElementType> FromProto(v1::ElementType type);
std::optional<Quantity> FromProto(v1::Quantity quantity);

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_WIRE_PROTO_ENUMS_H_
