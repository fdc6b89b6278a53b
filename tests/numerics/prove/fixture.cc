#include "tests/numerics/prove/fixture.h"

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "core/catalogue.h"
#include "tests/numerics/prove/prove_command.h"

namespace rectifier::prove {
namespace {

// A kernel is a plain function, so what the spoiled ones need is global.
const ElementwiseKernels* right_kernels = nullptr;
std::function<void(const ElementwiseOperands&)>* spoil_results = nullptr;

template <size_t kType>
void Spoiled(const ElementwiseOperands& operands) {
  right_kernels->uniform[kType](operands);
  (*spoil_results)(operands);
}

template <class T>
T OrDie(absl::StatusOr<T> result) {
  if (!result.ok()) {
    std::fprintf(stderr, "%s\n", result.status().ToString().c_str());
    std::abort();
  }
  return *std::move(result);
}

}  // namespace

const std::map<std::string, Formula>& Formulas() {
  static const auto* const formulas =
      new std::map<std::string, Formula>(OrDie(ReadFormulas(FormulasPath())));
  return *formulas;
}

Subject SubjectOf(const std::string& activation, const Assignments& assignments) {
  const Catalogue& catalogue = Catalogue::Best();
  return OrDie(MakeSubject(catalogue, *OrDie(catalogue.Find(activation)), Formulas(), assignments));
}

SpoiledKernels::SpoiledKernels(Subject* subject,
                               std::function<void(const ElementwiseOperands&)> spoil)
    : subject_(subject),
      kernels_{.uniform = {&Spoiled<0>, &Spoiled<1>, &Spoiled<2>, &Spoiled<3>}, .varying = {}} {
  right_kernels = subject->kernels;
  spoil_results = new std::function<void(const ElementwiseOperands&)>(std::move(spoil));
  subject->kernels = &kernels_;
}

SpoiledKernels::~SpoiledKernels() {
  subject_->kernels = right_kernels;
  delete std::exchange(spoil_results, nullptr);
}

}  // namespace rectifier::prove
