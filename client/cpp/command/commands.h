// The subcommands of `rectifier`, one file each: how each reads its arguments and what it does.
#ifndef RECTIFIER_CLIENT_CPP_COMMAND_COMMANDS_H_
#define RECTIFIER_CLIENT_CPP_COMMAND_COMMANDS_H_

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "client/cpp/command/connection.h"

namespace rectifier::client {

using Action = std::function<absl::Status()>;

// Each adds its subcommand to `app`; where the user chose it, parsing sets `action` to what it
// does. `connection` and `action` must outlive `app`.
void AddList(CLI::App& app, const Connection& connection, Action& action);
void AddDescribe(CLI::App& app, const Connection& connection, Action& action);
void AddInfo(CLI::App& app, const Connection& connection, Action& action);
// `numbers` are the words behind `--`.
void AddEval(CLI::App& app, const Connection& connection, const std::vector<std::string>& numbers,
             Action& action);
// These three tell of the whole of `app`, and need no server.
void AddCompletion(CLI::App& app, Action& action);
void AddMan(CLI::App& app, Action& action);
void AddHelp(CLI::App& app, Action& action);

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_COMMAND_COMMANDS_H_
