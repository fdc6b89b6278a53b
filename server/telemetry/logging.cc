#include "server/telemetry/logging.h"

#include <atomic>
#include <memory>

#include "absl/time/clock.h"
#include "google/protobuf/stubs/logging.h"
#include "grpc/support/log.h"
#include "spdlog/sinks/stdout_sinks.h"
#include "spdlog/spdlog.h"

namespace rectifier {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

// Whoever sends what is not UTF-8 is told so; the log needs no line for each such call.
constexpr int kProtobufLinesPerSecond = 5;

LogFormat configured_format = LogFormat::kText;
std::atomic<int> grpc_errors_expected = 0;

std::string LevelName(LogLevel level) {
  const spdlog::string_view_t name = spdlog::level::to_string_view(level);
  return std::string(name.data(), name.size());
}

// Strings that read unambiguously stand as they are; the rest as JSON.
std::string TextValue(const json& value) {
  if (value.is_string()) {
    const std::string& text = value.get_ref<const std::string&>();
    const bool plain = !text.empty() && text.find_first_of(" \"=\\\t\r\n") == std::string::npos;
    if (plain) return text;
  }
  return value.dump(-1, ' ', /*ensure_ascii=*/true, json::error_handler_t::replace);
}

void LogGrpcMessage(gpr_log_func_args* message) {
  const LogLevel error = grpc_errors_expected > 0 ? LogLevel::debug : LogLevel::err;
  const LogLevel level = message->severity == GPR_LOG_SEVERITY_ERROR  ? error
                         : message->severity == GPR_LOG_SEVERITY_INFO ? LogLevel::info
                                                                      : LogLevel::debug;
  LogEvent(level, "grpc", {{"message", message->message}});
}

// Protobuf's own handler writes to standard error, at any level and in a form of its own.
void LogProtobufMessage(google::protobuf::LogLevel severity, const char* /*file*/, int /*line*/,
                        const std::string& message) {
  static LogLimiter limiter(kProtobufLinesPerSecond);
  const bool is_fatal = severity == google::protobuf::LOGLEVEL_FATAL;  // the process ends with it
  const std::optional<int64_t> held_back = limiter.Admit(absl::Now());
  if (!held_back.has_value() && !is_fatal) return;
  LogFields fields = {{"message", message}};
  if (held_back.value_or(0) > 0) fields.emplace_back("held_back", *held_back);
  LogEvent(is_fatal ? LogLevel::critical : LogLevel::debug, "protobuf", fields);
}

}  // namespace

void ConfigureLogging(LogFormat format, LogLevel least) {
  configured_format = format;
  auto logger = std::make_shared<spdlog::logger>("rectifierd",
                                                 std::make_shared<spdlog::sinks::stderr_sink_mt>());
  logger->set_pattern("%v");
  logger->set_level(least);
  logger->flush_on(LogLevel::trace);
  spdlog::set_default_logger(std::move(logger));
  gpr_set_log_function(LogGrpcMessage);
  google::protobuf::SetLogHandler(LogProtobufMessage);
}

ExpectedGrpcErrors::ExpectedGrpcErrors() { ++grpc_errors_expected; }
ExpectedGrpcErrors::~ExpectedGrpcErrors() { --grpc_errors_expected; }

void LogEvent(LogLevel level, absl::string_view event, const LogFields& fields) {
  spdlog::logger* logger = spdlog::default_logger_raw();
  if (!logger->should_log(level)) return;
  logger->log(level, "{}", FormatEvent(configured_format, absl::Now(), level, event, fields));
}

std::string FormatEvent(LogFormat format, absl::Time time, LogLevel level, absl::string_view event,
                        const LogFields& fields) {
  const std::string stamp = absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", time, absl::UTCTimeZone());
  if (format == LogFormat::kText) {
    std::string line = stamp + " " + LevelName(level) + " " + std::string(event);
    for (const auto& [name, value] : fields) line += " " + name + "=" + TextValue(value);
    return line;
  }
  ordered_json line = {{"time", stamp}, {"level", LevelName(level)}, {"event", std::string(event)}};
  for (const auto& [name, value] : fields) line[name] = value;
  return line.dump(-1, ' ', /*ensure_ascii=*/false, ordered_json::error_handler_t::replace);
}

LogLimiter::LogLimiter(int events_per_second) : events_per_second_(events_per_second) {}

std::optional<int64_t> LogLimiter::Admit(absl::Time now) {
  absl::MutexLock lock(&mutex_);
  if (now - second_ >= absl::Seconds(1)) {
    second_ = now;
    admitted_ = 0;
  }
  if (admitted_ == events_per_second_) {
    ++held_back_;
    return std::nullopt;
  }
  ++admitted_;
  return std::exchange(held_back_, 0);
}

}  // namespace rectifier
