#include "client/cpp/command/table.h"

#include <algorithm>
#include <numeric>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "client/cpp/command/terminal.h"

namespace rectifier::client {
namespace {

constexpr absl::string_view kGap = "  ";

size_t Total(const std::vector<size_t>& widths) {
  const size_t gaps = widths.empty() ? 0 : (widths.size() - 1) * kGap.size();
  return std::accumulate(widths.begin(), widths.end(), gaps);
}

// A cell's lines, of which there is one where it fits.
std::vector<std::string> LinesOf(const std::string& cell, size_t width) {
  if (cell.size() <= width) return {cell};
  return absl::StrSplit(Wrap(cell, 0, width), '\n');
}

std::string Padded(const std::string& text, size_t width, Align align) {
  const std::string padding(width > text.size() ? width - text.size() : 0, ' ');
  return align == Align::kRight ? padding + text : text + padding;
}

// The row's cells side by side, each in its own lines. `decorate` is applied to whole lines.
template <class Decorate>
void PrintRow(const std::vector<std::string>& cells, const std::vector<Column>& columns,
              const std::vector<size_t>& widths, const Decorate& decorate, std::ostream& out) {
  std::vector<std::vector<std::string>> lines;
  size_t height = 0;
  for (size_t i = 0; i < cells.size(); ++i) {
    lines.push_back(LinesOf(cells[i], widths[i]));
    height = std::max(height, lines.back().size());
  }
  for (size_t row = 0; row < height; ++row) {
    std::string line;
    for (size_t i = 0; i < cells.size(); ++i) {
      const std::string text = row < lines[i].size() ? lines[i][row] : "";
      absl::StrAppend(&line, i > 0 ? kGap : "", Padded(text, widths[i], columns[i].align));
    }
    absl::StripTrailingAsciiWhitespace(&line);
    out << decorate(line) << "\n";
  }
}

// The row's cells below one another, with their headers: the first cell, and the others indented.
void PrintBlock(const std::vector<std::string>& cells, const std::vector<Column>& columns,
                size_t width, std::ostream& out) {
  constexpr size_t kIndent = 2;
  out << Bold(cells[0]) << "\n";
  for (size_t i = 1; i < cells.size(); ++i) {
    if (cells[i].empty()) continue;
    const std::string& header = columns[i].header;
    out << std::string(kIndent, ' ')
        << Wrap(absl::StrCat(header, header.empty() ? "" : " ", cells[i]), kIndent, width) << "\n";
  }
}

}  // namespace

size_t Table::Width() const { return Total(NaturalWidths()); }

void Table::Print(std::ostream& out, size_t width) const {
  if (Total(LeastWidths()) > width) {
    for (const auto& row : rows_) PrintBlock(row, columns_, width, out);
    return;
  }
  const std::vector<size_t> widths = FitWidths(width);
  std::vector<std::string> headers;
  for (const Column& column : columns_) headers.push_back(column.header);
  const bool has_headers =
      std::any_of(headers.begin(), headers.end(), [](const auto& text) { return !text.empty(); });
  if (has_headers) PrintRow(headers, columns_, widths, Bold, out);
  const auto plain = [](const std::string& line) { return line; };
  for (const auto& row : rows_) PrintRow(row, columns_, widths, plain, out);
}

std::vector<size_t> Table::NaturalWidths() const {
  std::vector<size_t> widths;
  for (const Column& column : columns_) widths.push_back(column.header.size());
  for (const auto& row : rows_) {
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  return widths;
}

std::vector<size_t> Table::LeastWidths() const {
  std::vector<size_t> widths = NaturalWidths();
  for (size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i].wraps) widths[i] = LongestWord(i);
  }
  return widths;
}

// Takes one column after the other from the widest of those that wrap, down to its longest word.
std::vector<size_t> Table::FitWidths(size_t width) const {
  std::vector<size_t> widths = NaturalWidths();
  const std::vector<size_t> least = LeastWidths();
  while (Total(widths) > width) {
    size_t widest = widths.size();
    for (size_t i = 0; i < widths.size(); ++i) {
      if (widths[i] > least[i] && (widest == widths.size() || widths[i] > widths[widest])) {
        widest = i;
      }
    }
    if (widest == widths.size()) break;
    --widths[widest];
  }
  return widths;
}

size_t Table::LongestWord(size_t column) const {
  size_t longest = columns_[column].header.size();
  for (const auto& row : rows_) {
    for (absl::string_view word : absl::StrSplit(row[column], ' ')) {
      longest = std::max(longest, word.size());
    }
  }
  return longest;
}

}  // namespace rectifier::client
