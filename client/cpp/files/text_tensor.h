// Tensors as text: numbers with blanks or commas between them, a row on each line (CSV).
#ifndef RECTIFIER_CLIENT_CPP_FILES_TEXT_TENSOR_H_
#define RECTIFIER_CLIENT_CPP_FILES_TEXT_TENSOR_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/cpp/client/tensor.h"

namespace rectifier::client {

// Longer texts are refused: an array of that size belongs into a .npy file.
inline constexpr size_t kMaxTextBytes = size_t{64} << 20;

// Whether the text may hold numbers, by its first bytes: what holds control characters does not.
bool LooksLikeText(absl::string_view beginning);

// A tensor of float64. One number is on each line, or all are on one: a vector. Otherwise the lines
// are the rows of a matrix. nan and inf are numbers; empty lines do not count.
// Errors: INVALID_ARGUMENT, with the line, where that is no number or the row has another length.
absl::StatusOr<Tensor> ParseText(absl::string_view text);

// The text that reads back as the same tensor, each number as short as its type allows: one on each
// line of a scalar or vector, rows with commas of a matrix.
// Errors: INVALID_ARGUMENT where the tensor has more dimensions.
absl::StatusOr<std::string> FormatText(const Tensor& tensor);

// The shortest text that reads back as the same element of `type`.
std::string FormatElement(ElementType type, double element);

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_FILES_TEXT_TENSOR_H_
