#include "client/cpp/command/table.h"

#include <algorithm>

#include "absl/strings/ascii.h"

namespace rectifier::client {

void Table::Print(std::ostream& out) const {
  std::vector<std::string> headers;
  std::vector<size_t> widths;
  for (const Column& column : columns_) {
    headers.push_back(column.header);
    widths.push_back(column.header.size());
  }
  for (const auto& row : rows_) {
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  const bool has_headers =
      std::any_of(headers.begin(), headers.end(), [](const auto& text) { return !text.empty(); });
  if (has_headers) PrintRow(headers, widths, out);
  for (const auto& row : rows_) PrintRow(row, widths, out);
}

void Table::PrintRow(const std::vector<std::string>& cells, const std::vector<size_t>& widths,
                     std::ostream& out) const {
  std::string line;
  for (size_t i = 0; i < cells.size(); ++i) {
    const std::string padding(widths[i] - cells[i].size(), ' ');
    if (i > 0) line += "  ";
    line += columns_[i].align == Align::kRight ? padding + cells[i] : cells[i] + padding;
  }
  absl::StripTrailingAsciiWhitespace(&line);
  out << line << "\n";
}

}  // namespace rectifier::client
