// What can be said of an argument without the input's shape: its kind, its range, its payload.
#ifndef RECTIFIER_CORE_ARGUMENT_CHECK_H_
#define RECTIFIER_CORE_ARGUMENT_CHECK_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "core/evaluation.h"
#include "core/spec.h"

namespace rectifier {

// `text` in quotes; of a hostile name no more than its beginning.
std::string Quoted(absl::string_view text);

// Where an argument stands in a request: `activation.arguments["beta"]`.
std::string ArgumentPath(absl::string_view name);

// The number of an argument, or those of its tensor.
std::vector<double> NumbersOf(const Argument& argument);

// Which tensors may be the argument of a parameter.
enum class ArgumentShape : uint8_t {
  kScalar,  // none: a number or a word alone
  kInput,   // those that broadcast to the input's shape, or run along one of its axes
  kRows,    // the same, to the input's shape with 1 along the axes that the activation works along
  kList,    // those of rank 1, or a single element
};

ArgumentShape ShapeOfArgument(Kind kind, const Parameter& parameter);

// Checks that `argument` is one of those that `parameter` of the activation of this kind takes.
// Errors: INVALID_ARGUMENT with a FieldViolation that names the argument and, of a tensor, the
// element.
absl::Status CheckArgument(const Spec& spec, Kind kind, const Parameter& parameter,
                           const Argument& argument);

}  // namespace rectifier

#endif  // RECTIFIER_CORE_ARGUMENT_CHECK_H_
