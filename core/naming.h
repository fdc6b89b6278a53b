// What a name means: which activation, under which framework's conventions, with which defaults.
#ifndef RECTIFIER_CORE_NAMING_H_
#define RECTIFIER_CORE_NAMING_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "core/qualified_name.h"
#include "core/spec.h"

namespace rectifier {

// The variant that `framework` means by this name of `spec`, or null.
const Variant* FindVariant(const Spec& spec, absl::string_view name, absl::string_view framework);

// What the parameter of `spec`, which must have it, is by default: where the activation goes by
// this name, under this framework. The default of a word is its first one, unless a preset chooses
// another.
Setting DefaultOf(const Spec& spec, absl::string_view name, absl::string_view framework,
                  absl::string_view parameter);

// The axis along which a tensor of rank 1 runs that is given for `parameter`; nullopt where NumPy's
// broadcasting applies.
std::optional<int> TensorAxisOf(const Spec& spec, absl::string_view name,
                                absl::string_view framework, absl::string_view parameter);

// What to write instead of an argument that other libraries have and no parameter here is named
// after, or "".
std::string HintOn(const Spec& spec, absl::string_view argument);

}  // namespace rectifier

#endif  // RECTIFIER_CORE_NAMING_H_
