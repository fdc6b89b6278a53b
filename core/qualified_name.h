// Rules of names that server and clients share. They are in a header alone, because clients do
// without core.
#ifndef RECTIFIER_CORE_QUALIFIED_NAME_H_
#define RECTIFIER_CORE_QUALIFIED_NAME_H_

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

namespace rectifier {

// A name with the module that it is known from: `jax.nn.gelu` is `gelu`, of jax.
struct QualifiedName {
  absl::string_view name;       // what follows the last dot
  absl::string_view framework;  // a preset, or empty where the module names none
};

// The module may be any. What counts is the last of its parts that names a framework, as `torch`
// and `tf` do. `nn.ReLU` and `F.relu` name none.
inline QualifiedName Qualify(absl::string_view name) {
  // The packages of the frameworks, as programs import them: jnp is jax.numpy, lax is jax.lax.
  constexpr std::pair<absl::string_view, absl::string_view> kPackages[] = {
      {"torch", "pytorch"}, {"jax", "jax"},     {"jnp", "jax"},       {"lax", "jax"},
      {"flax", "jax"},      {"keras", "keras"}, {"tf", "tensorflow"}, {"tensorflow", "tensorflow"},
      {"onnx", "onnx"},
  };
  QualifiedName qualified{.name = name, .framework = ""};
  const size_t dot = name.rfind('.');
  if (dot == absl::string_view::npos) return qualified;
  qualified.name = name.substr(dot + 1);
  for (const absl::string_view part : absl::StrSplit(name.substr(0, dot), '.')) {
    const auto package = std::find_if(std::begin(kPackages), std::end(kPackages),
                                      [part](const auto& entry) { return entry.first == part; });
    if (package != std::end(kPackages)) qualified.framework = package->second;
  }
  return qualified;
}

// How closely a rule that holds for `framework` (empty: for any) and `names` (empty: for all) fits
// what is given: the larger the better, 0 where it does not.
template <class Names>
int FitOf(absl::string_view framework, const Names& names, absl::string_view given_framework,
          absl::string_view given_name) {
  if (!framework.empty() && framework != given_framework) return 0;
  if (!names.empty() && std::find(names.begin(), names.end(), given_name) == names.end()) return 0;
  return 1 + (framework.empty() ? 0 : 1) + (names.empty() ? 0 : 2);
}

}  // namespace rectifier

#endif  // RECTIFIER_CORE_QUALIFIED_NAME_H_
