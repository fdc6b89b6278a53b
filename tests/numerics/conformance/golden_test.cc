// Holds every activation, quantity, element type and CPU target to the oracle's exact results,
// within the bounds that the catalogue states. No activation is known here by name.
#include <algorithm>
#include <cmath>
#include <iostream>
#include <limits>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/accuracy.h"
#include "gtest/gtest.h"
#include "tests/numerics/conformance/golden.h"
#include "tests/support/core_evaluate.h"

namespace rectifier::testing {
namespace {

// What formulas call the draw that a seed makes.
constexpr absl::string_view kDraw = "u";

// The worst error of one quantity in one element type.
struct Worst {
  double ulp = 0;
  std::string where = "nowhere";

  void Meet(double error, const std::string& at) {
    if (error > ulp || std::isnan(error)) {
      ulp = error;
      where = at;
    }
  }
};

bool Representable(ElementType type, double value) {
  std::byte bytes[8];
  StoreElement(type, value, bytes);
  return LoadElement(type, bytes) == value;
}

// The quantity that a column of a golden file holds.
Quantity QuantityOf(const std::string& column) {
  if (column == "value" || column == "result") return Quantity::kValue;
  if (column == "gradient" || column == "d/gate" || column == "d/value") return Quantity::kGradient;
  if (column == "second_derivative") return Quantity::kSecondDerivative;
  return Quantity::kParameterGradient;
}

class GoldenTest : public ::testing::TestWithParam<std::tuple<std::string, std::string>> {
 protected:
  GoldenTest()
      : catalogue_(**Catalogue::ForTarget(std::get<1>(GetParam()))),
        activation_(**catalogue_.Find(std::get<0>(GetParam()))),
        name_(activation_.spec->name) {}

  // The bound for a column: where all inputs have been tried, at default arguments, the worst that
  // was found; elsewhere what the catalogue states or promises.
  double Bound(const std::string& column, ElementType type, bool defaults) const {
    const ErrorBound bound = ErrorBoundOf(*activation_.spec, QuantityOf(column), type);
    const bool known = bound.evidence == Evidence::kStated ||
                       (bound.evidence == Evidence::kExhaustive && defaults);
    return known ? bound.max_ulp : std::max(bound.max_ulp, PromisedUlp(type));
  }

  bool HasDefaults(const GoldenBlock& block) const {
    const auto& parameters = activation_.spec->parameters;
    return std::all_of(parameters.begin(), parameters.end(), [&](const Parameter& parameter) {
      const bool draws = parameter.type == ParameterType::kSeed;
      const auto given = block.arguments.find(std::string(draws ? kDraw : parameter.name));
      return given == block.arguments.end() || given->second == parameter.default_value;
    });
  }

  // The hard spot of an f64 column that `x` lies in, if any.
  const HardSpot* HardSpotAt(const std::string& column, double x) const {
    for (const HardSpot& spot : activation_.spec->accuracy.hard_spots) {
      const double at = spot.times.empty() ? x : x * arguments_.at(std::string(spot.times));
      if (spot.quantity == QuantityOf(column) && spot.low <= at && at <= spot.high) return &spot;
    }
    return nullptr;
  }

  void Meet(ElementType type, const std::string& quantity, double x, double result,
            const Exact& exact) {
    if (!exact.defined) return;
    double error = UlpError(type, result, exact);
    const HardSpot* const spot = type == ElementType::kFloat64 ? HardSpotAt(quantity, x) : nullptr;
    if (spot != nullptr && !std::isnan(result)) {
      // The unit is such that the bound is met exactly where the absolute error is.
      const double absolute = std::abs(result - exact.nearest);
      error = std::min(error, Bound(quantity, type, defaults_) * (absolute / spot->absolute_error));
    }
    worst_[{quantity, type, defaults_}].Meet(
        error, absl::StrFormat("x = %a: %a, exactly %a", x, result, exact.nearest));
  }

  // The gradient of a row is a difference. In f64 its error counts in ULP of the largest gradient
  // of the row; the other types have digits to spare, and are held to the element's own ULP.
  void MeetGradientOfRow(ElementType type, const GoldenRow& row, size_t i, double result) {
    const Exact& exact = row.gradient[i];
    if (type != ElementType::kFloat64) return Meet(type, "gradient", row.x[i], result, exact);
    double largest = 0;
    for (const Exact& other : row.gradient) largest = std::max(largest, std::abs(other.nearest));
    const double scale =
        UnitInTheLastPlace(type, exact.nearest) / UnitInTheLastPlace(type, largest);
    worst_[{"gradient", type, defaults_}].Meet(
        UlpError(type, result, exact) * scale,
        absl::StrFormat("x = %a: %a, exactly %a", row.x[i], result, exact.nearest));
  }

