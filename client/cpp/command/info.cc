#include <algorithm>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "client/cpp/command/commands.h"
#include "client/cpp/command/format.h"
#include "client/cpp/command/message_table.h"
#include "client/cpp/command/table.h"
#include "client/cpp/command/terminal.h"

namespace rectifier::client {
namespace {

bool IsIndented(const std::pair<std::string, std::string>& field) {
  return absl::StartsWith(field.first, " ");
}

// Each run of fields of one depth has a table of its own, because long names of limits would push
// the rest aside.
void Print(const v1::GetServerInfoResponse& info, const std::string& target) {
  std::vector<std::pair<std::string, std::string>> fields = FieldsOf(info);
  fields.insert(fields.begin(), {"server", target});
  for (auto begin = fields.begin(); begin != fields.end();) {
    const auto end = std::find_if(begin, fields.end(), [&](const auto& field) {
      return IsIndented(field) != IsIndented(*begin);
    });
    Table table({{.header = ""}, {.header = "", .wraps = true}});
    for (; begin != end; ++begin) table.AddRow({begin->first, begin->second});
    table.Print(std::cout, TableWidth());
  }
}

absl::Status Run(const Connection& connection, bool json) {
  absl::StatusOr<Client> client = connection.Open();
  if (!client.ok()) return client.status();
  const auto info = client->GetServerInfo(connection.call);
  if (!info.ok()) return info.status();
  if (json) {
    std::cout << FormatJson(*info);
  } else {
    Print(*info, connection.target);
  }
  return absl::OkStatus();
}

}  // namespace

void AddInfo(CLI::App& app, const Connection& connection, Action& action) {
  CLI::App* command =
      app.add_subcommand("info", "Show the server's version, CPU target, threads and limits");
  const auto json = std::make_shared<bool>(false);
  command->add_flag("--json", *json, "As the API's JSON (GetServerInfo)");
  command->callback([&connection, &action, json] {
    action = [&connection, json] { return Run(connection, *json); };
  });
}

}  // namespace rectifier::client
