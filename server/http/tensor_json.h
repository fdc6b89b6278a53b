// The elements of a tensor, as JSON has them and as raw contents do (row-major, little-endian).
#ifndef RECTIFIER_SERVER_HTTP_TENSOR_JSON_H_
#define RECTIFIER_SERVER_HTTP_TENSOR_JSON_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "server/http/field_path.h"
#include "server/http/json_reader.h"
#include "server/inference/datatype.h"

namespace rectifier::http {

// Appends what the reader's next value has, an array of elements or of arrays of them, to `raw`.
// Each is rounded once, to the datatype. Errors: INVALID_ARGUMENT, with the path of the element;
// FP16 and BF16, which JSON has no numbers of; more than `most` elements.
absl::Status ReadElements(JsonReader& reader, const Datatype& datatype, const FieldPath& path,
                          size_t most, std::string* raw);

// Appends the elements as an array, each with the fewest digits that tell it from all others of its
// datatype.
void AppendElements(absl::string_view raw, const Datatype& datatype, std::string* json);

}  // namespace rectifier::http

#endif  // RECTIFIER_SERVER_HTTP_TENSOR_JSON_H_
