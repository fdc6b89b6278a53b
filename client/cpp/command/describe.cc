#include <algorithm>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "client/cpp/catalogue.h"
#include "client/cpp/command/commands.h"
#include "client/cpp/command/format.h"
#include "client/cpp/command/table.h"
#include "client/cpp/command/terminal.h"

namespace rectifier::client {
namespace {

constexpr size_t kLabelWidth = 14;

// "formula       x*erfc(-x/sqrt(2))/2"; nothing where there is no text.
void PrintEntry(absl::string_view label, const std::string& text) {
  if (text.empty()) return;
  std::cout << label << std::string(kLabelWidth - label.size(), ' ')
            << Wrap(text, kLabelWidth, TerminalWidth()) << "\n";
}

std::string Range(const v1::ParameterDescription& parameter) {
  if (parameter.type() == v1::PARAMETER_TYPE_MASK) return "a tensor";
  return parameter.type() == v1::PARAMETER_TYPE_WORD ? absl::StrJoin(parameter.words(), " | ")
                                                     : parameter.range();
}

void PrintParameters(const v1::ActivationDescription& activation) {
  if (activation.parameters().empty()) return;
  std::cout << "\n";
  Table table({{"PARAMETER"}, {"DEFAULT"}, {"ALLOWED"}, {"GRADIENT"}, {"MEANING"}});
  for (const v1::ParameterDescription& parameter : activation.parameters()) {
    std::string meaning = parameter.summary();
    if (!parameter.aliases().empty()) {
      absl::StrAppend(&meaning, " (also ", absl::StrJoin(parameter.aliases(), ", "), ")");
    }
    table.AddRow({parameter.name(), FormatDefault(parameter), Range(parameter),
                  parameter.learnable() ? "yes" : "no", meaning});
  }
  table.Print(std::cout);
}

void PrintPresets(const v1::ActivationDescription& activation) {
  if (activation.presets().empty()) return;
  std::cout << "\n";
  Table table({{"PRESET"}, {"SETS"}});
  for (const v1::Preset& preset : activation.presets()) {
    table.AddRow({preset.framework(),
                  absl::StrCat(preset.parameter(), " = ", FormatNumber(preset.number()))});
  }
  table.Print(std::cout);
}

// One row by quantity, one column by element type.
void PrintAccuracy(const v1::ActivationDescription& activation) {
  if (activation.accuracies().empty()) return;
  std::vector<Column> columns = {{"WORST ERROR (ULP)"}};
  for (int type : activation.element_types()) {
    columns.push_back({FormatEnum(v1::ElementType(type)), Align::kRight});
  }
  Table table(columns);
  std::vector<std::pair<std::string, std::vector<std::string>>> notes;  // and what they are about
  for (int quantity : activation.quantities()) {
    std::vector<std::string> row = {FormatEnum(v1::Quantity(quantity))};
    row.resize(columns.size(), "-");
    for (const v1::Accuracy& accuracy : activation.accuracies()) {
      if (accuracy.quantity() != quantity) continue;
      for (int i = 0; i < activation.element_types_size(); ++i) {
        if (activation.element_types(i) != accuracy.element_type()) continue;
        row[i + 1] = FormatNumber(accuracy.max_ulp());
      }
      if (accuracy.note().empty()) continue;
      auto note = std::find_if(notes.begin(), notes.end(),
                               [&](const auto& known) { return known.first == accuracy.note(); });
      if (note == notes.end()) note = notes.insert(note, {accuracy.note(), {}});
      const std::string about = FormatEnum(accuracy.quantity());
      if (note->second.empty() || note->second.back() != about) note->second.push_back(about);
    }
    table.AddRow(std::move(row));
  }
  std::cout << "\n";
  table.Print(std::cout);
  for (const auto& [note, about] : notes) {
    std::cout << "\n"
              << Wrap(absl::StrCat(absl::StrJoin(about, ", "), ": ", note), 0, TerminalWidth())
              << "\n";
  }
}

void Print(const v1::ActivationDescription& activation) {
  std::cout << activation.name() << ": " << activation.summary() << "\n\n";
  PrintEntry("formula", activation.formula());
  PrintEntry("kind", FormatKind(activation.kind()));
  PrintEntry("also called", absl::StrJoin(activation.aliases(), ", "));
  PrintEntry("conventions", activation.conventions());
  PrintEntry("quantities",
             absl::StrJoin(activation.quantities(), ", ", [](std::string* out, int quantity) {
               absl::StrAppend(out, FormatEnum(v1::Quantity(quantity)));
             }));
  PrintEntry("source", activation.source());
  PrintParameters(activation);
  PrintPresets(activation);
  PrintAccuracy(activation);
}

struct DescribeArguments {
  std::string name;
  bool json = false;
};

absl::Status Run(const Connection& connection, const DescribeArguments& arguments) {
  Client client = connection.Open();
  const auto activation = Describe(client, arguments.name, connection.call);
  if (!activation.ok()) return activation.status();
  if (arguments.json) {
    std::cout << FormatJson(*activation);
  } else {
    Print(*activation);
  }
  return absl::OkStatus();
}

}  // namespace

void AddDescribe(CLI::App& app, const Connection& connection, Action& action) {
  CLI::App* command = app.add_subcommand(
      "describe", "Show one activation: formula, parameters, conventions, accuracy, source");
  const auto arguments = std::make_shared<DescribeArguments>();
  command->add_option("NAME", arguments->name, "A name or alias from `rectifier list`")
      ->required()
      ->option_text(" ");
  command->add_flag("--json", arguments->json, "As the API's JSON (ActivationDescription)");
  command->callback([&connection, &action, arguments] {
    action = [&connection, arguments] { return Run(connection, *arguments); };
  });
}

}  // namespace rectifier::client
