#include "client/cpp/command/accuracy.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cpp/command/format.h"
#include "client/cpp/command/table.h"
#include "client/cpp/command/terminal.h"

namespace rectifier::client {
namespace {

bool IsProven(const v1::Accuracy& accuracy) {
  return accuracy.evidence() == v1::ACCURACY_EVIDENCE_EXHAUSTIVE;
}

void PrintNotes(const v1::ActivationDescription& activation, std::ostream& out) {
  std::vector<std::pair<std::string, std::vector<std::string>>> notes;
  for (const v1::Accuracy& accuracy : activation.accuracies()) {
    if (accuracy.note().empty()) continue;
    auto note =
        absl::c_find_if(notes, [&](const auto& known) { return known.first == accuracy.note(); });
    if (note == notes.end()) note = notes.insert(note, {accuracy.note(), {}});
    const std::string about = FormatEnum(accuracy.quantity());
    if (note->second.empty() || note->second.back() != about) note->second.push_back(about);
  }
  for (const auto& [note, about] : notes) {
    out << "\n"
        << Wrap(absl::StrCat(absl::StrJoin(about, ", "), ": ", note), 0, TextWidth()) << "\n";
  }
}

}  // namespace

void PrintAccuracy(const v1::ActivationDescription& activation, std::ostream& out) {
  if (activation.accuracies().empty()) return;
  std::vector<Column> columns = {{"WORST ERROR (ULP)"}};
  for (int type : activation.element_types()) {
    columns.push_back({FormatEnum(v1::ElementType(type)), Align::kRight});
  }
  Table table(columns);
  for (int quantity : activation.quantities()) {
    std::vector<std::string> row = {FormatEnum(v1::Quantity(quantity))};
    row.resize(columns.size(), "-");
    for (const v1::Accuracy& accuracy : activation.accuracies()) {
      if (accuracy.quantity() != quantity) continue;
      for (int i = 0; i < activation.element_types_size(); ++i) {
        if (activation.element_types(i) != accuracy.element_type()) continue;
        row[i + 1] = absl::StrCat(FormatNumber(accuracy.max_ulp()), IsProven(accuracy) ? "*" : "");
      }
    }
    table.AddRow(std::move(row));
  }
  out << "\n";
  table.Print(out, TableWidth());
  if (absl::c_any_of(activation.accuracies(), IsProven)) {
    out << "* the worst of all inputs that the type has\n";
  }
  PrintNotes(activation, out);
}

}  // namespace rectifier::client
