#include "client/cpp/command/connection.h"

#include <cstdlib>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "proto/default_target.h"

namespace rectifier::client {
namespace {

absl::Duration ParseTimeout(const std::string& text) {
  absl::Duration timeout;
  // A bare number is seconds.
  const bool parsed =
      absl::ParseDuration(text, &timeout) || absl::ParseDuration(absl::StrCat(text, "s"), &timeout);
  if (!parsed || timeout <= absl::ZeroDuration()) {
    throw CLI::ValidationError(
        "--timeout", absl::StrCat("'", text, "' is not a positive time such as 500ms, 10s or 2m"));
  }
  return timeout;
}

// Of the command line, and of the environment by its name in capitals: --tls_ca and
// RECTIFIER_TLS_CA.
void AddSecurityOption(CLI::App& app, const char* name, const char* placeholder, const char* help,
                       std::string* value) {
  const std::string variable =
      absl::StrCat("RECTIFIER_", absl::AsciiStrToUpper(absl::StripPrefix(name, "--")));
  app.add_option(name, *value, absl::StrCat(help, " [", variable, "]"))
      ->envname(variable)
      ->type_name(placeholder)
      ->take_last();
}

void AddSecurityOptions(CLI::App& app, Security& security) {
  AddSecurityOption(app, "--tls_ca", "FILE",
                    "Speak TLS, and trust the authorities in FILE (PEM); \"system\": those that "
                    "the system trusts",
                    &security.tls_ca);
  AddSecurityOption(app, "--tls_certificate", "FILE", "The certificate to show the server (PEM)",
                    &security.tls_certificate);
  AddSecurityOption(app, "--tls_key", "FILE", "The key of --tls_certificate (PEM)",
                    &security.tls_key);
  AddSecurityOption(app, "--tls_server_name", "NAME",
                    "The name that the server's certificate must have, instead of the host's",
                    &security.tls_server_name);
  AddSecurityOption(app, "--token_file", "FILE",
                    "The token to send; RECTIFIER_TOKEN holds it otherwise", &security.token_file);
}

}  // namespace

// A token is never on the command line, where everybody on the machine can read it.
absl::StatusOr<Client> Connection::Open() const {
  Security with_token = security;
  const char* token = std::getenv("RECTIFIER_TOKEN");
  if (token != nullptr && security.token_file.empty()) with_token.token = token;
  return Client::Connect(target, with_token, /*attempts=*/1);  // who is at a terminal sees why
}

void AddConnectionOptions(CLI::App& app, Connection& connection) {
  connection.target = DefaultUnixTarget();
  app.add_option("--target", connection.target,
                 "The server: unix:/path/to/socket or host:port [RECTIFIER_TARGET, else the unix "
                 "socket that rectifierd takes by default]")
      ->envname("RECTIFIER_TARGET")
      ->type_name("ADDRESS")
      ->take_last();
  app.add_option_function<std::string>(
         "--timeout",
         [&connection](const std::string& text) { connection.call.timeout = ParseTimeout(text); },
         absl::StrCat("For each call: 500ms, 10s, 2m, inf [",
                      absl::FormatDuration(connection.call.timeout), "]"))
      ->type_name("TIME")
      ->take_last();
  AddSecurityOptions(app, connection.security);
}

}  // namespace rectifier::client
