#include <iostream>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "client/cpp/client/catalogue.h"
#include "client/cpp/command/accuracy.h"
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
  std::cout << Bold(label) << std::string(kLabelWidth - label.size(), ' ')
            << Wrap(text, kLabelWidth, TextWidth()) << "\n";
}

std::string Range(const v1::ParameterDescription& parameter) {
  if (parameter.type() == v1::PARAMETER_TYPE_MASK) return "0 or 1";
  return parameter.type() == v1::PARAMETER_TYPE_WORD ? absl::StrJoin(parameter.words(), " | ")
                                                     : parameter.range();
}

// Which tensors a parameter takes.
std::string Tensors(const v1::ParameterDescription& parameter) {
  switch (parameter.shape()) {
    case v1::PARAMETER_SHAPE_INPUT:
      return "as the input";
    case v1::PARAMETER_SHAPE_ROWS:
      return "by row";
    case v1::PARAMETER_SHAPE_LIST:
      return "a list";
    default:
      return "-";
  }
}

void PrintParameters(const v1::ActivationDescription& activation) {
  if (activation.parameters().empty()) return;
  std::cout << "\n";
  Table table({{.header = "PARAMETER"},
               {.header = "DEFAULT"},
               {.header = "ALLOWED", .wraps = true},
               {.header = "TENSORS"},
               {.header = "GRADIENT"},
               {.header = "MEANING", .wraps = true}});
  for (const v1::ParameterDescription& parameter : activation.parameters()) {
    std::string meaning = parameter.summary();
    if (!parameter.aliases().empty()) {
      absl::StrAppend(&meaning, " (also ", absl::StrJoin(parameter.aliases(), ", "), ")");
    }
    table.AddRow({parameter.name(), FormatDefault(parameter), Range(parameter), Tensors(parameter),
                  parameter.learnable() ? "yes" : "no", meaning});
  }
  table.Print(std::cout, TableWidth());
}

// "negative_slope = 0.2", or the activation that the framework means.
std::string Choice(const v1::Preset& preset) {
  if (!preset.activation().empty()) return preset.activation();
  if (preset.has_tensor_axis()) {
    return absl::StrCat(preset.parameter(), " of rank 1 along axis ", preset.tensor_axis());
  }
  return absl::StrCat(preset.parameter(), " = ",
                      preset.word().empty() ? FormatNumber(preset.number()) : preset.word());
}

// "keras", "keras, as LeakyReLU", "any, as siren".
std::string Condition(const v1::Preset& preset) {
  const std::string framework = preset.framework().empty() ? "any" : preset.framework();
  if (preset.names().empty()) return framework;
  return absl::StrCat(framework, ", as ", absl::StrJoin(preset.names(), " or "));
}

void PrintPresets(const v1::ActivationDescription& activation) {
  if (activation.presets().empty()) return;
  std::cout << "\n";
  Table table({{.header = "PRESET", .wraps = true}, {.header = "MEANS", .wraps = true}});
  for (const v1::Preset& preset : activation.presets()) {
    table.AddRow({Condition(preset), Choice(preset)});
  }
  table.Print(std::cout, TableWidth());
}

void Print(const v1::ActivationDescription& activation) {
  std::cout << Bold(activation.name())
            << Wrap(absl::StrCat(": ", activation.summary()), 2,
                    TextWidth() - activation.name().size())
            << "\n\n";
  PrintEntry("formula", activation.formula());
  PrintEntry("kind", FormatKind(activation.kind()));
  PrintEntry("also called", absl::StrJoin(activation.aliases(), ", "));
  PrintEntry("stands for",
             absl::StrJoin(activation.other_names(), ", ", [](std::string* out, const auto& other) {
               absl::StrAppend(out, other.name(), " (with ", other.arguments(), ")");
             }));
  PrintEntry("conventions", activation.conventions());
  PrintEntry("quantities",
             absl::StrJoin(activation.quantities(), ", ", [](std::string* out, int quantity) {
               absl::StrAppend(out, FormatEnum(v1::Quantity(quantity)));
             }));
  PrintEntry("source", activation.source());
  PrintParameters(activation);
  PrintPresets(activation);
  PrintAccuracy(activation, std::cout);
}

struct DescribeArguments {
  std::string name;
  bool json = false;
};

absl::Status Run(const Connection& connection, const DescribeArguments& arguments) {
  absl::StatusOr<Client> client = connection.Open();
  if (!client.ok()) return client.status();
  const auto activation = Describe(*client, arguments.name, connection.call);
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
  command->add_option("ACTIVATION", arguments->name, "A name or alias from `rectifier list`")
      ->required();
  command->add_flag("--json", arguments->json, "As the API's JSON (ActivationDescription)");
  command->callback([&connection, &action, arguments] {
    action = [&connection, arguments] { return Run(connection, *arguments); };
  });
}

}  // namespace rectifier::client
