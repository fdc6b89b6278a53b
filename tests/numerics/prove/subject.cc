#include "tests/numerics/prove/subject.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "core/evaluation.h"

namespace rectifier::prove {
namespace {

std::string ShortestDecimal(double number) {
  for (int digits = 1; digits < 17; ++digits) {
    std::string text = absl::StrFormat("%.*g", digits, number);
    double back = 0;
    if (absl::SimpleAtod(text, &back) && back == number) return text;
  }
  return absl::StrFormat("%.17g", number);
}

std::vector<Column> ColumnsOf(const Activation& activation) {
  std::vector<Column> columns;
  for (Quantity quantity : {Quantity::kValue, Quantity::kGradient, Quantity::kSecondDerivative}) {
    if (activation.quantities.Has(quantity)) {
      columns.push_back({.name = std::string(Name(quantity)), .quantity = quantity});
    }
  }
  for (size_t i = 0; i < activation.spec->parameters.size(); ++i) {
    const Parameter& parameter = activation.spec->parameters[i];
    if (!parameter.learnable) continue;
    columns.push_back({.name = absl::StrCat("d/", parameter.name),
                       .quantity = Quantity::kParameterGradient,
                       .parameter = i});
  }
  return columns;
}

}  // namespace

std::string Subject::ArgumentText() const {
  std::vector<std::string> parts;
  for (size_t i = 0; i < arguments.size(); ++i) {
    parts.push_back(absl::StrCat(spec->parameters[i].name, "=", ShortestDecimal(arguments[i])));
  }
  return absl::StrJoin(parts, ",");
}

absl::StatusOr<Assignments> ParseAssignments(absl::string_view text) {
  Assignments assignments;
  for (absl::string_view part : absl::StrSplit(text, ',', absl::SkipEmpty())) {
    const std::pair<std::string, std::string> sides = absl::StrSplit(part, absl::MaxSplits('=', 1));
    if (!absl::SimpleAtod(sides.second, &assignments[sides.first])) {
      return absl::InvalidArgumentError(absl::StrCat("not NAME=NUMBER: ", part));
    }
  }
  return assignments;
}

absl::StatusOr<Subject> MakeSubject(const Catalogue& catalogue, const Activation& activation,
                                    const std::map<std::string, Formula>& formulas,
                                    const Assignments& assignments) {
  const Spec& spec = *activation.spec;
  if (activation.kind() != Kind::kElementwise) {
    return absl::InvalidArgumentError(absl::StrCat(spec.name, " is not elementwise"));
  }
  Subject subject{.spec = &spec,
                  .kernels = &std::get<ElementwiseKernels>(activation.kernels),
                  .arrays = &catalogue.arrays(),
                  .columns = ColumnsOf(activation)};
  size_t used = 0;
  std::vector<std::string> symbols = {"x"};
  for (const Parameter& parameter : spec.parameters) {
    const auto given = assignments.find(std::string(parameter.name));
    const double argument = given == assignments.end() ? parameter.default_value : given->second;
    if (!parameter.range.Contains(argument)) {
      return absl::InvalidArgumentError(
          absl::StrCat(spec.name, ": ", parameter.name, " may not be ", argument));
    }
    used += given == assignments.end() ? 0 : 1;
    subject.arguments.push_back(argument);
    // Integers say which draws a seed makes, and stand in no formula; `u` is the draw.
    if (parameter.type == ParameterType::kInteger) continue;
    symbols.emplace_back(parameter.type == ParameterType::kSeed ? "u" : parameter.name);
  }
  if (used < assignments.size()) {
    return absl::InvalidArgumentError(absl::StrCat(spec.name, " has no such parameter"));
  }
  const auto formula = formulas.find(std::string(spec.name));
  if (formula == formulas.end() || formula->second.symbols != symbols) {
    return absl::NotFoundError(absl::StrCat(spec.name, ": run ./dev generate"));
  }
  for (Column& column : subject.columns) {
    const auto expression = formula->second.expressions.find(column.name);
    if (expression == formula->second.expressions.end()) {
      return absl::NotFoundError(absl::StrCat(spec.name, " ", column.name, ": ./dev generate"));
    }
    column.expression = &expression->second;
  }
  return subject;
}

void Restrict(Quantity quantity, Subject* subject) {
  std::vector<Column>& columns = subject->columns;
  columns.erase(std::remove_if(columns.begin(), columns.end(),
                               [&](const Column& column) { return column.quantity != quantity; }),
                columns.end());
}

KernelRun::KernelRun(const Subject* subject, ElementType type, size_t capacity)
    : subject_(subject),
      type_(type),
      results_(subject->columns.size(), std::vector<char>(capacity * SizeOf(type))) {
  const bool by_parameters = std::any_of(
      subject->columns.begin(), subject->columns.end(),
      [](const Column& column) { return column.quantity == Quantity::kParameterGradient; });
  if (!by_parameters) return;
  terms_.assign(subject->arguments.size(), std::vector<double>(capacity));
  terms_low_ = terms_;
  wide_.resize(capacity);
}

void KernelRun::Run(const void* x, size_t count) {
  ElementwiseOperands operands{.x = x, .count = count};
  for (size_t i = 0; i < subject_->arguments.size(); ++i) {
    operands.parameters[i] = &subject_->arguments[i];
  }
  for (size_t i = 0; i < results_.size(); ++i) {
    const Quantity quantity = subject_->columns[i].quantity;
    if (quantity == Quantity::kValue) operands.value = results_[i].data();
    if (quantity == Quantity::kGradient) operands.gradient = results_[i].data();
    if (quantity == Quantity::kSecondDerivative) operands.second_derivative = results_[i].data();
  }
  subject_->kernels->uniform[static_cast<size_t>(type_)](operands);
  if (!terms_.empty()) RunTerms(x, count);
}

// Terms are those of float64, rounded once, as the engine has it.
void KernelRun::RunTerms(const void* x, size_t count) {
  const auto type = static_cast<size_t>(type_);
  subject_->arrays->load[type](x, wide_.data(), count);
  ElementwiseOperands operands{.x = wide_.data(), .count = count};
  for (size_t i = 0; i < subject_->arguments.size(); ++i) {
    operands.parameters[i] = &subject_->arguments[i];
    operands.parameter_terms[i] = terms_[i].data();
    operands.parameter_terms_low[i] = terms_low_[i].data();
  }
  subject_->kernels->uniform[static_cast<size_t>(ElementType::kFloat64)](operands);
  for (size_t i = 0; i < results_.size(); ++i) {
    const Column& column = subject_->columns[i];
    if (column.quantity != Quantity::kParameterGradient) continue;
    subject_->arrays->store[type](terms_[column.parameter].data(),
                                  terms_low_[column.parameter].data(), results_[i].data(), count);
  }
}

}  // namespace rectifier::prove
