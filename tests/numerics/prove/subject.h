// What is proved: an activation at given arguments, and the quantities of it.
#ifndef RECTIFIER_TESTS_NUMERICS_PROVE_SUBJECT_H_
#define RECTIFIER_TESTS_NUMERICS_PROVE_SUBJECT_H_

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/catalogue.h"
#include "core/element_type.h"
#include "core/kernel.h"
#include "core/spec.h"
#include "tests/numerics/prove/expression.h"

namespace rectifier::prove {

// One quantity: value, gradient, second_derivative, or d/PARAMETER.
struct Column {
  std::string name;
  Quantity quantity = Quantity::kValue;
  size_t parameter = 0;  // in the Spec, for a parameter gradient
  const Expression* expression = nullptr;
};

struct Subject {
  const Spec* spec = nullptr;
  const ElementwiseKernels* kernels = nullptr;
  const ArrayKernels* arrays = nullptr;
  std::vector<double> arguments;  // by parameter
  std::vector<Column> columns;

  // "beta=0.5,..." with the shortest decimals that give the doubles; "" without parameters.
  std::string ArgumentText() const;
};

using Assignments = std::map<std::string, double>;

// Parses "beta=0.5,gamma=2". Errors: INVALID_ARGUMENT.
absl::StatusOr<Assignments> ParseAssignments(absl::string_view text);

// Arguments that `assignments` does not name are the defaults. Everything pointed to must outlive
// the subject. Errors: INVALID_ARGUMENT for an unknown or forbidden argument, or an activation that
// is not elementwise; NOT_FOUND where `formulas` is older than the catalogue.
absl::StatusOr<Subject> MakeSubject(const Catalogue& catalogue, const Activation& activation,
                                    const std::map<std::string, Formula>& formulas,
                                    const Assignments& assignments);

// Leaves the columns of `quantity` alone.
void Restrict(Quantity quantity, Subject* subject);

// Runs one kernel for every column of a subject. Threads: one object each.
class KernelRun {
 public:
  // `subject` must outlive the object; `capacity` is the most inputs of one call.
  KernelRun(const Subject* subject, ElementType type, size_t capacity);

  // Evaluates the `count` elements at `x`.
  void Run(const void* x, size_t count);

  // The results of the last call for a column of the subject, in the element type; of a parameter's
  // gradient as they are for an argument of that type.
  const void* results(size_t column) const { return results_[column].data(); }

 private:
  void RunTerms(const void* x, size_t count);

  const Subject* subject_;
  ElementType type_;
  std::vector<std::vector<char>> results_;
  // The parts of each parameter's terms, and the inputs as float64. They are empty where none is
  // asked for.
  std::vector<std::vector<double>> terms_, terms_low_;
  std::vector<double> wide_;
};

}  // namespace rectifier::prove

#endif  // RECTIFIER_TESTS_NUMERICS_PROVE_SUBJECT_H_