  void CheckBounds() {
    for (const auto& [key, worst] : worst_) {
      const auto& [quantity, type, defaults] = key;
      const double bound = Bound(quantity, type, defaults);
      // Exact arithmetic on the recorded remainders is good to 1e-4 of an f64 ULP.
      EXPECT_LE(worst.ulp, bound + 1e-4)
          << name_ << " " << quantity << " in " << Name(type) << " at " << worst.where;
      if (!defaults) continue;
      RecordProperty(absl::StrCat(quantity, " ", std::string(Name(type))),
                     absl::StrFormat("%.4f of %.4f ULP at %s", worst.ulp, bound, worst.where));
    }
  }

  EvaluationRequest Request(const GoldenBlock& block) const {
    EvaluationRequest request{.activation = activation_.spec->name,
                              .quantities = activation_.quantities};
    for (const auto& [name, value] : block.arguments) {
      if (name != kDraw) request.arguments.push_back({name, value, {}});
    }
    return request;
  }

  TestOutputs Evaluate(const EvaluationRequest& request) const {
    TestEnvironment environment{.catalogue = &catalogue_};
    if (const auto draw = arguments_.find(std::string(kDraw)); draw != arguments_.end()) {
      environment.draw = draw->second;
    }
    absl::StatusOr<TestOutputs> outputs = EvaluateInCore(request, environment);
    EXPECT_TRUE(outputs.ok()) << outputs.status();
    return outputs.ok() ? *std::move(outputs) : TestOutputs();
  }

  // The points of `block` that `type` represents.
  static std::vector<size_t> PointsIn(const GoldenBlock& block, ElementType type) {
    std::vector<size_t> points;
    const size_t count = block.given.begin()->second.size();
    for (size_t i = 0; i < count; ++i) {
      const bool representable =
          std::all_of(block.given.begin(), block.given.end(),
                      [&](const auto& column) { return Representable(type, column.second[i]); });
      if (representable) points.push_back(i);
    }
    return points;
  }

  static std::vector<double> Pick(const std::vector<double>& column,
                                  const std::vector<size_t>& points) {
    std::vector<double> picked;
    for (size_t point : points) picked.push_back(column[point]);
    return picked;
  }

  void CheckElementwise(const GoldenBlock& block, ElementType type) {
    const std::vector<size_t> points = PointsIn(block, type);
    ASSERT_FALSE(points.empty());
    arguments_ = block.arguments;
    defaults_ = HasDefaults(block);
    const std::vector<double> x = Pick(block.given.at("x"), points);
    const TestTensor input(type, x);
    EvaluationRequest request = Request(block);
    request.inputs = {input.view()};
    // A parameter's gradient is a sum: one argument per element keeps the terms apart. It has the
    // argument's type: the input's, where that has the number.
    std::vector<TestTensor> arguments;
    arguments.reserve(block.arguments.size());
    for (Argument& argument : request.arguments) {
      const double number = std::get<double>(argument.value);
      arguments.emplace_back(Representable(type, number) ? type : ElementType::kFloat64,
                             std::vector<double>(x.size(), number));
      argument.value = arguments.back().view();
    }
    const TestOutputs outputs = Evaluate(request);
    for (const auto& [quantity, exact] : block.exact) {
      ASSERT_TRUE(outputs.count(quantity)) << quantity;
      const TestOutput& output = outputs.at(quantity);
      for (size_t i = 0; i < points.size(); ++i) {
        Meet(output.type, quantity, x[i], output.values[i], exact[points[i]]);
      }
    }
  }

  void CheckPairs(const GoldenBlock& block, ElementType type) {
    const std::vector<size_t> points = PointsIn(block, type);
    ASSERT_FALSE(points.empty());
    arguments_ = block.arguments;
    defaults_ = HasDefaults(block);
    const std::vector<double> gates = Pick(block.given.at("gate"), points);
    const TestTensor gate(type, gates);
    const TestTensor value(type, Pick(block.given.at("value_input"), points));
    EvaluationRequest request = Request(block);
    request.arguments.push_back({"gate", absl::string_view("first"), {}});
    request.inputs = {gate.view(), value.view()};
    const TestOutputs outputs = Evaluate(request);
    const std::pair<const char*, const char*> columns[] = {
        {"result", "value"}, {"d/gate", "gradient"}, {"d/value", "gradient 1"}};
    for (const auto& [column, output] : columns) {
      for (size_t i = 0; i < points.size(); ++i) {
        Meet(type, column, gates[i], outputs.at(output).values[i],
             block.exact.at(column)[points[i]]);
      }
    }
  }

