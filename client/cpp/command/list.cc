#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "client/cpp/command/choices.h"
#include "client/cpp/command/commands.h"
#include "client/cpp/command/format.h"
#include "client/cpp/command/table.h"
#include "client/cpp/command/terminal.h"

namespace rectifier::client {
namespace {

struct ListArguments {
  std::string text;
  std::string kind;
  bool names = false;
  bool json = false;
};

// The default of a parameter; a number in `digits` digits, where that is shorter.
std::string Default(const v1::ParameterDescription& parameter, int digits) {
  const std::string exact = FormatDefault(parameter);
  double number = 0;
  if (!absl::SimpleAtod(exact, &number)) return exact;
  const std::string rounded = absl::StrFormat("%.*g", digits, number);
  return rounded.size() < exact.size() ? rounded : exact;
}

std::string Parameters(const v1::ActivationDescription& activation, int digits) {
  return absl::StrJoin(activation.parameters(), " ", [&](std::string* out, const auto& parameter) {
    absl::StrAppend(out, parameter.name(), "=", Default(parameter, digits));
  });
}

// Whether name, alias or summary hold the text, in letters of either case.
bool Matches(const v1::ActivationDescription& activation, const ListArguments& arguments) {
  if (!arguments.kind.empty() && FormatKind(activation.kind()) != arguments.kind) return false;
  const std::string text = absl::AsciiStrToLower(arguments.text);
  const auto holds = [&text](const std::string& other) {
    return absl::StrContains(absl::AsciiStrToLower(other), text);
  };
  return holds(activation.name()) || holds(activation.summary()) ||
         absl::c_any_of(activation.aliases(), holds) ||
         absl::c_any_of(activation.other_names(),
                        [&](const v1::OtherName& other) { return holds(other.name()); });
}

v1::ListActivationsResponse Filter(const v1::ListActivationsResponse& list,
                                   const ListArguments& arguments) {
  v1::ListActivationsResponse filtered;
  for (const v1::ActivationDescription& activation : list.activations()) {
    if (Matches(activation, arguments)) *filtered.add_activations() = activation;
  }
  return filtered;
}

Table MakeTable(const v1::ListActivationsResponse& list, int digits) {
  Table table({{.header = "NAME"},
               {.header = "KIND"},
               {.header = "PARAMETERS", .wraps = true},
               {.header = "SUMMARY", .wraps = true}});
  for (const v1::ActivationDescription& activation : list.activations()) {
    table.AddRow({activation.name(), FormatKind(activation.kind()), Parameters(activation, digits),
                  activation.summary()});
  }
  return table;
}

// `describe` has all digits of a default; here they would leave no room for the summaries.
void Print(const v1::ListActivationsResponse& list) {
  constexpr int kAllDigits = 17, kFewDigits = 4;
  const size_t width = TableWidth();
  const Table table = MakeTable(list, kAllDigits);
  const bool fits = table.Width() <= width;
  (fits ? table : MakeTable(list, kFewDigits)).Print(std::cout, width);
}

absl::Status NothingMatches(const ListArguments& arguments) {
  const std::string kind = arguments.kind.empty() ? "" : absl::StrCat(" of kind ", arguments.kind);
  return absl::NotFoundError(absl::StrCat("no activation", kind, " has '", arguments.text,
                                          "' in its name, aliases or summary"));
}

absl::Status Run(const Connection& connection, const ListArguments& arguments) {
  absl::StatusOr<Client> client = connection.Open();
  if (!client.ok()) return client.status();
  const auto all = client->ListActivations(connection.call);
  if (!all.ok()) return all.status();
  const v1::ListActivationsResponse list = Filter(*all, arguments);
  if (list.activations().empty()) return NothingMatches(arguments);
  if (arguments.json) {
    std::cout << FormatJson(list);
  } else if (arguments.names) {
    for (const auto& activation : list.activations()) std::cout << activation.name() << "\n";
  } else {
    Print(list);
  }
  return absl::OkStatus();
}

}  // namespace

void AddList(CLI::App& app, const Connection& connection, Action& action) {
  CLI::App* command = app.add_subcommand("list", "List the activations that the server offers");
  const auto arguments = std::make_shared<ListArguments>();
  command->add_option("TEXT", arguments->text,
                      "Those alone that have it in their name, aliases or summary");
  command
      ->add_option_function<std::string>(
          "-k,--kind",
          [arguments](const std::string& kind) {
            const auto kinds = ChoicesOf("KIND");
            arguments->kind = std::string(kinds[Choose("--kind", kind, kinds)].name);
          },
          absl::StrCat("Those of this kind alone: ", JoinChoices("KIND")))
      ->type_name("KIND");
  command->add_flag("--names", arguments->names, "Names alone, one on each line");
  command->add_flag("--json", arguments->json,
                    "All about them, as the API's JSON (ListActivations)");
  command->callback([&connection, &action, arguments] {
    action = [&connection, arguments] { return Run(connection, *arguments); };
  });
}

}  // namespace rectifier::client
