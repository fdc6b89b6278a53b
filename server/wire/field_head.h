// The bytes that stand before a field's payload on the wire.
#ifndef RECTIFIER_SERVER_WIRE_FIELD_HEAD_H_
#define RECTIFIER_SERVER_WIRE_FIELD_HEAD_H_

#include <cstddef>
#include <string>

namespace rectifier {

// Tag and length of a field that holds `length` bytes.
std::string FieldHead(int field, size_t length);

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_WIRE_FIELD_HEAD_H_
