#include "server/telemetry/logging.h"

#include <unistd.h>

#include <memory>

#include "absl/time/clock.h"
#include "proto/library_log.h"
#include "server/telemetry/log_writer.h"
#include "spdlog/details/null_mutex.h"
#include "spdlog/sinks/base_sink.h"
#include "spdlog/spdlog.h"

namespace rectifier {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

// Callers cause lines of gRPC and protobuf at will, and are told what is wrong; the log needs no
// line for each such call.
constexpr int kForeignLinesPerSecond = 5;

LogFormat configured_format = LogFormat::kText;
// It is never destroyed, because threads of gRPC may log until the process ends.
LogWriter* writer = nullptr;

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

// Hands lines to the writer.
class WriterSink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    std::string line(message.payload.data(), message.payload.size());
    line += '\n';
    if (message.level < LogLevel::critical) return writer->Add(line);
    writer->AddFatal(line);
    FlushLog();
  }
  void flush_() override {}
};

// Logs a message of a library's; where the process ends with it, in any case.
void LogForeignMessage(const char* library, LogLimiter& limiter, LogLevel level,
                       const std::string& message) {
  if (!spdlog::default_logger_raw()->should_log(level)) return;
  const std::optional<int64_t> held_back = limiter.Admit(absl::Now());
  if (!held_back.has_value() && level < LogLevel::critical) return;
  LogFields fields = {{"message", message}};
  if (held_back.value_or(0) > 0) fields.emplace_back("held_back", *held_back);
  LogEvent(level, library, fields);
}

// Protobuf says at any level what is wrong with a caller's message.
LogLevel LevelOf(bool is_grpc, LibraryLogLevel level) {
  if (level == LibraryLogLevel::kFatal) return LogLevel::critical;
  if (level == LibraryLogLevel::kDebug || !is_grpc) return LogLevel::debug;
  if (level == LibraryLogLevel::kInfo) return LogLevel::info;
  if (level == LibraryLogLevel::kWarning) return LogLevel::warn;
  return LogLevel::err;
}

void LogLibraryMessage(const char* library, LibraryLogLevel level, const std::string& message) {
  static LogLimiter grpc(kForeignLinesPerSecond);
  static LogLimiter protobuf(kForeignLinesPerSecond);
  const bool is_grpc = absl::string_view(library) == "grpc";
  LogForeignMessage(library, is_grpc ? grpc : protobuf, LevelOf(is_grpc, level), message);
}

// The line that tells of dropped ones, at any level.
std::string DropLine(int64_t lines) {
  return FormatEvent(configured_format, absl::Now(), LogLevel::warn, "log lines dropped",
                     {{"lines", lines}}) +
         "\n";
}

}  // namespace

void ConfigureLogging(LogFormat format, LogLevel least, size_t queue_bytes) {
  configured_format = format;
  writer = new LogWriter(STDERR_FILENO, queue_bytes, DropLine);
  auto logger = std::make_shared<spdlog::logger>("rectifierd", std::make_shared<WriterSink>());
  logger->set_level(least);
  spdlog::set_default_logger(std::move(logger));
  HandleLibraryLog(LogLibraryMessage);
}

void FlushLog(absl::Duration timeout) {
  if (writer != nullptr) writer->Flush(timeout);
}

int64_t DroppedLogLines() { return writer == nullptr ? 0 : writer->dropped(); }

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
