// A table in plain text: columns as wide as their widest cell.
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
};

class Table {
 public:
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  // As many cells as there are columns.
  void AddRow(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }

  // The headers, unless all are empty, and the rows.
  void Print(std::ostream& out) const;

 private:
  void PrintRow(const std::vector<std::string>& cells, const std::vector<size_t>& widths,
                std::ostream& out) const;

  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_COMMAND_TABLE_H_
