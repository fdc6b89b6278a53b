// The whole command line of `rectifier`, for main, for tests, and for what is generated from it.
#ifndef RECTIFIER_CLIENT_CPP_COMMAND_APPLICATION_H_
#define RECTIFIER_CLIENT_CPP_COMMAND_APPLICATION_H_

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "client/cpp/command/commands.h"
#include "client/cpp/command/connection.h"

namespace rectifier::client {

class Application {
 public:
  // `numbers` are the words behind `--`.
  explicit Application(const std::vector<std::string>& numbers);
  Application(const Application&) = delete;
  Application& operator=(const Application&) = delete;

  CLI::App& app() { return app_; }
  // What the parsed command does.
  const Action& action() const { return action_; }
  const Connection& connection() const { return connection_; }

 private:
  CLI::App app_;
  Connection connection_;
  Action action_;
};

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_COMMAND_APPLICATION_H_
