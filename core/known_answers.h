// A test of the machine and the build: every activation on a few numbers, in every element type,
// against answers that were computed elsewhere. It takes milliseconds.
#ifndef RECTIFIER_CORE_KNOWN_ANSWERS_H_
#define RECTIFIER_CORE_KNOWN_ANSWERS_H_

#include <array>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "core/catalogue.h"
#include "core/element_type.h"

namespace rectifier {

// Digests of all results of one activation, by element type. A digest depends on every bit but
// those of a NaN; 0 stands for a type that the activation does not have.
struct KnownAnswer {
  absl::string_view activation;
  std::array<uint64_t, kElementTypes> digests;
};

// What the kernels of `catalogue` compute here, in the order of the catalogue.
std::vector<KnownAnswer> ComputeAnswers(const Catalogue& catalogue);

// Errors: INTERNAL, naming the first activation that differs.
absl::Status CompareAnswers(absl::Span<const KnownAnswer> answers,
                            absl::Span<const KnownAnswer> expected);

// Compares what is computed here with core/known_answers_table.h; one table serves for every CPU
// target, because the bits are the same on all of them. Errors: as above.
absl::Status CheckKnownAnswers(const Catalogue& catalogue);

}  // namespace rectifier

#endif  // RECTIFIER_CORE_KNOWN_ANSWERS_H_
