#include "tests/numerics/prove/results.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "nlohmann/json.hpp"

namespace rectifier::prove {
namespace {

using Json = nlohmann::ordered_json;
using Key = std::tuple<std::string, std::string, std::string, std::string>;

// JSON knows neither infinity nor NaN.
Json Number(double number) {
  if (std::isfinite(number)) return number;
  return std::isnan(number) ? "nan" : number > 0 ? "inf" : "-inf";
}

// The share of correct results is too short to tell none from few.
int64_t Misrounded(const Row& row) {
  const double wrong = std::round((1 - row.correct) * static_cast<double>(row.inputs));
  return static_cast<int64_t>(wrong) - static_cast<int64_t>(row.undecided);
}

Json ToJson(const Row& row) {
  return {{"activation", row.activation},
          {"arguments", row.arguments},
          {"type", row.type},
          {"quantity", row.quantity},
          {"worst_ulp", Number(std::round(row.worst_ulp * 1e5) / 1e5)},
          {"x", Number(row.x)},
          {"x_hex", absl::StrFormat("%a", row.x)},
          {"result", absl::StrFormat("%a", row.result)},
          {"exact", absl::StrFormat("%a", row.exact)},
          {"correctly_rounded", std::floor(row.correct * 1e7) / 1e7},
          {"misrounded", Misrounded(row)},
          {"inputs", row.inputs},
          {"undecided", row.undecided},
          {"seconds", std::round(row.seconds * 10) / 10},
          {"date", row.date},
          {"machine", row.machine},
          {"target", row.target}};
}

Key KeyOf(const Json& row) {
  return {row.at("activation"), row.at("arguments"), row.at("type"), row.at("quantity")};
}

}  // namespace

absl::Status MergeResults(const std::string& path, const std::string& command,
                          const std::vector<Row>& rows, const std::vector<std::string>& names) {
  std::map<Key, Json> merged;
  if (std::ifstream file(path); file) {
    const Json old = Json::parse(file, nullptr, false);
    if (old.is_discarded()) return absl::DataLossError(absl::StrCat(path, " is not JSON"));
    for (const Json& row : old.at("rows")) {
      const bool known = std::find(names.begin(), names.end(), row.at("activation")) != names.end();
      if (known) merged[KeyOf(row)] = row;
    }
  }
  for (const Row& row : rows) {
    const Json json = ToJson(row);
    merged[KeyOf(json)] = json;
  }
  std::ofstream file(path);
  file << "{\n\"command\": " << Json(command).dump() << ",\n\"rows\": [\n";
  size_t left = merged.size();
  for (const auto& [key, row] : merged) file << row.dump() << (--left > 0 ? ",\n" : "\n");
  file << "]\n}\n";
  file.close();
  return file ? absl::OkStatus() : absl::UnavailableError(absl::StrCat("cannot write ", path));
}

}  // namespace rectifier::prove
