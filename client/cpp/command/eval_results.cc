#include "client/cpp/command/eval_results.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "client/cpp/command/format.h"
#include "client/cpp/command/table.h"

namespace rectifier::client {
namespace {

using Json = nlohmann::ordered_json;

// A longer tensor is cut to its head and tail.
constexpr int64_t kMaxRows = 24;
constexpr int64_t kHeadRows = 16;
constexpr int64_t kTailRows = 4;

// "7" in a vector, "[0, 7]" in a matrix.
std::string FormatIndex(int64_t i, const Shape& shape) {
  Shape index(shape.size());
  for (size_t dimension = shape.size(); dimension-- > 0;) {
    index[dimension] = i % shape[dimension];
    i /= shape[dimension];
  }
  return index.size() == 1 ? absl::StrCat(index[0]) : ToString(index);
}

// Tensors of one shape, side by side.
void PrintTable(const std::vector<NamedTensor>& tensors, std::ostream& out) {
  const Shape& shape = tensors.front().tensor.shape();
  const int64_t size = tensors.front().tensor.size();
  std::vector<Column> columns = {{"INDEX", Align::kRight}};
  for (const NamedTensor& named : tensors) columns.push_back({named.name, Align::kRight});
  Table table(columns);
  const int64_t head = size <= kMaxRows ? size : kHeadRows;
  for (int64_t i = 0; i < size; ++i) {
    if (i == head) {
      std::vector<std::string> gap(columns.size(), "...");
      table.AddRow(std::move(gap));
      i = size - kTailRows;
    }
    std::vector<std::string> row = {FormatIndex(i, shape)};
    for (const auto& [name, tensor] : tensors)
      row.push_back(FormatElement(tensor.type(), tensor[i]));
    table.AddRow(std::move(row));
  }
  out << "shape " << ToString(shape) << "\n";
  table.Print(out);
}

// A tensor of one element and rank 0.
void PrintScalar(const NamedTensor& named, std::ostream& out) {
  out << named.name << " = " << FormatElement(named.tensor.type(), named.tensor[0]) << "\n";
}

Json ToJson(double element) {
  if (std::isnan(element)) return "NaN";
  if (std::isinf(element)) return element > 0 ? "Infinity" : "-Infinity";
  return element;
}

Json ToJson(const Tensor& tensor) {
  Json values = Json::array();
  for (int64_t i = 0; i < tensor.size(); ++i) values.push_back(ToJson(tensor[i]));
  return {{"element_type", std::string(Name(tensor.type()))},
          {"shape", tensor.shape()},
          {"values", std::move(values)}};
}

}  // namespace

void PrintTables(const std::vector<NamedTensor>& tensors, std::ostream& out) {
  std::vector<NamedTensor> rest = tensors;
  bool first = true;
  while (!rest.empty()) {
    const Shape shape = rest.front().tensor.shape();
    const auto others = std::stable_partition(
        rest.begin(), rest.end(),
        [&shape](const NamedTensor& named) { return named.tensor.shape() == shape; });
    const std::vector<NamedTensor> group(rest.begin(), others);
    rest.erase(rest.begin(), others);
    if (!std::exchange(first, false)) out << "\n";
    if (shape.empty()) {
      for (const NamedTensor& named : group) PrintScalar(named, out);
    } else {
      PrintTable(group, out);
    }
  }
}

void PrintJson(const std::string& activation, const std::vector<NamedOutput>& outputs,
               std::ostream& out) {
  Json results = Json::object();
  for (const NamedOutput& output : outputs) results[output.name] = ToJson(output.array.tensor());
  out << Json{{"activation", activation}, {"results", std::move(results)}}.dump() << "\n";
}

void PrintFiles(const std::vector<NamedOutput>& outputs, bool json, std::ostream& out) {
  Json files = Json::array();
  Table table({{"FILE"}, {"TYPE"}, {"SHAPE"}});
  for (const NamedOutput& output : outputs) {
    const Tensor tensor = output.array.tensor();
    const std::string type(Name(tensor.type()));
    files.push_back(
        {{"path", output.array.path()}, {"element_type", type}, {"shape", tensor.shape()}});
    table.AddRow({output.array.path(), type, ToString(tensor.shape())});
  }
  if (json) {
    out << Json{{"files", std::move(files)}}.dump() << "\n";
  } else {
    table.Print(out);
  }
}

}  // namespace rectifier::client
