#include "tests/numerics/prove/reference_command.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <limits>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/numerics/prove/array_file.h"
#include "tests/numerics/prove/format.h"
#include "tests/numerics/prove/point.h"
#include "tests/numerics/prove/prove_command.h"
#include "tests/numerics/prove/subject.h"

namespace rectifier::prove {
namespace {

double ExactAt(PointOracle* oracle, double x) {
  if (std::isnan(x)) return x;
  const PointResult result = oracle->At(x);
  if (!result.defined || !result.decided) return std::numeric_limits<double>::quiet_NaN();
  if (result.infinite) return result.sign * kInfinity;
  const double nearest = RoundTo(ElementType::kFloat64, result.middle.get());
  return nearest == 0 && result.sign < 0 ? -0.0 : nearest;
}

std::vector<double> ExactResults(const Subject& subject, const std::vector<float>& x) {
  std::vector<double> exact(x.size());
  const size_t threads = std::max(1u, std::thread::hardware_concurrency());
  std::vector<std::thread> pool;
  for (size_t first = 0; first < threads; ++first) {
    pool.emplace_back([&, first] {
      {
        PointOracle oracle(subject.columns[0].expression, subject.arguments);
        for (size_t i = first; i < x.size(); i += threads) exact[i] = ExactAt(&oracle, x[i]);
      }
      flint_cleanup();
    });
  }
  for (std::thread& thread : pool) thread.join();
  return exact;
}

std::vector<float> OurResults(const Subject& subject, const std::vector<float>& x) {
  KernelRun kernel(&subject, ElementType::kFloat32, x.size());
  kernel.Run(x.data(), x.size());
  std::vector<float> results(x.size());
  std::memcpy(results.data(), kernel.results(0), x.size() * sizeof(float));
  return results;
}

absl::StatusOr<Subject> SubjectOf(const ReferenceOptions& options,
                                  const std::map<std::string, Formula>& formulas) {
  const Catalogue& catalogue = Catalogue::Best();
  const auto activation = catalogue.Find(options.activation);
  if (!activation.ok()) return activation.status();
  const auto assignments = ParseAssignments(options.arguments);
  if (!assignments.ok()) return assignments.status();
  absl::StatusOr<Subject> subject = MakeSubject(catalogue, **activation, formulas, *assignments);
  if (!subject.ok()) return subject.status();
  const auto column =
      std::find_if(subject->columns.begin(), subject->columns.end(),
                   [&](const Column& candidate) { return candidate.name == options.quantity; });
  if (column == subject->columns.end()) {
    return absl::InvalidArgumentError(
        absl::StrCat(options.activation, " has no quantity ", options.quantity));
  }
  subject->columns = {*column};
  return subject;
}

}  // namespace

absl::Status WriteReference(const ReferenceOptions& options) {
  const auto formulas = ReadFormulas(FormulasPath());
  if (!formulas.ok()) return formulas.status();
  const absl::StatusOr<Subject> subject = SubjectOf(options, *formulas);
  if (!subject.ok()) return subject.status();
  const absl::StatusOr<std::vector<float>> x = ReadFloats(options.input);
  if (!x.ok()) return x.status();
  if (!options.exact.empty()) {
    const absl::Status status = WriteDoubles(options.exact, ExactResults(*subject, *x));
    if (!status.ok()) return status;
  }
  if (options.ours.empty()) return absl::OkStatus();
  return WriteFloats(options.ours, OurResults(*subject, *x));
}

}  // namespace rectifier::prove