  void CheckRow(const GoldenRow& row, ElementType type) {
    const auto representable = [type](double value) { return Representable(type, value); };
    if (!std::all_of(row.x.begin(), row.x.end(), representable) ||
        !std::all_of(row.upstream.begin(), row.upstream.end(), representable)) {
      return;
    }
    const TestTensor x(type, row.x);
    const bool reduces = activation_.spec->row_shape == RowShape::kReduce;
    const bool groups = activation_.spec->row_shape == RowShape::kGroups;
    const TestTensor upstream(
        type, reduces ? Shape{} : Shape{static_cast<int64_t>(row.upstream.size())}, row.upstream);
    EvaluationRequest request{.activation = activation_.spec->name,
                              .inputs = {x.view()},
                              .upstream = upstream.view(),
                              .quantities = activation_.quantities};
    for (const auto& [name, number] : row.arguments)
      request.arguments.push_back({name, number, {}});
    if (groups) {
      request.arguments.push_back({kPiecesParameter, static_cast<double>(row.x.size()), {}});
    }
    const TestTensor mask(ElementType::kFloat16, row.mask);
    if (!row.mask.empty()) request.arguments.push_back({kMaskParameter, mask.view(), {}});
    const TestTensor bias(ElementType::kFloat64, row.bias);
    if (!row.bias.empty()) request.arguments.push_back({kBiasParameter, bias.view(), {}});
    const TestOutputs outputs = Evaluate(request);
    ++rows_checked_;
    for (size_t i = 0; i < row.value.size(); ++i) {
      Meet(type, "value", row.x[i % row.x.size()], outputs.at("value").values[i], row.value[i]);
    }
    for (size_t i = 0; i < row.gradient.size(); ++i) {
      MeetGradientOfRow(type, row, i, outputs.at("gradient").values[i]);
      if (!row.bias.empty()) MeetGradientOfRow(type, row, i, outputs.at("d/bias").values[i]);
    }
    for (const auto& [name, exact] : row.by_parameter) {
      Meet(outputs.at(name).type, name, row.x[0], outputs.at(name).values[0], exact);
    }
  }

  const Catalogue& catalogue_;
  const Activation& activation_;
  const std::string name_;
  std::map<std::string, double> arguments_;  // of the block being checked
  std::map<std::tuple<std::string, ElementType, bool>, Worst> worst_;
  bool defaults_ = true;  // whether the block being checked has default arguments
  int rows_checked_ = 0;
};

TEST_P(GoldenTest, StaysWithinItsBounds) {
  for (ElementType type : kAllElementTypes) {
    switch (activation_.kind()) {
      case Kind::kElementwise:
        for (const GoldenBlock& block : ReadGoldenBlocks(name_)) CheckElementwise(block, type);
        break;
      case Kind::kPairs:
        for (const GoldenBlock& block : ReadGoldenBlocks(name_)) CheckPairs(block, type);
        break;
      case Kind::kRows:
        rows_checked_ = 0;
        for (const GoldenRow& row : ReadGoldenRows(name_)) CheckRow(row, type);
        EXPECT_GT(rows_checked_, 0) << "no row is representable in " << Name(type);
        break;
    }
  }
  EXPECT_FALSE(worst_.empty());
  CheckBounds();
}

std::vector<std::string> AllNames() {
  std::vector<std::string> names;
  for (const Activation& activation : Catalogue::Best().All()) {
    names.emplace_back(activation.spec->name);
  }
  return names;
}

INSTANTIATE_TEST_SUITE_P(Catalogue, GoldenTest,
                         ::testing::Combine(::testing::ValuesIn(AllNames()),
                                            ::testing::ValuesIn(Catalogue::Targets())),
                         [](const auto& info) {
                           return absl::StrCat(std::get<0>(info.param), "_on_",
                                               std::get<1>(info.param));
                         });

}  // namespace
}  // namespace rectifier::testing
