#include "server/telemetry/call_log.h"

#include <algorithm>
#include <string>

#include "absl/time/clock.h"
#include "server/status.h"

namespace rectifier {
namespace {

constexpr int kLinesPerSecond = 20;
// A caller's own identifiers are cut to so many bytes; a W3C traceparent has 55.
constexpr size_t kMaxIdentifierBytes = 128;

void AddIdentifier(const grpc::ServerContextBase& context, const char* key, LogFields* fields) {
  const auto& metadata = context.client_metadata();
  const auto entry = metadata.find(key);
  if (entry == metadata.end()) return;
  const grpc::string_ref value = entry->second;
  fields->emplace_back(key, std::string(value.data(), std::min(value.size(), kMaxIdentifierBytes)));
}

}  // namespace

CallLog::CallLog(absl::Duration slow) : slow_(slow), limiter_(kLinesPerSecond) {}

void CallLog::Record(absl::string_view method, const grpc::ServerContextBase& context,
                     absl::string_view peer, absl::string_view caller, const absl::Status& status,
                     absl::Duration elapsed, absl::Duration judged) {
  const bool is_slow = judged >= slow_;
  if (status.ok() && !is_slow) return;
  const grpc::StatusCode code = GrpcCode(status);
  const bool is_defect = code == grpc::StatusCode::INTERNAL;
  const std::optional<int64_t> held_back = limiter_.Admit(absl::Now());
  if (!held_back.has_value() && !is_defect) return;

  LogFields fields = {{"method", std::string(method)},
                      {"code", std::string(CodeName(code))},
                      {"seconds", absl::ToDoubleSeconds(elapsed)},
                      {"peer", std::string(peer)},
                      {"caller", std::string(caller)}};
  if (!status.ok()) fields.emplace_back("message", std::string(status.message()));
  AddIdentifier(context, "x-request-id", &fields);
  AddIdentifier(context, "traceparent", &fields);
  if (held_back.value_or(0) > 0) fields.emplace_back("held_back", *held_back);
  const LogLevel level = is_defect ? LogLevel::err : is_slow ? LogLevel::warn : LogLevel::info;
  LogEvent(level, status.ok() ? "call slow" : "call failed", fields);
}

}  // namespace rectifier
