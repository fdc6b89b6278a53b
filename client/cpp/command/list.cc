#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cpp/command/commands.h"
#include "client/cpp/command/format.h"
#include "client/cpp/command/table.h"

namespace rectifier::client {
namespace {

std::string Parameters(const v1::ActivationDescription& activation) {
  return absl::StrJoin(activation.parameters(), " ", [](std::string* out, const auto& parameter) {
    absl::StrAppend(out, parameter.name(), "=", FormatDefault(parameter));
  });
}

absl::Status Run(const Connection& connection, bool json) {
  Client client = connection.Open();
  const auto list = client.ListActivations(connection.call);
  if (!list.ok()) return list.status();
  if (json) {
    std::cout << FormatJson(*list);
    return absl::OkStatus();
  }
  Table table({{"NAME"}, {"KIND"}, {"PARAMETERS"}, {"SUMMARY"}});
  for (const v1::ActivationDescription& activation : list->activations()) {
    table.AddRow({activation.name(), FormatKind(activation.kind()), Parameters(activation),
                  activation.summary()});
  }
  table.Print(std::cout);
  return absl::OkStatus();
}

}  // namespace

void AddList(CLI::App& app, const Connection& connection, Action& action) {
  CLI::App* command = app.add_subcommand("list", "List the activations that the server offers");
  const auto json = std::make_shared<bool>(false);
  command->add_flag("--json", *json, "The whole catalogue, as the API's JSON (ListActivations)");
  command->callback([&connection, &action, json] {
    action = [&connection, json] { return Run(connection, *json); };
  });
}

}  // namespace rectifier::client
