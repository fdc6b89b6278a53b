// A table in plain text: columns as wide as their widest cell, or as the terminal allows.
#ifndef RECTIFIER_CLIENT_CPP_COMMAND_TABLE_H_
#define RECTIFIER_CLIENT_CPP_COMMAND_TABLE_H_

#include <ostream>
#include <string>
#include <vector>

namespace rectifier::client {

enum class Align { kLeft, kRight };

struct Column {
  std::string header;
  Align align = Align::kLeft;
  bool wraps = false;  // its cells may be broken between words, where the table is too wide
};

class Table {
 public:
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  // Takes as many cells as there are columns.
  void AddRow(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }

  // The columns that its widest rows take.
  size_t Width() const;

  // The headers, unless all are empty, and the rows; where the columns do not fit side by side, the
  // cells of each row below one another. Only a word that is longer makes a line longer than
  // `width`.
  void Print(std::ostream& out, size_t width) const;

 private:
  std::vector<size_t> NaturalWidths() const;
  std::vector<size_t> LeastWidths() const;
  std::vector<size_t> FitWidths(size_t width) const;
  size_t LongestWord(size_t column) const;

  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_COMMAND_TABLE_H_
