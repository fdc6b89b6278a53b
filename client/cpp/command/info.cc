#include <iostream>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cpp/command/commands.h"
#include "client/cpp/command/format.h"
#include "client/cpp/command/table.h"

namespace rectifier::client {
namespace {

void Print(const v1::GetServerInfoResponse& info, const std::string& target) {
  const v1::Limits& limits = info.limits();
  Table server({{.header = ""}, {.header = ""}});
  server.AddRow({"server", target});
  server.AddRow({"version", info.version()});
  server.AddRow({"cpu target", info.cpu_target()});
  server.AddRow({"threads", absl::StrCat(info.threads())});
  server.AddRow({"transports", absl::StrJoin(info.transports(), ", ")});
  if (!info.buffers_socket().empty()) server.AddRow({"buffers", info.buffers_socket()});
  server.Print(std::cout);
  std::cout << "\nlimits\n";
  Table table({{.header = ""}, {.header = "", .align = Align::kRight}, {.header = ""}});
  table.AddRow({"  message", FormatBytes(limits.max_message_bytes()), "request or response"});
  table.AddRow({"  elements", absl::StrCat(limits.max_elements()), "in a tensor"});
  table.AddRow({"  rank", absl::StrCat(limits.max_rank()), "of a tensor"});
  table.AddRow({"  tensors", absl::StrCat(limits.max_tensors()), "in a request"});
  table.AddRow({"  evaluations", absl::StrCat(limits.max_evaluations()), "in a request"});
  table.AddRow({"  arguments", absl::StrCat(limits.max_arguments()), "of an evaluation"});
  table.AddRow({"  in flight", FormatBytes(limits.max_inflight_bytes()), "of all calls together"});
  table.AddRow({"  calls", absl::StrCat(limits.max_inflight_calls()), "at once"});
  if (!info.buffers_socket().empty()) {
    table.AddRow({"  buffers", FormatBytes(limits.max_buffer_bytes()), "of all connections"});
    table.AddRow({"", FormatBytes(limits.max_buffer_bytes_per_connection()), "of a connection"});
  }
  table.Print(std::cout);
}

absl::Status Run(const Connection& connection, bool json) {
  Client client = connection.Open();
  const auto info = client.GetServerInfo(connection.call);
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
