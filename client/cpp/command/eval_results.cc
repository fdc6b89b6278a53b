#include "client/cpp/command/eval_results.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/types/span.h"
#include "client/cpp/command/table.h"
#include "client/cpp/command/terminal.h"
#include "client/cpp/files/text_tensor.h"

namespace rectifier::client {
namespace {

using Json = nlohmann::ordered_json;

// A longer tensor is cut to its head and tail.
constexpr int64_t kMaxRows = 24;
constexpr int64_t kHeadRows = 16;
constexpr int64_t kTailRows = 4;

// How many digits a number in a table has: as many as the first at most, which are all that any
// double needs.
constexpr int kAllDigits = 17;
constexpr int kLeastDigits = 6;

// "7" in a vector, "[0, 7]" in a matrix.
std::string FormatIndex(int64_t i, const Shape& shape) {
  Shape index(shape.size());
  for (size_t dimension = shape.size(); dimension-- > 0;) {
    index[dimension] = i % shape[dimension];
    i /= shape[dimension];
  }
  return index.size() == 1 ? absl::StrCat(index[0]) : ToString(index);
}

// `element` in at most `digits` digits; all that it needs where that is no more.
std::string FormatRounded(ElementType type, double element, int digits) {
  const std::string exact = FormatElement(type, element);
  const std::string rounded = absl::StrFormat("%.*g", digits, element);
  return rounded.size() < exact.size() ? rounded : exact;
}

// Tensors of one shape, side by side.
Table MakeTable(absl::Span<const NamedTensor> tensors, int digits) {
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
    for (const auto& [name, tensor] : tensors) {
      row.push_back(FormatRounded(tensor.type(), tensor[i], digits));
    }
    table.AddRow(std::move(row));
  }
  return table;
}

// The table with as many digits as fit the width, at least kLeastDigits, and how many these are.
std::pair<Table, int> FitTable(absl::Span<const NamedTensor> tensors, size_t width) {
  int digits = kAllDigits;
  Table table = MakeTable(tensors, digits);
  while (table.Width() > width && digits > kLeastDigits) table = MakeTable(tensors, --digits);
  return {std::move(table), digits};
}

// Prints one table, or as many as the width asks for. Gives the least digits shown.
int PrintTablesOf(absl::Span<const NamedTensor> tensors, size_t width, std::ostream& out) {
  int least = kAllDigits;
  while (!tensors.empty()) {
    size_t count = tensors.size();
    auto fitted = FitTable(tensors, width);
    while (fitted.first.Width() > width && count > 1) {
      fitted = FitTable(tensors.subspan(0, --count), width);
    }
    fitted.first.Print(out, width);
    least = std::min(least, fitted.second);
    tensors.remove_prefix(count);
    if (!tensors.empty()) out << "\n";
  }
  return least;
}

void PrintTable(absl::Span<const NamedTensor> tensors, size_t width, std::ostream& out) {
  out << "shape " << ToString(tensors.front().tensor.shape()) << "\n";
  const int digits = PrintTablesOf(tensors, width, out);
  if (digits == kAllDigits) return;
  const std::string note =
      absl::StrCat("(rounded to ", digits, " digits to fit; --json and -o give all)");
  out << Wrap(note, 0, width) << "\n";
}

// Prints a tensor of one element and rank 0.
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

void PrintTables(const std::vector<NamedTensor>& tensors, size_t width, std::ostream& out) {
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
      // cppcheck-suppress invalidContainer; the group is a copy
      for (const NamedTensor& named : group) PrintScalar(named, out);
    } else {
      PrintTable(group, width, out);
    }
  }
}

void PrintJson(const std::string& activation, const std::vector<NamedTensor>& inputs,
               const std::vector<NamedTensor>& results, std::ostream& out) {
  Json json = {{"activation", activation}};
  json["inputs"] = Json::array();
  for (const NamedTensor& input : inputs) json["inputs"].push_back(ToJson(input.tensor));
  json["results"] = Json::object();
  for (const auto& [name, tensor] : results) json["results"][name] = ToJson(tensor);
  out << json.dump() << "\n";
}

void PrintFiles(const std::vector<WrittenFile>& files, bool json, std::ostream& out) {
  Json list = Json::array();
  Table table({{"FILE"}, {"TYPE"}, {"SHAPE"}});
  for (const auto& [path, tensor] : files) {
    const std::string type(Name(tensor.type()));
    list.push_back({{"path", path}, {"element_type", type}, {"shape", tensor.shape()}});
    table.AddRow({path, type, ToString(tensor.shape())});
  }
  if (json) {
    out << Json{{"files", std::move(list)}}.dump() << "\n";
  } else {
    table.Print(out, TableWidth());
  }
}

}  // namespace rectifier::client
