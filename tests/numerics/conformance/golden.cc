#include "tests/numerics/conformance/golden.h"

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <optional>
#include <sstream>

#include "gtest/gtest.h"
#include "tests/numerics/binary_format.h"

namespace rectifier::testing {
namespace {

double ParseNumber(const std::string& text) {
  char* end = nullptr;
  const double number = std::strtod(text.c_str(), &end);
  EXPECT_TRUE(end != text.c_str() && *end == '\0') << "not a number: " << text;
  return number;
}

Exact ParseExact(const std::string& text) {
  if (text == "?") return {.defined = false};
  const size_t colon = text.find(':');
  Exact exact{.nearest = ParseNumber(text.substr(0, colon))};
  if (colon != std::string::npos) exact.rest = ParseNumber(text.substr(colon + 1));
  return exact;
}

std::vector<std::string> Fields(const std::string& line) {
  std::istringstream stream(line);
  std::vector<std::string> fields;
  for (std::string field; stream >> field;) fields.push_back(field);
  return fields;
}

// The lines of an activation's file as fields, without comments.
std::vector<std::vector<std::string>> ReadLines(const std::string& activation) {
  const std::string path =
      std::string(RECTIFIER_SOURCE_DIR) + "/tests/numerics/oracle/golden/" + activation + ".txt";
  std::ifstream file(path);
  EXPECT_TRUE(file) << "no golden file " << path << "; run ./dev generate";
  std::vector<std::vector<std::string>> lines;
  for (std::string line; std::getline(file, line);) {
    std::vector<std::string> fields = Fields(line.substr(0, line.find('#')));
    if (!fields.empty()) lines.push_back(std::move(fields));
  }
  return lines;
}

// "name=number" of each field but the first.
std::map<std::string, double> ParseArguments(const std::vector<std::string>& fields) {
  std::map<std::string, double> arguments;
  for (size_t i = 1; i < fields.size(); ++i) {
    const size_t equals = fields[i].find('=');
    arguments[fields[i].substr(0, equals)] = ParseNumber(fields[i].substr(equals + 1));
  }
  return arguments;
}

bool IsGiven(const std::string& column) {
  return column == "x" || column == "gate" || column == "value_input";
}

std::vector<GoldenBlock> ParseBlocks(const std::string& activation) {
  std::vector<GoldenBlock> blocks;
  std::vector<std::string> columns;
  for (const std::vector<std::string>& fields : ReadLines(activation)) {
    if (fields[0] == "arguments") {
      blocks.emplace_back().arguments = ParseArguments(fields);
    } else if (fields[0] == "columns") {
      if (blocks.empty()) blocks.emplace_back();  // pairs without numbers state no arguments
      columns.assign(fields.begin() + 1, fields.end());
      // The inputs come first; a pair has a second one, which is called as a quantity is.
      if (columns[0] == "gate") columns[1] = "value_input";
    } else {
      EXPECT_EQ(fields.size(), columns.size()) << activation;
      for (size_t i = 0; i < columns.size(); ++i) {
        if (IsGiven(columns[i])) {
          blocks.back().given[columns[i]].push_back(ParseNumber(fields[i]));
        } else {
          blocks.back().exact[columns[i]].push_back(ParseExact(fields[i]));
        }
      }
    }
  }
  return blocks;
}

std::vector<GoldenRow> ParseRows(const std::string& activation) {
  std::vector<GoldenRow> rows;
  for (const std::vector<std::string>& fields : ReadLines(activation)) {
    if (fields[0] == "case") {
      rows.emplace_back();
      continue;
    }
    GoldenRow& row = rows.back();
    if (fields[0] == "arguments") {
      row.arguments = ParseArguments(fields);
      continue;
    }
    if (fields[0].rfind("d/", 0) == 0) row.by_parameter[fields[0]] = ParseExact(fields[1]);
    for (size_t i = 1; i < fields.size(); ++i) {
      if (fields[0] == "mask") row.mask.push_back(ParseNumber(fields[i]));
      if (fields[0] == "bias") row.bias.push_back(ParseNumber(fields[i]));
      if (fields[0] == "x") row.x.push_back(ParseNumber(fields[i]));
      if (fields[0] == "upstream") row.upstream.push_back(ParseNumber(fields[i]));
      if (fields[0] == "value") row.value.push_back(ParseExact(fields[i]));
      if (fields[0] == "gradient") row.gradient.push_back(ParseExact(fields[i]));
    }
  }
  return rows;
}

// A file as it was parsed last. Tests that read the same one follow one another.
template <typename Parsed>
class Latest {
 public:
  const Parsed& Read(const std::string& activation, Parsed (*parse)(const std::string&)) {
    if (activation != activation_) parsed_ = parse(activation);
    activation_ = activation;
    return parsed_;
  }

 private:
  std::string activation_;
  Parsed parsed_;
};

}  // namespace

const std::vector<GoldenBlock>& ReadGoldenBlocks(const std::string& activation) {
  static auto& latest = *new Latest<std::vector<GoldenBlock>>();
  return latest.Read(activation, ParseBlocks);
}

const std::vector<GoldenRow>& ReadGoldenRows(const std::string& activation) {
  static auto& latest = *new Latest<std::vector<GoldenRow>>();
  return latest.Read(activation, ParseRows);
}

double UnitInTheLastPlace(ElementType type, double value) {
  const BinaryFormat format = FormatOf(type);
  int exponent = format.least_exponent;
  if (value != 0 && std::isfinite(value)) exponent = std::max(exponent, std::ilogb(value));
  exponent = std::min(exponent, format.greatest_exponent);
  return std::ldexp(1.0, exponent - (format.digits - 1));
}

double UlpError(ElementType type, double result, const Exact& exact) {
  constexpr double kWrong = std::numeric_limits<double>::infinity();
  const double nearest = exact.nearest;
  if (std::isnan(result) || std::isnan(nearest)) {
    return std::isnan(result) && std::isnan(nearest) ? 0 : kWrong;
  }
  const bool is_signed_zero = nearest == 0 && std::signbit(nearest);
  if (result == 0 && (nearest != 0 || is_signed_zero) &&
      std::signbit(result) != std::signbit(nearest)) {
    return kWrong;
  }
  // Infinity counts as the number that would follow the largest.
  const long double beyond =
      std::ldexp(static_cast<long double>(1), FormatOf(type).greatest_exponent + 1);
  const auto bounded = [beyond](long double value) {
    return std::min(std::max(value, -beyond), beyond);
  };
  const long double rest = std::abs(nearest) < beyond
                               ? static_cast<long double>(exact.rest) *
                                     UnitInTheLastPlace(ElementType::kFloat64, nearest)
                               : 0;
  const long double difference = (bounded(result) - bounded(nearest)) - rest;
  return static_cast<double>(std::abs(difference) / UnitInTheLastPlace(type, nearest));
}

}  // namespace rectifier::testing
