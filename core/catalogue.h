// All activations, in declared order, with their kernels for one CPU target.
//
//   const rectifier::Catalogue& catalogue = rectifier::Catalogue::Best();
//   absl::StatusOr<const rectifier::Activation*> gelu = catalogue.Find("gelu");
#ifndef RECTIFIER_CORE_CATALOGUE_H_
#define RECTIFIER_CORE_CATALOGUE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "core/kernel.h"
#include "core/spec.h"

namespace rectifier {

class Catalogue {
 public:
  // The catalogue for the best CPU target of this machine. It lives as long as the process.
  static const Catalogue& Best();

  // The catalogue for the CPU target with this name ("AVX3", "AVX2", "SSE4", "SCALAR", ...).
  // Errors: INVALID_ARGUMENT where this machine or build has no such target, with those it has.
  static absl::StatusOr<const Catalogue*> ForTarget(absl::string_view name);

  // The names of the CPU targets that this build has and this machine can run, best first.
  static std::vector<std::string> Targets();

  Catalogue(const Catalogue&) = delete;
  Catalogue& operator=(const Catalogue&) = delete;

  // The CPU target that the kernels were compiled for.
  absl::string_view target() const { return target_; }

  // Every activation, in declared order.
  absl::Span<const Activation> All() const { return activations_; }

  // Finds an activation by its name or an alias, which may stand behind the module that it is known
  // from (core/naming.h). Errors: NOT_FOUND, with what is called so under certain arguments, or the
  // nearest name, where there is one.
  absl::StatusOr<const Activation*> Find(absl::string_view name) const;

  // Kernels over arrays of doubles, for the same target.
  const ArrayKernels& arrays() const { return arrays_; }

 private:
  explicit Catalogue(int64_t target);

  // An activation, or more kernels of the last one.
  void Add(const Activation& activation);

  std::string target_;
  std::vector<Activation> activations_;
  absl::flat_hash_map<absl::string_view, const Activation*> by_name_;
  ArrayKernels arrays_;
};

// The candidate nearest to `name` by edit distance, or "" where none is near.
absl::string_view NearestName(absl::string_view name,
                              absl::Span<const absl::string_view> candidates);

}  // namespace rectifier

#endif  // RECTIFIER_CORE_CATALOGUE_H_
