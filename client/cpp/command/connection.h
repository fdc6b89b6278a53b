// Which server the command talks to, and for how long it waits.
#ifndef RECTIFIER_CLIENT_CPP_COMMAND_CONNECTION_H_
#define RECTIFIER_CLIENT_CPP_COMMAND_CONNECTION_H_

#include <CLI/CLI.hpp>
#include <string>

#include "client/cpp/client/client.h"

namespace rectifier::client {

struct Connection {
  std::string target;
  Security security;
  CallOptions call;

  // Errors: those of OpenChannel.
  absl::StatusOr<Client> Open() const;
};

// Adds --target, --timeout, and those of TLS and tokens. `connection` must outlive `app`.
void AddConnectionOptions(CLI::App& app, Connection& connection);

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_COMMAND_CONNECTION_H_
