#include "client/cpp/command/connection.h"

#include "absl/strings/str_cat.h"
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

}  // namespace

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
}

}  // namespace rectifier::client
