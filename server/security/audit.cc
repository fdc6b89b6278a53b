#include "server/security/audit.h"

#include <optional>

#include "absl/time/clock.h"

namespace rectifier {

void Audit::Denied(Denial denial, absl::string_view method, const std::string& peer,
                   absl::string_view message) {
  metrics_.CountDenial(denial);
  const std::optional<int64_t> held_back = limiter_.Admit(absl::Now());
  if (!held_back.has_value()) return;
  LogFields fields = {{"action", "call denied"},
                      {"reason", Name(denial)},
                      {"method", std::string(method)},
                      {"peer", peer},
                      {"message", std::string(message)}};
  if (*held_back > 0) fields.emplace_back("held_back", *held_back);
  LogEvent(LogLevel::warn, "audit", fields);
}

void Audit::Reloaded(Credential credential, const LogFields& fields) const {
  metrics_.CountReload(credential, true);
  LogFields all = {{"action", "credentials reloaded"}, {"credential", Name(credential)}};
  all.insert(all.end(), fields.begin(), fields.end());
  LogEvent(LogLevel::info, "audit", all);
}

void Audit::ReloadFailed(Credential credential, const absl::Status& why) const {
  metrics_.CountReload(credential, false);
  LogEvent(LogLevel::err, "audit",
           {{"action", "reload failed"},
            {"credential", Name(credential)},
            {"message", std::string(why.message())},
            {"consequence", "what was read before stays in use"}});
}

}  // namespace rectifier
