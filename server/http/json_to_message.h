// A message from JSON, by protobuf's mapping of it.
#ifndef RECTIFIER_SERVER_HTTP_JSON_TO_MESSAGE_H_
#define RECTIFIER_SERVER_HTTP_JSON_TO_MESSAGE_H_

#include <cstddef>
#include <limits>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "server/http/field_path.h"
#include "server/http/json_reader.h"

namespace rectifier::http {

// What a message may have; where it has more, nothing of the rest is read.
struct MessageLimits {
  size_t max_bytes = std::numeric_limits<size_t>::max();    // about so many
  size_t max_numbers = std::numeric_limits<size_t>::max();  // in one field
};

// Appends the `type` that `json` stands for to `bytes`, as protobuf serializes it. Fields may have
// either of their names, and be null, which leaves them out. Stricter than protobuf's own: a field
// that comes twice, and two of a oneof, are errors. Errors: INVALID_ARGUMENT, with the path of the
// field and what is allowed there.
absl::Status JsonToMessage(absl::string_view json, const google::protobuf::Descriptor& type,
                           const MessageLimits& limits, std::string* bytes);

// A string from the base64 of JSON's bytes, in either alphabet. False where it is none.
bool DecodeBase64(absl::string_view text, std::string* bytes);

// A whole number as JSON may have it: 3, "3", 3.0, 3e0. Errors: that it is none, or not from
// `least` to `most`.
template <class Whole>
absl::Status ReadWhole(JsonReader& reader, const FieldPath& path, Whole* value);

}  // namespace rectifier::http

#endif  // RECTIFIER_SERVER_HTTP_JSON_TO_MESSAGE_H_
