#include "tests/numerics/prove/prove_command.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tests/numerics/prove/expression.h"
#include "tests/numerics/prove/progress.h"
#include "tests/numerics/prove/results.h"
#include "tests/numerics/prove/row.h"
#include "tests/numerics/prove/state.h"
#include "tests/numerics/prove/subject.h"
#include "tests/numerics/prove/sweep.h"
#include "tests/numerics/prove/verdict.h"

namespace rectifier::prove {
namespace {

// Cheap types come first, so that what is wrong shows early.
constexpr ElementType kOrder[] = {ElementType::kFloat16, ElementType::kBFloat16,
                                  ElementType::kFloat64, ElementType::kFloat32};

void PrintHeading() {
  std::printf("%-34s %-4s %-18s %9s  %-15s %-21s %10s %12s %8s\n", "activation", "type", "quantity",
              "worst ULP", "at x", "", "correct %", "inputs", "seconds");
}

void PrintRow(const Row& row, bool within) {
  const std::string name = row.arguments.empty()
                               ? row.activation
                               : absl::StrCat(row.activation, "(", row.arguments, ")");
  std::printf("%-34s %-4s %-18s %9.5f%s %-15.9g %-21s %10.5f %12s %8.1f\n", name.c_str(),
              row.type.c_str(), row.quantity.c_str(), row.worst_ulp, within ? " " : "!", row.x,
              absl::StrFormat("%a", row.x).c_str(), 100 * row.correct,
              absl::StrCat(row.inputs, row.undecided > 0 ? "?" : "").c_str(), row.seconds);
  if (!within) std::printf("    there %a, exactly %a\n", row.result, row.exact);
  std::fflush(stdout);
}

// Proves subject after subject, and remembers what is done.
class Run {
 public:
  Run(const ProveOptions& options, std::string program, std::string target)
      : options_(options), program_(std::move(program)), target_(std::move(target)) {}

  absl::Status Subject(const prove::Subject& subject, ElementType type) {
    const Sweep sweep = MakeSweep(&subject, type);
    const std::string key = absl::StrCat(subject.spec->name, " ", subject.ArgumentText(), " ",
                                         ShortName(type), " ", Columns(subject));
    const std::string path =
        absl::StrCat(options_.state_directory, "/", FingerprintOf(key), ".state");
    absl::StatusOr<State> state = State::Open(path, absl::StrCat(program_, " ", key), sweep.tasks);
    if (!state.ok()) return state.status();
    Execute(absl::StrCat(subject.spec->name, " ", ShortName(type)), sweep, &*state);
    for (size_t column = 0; column < subject.columns.size(); ++column) {
      Finding finding;
      for (const std::vector<Finding>& findings : state->findings()) finding.Add(findings[column]);
      Row row = RowOf(subject, column, type, finding);
      row.seconds = state->seconds();
      row.date = Today();
      row.machine = CpuModel();
      row.target = target_;
      const bool within = row.worst_ulp <= BoundOf(subject, column, type);
      all_within_ = all_within_ && within;
      PrintRow(row, within);
      rows_.push_back(std::move(row));
    }
    states_.push_back(*std::move(state));
    return absl::OkStatus();
  }

  // The run is complete: what was remembered for a next one goes.
  void Forget() {
    for (State& state : states_) state.Remove();
  }

  const std::vector<Row>& rows() const { return rows_; }
  bool all_within() const { return all_within_; }

 private:
  static std::string Columns(const prove::Subject& subject) {
    std::string names;
    for (const Column& column : subject.columns) absl::StrAppend(&names, column.name, " ");
    return names;
  }

  void Execute(const std::string& title, const Sweep& sweep, State* state) const {
    const TaskFindings& findings = state->findings();
    size_t done = static_cast<size_t>(
        std::count_if(findings.begin(), findings.end(),
                      [](const std::vector<Finding>& finding) { return !finding.empty(); }));
    Progress progress(title, sweep.tasks);
    progress.Show(done);
    const size_t threads =
        options_.threads > 0 ? options_.threads : std::thread::hardware_concurrency();
    RunSweep(sweep, threads, &state->findings(), [&](size_t task, double seconds) {
      state->Append(task, seconds);
      progress.Show(++done);
    });
  }

  const ProveOptions& options_;
  std::string program_;
  std::string target_;
  std::vector<Row> rows_;
  std::vector<State> states_;
  bool all_within_ = true;
};

}  // namespace

std::string FormulasPath() {
  return absl::StrCat(RECTIFIER_SOURCE_DIR, "/tests/numerics/oracle/expressions.txt");
}

absl::StatusOr<const Catalogue*> CatalogueFor(const std::string& target) {
  if (target.empty()) return &Catalogue::Best();
  return Catalogue::ForTarget(target);
}

absl::StatusOr<std::vector<const Activation*>> Elementwise(const Catalogue& catalogue,
                                                           const std::vector<std::string>& names) {
  std::vector<const Activation*> activations;
  for (const std::string& name : names) {
    absl::StatusOr<const Activation*> activation = catalogue.Find(name);
    if (!activation.ok()) return activation.status();
    activations.push_back(*activation);
  }
  if (!names.empty()) return activations;
  for (const Activation& activation : catalogue.All()) {
    if (activation.kind() == Kind::kElementwise) activations.push_back(&activation);
  }
  return activations;
}

absl::StatusOr<bool> Prove(const ProveOptions& options) {
  const absl::StatusOr<const Catalogue*> catalogue = CatalogueFor(options.target);
  if (!catalogue.ok()) return catalogue.status();
  const auto activations = Elementwise(**catalogue, options.activations);
  if (!activations.ok()) return activations.status();
  const auto formulas = ReadFormulas(FormulasPath());
  if (!formulas.ok()) return formulas.status();
  const auto assignments = ParseAssignments(options.arguments);
  if (!assignments.ok()) return assignments.status();

  std::filesystem::create_directories(options.state_directory);
  const std::string target((*catalogue)->target());
  Run run(options,
          absl::StrCat(FingerprintOf(ContentOf("/proc/self/exe")), " ",
                       FingerprintOf(ContentOf(FormulasPath())), " ", target),
          target);
  PrintHeading();
  for (const Activation* activation : *activations) {
    absl::StatusOr<Subject> subject =
        MakeSubject(**catalogue, *activation, *formulas, *assignments);
    if (!subject.ok()) return subject.status();
    if (options.quantity.has_value()) Restrict(*options.quantity, &*subject);
    if (subject->columns.empty()) continue;
    for (ElementType type : kOrder) {
      const std::vector<ElementType>& types = options.types;
      if (!types.empty() && std::find(types.begin(), types.end(), type) == types.end()) continue;
      if (absl::Status status = run.Subject(*subject, type); !status.ok()) return status;
    }
  }
  if (!options.write.empty()) {
    std::vector<std::string> names;
    for (const Activation& activation : (*catalogue)->All()) {
      names.emplace_back(activation.spec->name);
    }
    const absl::Status written = MergeResults(options.write, options.command, run.rows(), names);
    if (!written.ok()) return written;
  }
  run.Forget();
  return run.all_within();
}

}  // namespace rectifier::prove
